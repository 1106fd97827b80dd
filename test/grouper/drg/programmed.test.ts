import { expect, test } from 'vitest'
import { compileBook, programmedRules } from '../../../grouper/index.ts'
import { importTables } from '../../../grouper/scheme/import.ts'
import { SMALL, withTables } from '../scheme/small.ts'

function programmed(changes: Readonly<Record<string, string>> = {}): unknown {
  return programmedRules(
    compileBook(withTables({ ...SMALL, ...changes }, folder => importTables(folder, { id: 'small' }).scheme)),
  )
}

test('lists and severity alone need no program', () => {
  expect(programmed()).toEqual({ adrgs: [], drgs: [] })
})

test('nor does what is known at once: sex, being under one year, having no procedure', () => {
  const known = '"(ZYZD in DI_B00) and (XB = 2) and (NL < 1) and (not ({ZYSS, QTSS} in OP_ALL))"'
  expect(programmed({ ADRG: SMALL.ADRG!.replace('BR1,神经内科,ZYZD in DI_B00', `BR1,神经内科,${known}`) })).toEqual({
    // With a procedure the case must be asked for which.
    adrgs: ['BR1'],
    drgs: [],
  })
  const without = known.replace(' and (not ({ZYSS, QTSS} in OP_ALL))', '')
  expect(programmed({ ADRG: SMALL.ADRG!.replace('BR1,神经内科,ZYZD in DI_B00', `BR1,神经内科,${without}`) })).toEqual({
    adrgs: [],
    drgs: [],
  })
})

test('two lists of procedures, a weight and ages of leaves need one', () => {
  expect(
    programmed({
      ADRG: SMALL.ADRG!.replace(
        '"{ZYSS, QTSS} in OP_BB1"',
        '"({ZYSS, QTSS} in OP_BB1) and ({ZYSS, QTSS} in OP_ALL)"',
      ).replace('BR1,神经内科,ZYZD in DI_B00', 'BR1,神经内科,(ZYZD in DI_B00) and (XSRTZ < 1500)'),
      DRG: SMALL.DRG!.replace('QTZD in MCC', 'NL < 17'),
    }),
  ).toEqual({ adrgs: ['BB1', 'BR1'], drgs: ['BB11'] })
})
