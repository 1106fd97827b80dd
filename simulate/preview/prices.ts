import { readTable } from '../../files/index.ts'
import { Fault } from '../../messages/index.ts'
import { type Decimal, parseDecimal } from '../../numbers/index.ts'
import { insuranceCode } from '../../weights/index.ts'
import type { Policy } from '../policy/policy.ts'
import type { PriceRange } from './preview.ts'

/** Point values as a region publishes them, and shares of the fund (ρ of the ratio convention) where they stand there: by insurance. */
export interface PublishedPrices {
  readonly prices: ReadonlyMap<string, PriceRange>
  readonly payRatios: ReadonlyMap<string, Decimal>
}

/** One price, or a range whose middle is expected: `60`, `55:65`, `55:60:65`. Undefined where it is neither. */
export function parseRange(text: string): PriceRange | undefined {
  const values = text.split(':').map(part => parseDecimal(part.trim()))
  const [low, second, third] = values
  if (values.length > 3 || low === undefined || values.includes(undefined)) return undefined
  const high = third ?? second ?? low
  const expected = second === undefined ? low : third === undefined ? low.plus(high).div(2) : second
  return low.gt(0) && low.lte(expected) && expected.lte(high) ? { low, expected, high } : undefined
}

/** Prices as the command line gives them: `60`, or `310=60,390=48:52`; null as insurance: all of them. */
export function parsePrices(text: string): ReadonlyMap<string | null, PriceRange> {
  const prices = new Map<string | null, PriceRange>()
  for (const part of text.split(',')) {
    const cut = part.indexOf('=')
    const insurance = cut < 0 ? null : insuranceCode(part.slice(0, cut))
    const range = parseRange(part.slice(cut + 1))
    if (range === undefined || prices.has(insurance)) {
      throw new Fault({
        code: 'PRE-001',
        at: { field: '--point-value' },
        what: { zh: `点值“${part}”无法识别。`, en: `"${part}" is no point value.` },
        fix: {
          zh: '写成 310=60,390=48；区间写成 310=55:65 或 310=55:60:65（低:预期:高），单位元/点，每个险种一次。',
          en: 'Write 310=60,390=48; a range as 310=55:65 or 310=55:60:65 (low:expected:high), in yuan per point, each insurance once.',
        },
        status: 64,
      })
    }
    prices.set(insurance, range)
  }
  return prices
}

/** Point values and fund shares from a `pools.csv` as `settle` writes it. */
export function readPublished(file: string): PublishedPrices {
  const table = readTable(file)
  const column = (name: string): number => table.header.indexOf(name)
  const [insurances, value, ratio] = [column('insurances'), column('pointValue'), column('payRatio')]
  const odd = (line: number, field: string): Fault =>
    new Fault({
      code: 'PRE-003',
      at: { file, line, field },
      what: { zh: '不是可用的点值表。', en: 'This is no table of point values.' },
      fix: {
        zh: '请用结算结果的 pools.csv，或含 insurances、pointValue 两列的表（单位元/点）。',
        en: 'Use the pools.csv of a settlement, or a table with columns insurances and pointValue (yuan per point).',
      },
    })
  if (insurances < 0 || value < 0) throw odd(1, insurances < 0 ? 'insurances' : 'pointValue')
  const prices = new Map<string, PriceRange>()
  const payRatios = new Map<string, Decimal>()
  for (const { cells, line } of table.rows) {
    const text = cells[value]!.trim()
    const codes = cells[insurances]!.split('|').map(insuranceCode)
    const share = ratio < 0 ? '' : cells[ratio]!.trim()
    if (share !== '') {
      const value = parseDecimal(share)
      if (value?.gt(0) !== true) throw odd(line, 'payRatio')
      for (const insurance of codes) payRatios.set(insurance, value)
    }
    if (text === '') continue
    const range = parseRange(text)
    if (range === undefined) throw odd(line, 'pointValue')
    for (const insurance of codes) prices.set(insurance, range)
  }
  return { prices, payRatios }
}

/** Where prices come from, the first that has one for an insurance: the command, a published table, the region, the policy. */
export interface PriceSources {
  readonly given: ReadonlyMap<string | null, PriceRange>
  readonly published: ReadonlyMap<string, PriceRange>
  readonly provisional: ReadonlyMap<string, Decimal>
  readonly policy: Policy
  readonly level: string
}

/** Which source a price came from. */
export type PriceOrigin = 'given' | 'published' | 'provisional' | 'policy'

/** The prices of insurances, with their origin; refused where no source has one. */
export function pricesFor(
  insurances: readonly string[],
  { given, published, provisional, policy, level }: PriceSources,
): ReadonlyMap<string, PriceRange & { readonly origin: PriceOrigin }> {
  const prices = new Map<string, PriceRange & { readonly origin: PriceOrigin }>()
  const exact = (price: Decimal): PriceRange => ({ low: price, expected: price, high: price })
  for (const insurance of insurances) {
    const own = given.get(insurance) ?? given.get(null)
    const public_ = published.get(insurance)
    const region = provisional.get(insurance)
    const price = policy.pointValue({ level, insurance })
    if (own !== undefined) prices.set(insurance, { ...own, origin: 'given' })
    else if (public_ !== undefined) prices.set(insurance, { ...public_, origin: 'published' })
    else if (region !== undefined) prices.set(insurance, { ...exact(region), origin: 'provisional' })
    else if (price !== undefined) prices.set(insurance, { ...exact(price), origin: 'policy' })
    else {
      throw new Fault({
        code: 'PRE-002',
        at: { field: '--point-value' },
        what: { zh: `险种 ${insurance} 没有点值。`, en: `There is no point value for insurance ${insurance}.` },
        fix: {
          zh: `请写 --point-value ${insurance}=60（或区间），或用 --pools 给出公布的点值。`,
          en: `Give --point-value ${insurance}=60 (or a range), or the published values with --pools.`,
        },
        status: 64,
      })
    }
  }
  return prices
}
