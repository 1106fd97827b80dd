import { readTable } from '../../files/index.ts'
import { Fault } from '../../messages/index.ts'
import { parseYuan } from '../../numbers/index.ts'
import { type CaseMark, NO_MARK } from '../../weights/index.ts'
import type { Policy } from '../policy/policy.ts'

const COLUMNS = ['id', 'daySurgery', 'tcm', 'review', 'readmittedAfter', 'redirect', 'addOns'] as const
type ColumnName = (typeof COLUMNS)[number]

const REVIEWS = ['', 'applied', 'accepted', 'refused'] as const

/**
 * Reads the marks of single cases, by id: what stands in no case file and the policy asks for. Columns id, daySurgery (1),
 * tcm (1), review (applied, accepted, refused), readmittedAfter (days), redirect (id of a redirection), addOns
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
      readmittedAfter,
      redirect,
      addOns,
    })
  }
  return marks
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
