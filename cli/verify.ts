import { readFileSync } from 'node:fs'
import { Command } from '@commander-js/extra-typings'
import { decodeUtf8, unreadable } from '../files/index.ts'
import { type DipCaseCheck, dipExplanationLines, loadCatalogue, verifyDipCases } from '../grouper/index.ts'
import { Fault, type Lang, type Text } from '../messages/index.ts'
import {
  type ExampleResult,
  holds,
  isDipExamples,
  isExampleList,
  runDipExamples,
  runExamples,
} from '../simulate/index.ts'
import { type Console, print } from './console.ts'

interface VerifyOptions {
  readonly file: string
  readonly tables: string | undefined
  readonly scheme: string
}

/** A shape of document that can be verified: how it is recognised, and how it is run. */
interface Shape {
  readonly name: Text
  fits(document: unknown): boolean
  run(document: unknown, options: VerifyOptions): readonly ExampleResult[]
}

const SHAPES: readonly Shape[] = [
  {
    name: {
      zh: '结算示例：[{id, kind, inputs, expected}]',
      en: 'settlement examples: [{id, kind, inputs, expected}]',
    },
    fits: isExampleList,
    run: runExamples,
  },
  {
    name: {
      zh: 'DIP 算例：{examples: [{id, inputs, expected, roundedTo}]}',
      en: 'DIP examples: {examples: [{id, inputs, expected, roundedTo}]}',
    },
    fits: isDipExamples,
    run: runDipExamples,
  },
  {
    name: {
      zh: 'DIP 分组病例：{lists, cases: [{id, principalDiagnosis, operations, expected}]}',
      en: 'DIP cases: {lists, cases: [{id, principalDiagnosis, operations, expected}]}',
    },
    fits: isDipCases,
    run: (document, { scheme }) => verifyDipCases(loadCatalogue(scheme), document).map(groupResult),
  },
]

function isDipCases(document: unknown): boolean {
  const cases = (document as { readonly cases?: unknown } | null)?.cases
  return (
    Array.isArray(cases) && cases.some(one => typeof one === 'object' && one !== null && 'principalDiagnosis' in one)
  )
}

function groupResult({ id, passed, expected, found, explanation }: DipCaseCheck): ExampleResult {
  const lines = (lang: Lang): string =>
    explanation === undefined ? '' : dipExplanationLines(explanation, lang).join('\n      ')
  return {
    id,
    kind: 'dip-case',
    checks: [{ field: 'group', expected, got: found, holds: passed }],
    statement: explanation === undefined ? [] : [{ zh: lines('zh'), en: lines('en') }],
    problem: null,
  }
}

/** `dianzhi verify`: worked examples through the code that settles; exit status 1 where one differs. */
export function verifyCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  return new Command('verify')
    .argument('<files...>', zh ? '算例文件（JSON）' : 'files of examples (JSON)')
    .option(
      '--tables <folder>',
      zh ? '算例引用的公布表所在文件夹' : 'folder of the published tables that examples name',
    )
    .option(
      '--scheme <id>',
      zh ? 'DIP 病例所用的目录（编号或文件夹）' : 'catalogue for DIP cases: id or pack folder',
      'dip-3.0-sample',
    )
    .option('--quiet', zh ? '只列出不一致的算例' : 'list only examples that differ')
    .action((files, options) => {
      let total = 0
      let wrong = 0
      for (const file of files) {
        for (const result of verifyFile({ file, tables: options.tables, scheme: options.scheme })) {
          total++
          if (!holds(result)) wrong++
          if (options.quiet !== true || !holds(result)) printResult(console, result)
        }
      }
      print(console, zh ? `${total} 个算例，一致 ${total - wrong} 个` : `${total} examples, ${total - wrong} hold`)
      if (wrong > 0) throw differing(wrong)
    }) as unknown as Command
}

function differing(wrong: number): Fault {
  return new Fault({
    code: 'VER-003',
    what: {
      zh: `${wrong} 个算例不一致或无法计算。`,
      en: `${wrong} ${wrong === 1 ? 'example differs' : 'examples differ'} or cannot be run.`,
    },
    fix: {
      zh: '请核对政策包与算例，差异和结算步骤见上。',
      en: 'Check the pack and the example; the differences and the steps of the settlement stand above.',
    },
    status: 1,
  })
}

function verifyFile(options: VerifyOptions): readonly ExampleResult[] {
  const { file } = options
  const document = readExamples(file)
  const shape = SHAPES.find(one => one.fits(document))
  if (shape !== undefined) return shape.run(document, options)
  const shapes = (lang: 'zh' | 'en'): string => SHAPES.map(one => one.name[lang]).join(lang === 'zh' ? '；' : '; ')
  throw new Fault({
    code: 'VER-002',
    at: { file },
    what: { zh: '不是可以验证的算例文件。', en: 'This is not a file of examples that can be verified.' },
    fix: { zh: `可用的格式：${shapes('zh')}。`, en: `It may hold ${shapes('en')}.` },
  })
}

/** Reads a file of examples as JSON. */
export function readExamples(file: string): unknown {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (error) {
    throw unreadable(file, error)
  }
  try {
    return JSON.parse(decodeUtf8(bytes, file))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    // Behind the comma the text itself would follow.
    const reason = error.message.replace(/, (?:\.{3})?"[\s\S]*/, '')
    const text = bytes.toString().trim()
    const isCut = /^[[{]/.test(text) && !/[\]}]$/.test(text)
    throw new Fault({
      code: 'VER-001',
      at: { file },
      what: {
        zh: `不是合法的 JSON${text === '' ? '：文件是空的' : isCut ? '：内容不完整' : ''}。`,
        en: `Not valid JSON: ${text === '' ? 'the file is empty' : reason}.`,
      },
      fix: {
        zh: '请核对是否给错了文件，并检查引号、逗号和括号；算例的写法见 docs/your-city.md。',
        en: 'See whether this is the file that was meant, and check quotes, commas and brackets; docs/your-city.md shows examples.',
      },
    })
  }
}

/** One line for an example that holds; for one that differs, every value that does and the statement. */
function printResult(console: Console, result: ExampleResult): void {
  const { lang } = console
  const zh = lang === 'zh'
  if (result.problem !== null) {
    print(console, `✗ ${result.id}  ${zh ? '无法计算' : 'cannot be run'}  ${result.problem[lang]}`)
    return
  }
  const wrong = result.checks.filter(check => !check.holds)
  if (wrong.length === 0) {
    const values = result.checks.map(({ field, got }) => `${field} ${got}`).join(zh ? '，' : ', ')
    print(console, `✓ ${result.id}  ${values}`)
    return
  }
  print(console, `✗ ${result.id}`)
  for (const { field, expected, got } of wrong) {
    const found = got ?? (zh ? '（没有这个字段）' : '(no such field)')
    print(
      console,
      zh ? `    ${field}：应为 ${expected}，实得 ${found}` : `    ${field}: expected ${expected}, got ${found}`,
    )
  }
  for (const line of result.statement) print(console, `    · ${line[lang]}`)
}
