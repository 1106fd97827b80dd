import { expect, it } from 'vitest'
import { nearest } from '../../messages/index.ts'

it.each([
  ['op_bb1', ['OP_BB2', 'OP_BB1'], 'OP_BB1'],
  ['ZYZZ', ['QTZD', 'ZYZD', 'ZYSS'], 'ZYZD'],
  ['YZZD', ['QTZD', 'ZYZD'], 'ZYZD'],
  ['chs-drg-2', ['chs-drg-1.1', 'chs-drg-2.0'], 'chs-drg-2.0'],
  ['DI_X9', ['DI_X1', 'DI_X2'], 'DI_X1'],
  ['anything', ['ZYZD', 'QTZD'], undefined],
  ['yanchen', ['wuxi-2022', 'yancheng-2025'], 'yancheng-2025'],
  ['chs', ['chs-drg-1.1', 'chs-drg-2.0'], undefined],
  ['x', [], undefined],
  ['320', ['310', '390'], undefined],
  ['H009', ['H008', 'H010'], undefined],
])('%s among %j is %s', (word, candidates, expected) => {
  expect(nearest(word, candidates)).toBe(expected)
})
