import type { Text } from '../../messages/index.ts'
import type { Finding, FindingSeverity } from '../scheme/finding.ts'
import { factorCount } from './choose.ts'
import { keysOfTerm } from './keys.ts'
import { matchCase } from './match.ts'
import { DIP_LAYERS, type DipCatalogue, type DipGroup, type DipLayer } from './types.ts'
import { casesFor } from './witness.ts'

/** Titles of the layers, as findings name them. */
export const LAYER_NAMES: Readonly<Record<DipLayer, Text>> = {
  XQ: { zh: '先期', en: 'first layer (XQ)' },
  BX: { zh: '并项', en: 'merged (BX)' },
  FZ: { zh: '诊断辅助细分', en: 'subdivided by diagnosis (FZ)' },
  JC: { zh: '基本', en: 'basic (JC)' },
  ZH: { zh: '综合', en: 'comprehensive (ZH)' },
}

/** What is wrong or odd in a catalogue: gaps, mixed keys, rows that no case reaches, rows that tie. */
export function checkCatalogue(catalogue: DipCatalogue): Finding[] {
  return [...gaps(catalogue), ...mixedKeys(catalogue), ...unreachable(catalogue), ...ties(catalogue)]
}

function finding(severity: FindingSeverity, code: string, group: DipGroup | DipLayer, text: Text): Finding {
  if (typeof group === 'string') return { code, severity, place: { table: group }, text }
  const { source } = group
  return {
    code,
    severity,
    place: {
      table: source?.sheet ?? group.layer,
      ...(source === undefined ? {} : { row: source.row }),
      code: group.code,
    },
    text,
  }
}

/** Sequence numbers that a layer leaves out between its first and last. */
function gaps({ groups }: DipCatalogue): Finding[] {
  const findings: Finding[] = []
  for (const layer of DIP_LAYERS) {
    const numbers = groups.filter(group => group.layer === layer).map(({ sequence }) => sequence)
    if (numbers.length === 0) continue
    const [first, last] = [numbers[0]!, numbers.at(-1)!]
    const missing = last - first + 1 - numbers.length
    if (missing === 0) continue
    findings.push(
      finding('note', 'DIP-110', layer, {
        zh: `序号 ${first}–${last} 之间缺 ${missing} 个`,
        en: `${missing} sequence numbers are missing between ${first} and ${last}`,
      }),
    )
  }
  return findings
}

/** A category that one layer keys both whole and by subcategory: the longer key then hides rows of the shorter. */
function mixedKeys({ groups }: DipCatalogue): Finding[] {
  const findings: Finding[] = []
  for (const layer of ['BX', 'FZ', 'JC'] as const) {
    const rows = groups.filter(group => group.layer === layer)
    const whole = new Map<string, DipGroup>()
    for (const row of rows) for (const key of plainKeys(row)) if (key.length === 3) whole.set(key, row)
    const seen = new Set<string>()
    for (const row of rows) {
      for (const key of plainKeys(row)) {
        const category = key.slice(0, 3)
        const other = whole.get(category)
        if (key.length === 3 || other === undefined || seen.has(category)) continue
        seen.add(category)
        findings.push(
          finding('warning', 'DIP-111', row, {
            zh: `${category} 在同一层中既有类目行（${other.code}）又有亚目行（${key}）`,
            en: `${category} is keyed both whole (${other.code}) and by ${key} in one layer`,
          }),
        )
      }
    }
  }
  return findings
}

function plainKeys({ dx }: DipGroup): string[] {
  return dx.flatMap(term => keysOfTerm(term))
}

/** Core rows that none of the cases made for them reaches. */
function unreachable(catalogue: DipCatalogue): Finding[] {
  const findings: Finding[] = []
  for (const group of catalogue.groups) {
    if (group.layer === 'ZH') continue
    const barred = barredOperations(catalogue, group)
    if (barred !== undefined) {
      findings.push(finding('error', 'DIP-112', group, barred))
      continue
    }
    const winners = new Set<string>()
    const cases = casesFor(catalogue, group)
    let reached = false
    for (const given of cases) {
      const { code } = matchCase(catalogue, given)
      reached = code === group.code
      if (reached) break
      winners.add(code)
    }
    if (reached) continue
    const all = [...winners]
    findings.push(
      finding(
        'error',
        'DIP-113',
        group,
        all.length === 0
          ? {
              zh: '其主要诊断全部在不纳入分组的清单中，没有病例能够入组',
              en: 'all principal diagnoses of its keys are on the exclusion list; no case reaches it',
            }
          : {
              zh: `为其编制的 ${cases.length} 个病例都归入 ${all.slice(0, 4).join('、')}，没有病例能够入组`,
              en: `the ${cases.length} cases made for it all go to ${all.slice(0, 4).join(', ')}; no case reaches it`,
            },
      ),
    )
  }
  return findings
}

/** Why the exclusion list keeps a row from ever being met; undefined where it does not. */
function barredOperations({ lists, manifest }: DipCatalogue, group: DipGroup): Text | undefined {
  const ruleOf = (code: string): string | undefined => lists.excludedOperations.get(code)?.rule
  const anywhere = group.position === 'any' || manifest.matching.mainOperation === 'any'
  const usable = (code: string): boolean =>
    anywhere ? ruleOf(code) !== 'conservative' : ruleOf(code) === undefined || ruleOf(code) === 'limited'
  if (group.main.length > 0 && !group.main.some(usable)) {
    return {
      zh: '其主要手术操作全部在不纳入分组的清单中',
      en: 'all of its main operations are on the exclusion list',
    }
  }
  const dead = group.related.find(factor => factor.every(code => ruleOf(code) === 'conservative'))
  if (dead === undefined) return undefined
  return {
    zh: `相关手术操作 ${dead.join('|')} 全部按保守治疗处理，不会被计入`,
    en: `the related operations ${dead.join('|')} all count as conservative and are never met`,
  }
}

/** Pairs of rows of one layer and key that fit one case equally well, shown by that case. */
function ties(catalogue: DipCatalogue): Finding[] {
  const findings: Finding[] = []
  const byKey = new Map<string, DipGroup[]>()
  for (const group of catalogue.groups) {
    if (group.layer === 'XQ' || group.layer === 'ZH') continue
    for (const key of plainKeys(group)) {
      const rows = byKey.get(`${group.layer} ${key}`)
      if (rows === undefined) byKey.set(`${group.layer} ${key}`, [group])
      else rows.push(group)
    }
  }
  const seen = new Set<string>()
  let ranges: DipGroup | undefined
  for (const rows of byKey.values()) {
    for (const [a, first] of rows.entries()) {
      for (const second of rows.slice(a + 1)) {
        const pair = `${first.code} ${second.code}`
        if (seen.has(pair) || !mayTie(first, second)) continue
        if (rangesDiffer(first, second)) {
          ranges ??= first
          continue
        }
        const shown = tiedCase(catalogue, first, second)
        if (shown === undefined) continue
        seen.add(pair)
        findings.push(finding(shown.alike ? 'warning' : 'note', 'DIP-114', second, shown.text))
      }
    }
  }
  if (ranges !== undefined) {
    findings.push(
      finding('note', 'DIP-115', ranges, {
        zh: '其他诊断同时落在两个区间的病例（如原发和转移）符合两行，取序号在前的区间并标记歧义',
        en: 'a case with other diagnoses in two ranges (a primary and its metastasis) fits both rows; the first range is taken and the tie reported',
      }),
    )
  }
  return findings
}

function rangesDiffer(a: DipGroup, b: DipGroup): boolean {
  return a.conditions.otherDx !== undefined && a.conditions.otherDx.join() !== b.conditions.otherDx?.join()
}

/** Whether the form of two rows lets one case meet both, neither with more factors than the other. */
function mayTie(a: DipGroup, b: DipGroup): boolean {
  if (factorCount(a) !== factorCount(b) || a.conditions.drugResistant !== b.conditions.drugResistant) return false
  if (a.conditions.burnArea?.join() !== b.conditions.burnArea?.join()) return false
  if (a.main.length === 0 || b.main.length === 0) return a.main.length === b.main.length
  return a.position === 'any' || b.position === 'any' || a.main.some(code => b.main.includes(code))
}

/**
 * A case that two rows fit equally well, as a text; undefined where none of those tried is one. `alike`: operations that
 * meet one row meet the other too; else the case had the operations of both.
 */
function tiedCase(catalogue: DipCatalogue, a: DipGroup, b: DipGroup): { text: Text; alike: boolean } | undefined {
  const common = a.main.filter(code => b.main.includes(code))
  const mains = common.length > 0 ? common : a.main.slice(0, 1)
  const [given] = casesFor(catalogue, a)
  if (given === undefined) return undefined
  const picks = [...a.related, ...b.related].map((factor, place) => {
    const other = place < a.related.length ? b.related : a.related
    return factor.find(code => other.flat().includes(code)) ?? factor[0]!
  })
  const rest = [...new Set([...(common.length > 0 ? [] : b.main.slice(0, 1)), ...picks])]
  for (const main of mains.length > 0 ? mains : [undefined]) {
    const procedures = main === undefined ? [] : [main, ...rest.filter(code => code !== main)]
    const { candidates, code } = matchCase(catalogue, { ...given, procedures })
    if (!candidates.includes(a.code) || !candidates.includes(b.code)) continue
    const shown = `${given.diagnoses[0]!}${procedures.length === 0 ? '' : ` + ${procedures.join(' + ')}`}`
    return {
      text: {
        zh: `与 ${a.code} 同样符合同一病例（${shown}），由并列规则取 ${code}`,
        en: `ties with ${a.code} for one case (${shown}); the tie rule takes ${code}`,
      },
      alike: procedures.length <= factorCount(a),
    }
  }
  return undefined
}
