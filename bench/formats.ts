import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileSink, home, readTable } from '../files/index.ts'
import { openCaseFiles, type TableColumn, writeTable } from '../formats/index.ts'
import { compileBook, loadScheme, readCases } from '../grouper/index.ts'

/** `node bench/formats.ts [rows]`: reading wide text and workbooks, in processor time, beside a plain loop over the bytes. */
const rows = Number(process.argv[2] ?? 100_000)
const ROUNDS = 3

const folder = mkdtempSync(join(tmpdir(), 'dianzhi-formats-'))
const book = compileBook(loadScheme('chs-drg-2.0'))
const layout = readTable(home('layouts', 'input', 'hqms.csv')).rows
const names = layout.map(row => row.cells[0]!)
/** Columns that no case needs. */
const idle = new Set(layout.filter(row => row.cells[2] === '').map(row => row.cells[0]!))
const FILLED: Readonly<Record<string, string>> = {
  A01: 'H001',
  A46C: '1',
  A12C: '1',
  A13: '1971-06-15',
  A14: '52',
  B12: '2024-03-08 21:15',
  B15: '2024-03-13 09:40',
  B16C: '04',
  B20: '5',
  C03C: 'K35.800x001',
  C06x01C: 'I10.x00x002',
  C06x02C: 'E11.900',
  C14x01C: '47.0100',
  B34C: '1',
  D01: '8800.00',
  D23: '1200.50',
  D24: '80.00',
  D32: '300.00',
}

/** About 144 of 811 cells of a real row are filled, most with what nobody asks for. */
function hqmsCell(name: string, index: number, row: number): string {
  if (name === 'A48') return String(row).padStart(8, '0')
  return FILLED[name] ?? (idle.has(name) && index % 5 === 0 ? '名称或数值' : '-')
}

/** Processor time of a run, and what it gave. */
function timed(work: () => number): { readonly ms: number; readonly result: number } {
  const before = process.cpuUsage()
  const result = work()
  const { user, system } = process.cpuUsage(before)
  return { ms: (user + system) / 1000, result }
}

function read(file: string): number {
  const input = openCaseFiles([file])
  return readCases(input.files, { open: input.open, dxTable: book.dxTable, pxTable: book.pxTable, onBatch() {} }).cases
}

try {
  const wide = join(folder, 'hqms.csv')
  const sink = fileSink(wide)
  sink.write(`${names.join(',')}\n`)
  for (let i = 0; i < rows; i++) sink.write(`${names.map((name, k) => hqmsCell(name, k, i)).join(',')}\n`)
  sink.finish()
  const book1 = join(folder, 'cases.xlsx')
  const headers = [
    '病案号',
    '性别',
    '年龄',
    '住院天数',
    '离院方式',
    '诊断编码',
    '手术操作编码',
    '总费用',
    '医保类型',
    '出院科室',
    '医生',
    '入院日期',
    '出院日期',
  ]
  const columns = headers.map(
    (name): TableColumn => ({
      key: name,
      title: { zh: name, en: name },
      kind: name === '总费用' ? 'money' : name.endsWith('日期') ? 'date' : 'text',
    }),
  )
  const one = [
    '',
    '1',
    '52',
    '5',
    '1',
    'K35.800x001|I10.x00x002|E11.900',
    '47.0100',
    880_000,
    '310',
    'A04',
    'D01',
    '2024-03-08',
    '2024-03-13',
  ]
  writeTable(
    book1,
    columns,
    Array.from({ length: rows }, (_, i) => [String(i).padStart(8, '0'), ...one.slice(1)]),
    { format: 'xlsx', lang: 'zh' },
  )
  const book2 = join(folder, 'hqms.xlsx')
  const wideRows = Math.ceil(rows / 10)
  writeTable(
    book2,
    names.map((key): TableColumn => ({ key, title: { zh: key, en: key }, kind: 'text' })),
    Array.from({ length: wideRows }, (_, i) => names.map((name, k) => hqmsCell(name, k, i))),
    { format: 'xlsx', lang: 'zh' },
  )
  console.log(`| file | MB | ms (best of ${ROUNDS}) | MB/s of a core |`)
  console.log('|---|---|---|---|')
  for (const [file, due] of [
    [wide, rows],
    [book1, rows],
    [book2, wideRows],
  ] as const) {
    const megabytes = statSync(file).size / 1e6
    let best = Number.POSITIVE_INFINITY
    for (let i = 0; i < ROUNDS; i++) {
      const { ms, result } = timed(() => read(file))
      if (result !== due) throw new Error(`${result} cases of ${due}`)
      best = Math.min(best, ms)
    }
    console.log(
      `| ${file.slice(folder.length + 1)} | ${megabytes.toFixed(0)} | ${best.toFixed(0)} | ${((megabytes / best) * 1000).toFixed(0)} |`,
    )
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
