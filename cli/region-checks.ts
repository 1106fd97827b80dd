import { isCatalogue, loadCatalogue, loadScheme } from '../grouper/index.ts'
import { Fault, someOf, type Text } from '../messages/index.ts'
import {
  type Policy,
  policyInputs,
  type Reclassified,
  type Region,
  type Scenario,
  unlisted,
} from '../simulate/index.ts'
import type { Weighing, WeightConfig } from '../weights/index.ts'
import type { GroupBook } from './case-grouper.ts'

/** All files that a region is settled from. */
export function regionInputs(file: string, region: Region): string[] {
  const {
    cases,
    coefficientCases,
    hospitalFile,
    weights,
    weightConfig,
    coefficients,
    marks,
    auxiliary,
    cycleFiles,
    policy,
  } = region
  const optional = [weights, weightConfig, coefficients, marks, auxiliary].filter(path => path !== null)
  return [file, ...cases, ...coefficientCases, hospitalFile, ...optional, ...cycleFiles, ...policyInputs(policy)]
}

/** Refuses parts of a budget that name a hospital or group which does not exist. */
export function checkParts({ file, budgets, hospitals }: Region, { leaves }: GroupBook): void {
  const known = {
    hospitals: new Set(hospitals.map(hospital => hospital.code)),
    groups: new Set(leaves.flatMap(leaf => [leaf.drg, leaf.adrg])),
  }
  for (const [b, { within = [] }] of budgets.entries()) {
    for (const [p, { cases }] of within.entries()) {
      for (const key of ['hospitals', 'groups'] as const) {
        const odd = cases?.[key]?.find(code => !known[key].has(code))
        if (odd === undefined) continue
        throw new Fault({
          code: 'REG-009',
          at: { file, field: `budgets.${b}.within.${p}.cases.${key}` },
          what: {
            zh: `没有编码为 ${odd} 的${key === 'groups' ? '病组' : '医疗机构'}。`,
            en: `There is no ${key === 'groups' ? 'group' : 'hospital'} ${odd}.`,
          },
          fix: {
            zh: key === 'groups' ? '请写分组方案中的 DRG、ADRG 或病种目录中的病种编码。' : '请写医疗机构表中的编码。',
            en:
              key === 'groups'
                ? 'Write a DRG or ADRG of the scheme, or a group of the DIP catalogue.'
                : 'Write a code of the hospitals file.',
          },
        })
      }
    }
  }
}

/** Refuses schemes and catalogues that scenarios ask for and that are not there. */
export function checkSchemes(scenarios: readonly Scenario[], pathOf: (name: string) => string): void {
  for (const name of schemesOf(scenarios).map(pathOf)) {
    if (isCatalogue(name)) loadCatalogue(name)
    else loadScheme(name)
  }
}

/** The schemes that scenarios ask for. */
function schemesOf(scenarios: readonly Scenario[]): readonly string[] {
  return scenarios.flatMap(({ set, stack }) => [
    ...(typeof set.scheme === 'string' ? [set.scheme] : []),
    ...schemesOf(stack),
  ])
}

/** Refuses weights by insurance scheme: a settlement uses one table. */
export function checkTables({ tables }: WeightConfig, { weightConfig }: Region): void {
  if (tables !== 'perInsurance') return
  throw new Fault({
    code: 'WGT-017',
    at: { file: weightConfig ?? '', field: 'tables' },
    what: {
      zh: '结算用一套权重，测算参数却要求分险种各一套。',
      en: 'A settlement uses one table of weights; the configuration makes one for each insurance scheme.',
    },
    fix: {
      zh: '请把 tables 改为 pooled；分险种测算用 dianzhi weights。',
      en: 'Set tables to pooled; dianzhi weights makes tables by insurance scheme.',
    },
  })
}

/** Weights that rest on no case are none. */
export function needWeights({ statistics: { screening } }: Weighing, file: string): void {
  if (screening.used > 0) return
  const { ambiguous, notGrouped, invalid, withoutCost, otherInsurance, outsideYears, belowCost, longStay } = screening
  const outside = ambiguous + notGrouped + invalid
  const screened = belowCost + longStay
  throw new Fault({
    code: 'WGT-008',
    at: { file },
    what: {
      zh: `${screening.cases} 例中没有一例参与测算，算不出权重：未入组 ${outside}，无费用 ${withoutCost}，其他险种 ${otherInsurance}，其他年份 ${outsideYears}，费用过低或住院过长 ${screened}。`,
      en: `None of ${screening.cases} cases takes part, so there are no weights: ${outside} not grouped, ${withoutCost} without cost, ${otherInsurance} of other insurances, ${outsideYears} of other years, ${screened} with too low a cost or too long a stay.`,
    },
    fix: {
      zh: '请核对分组方案是否与病例编码相符，费用是否大于零，以及测算参数的 insurances、years 和 screen。',
      en: 'Check that the scheme fits the codes of the cases, that costs are above zero, and insurances, years and screen of the configuration.',
    },
  })
}

/** The fault for a region in which no case is paid. */
export function nothingPaid(file: string, cases: number): Fault {
  return new Fault({
    code: 'REG-006',
    at: { file },
    what: {
      zh: `${cases} 例全部在支付范围之外，没有可结算的病例。`,
      en: `All ${cases} cases lie outside the pool; there is nothing to settle.`,
    },
    fix: {
      zh: '请核对分组方案，以及政策的 special 和 los。',
      en: 'Check the scheme, and special and los of the policy.',
    },
  })
}

/** Where policy, scheme and year do not go together. */
export function mismatches({ year, hospitals, coefficients, cycle }: Region, policy: Policy, schemeId: string): Text[] {
  const { id, document } = policy
  const found: Text[] = []
  const { validFrom, validTo, scheme } = document
  if (validFrom > `${year}-01-01` || (validTo !== null && validTo < `${year}-12-31`)) {
    found.push({
      zh: `注意：政策 ${id} 的有效期（${validFrom} 至 ${validTo ?? '未定'}）不含 ${year} 全年`,
      en: `Note: policy ${id} (valid from ${validFrom} to ${validTo ?? 'open'}) does not cover all of ${year}`,
    })
  }
  const strangers = coefficients === null ? unlisted(policy, hospitals) : []
  if (strangers.length > 0) {
    const codes = someOf(
      strangers.map(hospital => hospital.code),
      5,
    )
    found.push({
      zh: `注意：政策 ${id} 的系数表没有 ${strangers.length} 家医疗机构的${document.coefficient.kind === 'class' ? '类别（医疗机构表的 class 列）' : '级别或编码'}，其系数按 ${document.coefficient.newGroup} 计：${codes.zh}`,
      en: `Note: the coefficients of policy ${id} do not list the ${document.coefficient.kind === 'class' ? 'class (column class of the hospital table)' : 'level or code'} of ${strangers.length} hospitals, which count with ${document.coefficient.newGroup}: ${codes.en}`,
    })
  }
  if (document.control === null && [...cycle.units.values()].some(unit => unit.control !== undefined)) {
    found.push({
      zh: `注意：地区文件给出了机构总额（cycle.control），而政策 ${id} 没有 control，这些总额不起作用`,
      en: `Note: the region gives control totals (cycle.control), and policy ${id} has no control: they do nothing`,
    })
  }
  if (scheme !== null && scheme !== schemeId) {
    found.push({
      zh: `注意：政策 ${id} 是为分组方案 ${scheme} 制定的，而不是 ${schemeId}`,
      en: `Note: policy ${id} is written for scheme ${scheme}, not ${schemeId}`,
    })
  }
  return found
}

/** What became of classes that were decided again by the final point value. */
export function reclassifiedNotice({ cases, passes, settled }: Reclassified): Text {
  const [zh, en] = settled
    ? ['', '']
    : [
        '，类别与点值互相影响，未能稳定，按最后一轮计',
        '; classes and value did not come to rest, and the last pass counts',
      ]
  return {
    zh: `按年终点值重新判定类别：${cases} 例改变，共 ${passes} 轮${zh}`,
    en: `Classes decided again by the final point value: ${cases} cases changed, in ${passes} passes${en}`,
  }
}
