import { isAscii } from 'node:buffer'
import {
  type CaseField,
  type CaseSource,
  type Encoding,
  headersOf,
  planColumns,
  type SourcePiece,
} from '../../grouper/index.ts'
import { Fault } from '../../messages/index.ts'
import { parseAge, parseInfantAge } from './age.ts'
import { readElsewhere } from './bridge.ts'
import { plainNumber } from './clean.ts'
import { detect, type Found } from './detect.ts'
import type { SourceField } from './field.ts'
import type { Header } from './header.ts'
import { type Mapping, mappingFor, readMapping } from './mapping.ts'
import { type Beside, type Notes, sumNotes } from './note.ts'
import { outputOf } from './output.ts'
import { caseParticulars, type Particulars } from './particulars.ts'
import type { SidePlan, SourcePlan } from './plan.ts'
import { findRefunds } from './refunds.ts'
import { createSharedSides, type SharedSides } from './shared-sides.ts'
import { readSource } from './source.ts'

export interface CaseFilesOptions {
  readonly encoding?: Encoding | undefined
  /** Mapping files, later ones win. */
  readonly maps?: readonly string[] | undefined
  /** Which weight of a newborn the scheme means; a mapping may say otherwise. Default birth. */
  readonly newbornWeight?: 'birth' | 'admission' | undefined
  /** Only to look: files that lack what cases need are taken, and `lacking` says what. Default false. */
  readonly look?: boolean
}

/** Files of cases, of whatever form, ready to be read by `readCases` with `open`. */
export interface CaseFiles {
  /** The files that hold cases, in the order given; those that stand beside others are left out. */
  readonly files: readonly string[]
  readonly open: (file: string) => readonly CaseSource[] | undefined
  /** Reads a file once more for what its cases say beside their groups; a case store says no more. */
  readonly particulars: (file: string, take: (one: Particulars) => void) => Promise<void>
  /** The cases of a table (a file, with its sheet where it has several) once more, in the order of its rows. */
  readonly rows: (name: string) => Generator<Particulars>
  /** What each file was found to be; case stores are not looked at. */
  readonly found: readonly Found[]
  /** What files lack that are only looked at. */
  readonly lacking: readonly Fault[]
  /** The code system that mappings declare. */
  readonly codeSystem: string | undefined
  /** What was noted in the last reading, by source. */
  readonly notes: ReadonlyMap<string, Notes>
}

/** Finds out what files are, joins those that belong together, and makes all of them readable as cases. */
export function openCaseFiles(files: readonly string[], options: CaseFilesOptions = {}): CaseFiles {
  const mappings = (options.maps ?? []).map(readMapping)
  const given: Mapping = options.newbornWeight === undefined ? {} : { newbornWeight: options.newbornWeight }
  const mapped = (file: string): Mapping => ({ ...given, ...mappingFor(mappings, file) })
  const found = files
    .filter(file => !file.endsWith('.dzc'))
    .map(file => detect(file, mapped(file), options.encoding ?? 'auto'))
  const joined = join(found)
  const notes = new Map<string, Notes>()
  const beside = new Map<string, Beside>()
  const sharing = [...joined.plans.values()].flat().filter(plan => plan.sides.length > 0)
  const shared = createSharedSides(sharing.map(plan => plan.name))
  const takesBack = (file: string): boolean => joined.plans.get(file)?.some(plan => plan.refunds !== undefined) === true
  const isFast = new Map(found.map(one => [one.file, mappings.length === 0 && isSimple(one) && !takesBack(one.file)]))
  const lacking = found.flatMap(one => (isFast.get(one.file) === true ? [] : (lackOf(one, joined) ?? [])))
  if (options.look !== true && lacking.length > 0) throw lacking[0]!
  return {
    files: files.filter(file => !joined.beside.has(file)),
    open(file) {
      const plans = joined.plans.get(file)
      if (plans === undefined || plans.length === 0 || isFast.get(file) === true) return undefined
      return plans.map(plan => sourceOf(plan, { notes, beside, shared }))
    },
    async particulars(file, take) {
      for (const plan of joined.plans.get(file) ?? []) for (const one of caseParticulars(plan)) take(one)
    },
    *rows(name) {
      const plan = [...joined.plans.values()].flat().find(one => one.name === name)
      if (plan !== undefined) yield* caseParticulars(plan)
    },
    found,
    lacking,
    codeSystem: mappings.map(mapping => mapping.codeSystem).findLast(system => system !== undefined),
    notes,
  }
}

interface Joined {
  readonly plans: ReadonlyMap<string, readonly SourcePlan[]>
  /** Files that hold no cases of their own. */
  readonly beside: ReadonlySet<string>
}

/** Gives the main tables their side tables, and 4101A lists the settlements or full lists that complete them. */
function join(all: readonly Found[]): Joined {
  const found = withMain(all)
  const sides = found.flatMap(one => one.sides)
  const complete = found.some(one => !one.isIncomplete && one.plans.some(plan => plan.container === 'json'))
  const lists = complete ? found.filter(one => one.isIncomplete) : []
  for (const { plans } of lists) sides.push(...plans.map(plan => ({ ...plan, role: 'stay' as const })))
  // A table of settlements without diagnoses completes messages, as 2304 replies do.
  const hasLists = found.some(one => one.plans.some(plan => plan.container === 'json'))
  const isSettlement = ({ plans }: Found): boolean =>
    hasLists &&
    plans.some(plan => plan.container !== 'json' && !fieldsOf(plan).has('dx') && fieldsOf(plan).has('settleId'))
  const settlements = found.filter(isSettlement)
  for (const { plans } of settlements) sides.push(...plans.map(plan => ({ ...plan, role: 'stay' as const })))
  const alone = found.filter(one => one.sides.length > 0 && one.plans.length === 0)
  const beside = new Set([...alone, ...lists, ...settlements].map(one => one.file))
  const mains = found.filter(one => !beside.has(one.file))
  const plans = new Map(mains.map(one => [one.file, one.plans.map(plan => withSides(plan, sides))]))
  const refunds = findRefunds([...plans.values()].flat())
  const withRefunds = (plan: SourcePlan): SourcePlan => {
    const own = refunds.get(plan)
    return own === undefined ? plan : { ...plan, refunds: own }
  }
  return { plans: new Map([...plans].map(([file, all]) => [file, all.map(withRefunds)])), beside }
}

/** Where no file has cases of its own, settlements as JSON are the main table of the diagnoses beside them. */
function withMain(found: readonly Found[]): readonly Found[] {
  const hasCases = found.some(one => one.plans.length > 0)
  const hasDiagnoses = found.some(one => one.sides.some(side => side.role === 'diagnoses'))
  if (hasCases || !hasDiagnoses) return found
  return found.map(one => (one.asMain === undefined ? one : { ...one, plans: [one.asMain], sides: [] }))
}

function fieldsOf(plan: SourcePlan): Set<string> {
  return new Set(plan.columns.map(column => column.field))
}

/** Fields that side tables bring. */
const BRINGS: Readonly<Record<SidePlan['role'], readonly SourceField[]>> = {
  stay: [],
  diagnoses: ['dx'],
  procedures: ['px'],
  fees: ['cost', 'drugPart', 'consumablePart', 'treatmentPart'],
  funds: ['fund'],
  icu: ['icuBegin'],
}

function withSides(plan: SourcePlan, sides: readonly SidePlan[]): SourcePlan {
  if (sides.length === 0 || (plan.container !== 'json' && !fieldsOf(plan).has('settleId'))) return plan
  if (plan.container === 'json') return { ...plan, sides }
  const more = new Set(
    sides.flatMap(({ role, columns }) => [...BRINGS[role], ...(role === 'stay' ? columns.map(c => c.field) : [])]),
  )
  return { ...plan, sides, output: outputOf(plan.columns, more, plan.rules) }
}

/** Fields of the plain case table by those of other tables, where they are called otherwise. */
const PLAIN_NAMES: Readonly<Record<string, CaseField>> = { infantAge: 'ageDays', admission: 'key' }

/** Cells that only the reader of all forms can read; what none can read is left to the plain one, which says why. */
const NEEDS_MORE: Readonly<Record<string, (cell: string) => boolean>> = {
  age: cell => !/^\d{1,3}(\.0*)?$/.test(cell) && parseAge(cell)?.years !== undefined,
  infantAge: cell => !/^\d{1,5}(\.0*)?$/.test(cell) && parseInfantAge(cell, 'day') !== undefined,
  weight: cell => (Number(cell) > 0 && Number(cell) < 100) || /\d[,、|;/]\d|\d\s*(g|kg|克|千克)$/i.test(cell),
  sex: cell => /^([男女]性|未知|不详|未说明.*)$/.test(cell),
  cost: cell => !/^\d+(\.\d*)?$/.test(cell) && /^\d+(\.\d{1,2})?$/.test(plainNumber(cell)),
  dx: cell => /[、，；/†\r\n\u00a0\uff01-\uff5e]/.test(cell),
  px: cell => /[、，；/\r\n\u00a0\uff01-\uff5e]/.test(cell),
}

/** Whether a file is the plain case table, which needs no other reader. */
function isSimple({ file, head, mapping, header, plans }: Found): boolean {
  const [plan] = plans
  if (header === undefined || plan === undefined || head.container !== 'csv' || plan.form !== 'simple') return false
  if (header.row.line !== 1 || header.rows !== 1 || ![44, 9].includes(plan.delimiter)) return false
  if (mapping.newbornWeight === 'admission' && fieldsOf(plan).has('admitWeight')) return false
  if (!isPlainHeader(header, file)) return false
  // The reader of the plain table looks at its first block only.
  if (head.encoding === 'gb18030' && isAscii(Buffer.from(head.text))) return false
  return plan.columns.every(({ field, index }) => {
    const needs = NEEDS_MORE[field]
    return needs === undefined || !header.sample.slice(1).some(row => needs((row.cells[index] ?? '').trim()))
  })
}

/** Whether the reader of the plain table sees the same columns, and no more could be read than it reads. */
function isPlainHeader(header: Header, file: string): boolean {
  const ours = header.columns.map(({ index, field }) => `${index} ${PLAIN_NAMES[field] ?? field}`)
  let theirs: readonly string[]
  try {
    theirs = planColumns(header.row.cells, file).flatMap((field, i) => (field === undefined ? [] : [`${i} ${field}`]))
  } catch {
    return false
  }
  return ours.length === theirs.length && theirs.every(column => ours.includes(column))
}

/** What a file lacks that cases need; undefined where they can be read. */
function lackOf({ file, head, unknown }: Found, joined: Joined): Fault | undefined {
  const { beside } = joined
  if (beside.has(file)) return undefined
  const plans = joined.plans.get(file) ?? []
  if (plans.length === 0) {
    // The reader of the plain table says best what is wrong with a table of text.
    if (head.container === 'csv') return undefined
    return new Fault({
      code: 'FMT-006',
      at: { file },
      what: {
        zh: head.container === 'json' ? '没有认出任何平台报文或病例。' : '没有认出任何表头。',
        en: head.container === 'json' ? 'No platform message and no case was recognised.' : 'No header was recognised.',
      },
      fix: {
        zh: '支持的版式见 docs/formats.md；可用 dianzhi inspect 查看，用 --map 指明各列。',
        en: 'docs/formats.md lists what can be read; look with dianzhi inspect, and say what columns mean with --map.',
      },
    })
  }
  for (const plan of plans) {
    const fields = new Set(plan.output.map(column => column.field))
    const missing = (['sex', 'age', 'dx'] as const).filter(field => !fields.has(field))
    if (missing.length === 0 || plan.sides.length > 0 || beside.size > 0) continue
    const names = {
      sex: { zh: '性别', en: 'sex' },
      age: { zh: '年龄', en: 'age' },
      dx: { zh: '诊断编码', en: 'diagnosis codes' },
    }
    const lacks = missing.map(field => {
      const { zh, en } = names[field]
      const headers = headersOf(field)
      return { zh: `${zh}（表头如 ${headers.join('、')}）`, en: `${en} (headers such as ${headers.join(', ')})` }
    })
    const others = unknown.map(one => one.header).slice(0, 12)
    return new Fault({
      code: 'FMT-007',
      at: { file: plan.name, field: missing.join(', ') },
      what: {
        zh: `版式 ${plan.form} 缺少${lacks.map(one => one.zh).join('、')}；没有认出的表头：${others.join('、') || '无'}。`,
        en: `Layout ${plan.form} lacks ${lacks.map(one => one.en).join(', ')}; headers that are not known: ${others.join(', ') || 'none'}.`,
      },
      fix: {
        zh: '请改用上述表头，或用 dianzhi inspect 文件 --out map.json 生成映射，在 columns 中把这些列由 ignore 改为相应字段，再用 --map 指定。',
        en: 'Use such a header, or make a mapping with dianzhi inspect FILE --out map.json, put these fields in place of ignore in its columns, and name it with --map.',
      },
    })
  }
  return undefined
}

/** What the sources of a run share. */
interface Run {
  readonly notes: Map<string, Notes>
  /** Notes on side tables, by main table. */
  readonly beside: Map<string, Beside>
  readonly shared: SharedSides
}

function sourceOf(plan: SourcePlan, run: Run): CaseSource {
  let pieces: Generator<SourcePiece> | undefined
  let [notes, beside]: [Notes, Beside] = [new Map(), new Map()]
  const start = (): Generator<SourcePiece> => {
    if (plan.container === 'csv' || plan.container === 'json') {
      const reading = readSource(plan)
      notes = reading.notes
      beside = reading.beside
      pieces = reading.pieces
    } else pieces = readElsewhere(plan, notes, beside)
    run.notes.set(plan.name, notes)
    return pieces
  }
  let ended = false
  return {
    name: plan.name,
    encoding: plan.encoding,
    columns: plan.output,
    read() {
      if (ended) return undefined
      pieces ??= start()
      const { done, value } = pieces.next()
      if (done !== true) return { ...value, rejects: run.shared.release(plan.name, value.rejects, false) }
      ended = true
      run.beside.set(plan.name, beside)
      for (const [name, sum] of sumNotes(run.beside.values())) run.notes.set(name, sum)
      const rejects = plan.sides.length === 0 ? [] : run.shared.release(plan.name, [], true)
      return rejects.length === 0 ? undefined : { text: new Uint8Array(0), rejects, position: 0 }
    },
  }
}
