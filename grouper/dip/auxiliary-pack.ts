import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { home, readDocument, say } from '../../files/index.ts'
import { Fault, nearest } from '../../messages/index.ts'
import { loadScheme } from '../scheme/library.ts'
import { cciRows, listedCodes } from './auxiliary-lists.ts'
import { type AuxiliaryPack, BOUNDED, type DiagnosisList } from './auxiliary-types.ts'
import { parseTerm } from './keys.ts'

const text = z.strictObject({ zh: z.string(), en: z.string() })
const bounds = z
  .strictObject({ from: z.int().min(0).optional(), to: z.int().min(0).optional() })
  .refine(({ from, to }) => from !== undefined || to !== undefined, say('须写 from 或 to', 'from or to is due'))
  .refine(({ from = 0, to }) => to === undefined || from <= to, say('from 不能大于 to', 'from must not exceed to'))
const condition = z.strictObject({
  ...(Object.fromEntries(BOUNDED.map(fact => [fact, bounds.optional()])) as Record<
    (typeof BOUNDED)[number],
    z.ZodOptional<typeof bounds>
  >),
  died: z.boolean().optional(),
  complication: z.enum(['MCC', 'CC']).optional(),
  otherIn: z.string().optional(),
  diagnosisIn: z.string().optional(),
  malignantOther: z.boolean().optional(),
})
const term = z.string().transform((given, context) => {
  const found = parseTerm(given)
  if (found !== undefined) return found
  context.addIssue(
    say(
      `${given} 不是诊断项，如 C77、C77-C79 或 J96.0`,
      `${given} is no diagnosis term, such as C77, C77-C79 or J96.0`,
    ),
  )
  return z.NEVER
})
const auxiliaryClass = z.strictObject({
  id: z.string().min(1),
  title: text,
  when: condition,
  base: z.boolean().default(false),
})
const auxiliaryType = z.strictObject({
  id: z.string().min(1),
  title: text,
  scope: z.enum(['all', 'malignant', 'notMalignant']),
  loose: z.boolean().default(false),
  classes: z.array(auxiliaryClass).min(1).max(200),
})
const confidence = z.enum(['O', 'O-draft', 'P', 'C'])
const cited = { source: z.string(), confidence }
const schema = z
  .strictObject({
    id: z.string().min(1),
    title: text,
    ...cited,
    cci: z.strictObject({ file: z.string(), ...cited }).nullable(),
    icuDays: z.enum(['completed', 'begun']),
    complications: z.string().optional(),
    malignant: z.strictObject({ terms: z.array(term), ...cited }),
    lists: z.record(
      z.string(),
      z.strictObject({ title: text, terms: z.array(term).default([]), file: z.string().optional(), ...cited }),
    ),
    types: z.array(auxiliaryType).min(1),
  })
  .refine(
    ({ types }) => new Set(types.map(({ id }) => id)).size === types.length,
    say('两个分型同名', 'two types have one id'),
  )
  .refine(
    ({ types }) => types.every(({ classes }) => new Set(classes.map(({ id }) => id)).size === classes.length),
    say('同一分型中两个类别同名', 'two classes of a type have one id'),
  )

/** Ids of the packs that ship with the package. */
const SHIPPED: readonly string[] = ['dip3-draft', 'ladder-1.0']

/**
 * The auxiliary types of a shipped id (`dip3-draft`, `ladder-1.0`) or of a YAML file, with the lists that it names. A fault
 * names file, line and field.
 */
export function readAuxiliaryPack(idOrFile: string): AuxiliaryPack {
  const file = SHIPPED.includes(idOrFile) ? home('schemes', 'auxiliary', `${idOrFile}.yaml`) : idOrFile
  if (!existsSync(file)) throw noPack(idOrFile)
  const { cci, complications, lists, malignant, ...rest } = readDocument(file, schema)
  const beside = (name: string): string => join(dirname(file), name)
  const known = new Map(
    Object.entries(lists).map(([name, list]): [string, DiagnosisList] => {
      const codes = list.file === undefined ? [] : listedCodes(beside(list.file))
      return [name, { title: list.title, terms: list.terms, codes: new Set(codes) }]
    }),
  )
  for (const type of rest.types) {
    for (const { id, when } of type.classes) {
      const place = { file, field: `types.${type.id}.${id}` }
      for (const name of [when.otherIn, when.diagnosisIn]) {
        if (name !== undefined && !known.has(name)) throw noList(place, name, [...known.keys()])
      }
      if (when.complication !== undefined && complications === undefined) throw noComplications(place)
      if (when.cci !== undefined && cci === null) throw noIndex(place)
    }
  }
  return {
    id: rest.id,
    title: rest.title,
    types: rest.types,
    icuDays: rest.icuDays,
    lists: known,
    malignant: malignant.terms,
    cci: cci === null ? [] : cciRows(beside(cci.file)),
    complications: complications === undefined ? null : loadScheme(complications),
  }
}

function noPack(id: string): Fault {
  const meant = nearest(id, SHIPPED)
  return new Fault({
    code: 'AUX-001',
    at: { field: id },
    what: {
      zh: `没有辅助分型 ${id}，也没有这样的文件。`,
      en: `There are no auxiliary types ${id} and no file of that name.`,
    },
    fix: {
      zh: `${meant === undefined ? '' : `是否指 ${meant}？`}内置的有：${SHIPPED.join('、')}。`,
      en: `${meant === undefined ? '' : `Did you mean ${meant}? `}Built-in: ${SHIPPED.join(', ')}.`,
    },
  })
}

function noList(at: { file: string; field: string }, name: string, known: readonly string[]): Fault {
  return new Fault({
    code: 'AUX-004',
    at,
    what: { zh: `没有名为 ${name} 的诊断列表。`, en: `There is no list of diagnoses ${name}.` },
    fix: { zh: `lists 中有：${known.join('、')}。`, en: `Under lists there are ${known.join(', ')}.` },
  })
}

function noComplications(at: { file: string; field: string }): Fault {
  return new Fault({
    code: 'AUX-005',
    at,
    what: {
      zh: '分型使用 MCC 或 CC，但没有说明取自哪个方案。',
      en: 'The class asks for MCC or CC, and nothing says whose.',
    },
    fix: {
      zh: '请写 complications: chs-drg-1.1 或其他方案。',
      en: 'Write complications: chs-drg-1.1 or another scheme.',
    },
  })
}

function noIndex(at: { file: string; field: string }): Fault {
  return new Fault({
    code: 'AUX-006',
    at,
    what: {
      zh: '分型使用合并症指数，但没有指数表。',
      en: 'The class asks for the comorbidity index, and there is none.',
    },
    fix: { zh: '请写 cci.file。', en: 'Give cci.file.' },
  })
}
