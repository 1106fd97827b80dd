import { Fault } from '../messages/index.ts'
import type { Decimal } from '../numbers/index.ts'

/** Why a configuration that is well written does not fit the data. */

export function benchmarkMissing(group: string, known: boolean): Fault {
  return new Fault({
    code: 'WGT-012',
    at: { field: 'benchmark' },
    what: {
      zh: known ? `基准病组 ${group} 没有可用的病例。` : `方案中没有基准病组 ${group}。`,
      en: known ? `The benchmark group ${group} has no case to rest on.` : `The scheme has no group ${group}.`,
    },
    fix: { zh: '请换一个病例数多、费用稳定的病组。', en: 'Choose a group with many cases and stable costs.' },
  })
}

export function unknownGroups(field: string, pattern: string): Fault {
  return new Fault({
    code: 'WGT-013',
    at: { field },
    what: { zh: `方案中没有病组或核心病组符合 ${pattern}。`, en: `No group or ADRG of the scheme fits ${pattern}.` },
    fix: { zh: '请核对编码；* 只能写在末尾。', en: 'Check the code; * may stand at the end only.' },
  })
}

export function totalExceeded(share: Decimal): Fault {
  const percent = share.times(100).toFixed(1)
  return new Fault({
    code: 'WGT-014',
    at: { field: 'adjustments' },
    what: {
      zh: `固定不动的病组占总权重的 ${percent}%，其余病组没有可分的权重。`,
      en: `The groups that are held have ${percent} % of the total weight; nothing is left for the others.`,
    },
    fix: {
      zh: '请减小系数，减少 locked 的病组，或把 held 设为 false。',
      en: 'Use smaller factors, lock fewer groups, or set held to false.',
    },
  })
}

export function noSuchIndex(index: string, columns: readonly string[], file?: string): Fault {
  return new Fault({
    code: 'WGT-015',
    at: { ...(file === undefined ? {} : { file, line: 1 }), field: `coefficient.composite.parts.${index}` },
    what: {
      zh: `医疗机构表没有列 ${index}；除 code、name、level 外${columns.length === 0 ? '没有其他数值列' : `有 ${columns.join('、')}`}。`,
      en: `The table of hospitals has no column ${index}; besides code, name and level it has ${columns.join(', ') || 'no figures'}.`,
    },
    fix: {
      zh: '请补上该列，或改用 cmi、youngShare、oldShare、cases。',
      en: 'Add the column, or use cmi, youngShare, oldShare, cases.',
    },
  })
}

export function levelWithoutBasic(level: string): Fault {
  return new Fault({
    code: 'WGT-016',
    at: { field: `coefficient.composite.basic.${level}` },
    what: { zh: `级别 ${level} 没有基本系数。`, en: `Level ${level} has no basic coefficient.` },
    fix: { zh: '请在 composite.basic 中补上该级别。', en: 'Add the level to composite.basic.' },
  })
}
