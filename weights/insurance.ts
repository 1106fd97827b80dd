import { z } from 'zod'
import { home, readDocument } from '../files/index.ts'

/** An insurance scheme (险种) as `policies/insurances.yaml` names it. */
export interface Insurance {
  /** National code, three digits. */
  readonly code: string
  /** How a policy pack may write it instead of the code. */
  readonly word: string
  readonly zh: string
  readonly en: string
  /** Other ways in which data write it. */
  readonly aliases: readonly string[]
  readonly source: string
}

const text = z.string().min(1)
const SCHEMA: z.ZodType<{ readonly insurances: readonly Insurance[] }> = z.strictObject({
  insurances: z
    .array(
      z.strictObject({
        code: z.string().regex(/^\d{3}$/),
        word: z.string().regex(/^[a-z]+$/),
        zh: text,
        en: text,
        aliases: z.array(text),
        source: text,
      }),
    )
    .min(1),
})

/** The insurance schemes that are known by name. */
export const INSURANCES: readonly Insurance[] = readDocument(home('policies', 'insurances.yaml'), SCHEMA).insurances

const CODES: ReadonlyMap<string, string> = new Map(
  INSURANCES.flatMap(one => [one.code, one.word, one.zh, one.en, ...one.aliases].map(name => [name, one.code])),
)

/** The code of an insurance scheme however it is written: '职工' → '310'. What is not known stays, without its blanks. */
export function insuranceCode(name: string): string {
  const plain = name.normalize('NFKC').trim()
  return CODES.get(plain) ?? plain
}
