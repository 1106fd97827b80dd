import { expect, it } from 'vitest'
import {
  codeReading,
  compileBook,
  createChecker,
  createTableCheck,
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
  const table = createTableCheck(checker, one => found.push(one))
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
