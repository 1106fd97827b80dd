import { expect, it } from 'vitest'
import { home, readDocument } from '../../../files/index.ts'
import { FACT_NAMES, FACTS, type FactName } from '../../../grouper/index.ts'
import { recordSchema } from '../../../grouper/quality/record.ts'
import { recordFacts } from '../../../grouper/quality/record-facts.ts'
import { exampleSchema } from './example.ts'

/** The record without a field; of `list.key` the key of every item. */
function without(record: Record<string, unknown>, field: string): Record<string, unknown> {
  const [name = '', key] = field.split('.')
  const { [name]: gone, ...rest } = record
  if (key === undefined || gone === undefined || gone === null) return rest
  const strip = (one: unknown): unknown =>
    typeof one === 'object' && one !== null ? without(one as Record<string, unknown>, key) : one
  return { ...rest, [name]: Array.isArray(gone) ? gone.map(strip) : strip(gone) }
}

const told = (record: Record<string, unknown>): Partial<Record<FactName, number>> =>
  recordFacts(recordSchema.parse(record))

/** Facts for which an empty field is an answer. */
const SAYS_NO: readonly FactName[] = ['newbornTypeValid', 'anaesthesiaGiven', 'bloodTyped', 'autopsyMissing']

it('names fields of records without which a fact is not told', () => {
  const records = [
    ...readDocument(home('schemes', 'quality', 'examples.yaml'), exampleSchema).flatMap(one => [
      ...one.pass,
      ...one.fail,
    ]),
    { totalCost: 900, groupMeanCost: 300 },
  ]
  const seen = new Set<string>()
  for (const record of records) {
    const facts = told(record)
    for (const name of FACT_NAMES) {
      if (FACTS[name].from !== 'record' || facts[name] === undefined) continue
      for (const field of FACTS[name].record.split(', ')) {
        const less = field.split('|').reduce(without, record)
        if (!SAYS_NO.includes(name)) expect(told(less)[name], `${name} without ${field}`).toBeUndefined()
        seen.add(`${name} ${field}`)
      }
    }
  }
  const named = FACT_NAMES.filter(
    name => FACTS[name].from === 'record' && !['settledBefore', 'returnDays'].includes(name),
  )
  expect(named.filter(name => ![...seen].some(one => one.startsWith(`${name} `)))).toEqual([])
})

it('names fields that records have', () => {
  const shape = Object.keys((recordSchema as unknown as { shape: Record<string, unknown> }).shape)
  for (const name of FACT_NAMES) {
    for (const field of FACTS[name].record.split(/, |\|/).filter(Boolean)) expect(shape).toContain(field.split('.')[0])
  }
})
