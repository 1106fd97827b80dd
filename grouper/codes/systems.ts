import { z } from 'zod'
import { home, readDocument } from '../../files/index.ts'
import { Fault, type Text } from '../../messages/index.ts'

/** A pair of dictionaries in which hospitals code: `yb-2.0`, `gl-3.0` … */
export interface CodeSystem {
  readonly id: string
  readonly name: Text
  /** Ids of the dictionaries. */
  readonly diagnosis: string
  readonly procedure: string
}

const schema: z.ZodType<CodeSystem[]> = z.array(
  z.strictObject({
    id: z.string(),
    name: z.strictObject({ zh: z.string(), en: z.string() }),
    diagnosis: z.string(),
    procedure: z.string(),
  }),
)

let known: readonly CodeSystem[] | undefined

/** The code systems of `schemes/codes/systems.yaml`, in the order in which they are offered. */
export function listCodeSystems(): readonly CodeSystem[] {
  known ??= readDocument(home('schemes', 'codes', 'systems.yaml'), schema)
  return known
}

/** A code system by its id. */
export function codeSystem(id: string): CodeSystem {
  const systems = listCodeSystems()
  const found = systems.find(system => system.id === id)
  if (found !== undefined) return found
  const ids = systems.map(system => system.id)
  throw new Fault({
    code: 'CRW-004',
    at: { field: id },
    what: { zh: `没有编码体系 ${id}。`, en: `There is no code system ${id}.` },
    fix: { zh: `可用的有：${ids.join('、')}、auto。`, en: `Known: ${ids.join(', ')}, auto.` },
    status: 64,
  })
}
