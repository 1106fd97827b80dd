import { readTable } from '../../files/index.ts'
import { Fault } from '../../messages/index.ts'
import { Decimal, POINT_UNIT, parseYuan } from '../../numbers/index.ts'
import { type CaseMark, NO_MARK } from '../../weights/index.ts'
import type { Policy } from '../policy/policy.ts'

const COLUMNS = [
  'id',
  'daySurgery',
  'tcm',
  'review',
  'reviewAmount',
  'reviewPoints',
  'readmittedAfter',
  'redirect',
  'addOns',
] as const
type ColumnName = (typeof COLUMNS)[number]

const REVIEWS = ['', 'applied', 'accepted', 'refused'] as const

/**
 * Reads the marks of single cases, by id: what stands in no case file and the policy asks for. Columns id, daySurgery (1),
 * tcm (1), review (applied, accepted, refused), reviewAmount (yuan), reviewPoints, readmittedAfter (days), redirect (id of a redirection), addOns
 * (`item:yuan; item:yuan`); all but id may be left out.
 */
export function readMarks(file: string, policy: Policy): ReadonlyMap<string, CaseMark> {
  const { header, rows } = readTable(file)
  const names = header.map(title => title.trim())
  const strange = names.find(name => !COLUMNS.some(column => column === name))
  if (strange !== undefined || !names.includes('id')) throw wrongColumns(file, strange)
  const marks = new Map<string, CaseMark>()
  for (const { cells, line } of rows) {
    const cell = (name: ColumnName): string => cells[names.indexOf(name)]?.trim() ?? ''
    const refuse = (field: ColumnName, zh: string, en: string): Fault =>
      new Fault({
        code: 'MRK-002',
        at: { file, line, field },
        what: { zh: `“${cell(field)}”不能用。`, en: `"${cell(field)}" cannot be used.` },
        fix: { zh, en },
      })
    const flag = (name: 'daySurgery' | 'tcm'): boolean => {
      if (!['', '0', '1'].includes(cell(name))) throw refuse(name, '请写 1 或 0。', 'Write 1 or 0.')
      return cell(name) === '1'
    }
    const id = cell('id')
    if (id === '' || marks.has(id))
      throw refuse('id', '每个病案号一行，不能为空或重复。', 'One row a case: an id, and only once.')
    const review = REVIEWS.find(name => name === cell('review'))
    if (review === undefined)
      throw refuse('review', '请写 applied、accepted 或 refused。', 'Write applied, accepted or refused.')
    const decided = decidedOf(cell('reviewAmount'), cell('reviewPoints'))
    if (decided === undefined || (decided !== null && (review === '' || review === 'refused')))
      throw refuse(
        cell('reviewAmount') === '' ? 'reviewPoints' : 'reviewAmount',
        '只写一项：核定金额（元，最多两位小数）或核定点数（最多四位小数），且 review 为 applied 或 accepted。',
        'Give one of an amount (yuan, at most two decimals) and points (at most four), for a case applied for or accepted.',
      )
    if (decided !== null) checkDecided(decided.unit, policy, refuse)
    const days = cell('readmittedAfter')
    if (!/^\d{0,4}$/.test(days)) throw refuse('readmittedAfter', '请写整数天数。', 'Write a whole number of days.')
    const redirect = cell('redirect')
    if (redirect !== '' && !policy.rules.redirect.has(redirect)) {
      const known = [...policy.rules.redirect.keys()].join(', ') || '–'
      throw refuse('redirect', `政策中的 redirect 有：${known}。`, `The policy has ${known} under redirect.`)
    }
    const addOns = itemsOf(cell('addOns'), policy)
    if (addOns === undefined) {
      const known = [...policy.rules.addOn.keys()].join(', ') || '–'
      throw refuse(
        'addOns',
        `请写成“项目:金额; 项目:金额”，项目有：${known}。`,
        `Write item:yuan; item:yuan with items of the policy: ${known}.`,
      )
    }
    const readmittedAfter = days === '' ? null : Number(days)
    marks.set(id, {
      ...NO_MARK,
      daySurgery: flag('daySurgery'),
      tcm: flag('tcm'),
      review,
      decided,
      readmittedAfter,
      redirect,
      addOns,
    })
  }
  return marks
}

/** What experts decided, in fen or in 1e-4 points; null: nothing, undefined: it cannot be read. */
function decidedOf(amount: string, points: string): CaseMark['decided'] | undefined {
  if (amount === '' && points === '') return null
  if (amount !== '' && points !== '') return undefined
  const fen = amount === '' ? undefined : parseYuan(amount)
  if (amount !== '') return fen === undefined || fen < 0 ? undefined : { unit: 'money', value: fen }
  const value = /^\d{1,9}(\.\d{1,4})?$/.test(points) ? new Decimal(points).times(POINT_UNIT).toNumber() : undefined
  return value === undefined ? undefined : { unit: 'points', value }
}

/** Points need a points pool that pays them. */
function checkDecided(
  unit: 'money' | 'points',
  { method, rules }: Policy,
  refuse: (field: ColumnName, zh: string, en: string) => Fault,
): void {
  if (unit === 'money') return
  if (method === 'rate')
    throw refuse('reviewPoints', '费率法没有点数，请写 reviewAmount。', 'A rate has no points: write reviewAmount.')
  if (rules.review?.fundedBy === 'separate')
    throw refuse(
      'reviewPoints',
      '单列资金按金额支付，请写 reviewAmount。',
      'A separate line pays money: write reviewAmount.',
    )
}

function itemsOf(text: string, policy: Policy): CaseMark['addOns'] | undefined {
  const items: { item: string; cost: number }[] = []
  for (const part of text.split(/[;；]/).map(one => one.trim())) {
    if (part === '') continue
    const [item = '', amount = ''] = part.split(/[:：]/).map(one => one.trim())
    const cost = parseYuan(amount)
    if (!policy.rules.addOn.has(item) || cost === undefined || cost < 0) return undefined
    items.push({ item, cost })
  }
  return items
}

function wrongColumns(file: string, strange: string | undefined): Fault {
  return new Fault({
    code: 'MRK-001',
    at: { file, line: 1 },
    what:
      strange === undefined
        ? { zh: '病例标记表没有 id 列。', en: 'The table of marks has no column id.' }
        : { zh: `病例标记表有未知的列“${strange}”。`, en: `The table of marks has an unknown column "${strange}".` },
    fix: { zh: `可用的列：${COLUMNS.join('、')}。`, en: `It may have the columns ${COLUMNS.join(', ')}.` },
  })
}
