import { Decimal, type Fen, roundFen } from '../../numbers/index.ts'
import type { ControlDocument, ScoreStep } from '../policy/cycle-document.ts'
import type { Policy } from '../policy/policy.ts'
import type { Clearing } from './cycle.ts'
import type { CycleFacts } from './cycle-facts.ts'
import { share } from './pool.ts'
import type { Settlement, UnitGroup } from './region.ts'
import { type SharingBands, scaledBands, sharedDue, sharingBands } from './sharing.ts'

/** A hospital's due under one insurance, with what appraisal, audit and sharing make of it. Fen. */
export interface UnitDue
  extends Pick<Clearing, 'hospital' | 'insurance' | 'due' | 'appraisal' | 'control' | 'deductions' | 'sharing'> {}

/**
 * From what cases earned to what is payable: × appraisal coefficient, the control total of the hospital, − audit deductions,
 * then the sharing bands, which compare it with the item-billed amount after audit (§6.1, §6.4). Money that is redistributed goes to the hospitals of
 * the same insurance by points; what nobody can be given stays with the fund.
 */
export function adjustDues(settlement: Settlement, policy: Policy, facts: CycleFacts | undefined): readonly UnitDue[] {
  const { appraisal, control, sharing } = policy.document
  const units = unitsOf(settlement, facts)
  const groups = Map.groupBy(settlement.unitGroups, keyOf)
  for (const scheme of Map.groupBy(units, unit => unit.insurance).values()) {
    const points = scheme.map(unit => unit.points)
    for (const unit of scheme) {
      const given = facts?.appraisal.get(unit.hospital)
      const coefficient =
        given?.coefficient ??
        (appraisal.coefficient === null ? new Decimal(1) : byScore(appraisal.coefficient, given?.score ?? null))
      if (unit.due > 0) unit.appraisal = roundFen(coefficient.times(unit.due)) - unit.due
    }
    if (appraisal.leftover === 'redistribute') {
      const back = share(-scheme.reduce((all, unit) => all + unit.appraisal, 0), points)
      for (const [i, unit] of scheme.entries()) unit.appraisal += back[i]!
    }
    if (control !== null) controlTotals(scheme, control, facts)
    if (sharing === null) continue
    const bands = sharingBands(sharing)
    const bandsOf = ({ hospital }: Open): SharingBands =>
      sharing.byScore === null
        ? bands
        : scaledBands(bands, byScore(sharing.byScore, facts?.appraisal.get(hospital)?.score ?? null))
    const earned = scheme.map(unit => unit.due + unit.appraisal + unit.control - unit.deductions)
    const billed = scheme.map(unit => unit.billed - unit.deductions)
    const paid =
      sharing.base === 'hospital'
        ? earned.map((due, i) => sharedDue(bandsOf(scheme[i]!), due, billed[i]!))
        : sharing.base === 'group'
          ? scheme.map((unit, i) => sharedByGroup(bandsOf(unit), groups.get(keyOf(unit)) ?? [], earned[i]!, billed[i]!))
          : sharedTogether(earned, billed, (due, bills) => sharedDue(bands, due, bills))
    for (const [i, unit] of scheme.entries()) unit.sharing = paid[i]! - earned[i]!
    if (sharing.balance === 'secondRoundByPoints') {
      const back = share(-scheme.reduce((all, unit) => all + unit.sharing, 0), points)
      for (const [i, unit] of scheme.entries()) unit.sharing += back[i]!
    }
  }
  return units.map(({ points: _points, billed: _billed, ...unit }) => unit)
}

/**
 * Of what a hospital earned beyond its control total (机构总额控制) a share is paid; the rest goes to the fund, or by points to
 * those that stay within theirs or have none. A hospital that owes is left alone.
 */
function controlTotals(
  scheme: readonly Open[],
  { above, leftover }: ControlDocument,
  facts: CycleFacts | undefined,
): void {
  const lost = new Decimal(1).minus(above)
  for (const unit of scheme) {
    const total = facts?.units.get(keyOf(unit))?.control
    const over = unit.due + unit.appraisal - (total ?? Number.POSITIVE_INFINITY)
    if (total !== undefined && over > 0) unit.control = -roundFen(lost.times(Math.min(over, unit.due + unit.appraisal)))
  }
  if (leftover !== 'redistribute') return
  const within = scheme.filter(unit => unit.control === 0)
  const back = share(
    -scheme.reduce((all, unit) => all + unit.control, 0),
    within.map(unit => unit.points),
  )
  for (const [i, unit] of within.entries()) unit.control += back[i]!
}

/** What a score gives by falling steps; all without a score. */
export function byScore(steps: readonly ScoreStep[], score: Decimal | null): Decimal {
  if (score === null) return new Decimal(1)
  const step = steps.find(({ from }) => score.gte(from))
  if (step === undefined) return new Decimal(0)
  return step.share === 'score' ? score.div(100) : new Decimal(step.share)
}

function keyOf({ hospital, insurance }: { readonly hospital: string; readonly insurance: string }): string {
  return `${hospital}\n${insurance}`
}

/**
 * Each group of a unit is compared by itself. Appraisal and floors fall on the groups to whom something is due, audit
 * deductions on the bills, both in proportion; a group of which patients paid more than it earned is paid as it is.
 */
function sharedByGroup(bands: SharingBands, groups: readonly UnitGroup[], earned: Fen, billed: Fen): Fen {
  const net = groups.map(one => one.net)
  const fund = groups.map(one => one.fund)
  const total = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0)
  const moved = share(
    earned - total(net),
    net.map(one => Math.max(one, 0)),
  )
  const audited = share(billed - total(fund), fund)
  const due = net.map((one, i) => one + moved[i]!)
  const paid = due.map((one, i) => sharedDue(bands, one, fund[i]! + audited[i]!))
  // What no group can take stays with the unit.
  return total(paid) + earned - total(due)
}

/** The scheme as a whole is compared; every hospital to whom something is due gets its part of the result. */
function sharedTogether(earned: readonly Fen[], billed: readonly Fen[], pay: (due: Fen, billed: Fen) => Fen): Fen[] {
  const positive = earned.map(due => Math.max(due, 0))
  const due = positive.reduce((all, one) => all + one, 0)
  const bills = billed.reduce((all, one, i) => (earned[i]! > 0 ? all + one : all), 0)
  const parts = share(pay(due, bills), positive)
  return earned.map((one, i) => (one > 0 ? parts[i]! : one))
}

type Open = { -readonly [key in keyof UnitDue]: UnitDue[key] } & { readonly points: number; readonly billed: Fen }

/** Hospital × insurance in their order, also where only deductions or a balance of last year are left. */
function unitsOf(settlement: Settlement, facts: CycleFacts | undefined): Open[] {
  const units = new Map<string, Open>()
  const deductionsOf = (key: string): Fen =>
    [...(facts?.units.get(key)?.deductions ?? [])].reduce((all, [month, fen]) => {
      const isOpen = facts?.through != null && month > facts.through
      return isOpen ? all : all + fen
    }, 0)
  for (const { hospital, insurance, due, points, fund } of settlement.units) {
    const key = `${hospital}\n${insurance}`
    units.set(key, {
      hospital,
      insurance,
      due,
      appraisal: 0,
      control: 0,
      deductions: deductionsOf(key),
      sharing: 0,
      points,
      billed: fund,
    })
  }
  for (const key of facts?.units.keys() ?? []) {
    if (units.has(key)) continue
    const [hospital = '', insurance = ''] = key.split('\n')
    units.set(key, {
      hospital,
      insurance,
      due: 0,
      appraisal: 0,
      control: 0,
      deductions: deductionsOf(key),
      sharing: 0,
      points: 0,
      billed: 0,
    })
  }
  return [...units].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, unit]) => unit)
}
