import type { CaseFiles, Fact, Particulars } from '../formats/index.ts'
import { Decimal, type Fen, parseYuan } from '../numbers/index.ts'
import type { Facts } from './case-facts.ts'

/** Facts of a case that only its file says. `cost` is in fen, 0 where it is not known. */
export function particularFacts(one: Particulars, cost: Fen): Facts {
  const grams = (text: string): number | null => (/^[1-9]\d*$/.test(text) ? Number(text) : null)
  const yuan = (text: string): Fen | null => parseYuan(text) ?? null
  const share = (fen: Fen | null): string | null =>
    fen === null || cost === 0 ? null : new Decimal(fen).div(cost).toDecimalPlaces(4).toFixed()
  const [dx = '', ...otherDx] = one.diagnoses
  const [px = '', ...otherPx] = one.procedures
  const [drug, material] = [yuan(one.drug), yuan(one.consumable)]
  return {
    settleId: one.settleId || null,
    personId: one.person || null,
    sex: one.sex || null,
    birthDate: one.birthDate || null,
    birthWeight: grams(one.birthWeight),
    admitWeight: grams(one.admitWeight),
    admitDate: one.admitDate || null,
    dischargeDate: one.dischargeDate || null,
    settleDate: one.settleDate || null,
    mainDiagnosis: dx || null,
    otherDiagnoses: otherDx.join('|') || null,
    mainProcedure: px || null,
    otherProcedures: otherPx.join('|') || null,
    procedures: one.procedures.filter(code => code !== '').join('+') || null,
    selfPay: yuan(one.selfPay),
    ownPay: yuan(one.ownPay),
    drugCost: drug,
    materialCost: material,
    drugShare: share(drug),
    materialShare: share(material),
  }
}

/** Facts for which the files of cases are read once more: a batch of cases does not hold them. */
export const PARTICULAR_FACTS: ReadonlySet<Fact> = new Set<Fact>([
  'settleId', 'personId', 'birthDate', 'birthWeight', 'admitWeight', 'admitDate', 'dischargeDate', 'settleDate',
  'selfPay', 'ownPay',
]) // biome-ignore format: one list

/** What the file of a case says beyond its group; undefined where the file does not say it of this case. */
export type Follow = (file: string, line: number, id: string) => Particulars | undefined

/**
 * Reads the files of cases once more, abreast of their grouping: cases are asked for in the order of the rows, so that
 * memory holds one piece of a file.
 */
export function followCases(input: CaseFiles): Follow {
  let name = ''
  let rows: Iterator<Particulars> | undefined
  let next: IteratorResult<Particulars> | undefined
  return (file, line, id) => {
    if (file !== name || rows === undefined) {
      rows?.return?.()
      name = file
      rows = input.rows(file)
      next = rows.next()
    }
    // Rows that come between were rejected. Of several cases on a line the id tells which one is meant.
    while (next?.done === false && (next.value.line < line || (next.value.line === line && !isIt(next.value, id))))
      next = rows.next()
    if (next?.done !== false || next.value.line !== line) return undefined
    const { value } = next
    next = rows.next()
    return value
  }
}

function isIt({ id }: Particulars, asked: string): boolean {
  return id === '' || id === asked
}
