import { basename } from 'node:path'
import { sameFile } from '../files/index.ts'
import { Fault, someOf, type Text } from '../messages/index.ts'
import { type Policy, placeIn, type Region } from '../simulate/index.ts'
import { type Coefficients, type GroupedCases, type Hospital, type WeightConfig, weigh } from '../weights/index.ts'
import { checkColumns } from './case-files.ts'
import type { CaseGrouper } from './case-grouper.ts'
import { openInput } from './case-input.ts'
import { type Console, count, tell } from './console.ts'
import { type Duplicates, type GroupedFiles, groupFiles, unpayableText } from './grouped-files.ts'

/** What the cases of earlier years are read with. */
interface EarlierOptions {
  readonly duplicates?: Duplicates | undefined
  readonly map?: readonly string[] | undefined
}

/** Cases of earlier years, what was left out of them, and the coefficients that follow from them. */
export interface EarlierCases extends Pick<GroupedFiles, 'rejects' | 'unpayable'> {
  readonly coefficients: Coefficients
  readonly rows: number
  readonly rejected: number
  /** How many of the rows the coefficients rest on. */
  readonly cases: number
}

/** Refuses cases of earlier years that no coefficient would follow from, and a file of them that is listed twice. */
export function checkEarlier(region: Region, policy: Policy, { coefficient: { kind } }: WeightConfig): void {
  if (region.coefficientCases.length === 0) return
  checkOnce(region)
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
    at: placeIn(region.file, ['coefficientCases']),
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

/** Refuses a file of earlier cases that is another of them, or one of this year's: its cases would be counted twice. */
function checkOnce({ file, cases, coefficientCases }: Region): void {
  for (const [i, path] of coefficientCases.entries()) {
    const isThisYear = cases.some(other => sameFile(path, other))
    if (!isThisYear && !coefficientCases.slice(0, i).some(other => sameFile(path, other))) continue
    const name = basename(path)
    throw new Fault({
      code: 'REG-015',
      at: placeIn(file, ['coefficientCases', i]),
      what: isThisYear
        ? {
            zh: `往年病例文件 ${name} 也列在本年病例 cases 中。`,
            en: `The file ${name} of earlier years is one of this year's cases too.`,
          }
        : { zh: `往年病例文件 ${name} 列了两次。`, en: `The file ${name} of earlier years is listed twice.` },
      fix: {
        zh: '每个病例文件只列一次；请核对是否应为另一年的文件。',
        en: 'List a file of cases once; see whether the file of another year was meant.',
      },
    })
  }
}

/**
 * Coefficients from the cases of the years before, all of them counted alike, grouped by the scheme of this year; null where
 * the region names none. A case without cost, hospital or month is left out. Refuses cases of other years than the policy
 * asks for, and of hospitals whose level is not known.
 */
export function earlierCases(
  console: Console,
  { region, policy }: { readonly region: Region; readonly policy: Policy },
  grouper: CaseGrouper,
  config: WeightConfig,
  { duplicates, map }: EarlierOptions,
): EarlierCases | null {
  if (region.coefficientCases.length === 0) return null
  const input = openInput(console, region.coefficientCases, { map, newbornWeight: grouper.newbornWeight })
  checkColumns(input.files, 'earlier', input.open)
  const read = groupFiles(console, input, grouper, { need: 'coefficients', duplicates })
  const { payable: cases, summary, rejects, unpayable } = read
  const { rows, rejected } = summary
  tell(console, {
    zh: `往年病例：读入 ${count(rows)} 行 = ${count(cases.count)} 例 + 拒收 ${count(rejected)} 行 + 未计入 ${count(unpayable.length)} 例`,
    en: `Cases of earlier years: ${count(rows)} rows in = ${count(cases.count)} cases + ${count(rejected)} rejects + ${count(unpayable.length)} left out`,
  })
  if (unpayable.length > 0) {
    tell(console, {
      zh: `往年病例未计入的原因：${unpayableText(unpayable, 'zh')}`,
      en: `Why cases of earlier years are left out: ${unpayableText(unpayable, 'en')}`,
    })
  }
  checkYears(region, policy, cases)
  checkListed(region, cases)
  const pooled = { ...config, years: { ...config.years, factors: [] } }
  const configFile = region.weightConfig ?? undefined
  const { coefficients } = weigh(cases, region.hospitals, pooled, { configFile })
  return { coefficients, rows, rejected, cases: cases.count, rejects, unpayable }
}

/** Hospitals of the table that have cases, in the order of the table. */
export function listed(cases: GroupedCases, hospitals: readonly Hospital[]): readonly Hospital[] {
  const used = new Set(cases.hospitals)
  return hospitals.filter(hospital => used.has(hospital.code))
}

/** Refuses hospitals of earlier years that the table does not have, those that have closed or merged since among them. */
function checkListed({ hospitals, hospitalFile, coefficientCases }: Region, cases: GroupedCases): void {
  const known = new Set(hospitals.map(hospital => hospital.code))
  const odd = cases.hospitals.filter(code => !known.has(code))
  if (odd.length === 0) return
  const files = coefficientCases.map(path => basename(path))
  const codes = someOf(odd, 5)
  throw new Fault({
    code: 'WGT-001',
    at: { file: hospitalFile, field: 'code' },
    what: {
      zh: `往年病例（${files.join('、')}）中有医疗机构不在医疗机构表中，不知其级别：${codes.zh}。`,
      en: `Cases of earlier years (${files.join(', ')}) are of hospitals that the table of hospitals lacks, so their level is not known: ${codes.en}.`,
    },
    fix: {
      zh: '请在表中补上其编码和当时的级别，已关闭的也要补；已合并的，请把往年病例中的编码改为承继机构的编码。',
      en: 'Add each with the level that it had, also where it has closed since; where it has merged, write the code of its successor in the earlier cases.',
    },
  })
}

function checkYears({ file, year }: Region, { id, document }: Policy, { months }: GroupedCases): void {
  const asked = document.coefficient.years
  const found = new Set(months.map(month => Number(month.slice(0, 4))))
  const wanted = Array.from({ length: Number(asked ?? '0') }, (_, i) => year - 1 - i)
  const odd = [...found].sort().find(one => (asked === null ? one >= year : !wanted.includes(one)))
  const lacking = wanted.toSorted().find(one => !found.has(one))
  if (odd === undefined && lacking === undefined) return
  const [first, last] = [wanted.at(-1), wanted[0]]
  const range = first === last ? `${first}` : `${first}…${last}`
  const span: Text =
    first === undefined
      ? { zh: `${year} 年以前的病例`, en: `cases before ${year}` }
      : { zh: `${range} 年的病例`, en: `cases of ${range}` }
  throw new Fault({
    code: 'REG-014',
    at: placeIn(file, ['coefficientCases']),
    what:
      odd !== undefined
        ? {
            zh: `往年病例中有 ${odd} 年的病例，政策 ${id} 的系数取 ${span.zh}。`,
            en: `The cases of earlier years hold some of ${odd}; coefficients of policy ${id} rest on ${span.en}.`,
          }
        : {
            zh: `往年病例中没有 ${lacking} 年的病例，政策 ${id} 的系数取 ${span.zh}。`,
            en: `The cases of earlier years hold none of ${lacking}; coefficients of policy ${id} rest on ${span.en}.`,
          },
    fix: {
      zh: '请按年份核对 coefficientCases 所列文件和病例的结算月份。',
      en: 'Check the files of coefficientCases and the months of their cases.',
    },
  })
}
