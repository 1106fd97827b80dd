import { Decimal } from '../../numbers/index.ts'
import { NO_AGE, NO_MARK, NO_STAY } from '../../weights/index.ts'
import type { Policy } from '../policy/policy.ts'
import type { CaseDetail, CaseInput, CasePrices, Quotient } from '../settle/case-input.ts'
import { effectiveWeight, unitCost } from '../settle/case-payment.ts'
import { groupFacts } from '../settle/group-facts.ts'
import type { ValueInput } from '../settle/points.ts'
import { acceptedCases } from '../settle/review.ts'
import { isEarly, routed } from '../settle/tracks.ts'

/** One case of a table as `payCase` takes it, with the sums over the other cases that some rules compare it with. */
export interface CaseAt {
  readonly one: CaseInput
  readonly prices: CasePrices
  /** Position of the group that is paid: after a redirection, or the rule for early deaths. */
  readonly group: number
  /** Grouped cases of that group, where a rule asked for them. */
  readonly groupCases: number
}

/**
 * Reads cases of a table one by one as the literal engine sees them: what the rules of the whole table decide (accepted
 * reviews, means of groups, redirections) is found once. `hospitals` stand in the order of `cases.hospitals`.
 *
 * @param home by insurance of visitors, the one whose rules they are paid by
 */
export function createCaseReader(
  input: ValueInput,
  pointValueOf: (insurance: string) => Decimal | null,
  home: ReadonlyMap<string, string> = new Map(),
): (at: number) => CaseAt {
  const { cases, policy, weights, coefficients, hospitals } = input
  const facts = groupFacts(cases, hospitals, policy)
  const priced = { ...cases, insurances: cases.insurances.map(code => home.get(code) ?? code) }
  const accepted = acceptedCases({ ...input, cases: priced })
  const position = new Map(cases.groups.map((code, g) => [code, g]))
  return at => {
    const own = cases.group[at]!
    const status = cases.status[at]! as 0 | 1 | 2 | 3
    const mark = cases.facts?.marks[cases.facts.mark[at]!] ?? NO_MARK
    let group = status === 0 ? routed(policy, mark, cases, own, position).group : own
    if (status === 0 && group === own && policy.rules.early?.mode === 'group7' && isEarly(policy, at, cases))
      group = position.get(`${cases.parents[own]}7`) ?? own
    const hospital = hospitals[cases.hospital[at]!]!
    const detail: CaseDetail = {
      ...factsAt(input, at),
      way: cases.dischargeWay[at]!,
      daySurgery: mark.daySurgery,
      tcm: mark.tcm,
      grassroots: mark.grassroots,
      bedDay: mark.bedDay,
      auxiliary: mark.auxiliary === null ? [] : [mark.auxiliary],
      accepted: accepted?.[at] === 1,
      ...(mark.decided === null ? {} : { decided: mark.decided }),
      ...(mark.readmittedAfter === null ? {} : { readmittedAfter: mark.readmittedAfter }),
      redirect: mark.redirect,
      ...(group === own ? {} : { from: cases.groups[own]! }),
      addOns: mark.addOns,
    }
    const one: CaseInput = {
      group: cases.groups[group]!,
      parent: cases.parents[group]!,
      status,
      weight: weights.weight[group]!,
      ...likeWeightOf(
        policy,
        cases.groups[group]!,
        cases.parents[group]!,
        code => weights.weight[position.get(code) ?? -1],
      ),
      stable: weights.stable[group]!,
      coefficient: coefficients.of(group, hospital.level, hospital.code),
      level: hospital.level,
      hospital: hospital.code,
      ...(hospital.class === undefined ? {} : { hospitalClass: hospital.class }),
      insurance: priced.insurances[cases.insurance[at]!]!,
      cost: cases.cost[at]!,
      los: cases.los[at] === NO_STAY ? null : cases.los[at]!,
      detail,
    }
    const meanCost = new Decimal(weights.meanCost).div(100)
    const prices: CasePrices = { meanCost, pointValue: pointValueOf(cases.insurances[cases.insurance[at]!]!) }
    const mean = (sum: number | undefined, n: number | undefined, level?: string): Quotient => {
      const earlier = policy.groupMeans?.(one.group, level)
      if (earlier !== undefined) return { n: earlier, d: new Decimal(1) }
      if (sum !== undefined && sum > 0 && n !== undefined && n > 0)
        return { n: new Decimal(sum), d: new Decimal(n).times(100) }
      // A group without cases: its weight says the mean.
      const weight = effectiveWeight(policy, one, []) ?? new Decimal(0)
      return { n: unitCost(policy, one, prices).times(weight), d: new Decimal(1) }
    }
    const cell = facts.levels.indexOf(hospital.level) * facts.cases.length + group
    const stays = facts.stays[group]!
    const asksMean = ['groupMean', 'levelMean'].includes(policy.ratioMoney) || policy.blank !== null
    return {
      one,
      prices: {
        ...prices,
        ...(asksMean
          ? {
              groupMean: mean(facts.cost[group], facts.cases[group]),
              levelMean: mean(facts.levelCost[cell], facts.levelCases[cell], hospital.level),
            }
          : {}),
        ...(stays === 0 ? {} : { meanDays: { n: new Decimal(facts.days[group]!), d: new Decimal(stays) } }),
        ...(facts.volume === null || facts.volume.capOf[group]! < 0
          ? {}
          : { volume: facts.volume.at(group, cases.month[at]!) }),
      },
      group,
      groupCases: policy.ratioMoney === 'levelMean' ? facts.levelCases[cell]! : facts.cases[group]!,
    }
  }
}

/** The weight of the group with the same effect as a Chinese-medicine case of the group. */
function likeWeightOf(
  { rules }: Policy,
  group: string,
  parent: string,
  weightOf: (group: string) => Decimal | null | undefined,
): { readonly likeWeight?: Decimal | null } {
  const like = (rules.tcm?.standards.get(group) ?? rules.tcm?.standards.get(parent))?.like
  return like == null ? {} : { likeWeight: weightOf(like) ?? null }
}

/** Age and department, as far as the table has them. */
function factsAt({ cases: { facts } }: ValueInput, at: number): CaseDetail {
  if (facts === undefined) return {}
  const [age, ageDays] = [facts.age[at]!, facts.ageDays[at]!]
  return {
    ...(age === NO_AGE ? {} : { age }),
    ...(ageDays === NO_AGE ? {} : { ageDays }),
    department: facts.departments[facts.department[at]!] ?? '',
  }
}
