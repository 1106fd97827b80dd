import { expect, test } from 'vitest'
import { Decimal } from '../../numbers/index.ts'
import { payCase } from '../../simulate/settle/case-payment.ts'
import { CLASSES } from '../../simulate/settle/classes.ts'
import { band } from '../../simulate/settle/trace.ts'
import { caseOf, policyOf } from './examples.ts'

test('a Chinese trace names classes in Chinese', () => {
  for (const name of CLASSES) expect(band(name, 'N', null).text.zh).not.toMatch(new RegExp(name))
  expect(new Set(CLASSES.map(name => band(name, 'N', null).text.zh)).size).toBe(CLASSES.length)
})

test('a ratio over the regional mean is not called a ratio over the payment standard', () => {
  const policy = policyOf({ method: 'points', avgCost: '6000', ratioBase: 'avgRw' })
  const one = caseOf({ weight: new Decimal(2), cost: 2_400_000 })
  const { trace } = payCase(policy, one, { meanCost: null, pointValue: null })
  const line = trace.find(({ rule }) => rule === 'ratioBase')
  expect(line?.text.zh).toBe('费用为倍率基数 12000 元的 2 倍。')
})
