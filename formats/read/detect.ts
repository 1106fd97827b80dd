import type { Encoding } from '../../grouper/index.ts'
import type { Text } from '../../messages/index.ts'
import { sampleElsewhere } from './bridge.ts'
import { type FileHead, readHead } from './container.ts'
import type { SourceField } from './field.ts'
import { findHeader, type Header } from './header.ts'
import { jsonValues } from './json-values.ts'
import type { Mapping } from './mapping.ts'
import { type Message, messagesIn, parseJson } from './message.ts'
import { messageOutput, outputOf } from './output.ts'
import type { ReadingRules, SidePlan, SourcePlan, TablePlan } from './plan.ts'
import { delimiterOf, SAMPLE_ROWS, sampleRows, shapeOf, type TableSample } from './sample.ts'
import { sideEvidence, sideObjects, sideOf } from './side-plan.ts'
import { type TableFacts, tableOf } from './table-plan.ts'
import { cellsOf, unitEvidence } from './units.ts'

/** What a file was found to be, and how that was seen. */
export interface Found {
  readonly file: string
  readonly head: FileHead
  readonly mapping: Mapping
  readonly evidence: readonly Text[]
  /** Tables with cases. */
  readonly plans: readonly SourcePlan[]
  /** Headers of the tables of `plans`, in their order; a column of messages has none. */
  readonly headers: readonly (Header | undefined)[]
  /** Tables that stand beside others: of diagnoses, settlements without diagnoses … */
  readonly sides: readonly SidePlan[]
  /** Settlements as JSON, read as the main table where there is no other and diagnoses stand beside them. */
  readonly asMain?: SourcePlan | undefined
  /** 4101A lists without sex and age: they need a settlement beside them. */
  readonly isIncomplete: boolean
  /** The header, of the one table of a CSV file. */
  readonly header: Header | undefined
  /** Headers that no layout knows, with the shape of their first values. */
  readonly unknown: readonly { readonly header: string; readonly shapes: readonly string[] }[]
}

/** Messages looked at to tell what a file of them is. */
const SAMPLE_MESSAGES = 50

/** Looks at a file. Nothing is read but its first rows, and of an ASCII text what follows to the first other byte. */
export function detect(file: string, mapping: Mapping, encoding: Encoding): Found {
  const head = readHead(file, mapping.encoding ?? encoding)
  if (head.container === 'json') return detectMessages(file, head, mapping)
  const delimiter = mapping.delimiter ?? headerDelimiter(head.text)
  const samples: readonly TableSample[] =
    head.container === 'csv'
      ? [{ sheet: 0, name: '', rows: sampleRows(head.text, delimiter, SAMPLE_ROWS) }]
      : sampleElsewhere(file, head.container)
  const evidence: Text[] = [...head.evidence]
  const plans: SourcePlan[] = []
  const headers: (Header | undefined)[] = []
  const unknown: Found['unknown'][number][] = []
  let header: Header | undefined
  const sides: SidePlan[] = []
  for (const sample of samples) {
    if (mapping.sheet !== undefined && sample.name !== mapping.sheet) continue
    const side = sideOf(file, head, sample, delimiter)
    if (side !== undefined) {
      evidence.push(sideEvidence(side, sample.name))
      sides.push(side)
      continue
    }
    const messages = messageColumn(sample)
    const found = messages ?? findHeader(sample, mapping, file)
    if (found === undefined) {
      if (sample.name !== '') {
        evidence.push({
          zh: `工作表“${sample.name}”没有认出表头，未读`,
          en: `sheet "${sample.name}" has no header that is known: passed over`,
        })
      }
      continue
    }
    const { plan, said } = planTable({ file, head, mapping, sample, delimiter }, found)
    evidence.push(...said)
    plans.push(plan)
    headers.push('layout' in found ? found : undefined)
    if ('layout' in found) {
      header ??= found
      for (const name of found.unknown) {
        const at = found.row.cells.findIndex(cell => cell.trim() === name)
        const shapes = sample.rows.filter(row => row.line > found.row.line).map(row => shapeOf(row.cells[at] ?? ''))
        unknown.push({ header: name, shapes: [...new Set(shapes.filter(shape => shape !== ''))].slice(0, 3) })
      }
    }
  }
  return { file, head, mapping, evidence, plans, headers, sides, isIncomplete: false, header, unknown }
}

/** The delimiter of the first line that looks like a header: a title above it has none. */
function headerDelimiter(text: string): ',' | ';' | '\t' {
  const lines = text
    .slice(0, 1 << 16)
    .split('\n')
    .slice(0, 12)
  const widest = lines.reduce(
    (best, line) => (line.split(/[,;\t]/).length > best.split(/[,;\t]/).length ? line : best),
    '',
  )
  return delimiterOf(widest)
}

/** A column that holds whole messages, by its content. */
interface MessageColumn {
  readonly index: number
  readonly headerText: string
  readonly form: string
}

function planTable(
  facts: TableFacts,
  found: Header | MessageColumn,
): { readonly plan: SourcePlan; readonly said: Text[] } {
  const { file, mapping, sample } = facts
  const name = sample.name === '' ? file : `${file}!${sample.name}`
  if (!('layout' in found)) {
    const columns = [{ index: found.index, header: found.headerText, field: 'message' }]
    const rules = rulesOf(mapping, 'day', true)
    const plan = { ...tableOf(facts, 0, 1, columns), name, form: found.form, rules, sides: [] }
    return {
      plan: { ...plan, output: messageOutput(found.form) },
      said: [
        {
          zh: `列“${found.headerText}”每行一条 JSON 报文（${found.form}）`,
          en: `the column "${found.headerText}" holds a JSON message a row (${found.form})`,
        },
      ],
    }
  }
  const { layout, row, rows, columns } = found
  const { infantAgeUnit, joinsCodes, values } = layout
  const said: Text[] = [
    {
      zh: `${sample.name === '' ? '' : `工作表“${sample.name}”：`}版式 ${layout.id}（${layout.label.zh}）：表头第 ${row.line} 行${rows === 2 ? '起两行' : ''}，${row.cells.length} 列中认出 ${found.known} 列，读取 ${columns.length} 列`,
      en: `${sample.name === '' ? '' : `sheet "${sample.name}": `}layout ${layout.id} (${layout.label.en}): header in line ${row.line}${rows === 2 ? ' and the next' : ''}, ${found.known} of ${row.cells.length} columns known, ${columns.length} read`,
    },
  ]
  if (found.hidden > 0) {
    said.push({
      zh: `${found.hidden} 列含个人身份信息，不读取`,
      en: `${found.hidden} columns identify persons and are not read`,
    })
  }
  const cells = cellsOf(sample, row.line + rows - 1, columns)
  const units = unitEvidence(cells, { layout: layout.id, infantAgeUnit, values }, mapping)
  const rules = rulesOf({ ...mapping, values: { ...units.values, ...mapping.values } }, infantAgeUnit, joinsCodes)
  const plan = { ...tableOf(facts, sample.rows.indexOf(row), rows, columns), name, form: layout.id, rules, sides: [] }
  return { plan: { ...plan, output: outputOf(columns, new Set(), rules) }, said: [...said, ...units.said] }
}

function rulesOf(mapping: Mapping, infantAgeUnit: ReadingRules['infantAgeUnit'], joinsCodes: boolean): ReadingRules {
  return {
    infantAgeUnit: mapping.infantAgeUnit ?? infantAgeUnit,
    weightUnit: mapping.weightUnit ?? 'auto',
    newbornWeight: mapping.newbornWeight ?? 'birth',
    mainProcedure: mapping.mainProcedure ?? 'keep',
    joinsCodes,
    values: mapping.values ?? {},
  }
}

function messageColumn(sample: TableSample): MessageColumn | undefined {
  const [header, ...rows] = sample.rows
  const row = rows[0]
  const index = row?.cells.findIndex(cell => /^\s*[{[]\s*"/.test(cell)) ?? -1
  if (index < 0) return undefined
  const [message] = messagesIn(parseJson(row!.cells[index]!))
  return message === undefined ? undefined : { index, headerText: header!.cells[index] ?? '', form: message.form }
}

function detectMessages(file: string, head: FileHead, mapping: Mapping): Found {
  const rows = sideObjects(file, head)
  if (rows !== undefined) {
    const evidence = [...head.evidence, sideEvidence(rows, '')]
    return {
      file,
      head,
      mapping,
      evidence,
      plans: [],
      headers: [],
      sides: [rows],
      isIncomplete: false,
      header: undefined,
      unknown: [],
    }
  }
  const counts = new Map<string, number>()
  let form = 'platform'
  let [cases, settlements, withSex, read] = [0, 0, 0, 0]
  for (const { text, isCut } of jsonValues(file, head.encoding)) {
    for (const message of isCut ? [] : messagesIn(parseJson(text))) {
      if (message === undefined) continue
      form = message.form
      const name = message.number || { platform: '4101/4103/4401', canonical: 'JSON' }[form] || form
      counts.set(name, (counts.get(name) ?? 0) + 1)
      if (message.kind === 'settlement') settlements++
      if (message.kind === 'case') {
        cases++
        if (hasSexAndAge(message)) withSex++
      }
    }
    if (++read >= SAMPLE_MESSAGES) break
  }
  const list = [...counts].map(([name, n]) => `${name} × ${n}`).join(', ') || '–'
  const evidence: Text[] = [
    ...head.evidence,
    { zh: `前 ${read} 个 JSON 值中的报文：${list}`, en: `messages in the first ${read} JSON values: ${list}` },
  ]
  const table: TablePlan = {
    file,
    container: 'json',
    encoding: head.encoding,
    delimiter: 0,
    sheet: 0,
    firstLine: 1,
    width: 0,
    columns: [],
  }
  const rules = rulesOf(mapping, 'day', true)
  const plan: SourcePlan = { ...table, name: file, form, rules, output: messageOutput(form), sides: [] }
  if (cases === 0 && settlements > 0) {
    evidence.push({
      zh: '结算信息，没有诊断：按结算ID补入其他文件的病例',
      en: 'settlements without diagnoses: they complete the cases of other files by settlement id',
    })
    return {
      file,
      head,
      mapping,
      evidence,
      plans: [],
      headers: [],
      sides: [{ ...table, name: file, role: 'stay' }],
      asMain: plan,
      isIncomplete: false,
      header: undefined,
      unknown: [],
    }
  }
  const isIncomplete = cases > 0 && withSex === 0
  if (isIncomplete) {
    evidence.push({
      zh: '清单没有性别和年龄（4101A）：请同时给出 2304 结算、结算表或 4101 清单，按结算ID补入，否则校验不通过',
      en: 'lists without sex and age (4101A): give 2304 replies, a settlement table or the 4101 lists in the same command, joined by settlement id; else the cases are invalid',
    })
  }
  const plans = counts.size === 0 ? [] : [plan]
  return { file, head, mapping, evidence, plans, headers: [], sides: [], isIncomplete, header: undefined, unknown: [] }
}

function hasSexAndAge({ stay }: Message): boolean {
  const age: readonly SourceField[] = ['age', 'birthDate', 'infantAge']
  return stay.has('sex') && age.some(field => stay.has(field))
}
