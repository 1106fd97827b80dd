import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  type Checker,
  type CheckerOptions,
  codeReading,
  compileBook,
  countCodes,
  createCensus,
  createChecker,
  createTableCheck,
  detectSystem,
  eachFinding,
  type FindingReceiver,
  findingBytes,
  findingRow,
  listCodeSystems,
  loadDictionary,
  loadQualityPack,
  loadScheme,
  type QualityFinding,
  readCases,
  ruleCounts,
} from '../../../grouper/index.ts'
import { put, temporaryFolder } from '../../temporary.ts'

const folder = temporaryFolder()
const scheme = loadScheme('chs-drg-2.0')
const book = compileBook(scheme)
const pack = loadQualityPack()

/** Findings of a table as `id rule value`, and what was not checked. */
function check(text: string, system = ''): { found: string[]; unchecked: string[] } {
  const checker = createChecker({ scheme, book, reading: codeReading(scheme, system), pack })
  const found: QualityFinding[] = []
  const table = createTableCheck(
    checker,
    eachFinding(one => found.push(one)),
  )
  readCases([put(folder, 'cases.csv', text)], {
    ...table.options,
    batchSize: 2,
    onColumns: columns => table.open(columns.map(column => column.field)),
    onBatch: table.batch,
  })
  return {
    found: found.map(({ id, rule, value }) => `${id} ${rule} ${value}`),
    unchecked: ruleCounts(checker)
      .filter(({ cases, notChecked }) => cases === notChecked)
      .map(({ rule }) => rule),
  }
}

const HEAD = 'id,sex,age,los,leavingType,dx,proc'

it('checks a table by the columns it has and names codes that no dictionary has', () => {
  const { found, unchecked } = check(
    [
      HEAD,
      'a,1,45,5,1,K80.101|I50.900,51.2300',
      'b,1,45,2,1,M8160/3|W19.x00,96.7201',
      'c,2,70,3,1,G01*|N40.x00,|51.2300',
      'd,1,45,3,7,k35.800X001,47.01',
      'e,1,x,3,1,K80.1,',
      'f,1,45,3,1,K80.1,nonsense',
    ].join('\n'),
  )
  expect(found).toEqual([
    'b Q02 M8160/3',
    'b Q05 M8160/3',
    'b Q19 W19.x00',
    'b Q26 96.7201 los=2',
    'c Q02 G01*',
    'c Q17 G01*',
    'c Q28 N40.x00 sex=2',
    'c Q54 51.2300',
    'd Q48 7',
    'd Q53 k35.800X001 → K35.800x001|47.01 → 47.0100',
    'f Q02 K80.1',
    'f Q23 nonsense',
  ])
  expect(unchecked).toContain('Q34')
  expect(unchecked).toContain('Q37')
  expect(unchecked).not.toContain('Q26')
})

it('does not check what the table has no column for', () => {
  const { found, unchecked } = check('id,sex,age,dx\na,2,28,O80.000|Z37.000x001\n')
  expect(found).toEqual([])
  for (const rule of ['Q26', 'Q32', 'Q34', 'Q36', 'Q40', 'Q48']) expect(unchecked).toContain(rule)
})

it('checks the codes of another system after their conversion', () => {
  const { found } = check(`${HEAD}\na,1,45,5,1,K35.901,46.93001\n`, 'bj')
  expect(found.filter(one => one.startsWith('a Q02'))).toEqual([])
  // 46.93001 has no target: it is told as it stands in the file.
  expect(found).toContain('a Q23 46.93001')
})

const MESSY = [
  `${HEAD},hospital`,
  'a,1,45,5,1,K80.101|O80.000|N40.x00,51.2300|96.7201,H1',
  '=1+1,2,45,5,1,N40.x00|N40.x00,51.2300,"H,1"',
  '"x""y",2,70,3,1,G01*|+N40.x00,|51.2300,=H',
  '病例1,1,45,3,7,k35.800X001,47.01,第一医院',
  `${'Z'.repeat(40)},1,45,3,1,"K80,1",-,H1`,
  ',1,45,,1,K80.1|K80.1,nonsense|88.6200,',
  'g,2,30000,2,1,O80.000|P07.300x001|Z37.000x001,96.7201|96.7201,H1',
  'h,9,,2,1,M8160/3|W19.x00|M8160/3,,H1',
  'i,1,0,1,,P07.300x001,,H2',
  'w,1,45,5,1,S72.000|nothing,79.1500x008|nonsense|81.5201,H2',
].join('\n')

/** Checks the messy table, in batches of a size, with further rules and weights. */
function messy(
  receiver: (checker: Checker) => FindingReceiver,
  batchSize: number,
  more?: Partial<CheckerOptions>,
): Checker {
  const checker = createChecker({ scheme, book, reading: codeReading(scheme, ''), pack, ...more })
  const table = createTableCheck(checker, receiver(checker))
  readCases([put(folder, 'messy.csv', MESSY)], {
    ...table.options,
    batchSize,
    duplicates: 'keep',
    onColumns: columns => table.open(columns.map(column => column.field)),
    onBatch: table.batch,
  })
  return checker
}

it.each([1, 4, 100])('writes the same rows as bytes and as texts, in batches of %i', batchSize => {
  const parts: Uint8Array[] = []
  const bytes = messy(() => findingBytes(rows => parts.push(rows.slice())), batchSize)
  let text = ''
  let count = 0
  const each = messy(
    () =>
      eachFinding(finding => {
        text += findingRow(finding)
        count++
      }),
    100,
  )
  expect(Buffer.concat(parts).toString()).toBe(text)
  expect(ruleCounts(bytes)).toEqual(ruleCounts(each))
  expect(Object.values(bytes.severities).reduce((sum, one) => sum + one, 0)).toBe(count)
  expect(text).toContain('\'=1+1,"H,1",Q28,E,diagnoses+sex,N40.x00|N40.x00 sex=2,')
})

it('tries other procedures first where codes are of no dictionary', () => {
  const weights = new Map(book.leaves.map(({ drg }) => [drg, drg.startsWith('IC') ? 2 : 1]))
  const found: string[] = []
  messy(() => eachFinding(({ rule, id }) => found.push(`${id} ${rule}`)), 100, { weights })
  expect(found.filter(one => one.endsWith(' Q25'))).toEqual(['w Q25'])
})

it('compares code systems by one reading as a reading with the codes of all of them does', () => {
  const systems = listCodeSystems()
  const codesOf = (kind: 'diagnosis' | 'procedure'): fc.Arbitrary<string> =>
    fc
      .tuple(
        fc.constantFrom(...systems.map(system => loadDictionary(system[kind]).codes)),
        fc.nat(),
        fc.constantFrom(
          (code: string) => code,
          (code: string) => code,
          (code: string) => code.toLowerCase(),
          (code: string) => code.replace('x', 'X'),
          (code: string) => ` ${code} `.replace('.', '. '),
          (code: string) => code.replace(/^0|0+$/g, ''),
          (code: string) => `${code.slice(0, 5)}9z`,
        ),
      )
      .map(([codes, at, write]) => write(codes[1 + (at % (codes.length - 1))]!))
  const row = fc.tuple(
    fc.array(codesOf('diagnosis'), { minLength: 1, maxLength: 5 }),
    fc.array(codesOf('procedure'), { maxLength: 4 }),
    fc.constantFrom('45', '45', '45', 'x'),
  )
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 80 }), fc.constantFrom('', 'gl-2.0'), (rows, system) => {
      const lines = rows.map(([dx, px, age], i) => `${i},1,${age},5,1,${dx.join('|')},${px.join('|')}`)
      const file = put(folder, 'mixed.csv', `${[HEAD, ...lines].join('\n')}\n`)
      const checker = createChecker({ scheme, book, reading: codeReading(scheme, system), pack })
      const table = createTableCheck(
        checker,
        eachFinding(() => {}),
      )
      readCases([file], { ...table.options, duplicates: 'keep', batchSize: 7, onBatch: table.batch })
      const census = createCensus(scheme)
      const again = readCases([file], {
        duplicates: 'keep',
        dxTable: census.dx.table,
        pxTable: census.px.table,
        pxPadding: census.pxPadding,
        onBatch: batch => countCodes(census, batch),
      })
      const { evidence } = detectSystem(scheme, census, again.unknownDx + again.unknownPx)
      const own = evidence.find(one => one.system === (system || 'yb-2.0'))!
      expect(table.facts()).toEqual({
        declaredShare: own.share * 100,
        shareLead: (evidence[0]!.share - own.share) * 100,
      })
    }),
    { numRuns: 12 },
  )
})
