import { expect, it } from 'vitest'
import { checkReach } from '../../../grouper/check/reach.ts'
import { findingText } from '../../../grouper/scheme/finding.ts'
import { importTables } from '../../../grouper/scheme/import.ts'
import { SMALL, withTables } from '../scheme/small.ts'

/** The small scheme with an operation that belongs to no ADRG, so that the ambiguous leaf has cases. */
const SOUND = { ...SMALL, 集合: `${SMALL.集合}OP_ALL,47.0100,腹腔镜下阑尾切除术,手术操作\n` }

function reachOf(changes: Readonly<Record<string, string>> = {}): { leaves: string[]; findings: string[] } {
  const { witnesses, findings } = withTables({ ...SOUND, ...changes }, folder =>
    checkReach(importTables(folder, { id: 'small' }).scheme),
  )
  return {
    leaves: witnesses.map(({ leaf }) => leaf.drg.code),
    findings: findings.map(finding => findingText(finding, 'en')),
  }
}

it('shows every leaf of a sound scheme by a case', () => {
  expect(reachOf()).toEqual({ leaves: ['AA19', 'BB11', 'BB15', 'BQY', 'BR19'], findings: [] })
})

it('CHK-013 a leaf whose siblings leave it no case', () => {
  const stays = 'BR11,长,ZYTS > 5,BR1,MDCB,1\nBR13,短,ZYTS < 6,BR1,MDCB,2\nBR19,神经内科,,BR1,MDCB,3'
  const { leaves, findings } = reachOf({ DRG: SMALL.DRG!.replace('BR19,神经内科,,BR1,MDCB,1', stays) })
  expect(leaves).toEqual(['AA19', 'BB11', 'BB15', 'BQY', 'BR11', 'BR13'])
  expect(findings).toEqual([
    'warning CHK-013 DRG:7 BR19  never holds for a case that is in the ADRG and in no earlier group of it (ZYTS)',
  ])
})

it('CHK-014 an ADRG that the gate of its MDC never lets in, once for all its leaves', () => {
  const { findings } = reachOf({
    MDC: SMALL.MDC!.replace('ZYZD in DI_B00', 'ZYZD in DI_B00 and ZYSS not in OP_BB1'),
    ADRG: SMALL.ADRG!.replace('"{ZYSS, QTSS} in OP_BB1"', 'ZYSS in OP_BB1'),
  })
  expect(findings).toEqual([
    'error CHK-014 ADRG:4 BB1  the condition of MDCB and its own never hold together (ZYSS: OP_BB1 & -OP_BB1); it is never reached',
  ])
})

it('CHK-016 a leaf whose cases all fall into earlier groups', () => {
  const { findings } = reachOf({
    集合: `${SOUND.集合}OP_BX,01.2400,其他颅骨切开术,手术操作\nOP_BX,37.5100,心脏移植术,手术操作\n`,
    ADRG: `${SMALL.ADRG}BX1,其他,ZYSS in OP_BX,MDCB,1.2\n`,
    DRG: `${SMALL.DRG}BX19,其他,,BX1,MDCB,1\n`,
  })
  expect(findings).toHaveLength(1)
  expect(findings[0]).toMatch(/^warning CHK-016 DRG:7 BX19 {2}no case was found .* \((AA19 \d+|BB1[15] \d+|, )+\)$/)
})
