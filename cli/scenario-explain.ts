import type { Lang, Text } from '../messages/index.ts'
import { type Grid, numberColumn, terminalOptions, terminalTable, textColumn } from '../report/index.ts'
import {
  assumptionsOf,
  type Difference,
  explainScenario,
  layersOf,
  loadPolicy,
  parametersOf,
  readProvenance,
  readRegion,
  type Scenario,
} from '../simulate/index.ts'
import { type Console, print } from './console.ts'
import { scenarioTerms } from './pipeline.ts'

/** What a scenario changes in a region; no case is read. */
export function differencesOf(scenario: Scenario, regionFile: string): readonly Difference[] {
  const region = readRegion(regionFile)
  const policy = loadPolicy(region.policy)
  const { budgets, hospitals, months } = scenarioTerms(region, policy)
  const parameters = parametersOf({ policy: policy.document, budgets, hospitals })
  return explainScenario(parameters, scenario, months, readProvenance(region.policy))
}

/** Prints head and changes of a scenario. */
export function printExplanation(console: Console, scenario: Scenario, found: readonly Difference[]): void {
  const zh = console.lang === 'zh'
  print(console, scenario.title[console.lang])
  if (scenario.description !== null) print(console, scenario.description[console.lang].trim())
  const facts = [
    [zh ? '作者' : 'author', scenario.author],
    [zh ? '日期' : 'date', scenario.date],
    [zh ? '基线' : 'baseline', scenario.baseline],
    [zh ? '叠加于' : 'stacked upon', scenario.stack.map(one => one.title[console.lang]).join(zh ? '、' : ', ') || null],
  ] as const
  for (const [name, value] of facts) if (value !== null) print(console, `${name}  ${value}`)
  for (const { title, href } of layersOf(scenario).flatMap(layer => layer.reference)) {
    print(console, `${zh ? '依据' : 'source'}  ${title}${href === undefined ? '' : `  ${href}`}`)
  }
  for (const { figure, value, low, high, source, confidence } of assumptionsOf(scenario)) {
    const tried = [low, high].filter(one => one !== null).join(' – ')
    const numbers = `${value ?? ''}${tried === '' ? '' : ` (${tried})`}`
    print(
      console,
      `${zh ? '假设' : 'assumed'}  ${[figure[console.lang], numbers].filter(part => part !== '').join('  ')}  [${confidence}] ${source[console.lang]}`,
    )
  }
  if (found.length === 0) print(console, zh ? '没有改动任何参数。' : 'It changes no parameter.')
  else print(console, terminalTable(differencesGrid(found, console.lang), terminalOptions(console.out)))
}

/** One row a parameter: where, what, before, after, when, origin of the old value. */
export function differencesGrid(found: readonly Difference[], lang: Lang): Grid {
  const zh = lang === 'zh'
  return {
    columns: [
      textColumn(zh ? '参数' : 'Parameter'),
      textColumn(zh ? '含义' : 'Meaning'),
      numberColumn(zh ? '基线' : 'Before'),
      numberColumn(zh ? '情景' : 'After'),
      textColumn(zh ? '单位' : 'Unit'),
      textColumn(zh ? '月份' : 'Months'),
      textColumn(zh ? '基线的依据' : 'Origin of the old value'),
    ],
    rows: found.map(({ path, label, before, after, unit, months, origin }) => [
      path,
      label[lang],
      inWords(path, before, lang),
      inWords(path, after, lang),
      unit[lang],
      months === null ? (zh ? '全年' : 'all') : months.join(' – '),
      origin === null ? '–' : [origin.confidence, origin.source].filter(part => part !== null).join(' '),
    ]),
  }
}

/** A change of cases as a sentence; other values as files write them. */
function inWords(path: string, text: string, lang: Lang): string {
  if (!/^changes\.[^.]+$/.test(path) || !text.startsWith('{')) return text
  const { kind, where, ...fields } = JSON.parse(text) as Record<string, unknown> & { kind: string; where?: object }
  const zh = lang === 'zh'
  const list = (value: unknown): string => (Array.isArray(value) ? value.join(zh ? '、' : ', ') : String(value))
  const parts = Object.entries(where ?? {}).map(([part, value]) => `${WHERE[part]?.[lang] ?? part} ${list(value)}`)
  const whom = parts.length === 0 ? (zh ? '全部病例' : 'all cases') : parts.join(zh ? '，' : ', ')
  const numbers = Object.entries(fields).map(([field, value]) => {
    const shown =
      typeof value === 'object' && value !== null
        ? Object.entries(value)
            .map(([part, one]) => `${WHERE[part]?.[lang] ?? part} ${list(one)}`)
            .join(' ')
        : list(value)
    return `${FIELDS[field]?.[lang] ?? field} ${shown}`
  })
  return `${KINDS[kind]?.[lang] ?? kind}${zh ? '：' : ': '}${whom}${zh ? '；' : '; '}${numbers.join(zh ? '，' : ', ')}`
}

const KINDS: Readonly<Record<string, Text>> = {
  volume: { zh: '病例数变化', en: 'number of cases' },
  cost: { zh: '费用变化', en: 'cost' },
  patient: { zh: '患者支付变化', en: 'what patients pay' },
  stay: { zh: '住院天数变化', en: 'length of stay' },
  coding: { zh: '编码变化', en: 'coding' },
  splitting: { zh: '分解住院', en: 'splitting of stays' },
  refusal: { zh: '推诿高费用病例', en: 'refusal of dear cases' },
  transfer: { zh: '转院', en: 'transfer' },
}
const WHERE: Readonly<Record<string, Text>> = {
  hospital: { zh: '机构', en: 'hospital' },
  level: { zh: '级别', en: 'level' },
  group: { zh: '病组', en: 'group' },
  insurance: { zh: '险种', en: 'insurance' },
  month: { zh: '月份', en: 'month' },
}
const FIELDS: Readonly<Record<string, Text>> = {
  factor: { zh: '倍数', en: 'times' },
  share: { zh: '涉及比例', en: 'share concerned' },
  cost: { zh: '费用倍数', en: 'cost times' },
  ratio: { zh: '超过病组均值的倍数', en: 'above this multiple of the mean' },
  to: { zh: '去向', en: 'to' },
}
