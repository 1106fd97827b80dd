import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { type CellValue, writeXlsx } from 'hucre/xlsx'
import { describe, expect, it } from 'vitest'
import { fileSink } from '../../files/index.ts'
import { type TableColumn, writeTable } from '../../formats/index.ts'
import type { TablePlan } from '../../formats/read/plan.ts'
import type { FileRow } from '../../formats/read/rows-of.ts'
import { rows as xlsxRows } from '../../formats/read/xlsx-rows.ts'
import { writeZip, zipPart } from '../../formats/write/zip.ts'

/** Big sheets are scanned by a loop of our own: it must give what the library gives of the same bytes. */

const folder = mkdtempSync(join(tmpdir(), 'dianzhi-sheet-'))
let files = 0

function plan(file: string, columns: readonly number[], sheet = 0): TablePlan {
  return {
    file,
    container: 'xlsx',
    encoding: 'utf-8',
    delimiter: 0,
    sheet,
    firstLine: 2,
    width: 9,
    columns: columns.map(index => ({ index, header: '', field: 'id' })),
  }
}

async function all(table: TablePlan, big: number): Promise<FileRow[]> {
  const rows: FileRow[] = []
  for await (const row of xlsxRows(table, big)) rows.push(row)
  return rows
}

async function expectEqual(file: string, columns: readonly number[], sheet = 0): Promise<readonly FileRow[]> {
  const scanned = await all(plan(file, columns, sheet), 0)
  expect(scanned).toEqual(await all(plan(file, columns, sheet), Number.POSITIVE_INFINITY))
  return scanned
}

function put(bytes: Uint8Array): string {
  const file = join(folder, `${files++}.xlsx`)
  writeFileSync(file, bytes)
  return file
}

/** A workbook of one sheet whose XML is given, with shared texts and formats as spreadsheets write them. */
function packed(sheet: string, end = '</sheetData><pageMargins left="1"/></worksheet>'): string {
  const file = join(folder, `${files++}.xlsx`)
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const relations = (list: string): string =>
    `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${list}</Relationships>`
  const parts: Readonly<Record<string, string>> = {
    '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    '_rels/.rels': relations(`<Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/>`),
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="a" sheetId="1" r:id="rId7"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations(
      `<Relationship Target="worksheets/sheet1.xml" Type="${office}/worksheet" Id="rId7"/><Relationship Id="rId8" Type="${office}/sharedStrings" Target="/xl/sharedStrings.xml"/><Relationship Id="rId9" Type="${office}/styles" Target="styles.xml"/>`,
    ),
    'xl/sharedStrings.xml': `<sst xmlns="${main}"><si><t>甲</t></si><si><r><rPr><b/></rPr><t xml:space="preserve">K35 </t></r><r><t>.8&amp;</t></r></si><si><t>_x000D_乙</t><rPh sb="0" eb="1"><t>yi</t></rPh></si><si/></sst>`,
    'xl/styles.xml': `<styleSheet xmlns="${main}"><numFmts count="1"><numFmt numFmtId="170" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="2"/><xf numFmtId="49"/></cellXfs></styleSheet>`,
    'xl/worksheets/sheet1.xml': `<?xml version="1.0"?>\n<worksheet xmlns="${main}"><cols><col min="1" max="3" width="9"/></cols><sheetData>${sheet}${end}`,
  }
  const sink = fileSink(file)
  writeZip(
    sink,
    Object.entries(parts).map(([name, text]) => {
      const part = zipPart(name)
      part.write(Buffer.from(text))
      return part.end()
    }),
  )
  sink.finish()
  return file
}

describe('a big sheet', () => {
  it('reads as the library reads it, whatever its cells hold', async () => {
    const value: fc.Arbitrary<CellValue> = fc.oneof(
      fc.constantFrom<CellValue>(null, '', '-', 'K35.800x001', '汉字', 'a<b>&"c"', ' x ', '#N/A', true, false, '=1+1'),
      fc.string({ unit: 'binary', maxLength: 12 }).map(text => text.replace(/[^\x20-\uffff]|\p{C}/gu, '')),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer({ min: -1_000_000, max: 1_000_000 }),
      fc.date({ min: new Date('1950-01-01'), max: new Date('2050-01-01'), noInvalidDate: true }),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(value, { maxLength: 9 }), { maxLength: 30 }),
        fc.uniqueArray(fc.nat(11), { minLength: 1 }),
        async (rows, columns) => {
          await expectEqual(put(await writeXlsx({ sheets: [{ name: 'a', rows: [['h'], ...rows] }] })), columns)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('has formulas, shared texts, dates of either system, gaps and cells without a place', async () => {
    const rows = await expectEqual(
      packed(
        '<row r="1"><c r="A1" t="s"><v>0</v></c></row>' +
          '<row r="3" spans="1:4" ht="15"><c r="A3" s="4" t="s"><v>1</v></c><c r="C3" t="s" s="0"><v>2</v></c><c r="D3" s="1"><v>45359</v></c><c r="AA3"><v>7</v></c></row>' +
          '<row r="4"/><row><c t="str"><f>A1&amp;"x"</f><v>a&#x4E59;&lt;</v></c><c s="2"><v>45359.5</v></c><c s="3"><f>1/3</f><v>0.333333333333333</v></c></row>' +
          '<row r="9"><c r="B9" t="b"><v>1</v></c><c r="C9" t="e"><v>#DIV/0!</v></c><c r="D9" t="inlineStr"><is><r><t>x</t></r><r><rPr/><t>y</t></r></is></c></row>' +
          '<row r="10"><c r="AA10"><v>5</v></c></row><row r="11"><c r="AA11"><v></v></c><c r="AB11" s="1"/></row>' +
          "<row r='12'><c r='A12' s='0' t='s'><v>3</v></c><c r='B12' t='n'><v>1E+17</v></c></row>",
      ),
      [3, 0, 1, 2],
    )
    expect(rows).toEqual([
      { line: 3, cells: ['2024-03-08', 'K35 .8&', '', '\r乙'] },
      { line: 5, cells: ['', 'a乙<', '2024-03-08T12:00:00', '0.333333333333333'] },
      { line: 9, cells: ['xy', '', 'true', ''] },
      { line: 10, cells: ['', '', '', ''] },
      { line: 12, cells: ['', '', '1e+17', ''] },
    ])
  })

  it('is the same as this program writes it, over many pieces and sheets', async () => {
    const columns = ['text', 'integer', 'money', 'decimal', 'date', 'datetime', 'text'].map(
      (kind, i): TableColumn => ({ key: `c${i}`, title: { zh: `列${i}`, en: `c${i}` }, kind: kind as 'text' }),
    )
    const file = join(folder, 'own.xlsx')
    const rows = Array.from({ length: 9000 }, (_, i) => [
      `0${i}`, i, i * 100 - 7, '0.5', '2024-03-08', '2024-03-08T09:30', i % 3 === 0 ? null : `=汉字 <${i}>`,
    ]) // biome-ignore format: one row
    writeTable(file, columns, rows, { format: 'xlsx', lang: 'zh', sheet: row => `${Number(row[1]) % 2}` })
    const read = await expectEqual(file, [6, 0, 2, 5], 1)
    expect(read).toHaveLength(4500)
    expect(read[0]).toEqual({ line: 2, cells: ['=汉字 <1>', '01', '0.93', '2024-03-08T09:30:00'] })
  })

  it('that is cut or changed is refused', async () => {
    const whole = readFileSync(join(folder, 'own.xlsx'))
    const [half, flipped] = [put(whole.subarray(0, whole.length >> 1)), Buffer.from(whole)]
    flipped[((whole.length * 2) / 3) | 0]! ^= 0x55
    for (const file of [half, put(flipped)])
      await expect(all(plan(file, [0, 1], 1), 0)).rejects.toMatchObject({ code: 'XLS-002' })
    // A part that is whole as bytes and ends within a row.
    const cut = packed('<row r="2"><c r="A2"><v>1</v></c></row>', '<row r="3"><c r="A3">')
    await expect(all(plan(cut, [0, 1]), 0)).rejects.toMatchObject({ code: 'XLS-002' })
  })
})
