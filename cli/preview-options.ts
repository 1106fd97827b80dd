import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readTable, unreadable } from '../files/index.ts'
import { Fault, nearest, someOf, type Text } from '../messages/index.ts'
import { type Decimal, parseDecimal } from '../numbers/index.ts'
import { levelsOf, type Policy, type Region } from '../simulate/index.ts'
import { coefficientFile, type GroupedCases, type Hospital } from '../weights/index.ts'

/** What `dianzhi preview` is asked. */
export interface PreviewOptions {
  /** Mapping files for the cases. */
  readonly map?: readonly string[] | undefined
  readonly region?: string | undefined
  readonly scheme?: string | undefined
  readonly policy?: string | undefined
  readonly hospital?: string | undefined
  readonly level?: string | undefined
  readonly weights?: string | undefined
  /** Table of auxiliary coefficients, under a DIP catalogue. */
  readonly auxiliary?: string | undefined
  readonly coefficients?: string | undefined
  readonly meanCost?: string | undefined
  /** Budget value of a point by insurance, for scores. */
  readonly budgetValue?: string | undefined
  readonly published?: string | undefined
  readonly pointValue?: string | undefined
  readonly pools?: string | undefined
  readonly payRatio?: string | undefined
  readonly duplicates?: string | undefined
}

/** What a regional settlement wrote into its folder, as far as it is there. */
export function publishedIn(folder: string, policy: Policy): PreviewOptions {
  let names: readonly string[]
  try {
    names = readdirSync(folder)
  } catch (error) {
    throw unreadable(folder, error)
  }
  if (!['weights.csv', 'pools.csv', 'quality.csv'].some(name => names.includes(name))) {
    throw new Fault({
      code: 'PRE-008',
      at: { file: folder, field: '--published' },
      what: {
        zh: '文件夹中没有地区结算的结果（weights.csv、pools.csv、quality.csv）。',
        en: 'The folder holds no results of a regional settlement (weights.csv, pools.csv, quality.csv).',
      },
      fix: {
        zh: '请给出 dianzhi settle --out 写入的文件夹，或改用 --weights、--point-value 等选项。',
        en: 'Name the folder that dianzhi settle --out wrote, or give --weights, --point-value and the like.',
      },
      status: 64,
    })
  }
  const file = (name: string): string | undefined => (names.includes(name) ? join(folder, name) : undefined)
  const figures = file('quality.csv')
  const rows = figures === undefined ? [] : readTable(figures).rows
  return {
    weights: file('weights.csv'),
    coefficients: coefficientsIn(policy)
      .map(file)
      .find(one => one !== undefined && readTable(one).rows.length > 0),
    pools: file('pools.csv'),
    meanCost: rows.find(row => row.cells[0] === 'meanCost')?.cells[1],
  }
}

/** Where a settlement by a policy publishes its coefficients; none where the policy has its own. */
function coefficientsIn({ coefficientKind: kind, coefficients }: Policy): readonly string[] {
  if (kind === 'none' || kind === 'class' || coefficients !== null) return []
  // Coefficients by hospital may have been derived by group too.
  const also = kind === 'hospital' ? [coefficientFile('groupHospital')] : []
  return [coefficientFile(kind), ...also]
}

/** The value of an option; the fault for one that is missing says what it is. */
export function need(value: string | undefined, option: string): string {
  if (value !== undefined) return value
  const why: Readonly<Record<string, Text>> = {
    '--policy': {
      zh: '结算政策（编号或文件夹），或用 --region 一并给出',
      en: 'the policy (id or folder), or --region',
    },
    '--scheme': {
      zh: '分组方案（编号或文件夹），或用 --region 一并给出',
      en: 'the scheme (id or folder), or --region',
    },
    '--weights': {
      zh: '公布的权重表（病组、权重），地区结算结果中的 weights.csv 也可以',
      en: 'the published table of weights (group, weight); the weights.csv of a regional settlement will do',
    },
    '--mean-cost': {
      zh: '区域次均费用（元）：该政策的 avgCost 取自数据',
      en: 'the regional mean cost in yuan: the policy takes avgCost from the data',
    },
    '--hospital': {
      zh: '医疗机构编码：病例来自多家机构',
      en: 'the code of the hospital: the cases come from several',
    },
    '--level': { zh: '医疗机构级别，如 3', en: 'the level of the hospital, such as 3' },
  }
  throw new Fault({
    code: 'PRE-004',
    at: { field: option },
    what: { zh: `预结算还需要 ${option}。`, en: `A preview also needs ${option}.` },
    fix: { zh: `请给出${why[option]?.zh ?? ''}。`, en: `Give ${why[option]?.en ?? ''}.` },
    status: 64,
  })
}

/** A share above zero, at most one, from the command line. */
export function shareOf(text: string, option: string): Decimal {
  const value = parseDecimal(text)
  if (value?.gt(0) === true && value.lte(1)) return value
  throw new Fault({
    code: 'PRE-005',
    at: { field: option },
    what: { zh: `“${text}”不是大于零、不超过一的比例。`, en: `"${text}" is no share above zero, at most one.` },
    fix: { zh: '请写小数，如 0.75。', en: 'Write a decimal such as 0.75.' },
    status: 64,
  })
}

/** A decimal above zero from the command line. */
export function decimalOf(text: string, option: string): Decimal {
  const value = parseDecimal(text)
  if (value?.gt(0) === true) return value
  throw new Fault({
    code: 'PRE-005',
    at: { field: option },
    what: { zh: `“${text}”不是大于零的数。`, en: `"${text}" is no number above zero.` },
    fix: { zh: '请写普通小数，如 9543.61。', en: 'Write a plain decimal such as 9543.61.' },
    status: 64,
  })
}

/** The hospital asked for, else the only one of the cases; its level from the region's table or the option. */
export function hospitalOf(options: PreviewOptions, region: Region | undefined, { hospitals }: GroupedCases): Hospital {
  const code = options.hospital ?? (hospitals.length === 1 ? hospitals[0]! : need(undefined, '--hospital'))
  if (!hospitals.includes(code)) {
    throw new Fault({
      code: 'PRE-006',
      at: { field: '--hospital' },
      what: { zh: `病例中没有医疗机构 ${code}。`, en: `No case is of hospital ${code}.` },
      fix: {
        zh: `病例中的机构：${someOf(hospitals).zh}。`,
        en: `The cases are of ${someOf(hospitals).en}.`,
      },
      status: 64,
    })
  }
  const listed = region?.hospitals.find(hospital => hospital.code === code)
  if (listed !== undefined) return options.level === undefined ? listed : { ...listed, level: options.level }
  return { code, name: '', level: options.level ?? need(undefined, '--level') }
}

/** Levels of the country, where no price of a policy tells others apart. */
const LEVELS = ['1', '2', '3']

/** Refuses a level that neither the hospitals of the region nor policy and coefficients have. */
export function checkLevel(
  level: string,
  region: Region | undefined,
  policy: Policy,
  coefficients: ReadonlySet<string> | undefined,
): void {
  const { priced, asked } = levelsOf(policy)
  const told = [
    ...(region?.hospitals ?? []).flatMap(one => [one.level, one.class ?? []].flat()),
    ...priced,
    ...(coefficients ?? []),
  ]
  const known = new Set([...told, ...asked, ...(told.length === 0 ? LEVELS : [])])
  if (known.has(level)) return
  const there = [...known].sort()
  throw new Fault({
    code: 'PRE-009',
    at: { field: '--level' },
    what: {
      zh: `没有级别“${level}”：地区的医疗机构、政策 ${policy.id} 和系数表都没有它。`,
      en: `There is no level "${level}": neither the hospitals of the region nor policy ${policy.id} nor the coefficients have it.`,
    },
    fix: choose(level, there),
    status: 64,
  })
}

/** Refuses prices of an insurance that nothing has: neither cases nor region, policy or published pools. */
export function checkInsurances(
  option: string,
  given: Iterable<string | null>,
  sources: readonly Iterable<string>[],
): void {
  const known = new Set(sources.flatMap(source => [...source]))
  for (const insurance of given) {
    if (insurance === null || known.has(insurance)) continue
    throw new Fault({
      code: 'PRE-010',
      at: { field: option },
      what: {
        zh: `没有险种“${insurance}”：病例、地区、政策和公布的点值都没有它。`,
        en: `There is no insurance "${insurance}": neither cases nor region, policy or published values have it.`,
      },
      fix: choose(insurance, [...known].filter(Boolean).sort()),
      status: 64,
    })
  }
}

function choose(word: string, there: readonly string[]): Text {
  // 三级, 3A and level3 hold the name of a level; 10 and 33 hold none.
  const plain = word.replace(/[一二三]/g, digit => String('一二三'.indexOf(digit) + 1))
  const guess = nearest(word, there) ?? there.find(name => plain.includes(name) && !/\d/.test(plain.replace(name, '')))
  return {
    zh: `${guess === undefined ? '' : `是否应为 ${guess}？`}可用的有：${there.join('、')}。`,
    en: `${guess === undefined ? '' : `Did you mean ${guess}? `}There are ${there.join(', ')}.`,
  }
}
