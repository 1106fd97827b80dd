import { type DipCatalogue, keyAt, PROPERTY_NAMES, type PropertyNumber } from '../../grouper/index.ts'

const firstNames = new WeakMap<object, ReadonlyMap<string, string>>()

/** Name of a diagnosis key: that of its first code with a name, without what makes that code special. */
function nameOfKey({ diagnoses }: DipCatalogue, key: string): string {
  let names = firstNames.get(diagnoses)
  if (names === undefined) {
    const made = new Map<string, string>()
    diagnoses.codes.forEach((code, id) => {
      const name = diagnoses.names[id]!
      if (name === '') return
      for (const level of [2, 1] as const) {
        const short = keyAt(code, level)
        if (short !== '' && !made.has(short)) made.set(short, name)
      }
    })
    firstNames.set(diagnoses, made)
    names = made
  }
  return names.get(key) ?? key
}

/** The name of a local group, made from the names of its codes. */
export function nameOfGroup(
  catalogue: DipCatalogue,
  dx: string,
  main: string,
  related: readonly string[],
  property?: PropertyNumber,
): string {
  const { ids, names } = catalogue.procedures
  const operation = (code: string): string => names[ids.get(code) ?? 0] || code
  if (property !== undefined) return `${nameOfKey(catalogue, dx)}，${PROPERTY_NAMES[property]}`
  const treatment = main === '' ? '保守治疗' : operation(main)
  return `${nameOfKey(catalogue, dx)}，${treatment}${related.map(code => `＋${operation(code)}`).join('')}`
}
