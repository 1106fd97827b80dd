import type { Cell, Fact } from '../formats/index.ts'
import {
  type CaseBatch,
  DIP_REASON_TEXTS,
  type Dictionary,
  type DipBook,
  type DipCatalogue,
  type DipColumns,
  dipResultRow,
  FEE_BUCKETS,
  type GroupColumns,
  idText,
  type LabelTexts,
  MISSING,
  REASON_TEXTS,
  type RuleBook,
  resultRow,
  type Scheme,
  STATUSES,
} from '../grouper/index.ts'
import type { Lang } from '../messages/index.ts'
import { Decimal, formatPoints } from '../numbers/index.ts'
import { schemeNames } from './group-names.ts'

/** What is known of a case, by the names that column templates use. */
export type Facts = Readonly<Partial<Record<Fact, Cell>>>

/** Statuses of `STATUSES`, for people. */
export const STATUS_NAMES: Readonly<Record<Lang, readonly string[]>> = {
  zh: ['分组成功', '歧义', '未入组', '校验不通过'],
  en: ['grouped', 'ambiguous', 'not grouped', 'invalid'],
}

/** The facts of the cases of a batch. */
export type FactsOf<C> = (batch: CaseBatch, groups: C, labels: LabelTexts, row: number) => Facts

/** Facts of cases grouped under a DRG scheme. */
export function drgFacts(scheme: Scheme, book: RuleBook, lang: Lang): FactsOf<GroupColumns> {
  const names = schemeNames(scheme)
  const given = caseFacts(scheme, scheme.manifest.newbornWeight === 'admission' ? 'admitWeight' : 'birthWeight')
  return (batch, groups, labels, row) => {
    const { mdc, adrg, drg, status, reason } = resultRow(book, batch, groups, row)
    return {
      ...given(batch, labels, row),
      scheme: book.schemeId,
      schemeHash: book.hash,
      status: STATUS_NAMES[lang][STATUSES.indexOf(status)],
      reason,
      messages: reason === '' ? null : REASON_TEXTS[reason][lang],
      mdc,
      mdcName: names.mdc(mdc),
      adrg,
      adrgName: names.adrg(adrg),
      group: drg,
      groupName: book.leaves[groups.leaf[row]!]!.name,
      severity: names.severity(adrg, drg),
      isAmbiguous: status === 'ambiguous' ? '1' : '0',
    }
  }
}

/** Facts of cases grouped under a DIP catalogue. */
export function dipFacts(catalogue: DipCatalogue, book: DipBook, lang: Lang): FactsOf<DipColumns> {
  const given = caseFacts(catalogue, 'birthWeight')
  const names = schemeNames({ ...catalogue, mdcs: [] })
  const figures = new Map(catalogue.groups.map(group => [group.code, group.figures]))
  return (batch, groups, labels, row) => {
    const { dip, status, reason, marks } = dipResultRow(book, batch, groups, row)
    return {
      ...given(batch, labels, row),
      scheme: book.schemeId,
      schemeHash: book.hash,
      status: STATUS_NAMES[lang][STATUSES.indexOf(status)],
      reason,
      messages: [...(reason === '' ? [] : [DIP_REASON_TEXTS[reason][lang]]), marks].filter(Boolean).join(' '),
      group: dip,
      groupName: book.leaves[groups.leaf[row]!]!.name,
      groupType: names.groupType(book.leaves[groups.leaf[row]!]!.layer, lang),
      isAmbiguous: '0',
      basePoints: pointsOf(figures.get(dip)?.score),
      benchmarkCost: figures.get(dip)?.meanCost,
    }
  }
}

/** What a batch says of a case itself. Codes are those of the scheme; those that its dictionary lacks stay empty. */
function caseFacts(
  { diagnoses, procedures }: { readonly diagnoses: Dictionary; readonly procedures: Dictionary },
  weight: 'birthWeight' | 'admitWeight',
): (batch: CaseBatch, labels: LabelTexts, row: number) => Facts {
  const codes = ({ codes: texts }: Dictionary, ids: Uint16Array): string[] => [...ids].map(id => texts[id] ?? '')
  const known = (value: number): number | null => (value === MISSING ? null : value)
  return (batch, labels, row) => {
    const dx = batch.dx.subarray(batch.dxStart[row], batch.dxStart[row + 1])
    const px = batch.px.subarray(batch.pxStart[row], batch.pxStart[row + 1])
    const [mainDiagnosis, ...otherDiagnoses] = codes(diagnoses, dx)
    const [mainProcedure, ...otherProcedures] = codes(procedures, px)
    const cost = known(batch.cost[row]!)
    const fee = (bucket: number): number | null =>
      batch.fees.length === 0 ? null : known(batch.fees[row * FEE_BUCKETS.length + bucket]!)
    const [drug, material] = [fee(FEE_BUCKETS.indexOf('drug')), fee(FEE_BUCKETS.indexOf('consumable'))]
    return {
      caseId: idText(batch, row),
      hospitalCode: labels.hospital[batch.hospital[row]!],
      insurance: labels.insurance[batch.insurance[row]!],
      month: labels.month[batch.month[row]!],
      department: labels.department[batch.department[row]!],
      doctor: labels.doctor[batch.doctor[row]!],
      sex: batch.sex[row] === 0 ? null : String(batch.sex[row]),
      age: known(batch.age[row]!),
      ageDays: batch.age[row] === 0 ? known(batch.ageDays[row]!) : null,
      [weight]: batch.weight[row]! > 0 ? batch.weight[row] : null,
      los: known(batch.los[row]!),
      dischargeWay: batch.dischargeWay[row] === 0 ? null : String(batch.dischargeWay[row]),
      mainDiagnosis,
      mainDiagnosisName: diagnoses.names[dx[0] ?? 0],
      otherDiagnoses: otherDiagnoses.filter(Boolean).join('|'),
      mainProcedure,
      mainProcedureName: procedures.names[px[0] ?? 0],
      otherProcedures: otherProcedures.filter(Boolean).join('|'),
      procedures: [mainProcedure ?? '', ...otherProcedures].filter(Boolean).join('+'),
      totalCost: cost,
      fundPay: known(batch.fund[row]!),
      patientPay: known(batch.patient[row]!),
      drugCost: drug,
      materialCost: material,
      drugShare: shareOf(drug, cost),
      materialShare: shareOf(material, cost),
    }
  }
}

function pointsOf(score: number | undefined): string | null {
  return score === undefined ? null : formatPoints(score)
}

function shareOf(part: number | null, all: number | null): string | null {
  return part === null || all === null || all <= 0 ? null : new Decimal(part).div(all).toDecimalPlaces(4).toFixed()
}
