import type { Assembler } from './assemble.ts'
import { addCodes, cleanText, sumOf } from './clean.ts'
import { PARTED, type RawCase } from './field.ts'

/** A row of a node: facts by the names of the layout, '' where there is none. */
export type NodeRow = Readonly<Record<string, string>>

/** The lists of a stay, as a message carries them or as long tables hold them. */
export interface Nodes {
  readonly diagnoses: readonly NodeRow[]
  readonly procedures: readonly NodeRow[]
  readonly fees: readonly NodeRow[]
  readonly funds: readonly NodeRow[]
  readonly icu: readonly NodeRow[]
}

/** What the person's own account pays is no payment of the fund. */
const OWN_ACCOUNT = '310200'

/** What a settlement category is made of: 05 治疗费 (06 is surgery), 08 卫生材料费, 09 西药费, 10 中药饮片费, 11 中成药费. */
const FEE_CLASSES: ReadonlyMap<string, (typeof PARTED)[number]> = new Map([
  ['05', 'treatment'],
  ['08', 'consumable'],
  ['09', 'drug'],
  ['10', 'drug'],
  ['11', 'drug'],
])

/** Which charges a row of fees is one of; '' where it is another or does not say. */
export function feeClass({ kind = '' }: NodeRow): (typeof PARTED)[number] | '' {
  return FEE_CLASSES.get(cleanText(kind).padStart(2, '0')) ?? ''
}

const YES: ReadonlySet<string> = new Set(['1', 'true', '是', 'Y', 'y'])

/**
 * Fills codes, and what can be summed up, from the lists of a stay; the flag decides, not the position.
 *
 * @returns false where two diagnoses are flagged as principal, and the case cannot be read
 */
export function fillFromNodes(raw: RawCase, nodes: Nodes, assembler: Pick<Assembler, 'note'>): boolean {
  const { one, many, line } = raw
  const western: { code: string; isMain: boolean }[] = []
  for (const { code = '', kind = '', main = '', valid = '' } of nodes.diagnoses) {
    const clean = cleanText(code)
    if (clean === '' || valid === '0') continue
    if (kind === '2' || kind === '3') assembler.note('chinese-diagnosis', line)
    else western.push({ code: clean, isMain: YES.has(main) })
  }
  const flagged = western.filter(diagnosis => diagnosis.isMain).length
  if (flagged > 1) return false
  if (western.length > 0) {
    if (flagged === 0) assembler.note('main-flag-missing', line)
    const main = flagged === 0 ? 0 : western.findIndex(diagnosis => diagnosis.isMain)
    one.dx = western[main]!.code
    western.forEach(({ code }, i) => void (i !== main && many.otherDx.push(code)))
  }
  fillProcedures(raw, nodes.procedures)
  const amounts = (rows: readonly NodeRow[]): string[] => rows.map(({ amount = '' }) => amount)
  if (one.cost === '') one.cost = sumOf(amounts(nodes.fees))
  if (one.fund === '') one.fund = sumOf(amounts(nodes.funds.filter(({ kind }) => kind !== OWN_ACCOUNT)))
  for (const bucket of PARTED) {
    if (many[`${bucket}Part`].length > 0) continue
    many[`${bucket}Part`].push(...amounts(nodes.fees.filter(row => feeClass(row) === bucket)))
  }
  for (const { begin = '', end = '', total = '' } of nodes.icu) {
    if (cleanText(begin) === '' && cleanText(total) === '') continue
    many.icuBegin.push(begin)
    many.icuEnd.push(cleanText(begin) === '' ? total : end)
  }
  return true
}

/** Without any flag the first procedure is the main one; where flags say that none is, its slot stays empty. */
function fillProcedures({ one, many }: RawCase, rows: readonly NodeRow[]): void {
  const found: { codes: string[]; flag: string }[] = []
  for (const { code = '', main = '', rank = '', cancelled = '', valid = '' } of rows) {
    const codes: string[] = []
    addCodes(codes, cleanText(code), false)
    if (codes.length > 0 && cancelled !== '1' && valid !== '0') found.push({ codes, flag: main || rank })
  }
  if (found.length === 0) return
  const unflagged = found.every(({ flag }) => flag === '')
  const main = unflagged ? 0 : found.findIndex(({ flag }) => YES.has(flag))
  if (main >= 0) {
    const [first, ...rest] = found[main]!.codes
    one.px = first!
    many.otherPx.push(...rest)
  }
  found.forEach(({ codes }, i) => void (i !== main && many.otherPx.push(...codes)))
}
