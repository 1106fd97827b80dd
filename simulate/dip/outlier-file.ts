import { z } from 'zod'
import { home, readDocument, say } from '../../files/index.ts'
import { Fault } from '../../messages/index.ts'
import { Decimal } from '../../numbers/index.ts'
import type { OutlierRules } from './outlier.ts'

const decimal = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/, say('请写成带引号的十进制数，如 "0.5"', 'write a decimal in quotes, such as "0.5"'))
  .transform(text => new Decimal(text))
const zero = new Decimal(0)

const band = z
  .strictObject({
    class: z.enum(['low', 'normal', 'high', 'extreme']),
    upTo: decimal.nullish().transform(value => value ?? null),
    op: z.enum(['<', '<=']).default('<='),
    slope: decimal.default(zero),
    constant: decimal.default(zero),
    perCoefficient: decimal.default(zero),
    institution: z.boolean().default(true),
    auxiliary: z.boolean().default(true),
    flag: z
      .enum(['watch', 'specialCaseReview', 'expertReview'])
      .nullish()
      .transform(value => value ?? null),
  })
  .readonly()

const bands = z
  .array(band)
  .min(1)
  .refine(
    all => all.every(({ upTo }, i) => (upTo === null) === (i === all.length - 1)),
    say('除最后一档外都须写 upTo，最后一档不写', 'every band but the last needs upTo, and the last has none'),
  )
  .refine(
    all => all.every(({ upTo }, i) => i === 0 || upTo === null || upTo.gt(all[i - 1]!.upTo ?? zero)),
    say('各档须按 upTo 从小到大排列', 'bands must stand in ascending order of upTo'),
  )

const schema = z.strictObject({
  ruleSets: z.record(
    z.string(),
    z.strictObject({
      title: z.strictObject({ zh: z.string(), en: z.string() }),
      source: z.string(),
      confidence: z.enum(['O', 'O-draft', 'P', 'C']),
      reference: z.enum(['levelStandard', 'groupMean', 'meanFactor']),
      bands,
      noScore: z.enum(['payBill']).optional(),
      blankGroup: z.strictObject({ factor: decimal }).optional(),
    }),
  ),
})

/** The outlier rule sets of a file by id; default those that ship with the package (`policies/dip-outliers.yaml`). */
export function readOutlierRules(
  file: string = home('policies', 'dip-outliers.yaml'),
): ReadonlyMap<string, OutlierRules> {
  const { ruleSets } = readDocument(file, schema)
  return new Map(
    Object.entries(ruleSets).map(([id, { title, reference, bands, noScore, blankGroup }]) => [
      id,
      { id, title, reference, bands, noScore: noScore ?? null, blankFactor: blankGroup?.factor ?? null },
    ]),
  )
}

/** The rule set of that id; a fault lists those there are. */
export function outlierRulesOf(all: ReadonlyMap<string, OutlierRules>, id: string): OutlierRules {
  const found = all.get(id)
  if (found !== undefined) return found
  const known = [...all.keys()].join(', ')
  throw new Fault({
    code: 'POL-020',
    at: { field: id },
    what: { zh: `没有费用异常规则 ${id}。`, en: `There is no outlier rule set ${id}.` },
    fix: { zh: `可用的有：${known}。`, en: `These exist: ${known}.` },
  })
}
