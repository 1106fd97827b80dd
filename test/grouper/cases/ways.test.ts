import { describe, expect, it, vi } from 'vitest'
import { MUTATED_HEADER, mutatedRow } from '../../../bench/mutate.ts'
import { type CaseBatch, createBatch, ROW_COLUMNS } from '../../../grouper/cases/batch.ts'
import { planColumns } from '../../../grouper/cases/columns.ts'
import { createLabels } from '../../../grouper/cases/labels.ts'
import { clearAbsent, OPS } from '../../../grouper/cases/opcodes.ts'
import { ends } from '../../../grouper/cases/plain-cuts.ts'
import { createPace, type Scan } from '../../../grouper/cases/scan.ts'
import { scanRows } from '../../../grouper/cases/scan-rows.ts'
import { compileBook, loadScheme } from '../../../grouper/index.ts'

const { dxTable, pxTable } = compileBook(loadScheme('chs-drg-2.0'))

/** Everything that a scan of some rows leaves, as plain values; `careful` keeps the plain way from being taken. */
function scanned(header: string, text: string, careful: boolean, scanner = scanRows): unknown {
  const delimiter = header.includes('\u001f') ? 31 : header.includes('\t') ? 9 : 44
  const ops = Uint8Array.from(planColumns(header.split(String.fromCharCode(delimiter)), ''), field =>
    field === undefined ? 0 : OPS[field],
  )
  const encoded = Buffer.from(text, 'latin1')
  const bytes = new Uint8Array(encoded.length + 32)
  bytes.set(encoded)
  const batch = createBatch(encoded.length)
  clearAbsent(batch, ops)
  const rejects: unknown[] = []
  const odd: unknown[] = []
  const scan: Scan = {
    ops,
    dxTable,
    pxTable,
    pxPadding: undefined,
    oddCode(id, isDx, code, line) {
      odd.push([id, isDx, Buffer.from(code).toString('latin1'), line])
      return id
    },
    labels: {
      hospital: createLabels(),
      insurance: createLabels(),
      month: createLabels(),
      department: createLabels(),
      doctor: createLabels(),
    },
    line: 2,
    rows: 0,
    rejected: 0,
    pace: { ...createPace(), careful: careful ? 1e9 : 0 },
    reject: (...reject) => rejects.push(reject),
  }
  const view = new DataView(bytes.buffer)
  for (let p = 0; p < encoded.length; ) {
    p = scanner(scan, batch, bytes, view, p, encoded.length, delimiter, true)
  }
  const { pace: _, reject: __, oddCode: ___, dxTable: ____, pxTable: _____, ...rest } = scan
  return { rejects, odd, rest, batch: cases(batch) }
}

function cases(batch: CaseBatch): unknown {
  const { count } = batch
  return {
    ...Object.fromEntries(ROW_COLUMNS.map(name => [name, [...batch[name].subarray(0, count)]])),
    ids: [...batch.ids.subarray(0, count * 3)],
    id: Array.from({ length: count }, (_, i) => String(batch.idBytes.subarray(batch.idStart[i], batch.idStart[i + 1]))),
    dx: Array.from({ length: count }, (_, i) => [...batch.dx.subarray(batch.dxStart[i], batch.dxStart[i + 1])]),
    px: Array.from({ length: count }, (_, i) => [...batch.px.subarray(batch.pxStart[i], batch.pxStart[i + 1])]),
    fees: [...batch.fees.subarray(0, count * 6)],
  }
}

describe('the plain way', () => {
  it.each([
    ['commas', ',', '\n'],
    ['commas and CRLF', ',', '\r\n'],
    ['tabs', '\t', '\n'],
    ['unit separators', '\u001f', '\n'],
  ])('reads damaged rows as the careful one does: %s', (_, delimiter, lineEnd) => {
    const change = (text: string): string => text.replaceAll(',', delimiter).replaceAll('\n', lineEnd)
    for (let part = 0; part < 40; part++) {
      // Damage that the quote stage would take away stays in here.
      const rows = Array.from({ length: 250 }, (_, i) => {
        return Buffer.from(mutatedRow(20261122, part * 250 + i, part % 2 === 1)).toString('latin1')
      })
      // Some files begin with a row that ends otherwise.
      const text = change(rows.join('')) + (part % 5 === 0 ? '\n\r\n' : '')
      const header = change(MUTATED_HEADER)
      expect(scanned(header, text, false)).toEqual(scanned(header, text, true))
    }
  })

  it('reads other columns, codes of every length and cells at their bounds as the careful one does', () => {
    const header = 'hospital,id,住院次数,sex,age,dx,otherdx,proc,otherproc,icuhours,totalcost,drug,month,remark'
    const codes = [
      'A01.000x005+J17.0*',
      'E11.300x034+H36.0*',
      'K80.101',
      'I10.x00x002',
      'K80',
      '',
      ' ',
      'K80.101 ',
      'k80.101',
      // Its first seven bytes are a code, and the four behind them stand for nothing.
      'K80.101\0\0\0\0',
      'K80.101|',
    ]
    const lists = codes
      .flatMap(a => codes.map(b => `${a}|${b}`))
      .concat(codes, 'K80.101|I10.x00x002|E11.300x034+H36.0*')
    const cells: readonly (readonly string[])[] = [
      ['H1', '', '医院'],
      ['7', '77777777777777777', ''],
      ['1', ''],
      ['1', '2', '男', '\u5973', '9', '3', ''],
      ['0', '150', '151', '1e3', '000000007', '0000000007'],
      lists,
      lists,
      ['47.0100', '', '47.0100|51.2300', '|51.2300'],
      ['', '51.2300', '|'],
      ['', '1000000', '1000001', '-'],
      ['', '.5', '5.', '9999999.99', '99999999.99', '1.234', '1.230'],
      ['', '12.30'],
      ['2025-01', ''],
      ['', 'x\u000by', 'x'],
    ]
    const rows = Array.from({ length: 6_000 }, (_, i) => {
      // Most cells are plain, so that rows differ in one or two of them.
      return cells.map(
        (some, c) =>
          some[(i * 7919 + c * 31) % 5 === 0 ? Math.imul(i + c, 2_654_435_761 >>> 1) % some.length : 0] ?? some[0],
      )
    })
    const text = Buffer.from(`${rows.map(row => row.join(',')).join('\n')}\n`).toString('latin1')
    expect(scanned(header, text, false)).toEqual(scanned(header, text, true))
  })

  it('reads numbers of any length, with a wrong byte at any place, as the careful one does', () => {
    const header = 'totalcost,id,sex,age,weight,drug,dx'
    const damaged = (cell: string): string[] =>
      [...cell].flatMap((_, at) =>
        ['/', ':', 'x', '.', ' ', '-'].map(byte => cell.slice(0, at) + byte + cell.slice(at + 1)),
      )
    const digits = Array.from({ length: 9 }, (_, n) => '9876543210'.slice(0, n + 1))
    const amounts = digits.flatMap(yuan => [`${yuan}.05`, `${yuan}.5`, yuan, ...damaged(`${yuan}.05`)])
    const numbers = digits.flatMap(number => [number, ...damaged(number)])
    const rows = [
      ...amounts.map((amount, i) => `${amount},99${i},1,40,3250,${amounts[amounts.length - 1 - i]},K80.101`),
      ...numbers.map((number, i) => `12.05,98${i},1,40,${number},7.05,K80.101`),
    ]
    const text = `${rows.join('\n')}\n`
    expect(scanned(header, text, false)).toEqual(scanned(header, text, true))
  })

  it('reads rows of any length and tables of any width as the careful one does', () => {
    const header = 'id,sex,age,remark,dx,los'
    const row = (i: number, remark: number): string => `S${i},1,40,${'x'.repeat(remark)},K80.101|I10.x00x002,${i % 30}`
    // Lengths about those that are cut at a time, and about the steps of 64 bytes.
    const lengths = [0, 65_380, 65_440, 65_470, 65_500, 65_536, 131_072, 5, 32_000, 33_600, 65_400, 65_420, 1, 200_000]
    const long = Array.from({ length: 280 }, (_, i) => row(i, i < 140 ? lengths[i % lengths.length]! : i))
    const narrow = `${long.join('\n')}\n`
    expect(scanned(header, narrow, false)).toEqual(scanned(header, narrow, true))
    for (const columns of [800, 4_090, 4_096, 9_000]) {
      const more = Array.from({ length: columns }, (_, c) => `c${c}`).join(',')
      const rows = Array.from(
        { length: 40 },
        (_, i) => `${row(i, i)}${','.repeat(columns - (i === 7 ? 90 : 0) + (i === 9 ? 90 : 0))}`,
      )
      const wide = `${rows.join('\n')}\n`
      expect(scanned(`${header},${more}`, wide, false)).toEqual(scanned(`${header},${more}`, wide, true))
    }
  })

  it('is left out where the engine runs no machine code', async () => {
    const header = 'id,sex,age,dx'
    const text = Array.from({ length: 500 }, (_, i) => `S${i},1,40,K80.101\n`).join('')
    const expected = scanned(header, text, false)
    vi.stubGlobal('WebAssembly', undefined)
    vi.resetModules()
    const { scanRows: without } = await import('../../../grouper/cases/scan-rows.ts')
    const { ends: none } = await import('../../../grouper/cases/plain-cuts.ts')
    vi.unstubAllGlobals()
    expect([ends.length > 0, none.length]).toEqual([true, 0])
    expect(scanned(header, text, false, without)).toEqual(expected)
  })
})
