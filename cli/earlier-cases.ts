import { Fault, type Text } from '../messages/index.ts'
import type { Policy, Region } from '../simulate/index.ts'
import { type Coefficients, type GroupedCases, type Hospital, type WeightConfig, weigh } from '../weights/index.ts'
import { checkColumns } from './case-files.ts'
import type { CaseGrouper } from './case-grouper.ts'
import { openInput } from './case-input.ts'
import { type Console, count, tell } from './console.ts'
import { type Duplicates, groupFiles } from './grouped-files.ts'

/** What the cases of earlier years are read with. */
interface EarlierOptions {
  readonly duplicates?: Duplicates | undefined
  readonly map?: readonly string[] | undefined
}

/** Refuses cases of earlier years that no coefficient would follow from. */
export function checkEarlier(region: Region, policy: Policy, { coefficient: { kind } }: WeightConfig): void {
  if (region.coefficientCases.length === 0) return
  const idle: Text | undefined =
    region.coefficients !== null
      ? { zh: '地区文件同时给出了系数表 coefficients', en: 'the region also gives a table, coefficients' }
      : policy.coefficients !== null
        ? { zh: '政策自带系数表', en: 'the policy has a table of its own' }
        : kind === 'none' || kind === 'composite'
          ? {
              zh: `政策的系数种类 ${policy.coefficientKind} 不由往年费用算出`,
              en: `coefficients of kind ${policy.coefficientKind} do not follow from costs of earlier years`,
            }
          : undefined
  if (idle === undefined) return
  throw new Fault({
    code: 'REG-013',
    at: { file: region.file, field: 'coefficientCases' },
    what: {
      zh: `往年病例 coefficientCases 用不到：${idle.zh}。`,
      en: `Cases of earlier years (coefficientCases) have no use: ${idle.en}.`,
    },
    fix: {
      zh: '请去掉 coefficientCases，或去掉另一处的系数。',
      en: 'Leave out coefficientCases, or the other coefficients.',
    },
  })
}

/** What a reader should know where a policy asks for earlier years and the region has none. */
export function earlierNotice(region: Region, policy: Policy): readonly Text[] {
  const { years } = policy.document.coefficient
  if (years === null || region.coefficientCases.length > 0 || region.coefficients !== null) return []
  return [
    {
      zh: `注意：政策 ${policy.id} 的系数取前 ${years} 年病例，地区文件没有给出 coefficientCases，系数由本年病例算出`,
      en: `Note: the coefficients of policy ${policy.id} rest on the ${years} years before; the region gives no coefficientCases, so they follow from the cases of this year`,
    },
  ]
}

/**
 * Coefficients from the cases of the years before, all of them counted alike, grouped by the scheme of this year; null where
 * the region names none. Refuses cases of other years than the policy asks for.
 */
export function earlierCoefficients(
  console: Console,
  { region, policy }: { readonly region: Region; readonly policy: Policy },
  grouper: CaseGrouper,
  config: WeightConfig,
  { duplicates, map }: EarlierOptions,
): Coefficients | null {
  if (region.coefficientCases.length === 0) return null
  const input = openInput(console, region.coefficientCases, { map, newbornWeight: grouper.newbornWeight })
  checkColumns(input.files, 'earlier', input.open)
  const { cases, summary } = groupFiles(console, input, grouper, { need: 'weights', duplicates })
  const { rows, rejected } = summary
  const [n, bare] = [cases.count, rows - cases.count - rejected]
  tell(console, {
    zh: `往年病例：读入 ${count(rows)} 行 = ${count(n)} 例 + 拒收 ${count(rejected)} 行 + 无费用 ${count(bare)} 例`,
    en: `Cases of earlier years: ${count(rows)} rows in = ${count(n)} cases + ${count(rejected)} rejects + ${count(bare)} without a cost`,
  })
  checkYears(region, policy, cases)
  const pooled = { ...config, years: { ...config.years, factors: [] } }
  return weigh(cases, listed(cases, region.hospitals), pooled).coefficients
}

/** Hospitals of the table that have cases, in the order of the table. */
export function listed(cases: GroupedCases, hospitals: readonly Hospital[]): readonly Hospital[] {
  const used = new Set(cases.hospitals)
  return hospitals.filter(hospital => used.has(hospital.code))
}

function checkYears({ file, year }: Region, { id, document }: Policy, { months }: GroupedCases): void {
  const asked = document.coefficient.years
  const found = new Set(months.map(month => Number(month.slice(0, 4))))
  const wanted = Array.from({ length: Number(asked ?? '0') }, (_, i) => year - 1 - i)
  const odd = [...found].sort().find(one => (asked === null ? one >= year : !wanted.includes(one)))
  const lacking = wanted.toSorted().find(one => !found.has(one))
  if (odd === undefined && lacking === undefined) return
  const span = wanted.length === 0 ? `…${year - 1}` : `${wanted.at(-1)}…${wanted[0]}`
  throw new Fault({
    code: 'REG-014',
    at: { file, field: 'coefficientCases' },
    what:
      odd !== undefined
        ? {
            zh: `往年病例中有 ${odd} 年的病例，政策 ${id} 的系数取 ${span} 年。`,
            en: `The cases of earlier years hold some of ${odd}; coefficients of policy ${id} rest on ${span}.`,
          }
        : {
            zh: `往年病例中没有 ${lacking} 年的病例，政策 ${id} 的系数取 ${span} 年。`,
            en: `The cases of earlier years hold none of ${lacking}; coefficients of policy ${id} rest on ${span}.`,
          },
    fix: {
      zh: '请按年份核对 coefficientCases 所列文件和病例的结算月份。',
      en: 'Check the files of coefficientCases and the months of their cases.',
    },
  })
}
