/**
 * Opens workbooks of every kind that this program writes in LibreOffice, without a screen, and converts them to PDF:
 * `node test/formats/office.ts [folder]`. Not part of the tests: it needs `soffice`.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Cell,
  FACT_KINDS,
  listTemplates,
  loadTemplate,
  monthSheet,
  templateColumns,
  templateRow,
  writeTable,
} from '../../formats/index.ts'

const folder = process.argv[2] ?? mkdtempSync(join(tmpdir(), 'dianzhi-office-'))
const SAMPLE = {
  text: '=示例, "47.0100"',
  integer: 12,
  money: 123_456,
  decimal: '0.7251',
  date: '2025-03-08',
  datetime: '2025-03-08T09:30',
}
let failed = 0

for (const id of listTemplates()) {
  const template = loadTemplate(id)
  const file = join(folder, `${id}.xlsx`)
  const facts = Object.fromEntries(Object.entries(FACT_KINDS).map(([fact, kind]) => [fact, SAMPLE[kind] as Cell]))
  const rows = Array.from({ length: 40 }, (_, i) =>
    templateRow(template, { ...facts, month: `2025-${String((i % 12) + 1).padStart(2, '0')}` }),
  )
  const month = template.columns.findIndex(column => column.from === 'month')
  writeTable(file, templateColumns(template), rows, {
    format: 'xlsx',
    lang: 'zh',
    notes: [['方案', 'chs-drg-2.0']],
    ...(template.sheets === 'month' && month >= 0 ? { sheet: row => monthSheet(String(row[month])) } : {}),
  })
  const said = execFileSync('soffice', ['--headless', '--convert-to', 'pdf', '--outdir', folder, file], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const isPdf =
    readFileSync(join(folder, `${id}.pdf`))
      .subarray(0, 5)
      .toString() === '%PDF-'
  const clean = isPdf && !/warn|error|repair/i.test(said)
  if (!clean) failed++
  console.log(`${clean ? 'ok    ' : 'FAILED'} ${id}  ${said.trim().split('\n').at(-1)}`)
}
process.exitCode = failed === 0 ? 0 : 1
