import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Decimal } from '../../numbers/index.ts'
import { compilePolicy, isBaseGroup, type Policy } from '../../simulate/policy/policy.ts'
import type { CaseInput } from '../../simulate/settle/case-input.ts'
import { effectiveWeight, payCase } from '../../simulate/settle/case-payment.ts'
import { CLASSES } from '../../simulate/settle/classes.ts'
import { valueCases } from '../../simulate/settle/points.ts'
import type { RegionInput } from '../../simulate/settle/region.ts'
import { acceptedCases } from '../../simulate/settle/review.ts'
import { type Hospital, NO_STAY } from '../../weights/index.ts'
import { anyPolicy, anyRegion } from './arbitrary.ts'
import { policyOf } from './examples.ts'

/** Means of a group over some cases, as a plain loop gives them; without any, its weight says the mean. */
function facts(
  { cases, hospitals, weights, policy }: RegionInput,
  group: number,
  hospital: Hospital,
  insurance: string,
) {
  let [n, cost, levelN, levelCost, stays, days] = [0, 0, 0, 0, 0, 0]
  for (let i = 0; i < cases.count; i++) {
    if (cases.status[i] !== 0 || cases.group[i] !== group) continue
    n++
    cost += cases.cost[i]!
    if (hospitals[cases.hospital[i]!]!.level === hospital.level) {
      levelN++
      levelCost += cases.cost[i]!
    }
    if (cases.los[i] === NO_STAY) continue
    stays++
    days += cases.los[i]!
  }
  const mean =
    policy.method === 'rate' || policy.floating
      ? policy.rate({
          level:
            policy.base?.mode === 'rateOfLevel' && isBaseGroup(policy, cases.groups[group]!, cases.parents[group]!)
              ? policy.base.level
              : hospital.level,
          insurance,
        })!
      : (policy.avgCost ?? new Decimal(weights.meanCost).div(100))
  return { n, cost, levelN, levelCost, stays, days, mean }
}

/** The cases against a volume cap, by a plain count: those of the groups that it covers and no other cap does. */
function volume({ cases, policy }: RegionInput, group: number, month: number) {
  const { volumeCap, daySurgery, readmission } = policy.rules
  const capOf = (g: number) => [cases.groups[g]!, cases.parents[g]!].find(code => volumeCap.has(code))
  const counted = { cases: 0, before: 0, inMonth: 0 }
  for (let i = 0; i < cases.count; i++) {
    if (cases.status[i] !== 0 || capOf(cases.group[i]!) !== capOf(group)) continue
    const mark = cases.facts!.marks[cases.facts!.mark[i]!]!
    if (mark.daySurgery && daySurgery?.isDischarge === false) continue
    const back = mark.readmittedAfter
    if (back !== null && readmission?.isDischarge === false && back <= readmission.days) continue
    counted.cases++
    if (cases.month[i]! < month) counted.before++
    if (cases.month[i] === month) counted.inMonth++
  }
  const { cases: all, before, inMonth } = counted
  return { cases: new Decimal(all), before: new Decimal(before), inMonth: new Decimal(inMonth) }
}

/** Weight of the group with the same effect as Chinese-medicine cases of a group. */
function likeWeight({ policy, cases, weights }: RegionInput, group: number) {
  const { standards } = policy.rules.tcm ?? {}
  const like = (standards?.get(cases.groups[group]!) ?? standards?.get(cases.parents[group]!))?.like
  return like == null ? {} : { likeWeight: weights.weight[cases.groups.indexOf(like)]! }
}

const LOWER = { type: 'cci', class: 'none', coefficient: '0.5' }

/** Class, points, money and money from elsewhere of a case by the literal engine. */
function literal(
  input: RegionInput,
  i: number,
  accepted: Uint8Array | null,
): readonly [string, number, number, number] {
  const { cases, weights, coefficients, policy, hospitals } = input
  const hospital = hospitals[cases.hospital[i]!]!
  const mark = cases.facts!.marks[cases.facts!.mark[i]!]!
  const from = cases.group[i]!
  let group = from
  const [way, los] = [cases.dischargeWay[i]!, cases.los[i]!]
  const { rules } = policy
  const redirect = rules.redirect.get(mark.redirect)
  const isTarget = redirect?.group === cases.groups[from] || redirect?.group === cases.parents[from]
  if (cases.status[i] === 0 && redirect?.to != null && isTarget) group = cases.groups.indexOf(redirect.to)
  else if (
    cases.status[i] === 0 &&
    rules.early?.mode === 'group7' &&
    los <= rules.early.most &&
    rules.early.ways.has(way)
  ) {
    const seventh = cases.groups.indexOf(`${cases.parents[from]}7`)
    if (seventh >= 0) group = seventh
  }
  const insurance = cases.insurances[cases.insurance[i]!]!
  const mean = facts(input, group, hospital, insurance)
  const [years, days] = [cases.facts!.age[i]!, cases.facts!.ageDays[i]!]
  // Means of earlier years as the document has them: of the level, else of the region.
  const earlier = (level: string): string | undefined => {
    const given = Object(policy.document.groupMeans)[cases.groups[group]!] as
      | string
      | Record<string, string>
      | undefined
    return typeof given === 'object' ? (given[level] ?? given['']) : given
  }
  const known = (sum: number, n: number, last: string | undefined) =>
    last !== undefined
      ? { n: new Decimal(last), d: new Decimal(1) }
      : n > 0 && sum > 0
        ? { n: new Decimal(sum), d: new Decimal(n).times(100) }
        : { n: mean.mean.times(effectiveWeight(policy, one, []) ?? 0), d: new Decimal(1) }
  const one: CaseInput = {
    group: cases.groups[group]!,
    parent: cases.parents[group]!,
    status: cases.status[i]! as 0 | 1 | 2 | 3,
    weight: weights.weight[group]!,
    ...likeWeight(input, group),
    stable: weights.stable[group]!,
    coefficient: coefficients.of(group, hospital.level, hospital.code),
    level: hospital.level,
    hospital: hospital.code,
    ...(hospital.class === undefined ? {} : { hospitalClass: hospital.class }),
    insurance,
    cost: cases.cost[i]!,
    los: los === NO_STAY ? null : los,
    detail: {
      ...(years < 0 ? {} : { age: years }),
      ...(days < 0 ? {} : { ageDays: days }),
      way,
      department: cases.facts!.departments[cases.facts!.department[i]!]!,
      daySurgery: mark.daySurgery,
      tcm: mark.tcm,
      grassroots: mark.grassroots,
      bedDay: mark.bedDay,
      // The others of a case are lower: the highest counts, wherever it stands.
      auxiliary: mark.auxiliary === null ? [] : [LOWER, mark.auxiliary, LOWER],
      accepted: accepted?.[i] === 1,
      ...(mark.decided === null ? {} : { decided: mark.decided }),
      ...(mark.readmittedAfter === null ? {} : { readmittedAfter: mark.readmittedAfter }),
      redirect: mark.redirect,
      addOns: mark.addOns,
    },
  }
  const payment = payCase(policy, one, {
    meanCost: new Decimal(weights.meanCost).div(100),
    pointValue: null,
    groupMean: known(mean.cost, mean.n, earlier('')),
    levelMean: known(mean.levelCost, mean.levelN, earlier(hospital.level)),
    ...(mean.stays === 0 ? {} : { meanDays: { n: new Decimal(mean.days), d: new Decimal(mean.stays) } }),
    volume: volume(input, group, cases.month[i]!),
  })
  return [payment.class, payment.points, payment.paid, payment.separate]
}

/** Scores without a published value are compared with the opening value of the cases themselves. */
function withoutValue(policy: Policy): Policy {
  return policy.document.unit === 'score' ? compilePolicy({ ...policy.document, pointValue: null }) : policy
}

test('the batch kernel equals the literal engine on every case of random policies, costs on thresholds included', () => {
  let cases = 0
  let redone = 0
  const seen = new Set<string>()
  fc.assert(
    fc.property(
      fc
        .tuple(anyPolicy, fc.boolean())
        .map(([policy, open]) => (open ? withoutValue(policy) : policy))
        .chain(policy => anyRegion(policy, 60)),
      input => {
        const values = valueCases(input)
        const accepted = acceptedCases(input)
        redone += values.redone
        cases += input.cases.count
        for (let i = 0; i < input.cases.count; i++) {
          const [name, points, paid, separate] = literal(input, i, accepted)
          const found = [CLASSES[values.class[i]!], values.points[i], values.paid[i], values.separate?.[i] ?? 0]
          expect(found, `case ${i}, cost ${input.cases.cost[i]}`).toEqual([name, points, paid, separate])
          seen.add(name)
        }
      },
    ),
    { numRuns: 1500 },
  )
  // The property means little unless it met every class and the exact pass.
  expect([...seen].sort()).toEqual([...CLASSES].sort())
  expect(redone).toBeGreaterThan(cases / 2000)
})

const PLAIN = policyOf({ method: 'points', avgCost: '1', ratioBase: 'avgRw' }).rules

test('a value on a rounding boundary is decided exactly', () => {
  // 1 fen at A = 8 yuan, scale 1: 1e4/800 = 12.5 units of 1e-4, which rounds up.
  fc.assert(
    fc.property(anyPolicy, fc.integer({ min: 0, max: 40_000 }), (policy, n) => {
      if (policy.method === 'rate' || policy.special[2]?.kind !== 'costShare') return
      const one = {
        ...policy,
        ratioMoney: 'mean' as const,
        floating: false,
        rules: PLAIN,
        scale: new Decimal(1),
        avgCost: new Decimal(8),
        paysBill: false,
        blank: null,
        special: [null, null, null, policy.special[3]] as const,
      }
      const input = fc.sample(anyRegion({ ...one, unstable: 'actualPoints' }, 1), { numRuns: 1, seed: n })[0]!
      const cost = Float64Array.of(2 * n + 1)
      const { facts: _, ...plain } = input.cases
      const cases = { ...plain, cost, status: Uint8Array.of(0), los: Uint16Array.of(9) }
      const weights = { ...input.weights, weight: input.weights.weight.map(() => null) }
      const values = valueCases({ ...input, cases, weights, policy: { ...one, unstable: 'actualPoints' } })
      expect(values.points[0]).toBe(((2 * n + 1) * 25 + 1) / 2)
      expect(values.redone).toBe(1)
    }),
  )
})
