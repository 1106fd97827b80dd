import type { Policy } from '../policy/policy.ts'

/** The formulas of docs/settlement.md in letters: v is worth in weights, c the cost, A the mean cost, w and k weight and coefficient. */
const FORMULAS: Readonly<Record<string, string>> = {
  N: 'v = w·k',
  H0: 'v = w·k',
  L1: 'pay = c',
  H6: 'pay = c',
  L2: 'v = c/A',
  L2k: 'v = k·c/A',
  L3: 'v = min(c/A, w·k)',
  L3k: 'v = min(k·c/A, w·k)',
  L4: 'v = c/A + β·w',
  L5: 'v = share·w·k',
  H1: 'v = w·k + c/A − L·w',
  H3: 'v = w·k + c/A − L·w',
  H2: 'v = c/A − (L − 1)·w·k',
  H4: 'v = w·k·(b + a·(r − L))',
  H5: 'v = c/A − d·w·k',
}

/** The formula of a step in letters; null for a step that has none. A rate stands in the place of the mean cost. */
export function formulaOf(policy: Policy, rule: string): string | null {
  const [root, name, id] = rule.split('.')
  const money = policy.method === 'rate' || policy.floating ? 'R' : 'A'
  if (root === 'band' && policy.linearBands !== null && id === policy.bandName) return linear(policy, name ?? '', money)
  if (root === 'band') {
    const key = id === 'L3' && policy.low?.timesK === true ? 'L3k' : (id ?? '')
    return FORMULAS[key]?.replaceAll('A', money) ?? null
  }
  if (root === 'ratioBase') return `r = c / (${baseText(policy, money)})`
  if (rule === 'longStay.standard') return `r = c / (${money}·w·D${policy.rules.longStay?.timesK === true ? '·k' : ''})`
  if (root === 'longStay') return `v = w·d${policy.rules.longStay?.timesK === true ? '·k' : ''}`
  if (root === 'score') return 'RW = S·w'
  if (root === 'auxiliary') return 'v × a'
  if (root === 'points') return 'p = S·v'
  if (root === 'pointValue') return 'pay = p·PV'
  return null
}

function baseText({ ratioMoney, ratioTimesK }: Policy, money: string): string {
  const k = ratioTimesK ? '·k' : ''
  switch (ratioMoney) {
    case 'groupMean':
    case 'levelMean':
      return 'm'
    case 'pointValue':
      return `S·PV0·w${k}`
    case 'meanFactor':
      return `S·m·w${k}`
    default:
      return `${money}·w${k}`
  }
}

function linear(policy: Policy, name: string, money: string): string | null {
  const band = policy.linearBands?.find(one => one.class === name)
  if (band === undefined) return null
  if (band.costPaid) return 'pay = c'
  const terms = [
    [band.alpha, `c/${money}`],
    [band.alphaK, `k·c/${money}`],
    [band.beta, 'w'],
    [band.gamma, 'w·k'],
    [band.gammaK, 'w·k²'],
    [band.rho, 'r·w'],
    [band.rhoK, 'r·w·k'],
  ] as const
  const shown = terms
    .filter(([factor]) => !factor.isZero())
    .map(([factor, term], i) => {
      const size = factor.abs().eq(1) ? term : `${factor.abs().toFixed()}·${term}`
      return i === 0 ? `${factor.isNegative() ? '−' : ''}${size}` : `${factor.isNegative() ? '− ' : '+ '}${size}`
    })
    .join(' ')
  return band.capped ? `v = min(${shown}, w·k)` : `v = ${shown === '' ? '0' : shown}`
}
