import type { Text } from './lang.ts'

/** The first of some names, for a message that has no room for all; a mark stands for the others. */
export function someOf(names: readonly string[], most = 20): Text {
  const some = names.slice(0, most)
  const isCut = some.length < names.length
  return { zh: `${some.join('、')}${isCut ? '……' : ''}`, en: `${some.join(', ')}${isCut ? ' …' : ''}` }
}
