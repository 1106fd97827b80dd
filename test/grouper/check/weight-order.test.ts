import { expect, it } from 'vitest'
import { checkWeightOrder } from '../../../grouper/check/weight-order.ts'
import { findingText } from '../../../grouper/scheme/finding.ts'
import { importTables } from '../../../grouper/scheme/import.ts'
import { Decimal } from '../../../numbers/index.ts'
import { SMALL, withTables } from '../scheme/small.ts'

const bands = `BB1E,老年伴严重,QTZD in MCC and NL >= 70,BB1,MDCB,0.1
BB1F,老年伴一般,QTZD in CC and NL >= 70,BB1,MDCB,0.3
BB13,开颅，伴一般,QTZD in CC,BB1,MDCB,1.5
`
const scheme = withTables({ ...SMALL, DRG: SMALL.DRG! + bands }, folder => importTables(folder, { id: 'small' }).scheme)

function found(weights: Readonly<Record<string, string>>): string[] {
  const weightOf = (drg: string): Decimal | null => (weights[drg] === undefined ? null : new Decimal(weights[drg]))
  return [...checkWeightOrder(scheme, weightOf)].map(finding => findingText(finding, 'en'))
}

it('finds nothing where weights fall with severity, or are missing', () => {
  expect(found({ BB1E: '3', BB1F: '2', BB11: '2.5', BB13: '1.5', BB15: '1' })).toEqual([])
  expect(found({ BB11: '1' })).toEqual([])
})

it('CHK-017 a leaf that weighs less than a milder sibling of the same age band', () => {
  expect(found({ BB1E: '1.9', BB1F: '2', BB11: '1.2', BB13: '1.5', BB15: '1.6' })).toEqual([
    'warning CHK-017 DRG:7 BB1E  weighs 1.9, less than the milder BB1F (2)',
    'warning CHK-017 DRG:4 BB11  weighs 1.2, less than the milder BB13 (1.5)',
    'warning CHK-017 DRG:9 BB13  weighs 1.5, less than the milder BB15 (1.6)',
  ])
})
