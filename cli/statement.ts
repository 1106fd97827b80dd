import { type Lang, type Place, placeText, type Text } from '../messages/index.ts'
import { type Fen, formatFen, formatPoints } from '../numbers/index.ts'
import {
  countText,
  decimalText,
  type Grid,
  numberColumn,
  page,
  pointsText,
  type Section,
  textColumn,
  yuanText,
} from '../report/index.ts'
import { type CaseStatement, CONFIDENCE, inUnit, originText, type StatementValue } from '../simulate/index.ts'
import type { Hospital } from '../weights/index.ts'
import { className } from './class-names.ts'
import { insuranceName } from './tables.ts'
import { programVersion } from './version.ts'

/** A case with its payment explained, ready to be shown. */
export interface ShownStatement {
  readonly id: string
  readonly hospital: Hospital
  readonly month: string
  readonly insurance: string
  readonly group: string
  readonly groupName: string
  readonly statement: CaseStatement
  readonly cost: Fen
  readonly patient: Fen
  /** From the pool, as the table of cases has it; `range` where the point value is one. */
  readonly gross: Fen
  readonly range: { readonly low: Fen; readonly high: Fen } | null
  readonly due: Fen
  readonly surplus: Fen
  /** What else should be known. */
  readonly notes: readonly Text[]
  /** Program, scheme and policy. */
  readonly basis: string
}

/** A statement as lines for the terminal. */
export function statementLines(shown: ShownStatement, lang: Lang): string[] {
  const zh = lang === 'zh'
  const { id, month, group, groupName, statement, hospital, insurance } = shown
  const lines = [
    `${id}  ${month}  ${hospital.code}${hospital.name === '' ? '' : ` ${hospital.name}`}  ${insuranceName(insurance, lang)}  ${group} ${groupName}  ${className(statement.class, lang)}`,
  ]
  for (const [i, { text, formula, values }] of statement.steps.entries()) {
    lines.push(`  ${i + 1}. ${text[lang]}${formula === null ? '' : `  ${formula}`}`)
    for (const group of byOrigin(values, lang)) {
      const names = group.map(value => valueText(value, lang)).join(zh ? '；' : '; ')
      lines.push(`       ${names} — ${originText(group[0]!.origin, lang)}`)
    }
  }
  for (const [name, value] of resultRows(shown, lang)) lines.push(`  ${name}${zh ? '：' : ': '}${value}`)
  for (const note of shown.notes) lines.push(`  ${zh ? '注' : 'Note'}${zh ? '：' : ': '}${note[lang]}`)
  return lines
}

/** Neighbours that come from one source, so that it is said once. */
function byOrigin(values: readonly StatementValue[], lang: Lang): StatementValue[][] {
  const bare = ({ origin }: StatementValue): string =>
    `${origin.place?.file ?? ''} ${originText({ ...origin, place: null }, lang)}`
  const groups: StatementValue[][] = []
  for (const value of values) {
    const last = groups.at(-1)
    if (last !== undefined && value.origin.kind === 'policy' && bare(last[0]!) === bare(value)) last.push(value)
    else groups.push([value])
  }
  return groups
}

function valueText({ name, symbol, value, unit }: StatementValue, lang: Lang): string {
  const sign = symbol === '' ? '' : ` ${symbol}`
  const after = unit[lang] === '' ? '' : ` ${unit[lang]}`
  return `${name[lang]}${sign} = ${withMarks(value)}${after}`
}

/** A plain number with commas between thousands; anything else as it is. */
function withMarks(value: string): string {
  return /^\d+(\.\d+)?$/.test(value) ? decimalText(value, value.split('.')[1]?.length ?? 0) : value
}

/** Result lines: name and amount with its unit. */
function resultRows(
  { statement, cost, patient, gross, range, due, surplus }: ShownStatement,
  lang: Lang,
): (readonly [string, string])[] {
  const zh = lang === 'zh'
  const points = pointsText(statement.points, 4)
  const yuan = (fen: Fen): string => (zh ? `${yuanText(fen)} 元` : `${yuanText(fen)} yuan`)
  const between = (low: Fen, high: Fen): string =>
    zh ? `（${yuanText(low)} 至 ${yuanText(high)}）` : ` (${yuanText(low)} to ${yuanText(high)})`
  return [
    [zh ? '医疗总费用' : 'Total cost', yuan(cost)],
    ...(statement.points === 0
      ? []
      : [
          zh
            ? ([inUnit(statement, '点数'), inUnit(statement, `${points} 点`)] as const)
            : (['Points', points] as const),
        ]),
    [zh ? '应付总额' : 'Gross payment', `${yuan(gross)}${range === null ? '' : between(range.low, range.high)}`],
    ...(statement.separate === 0
      ? []
      : [[zh ? '另行列支' : 'From a separate line', yuan(statement.separate)] as const]),
    [zh ? '患者支付' : 'Patient pays', yuan(patient)],
    [zh ? '基金应付' : 'Fund due', yuan(due)],
    [zh ? '盈亏' : 'Surplus', yuan(surplus)],
  ]
}

/** A statement as plain data, both languages. */
export function statementJson(shown: ShownStatement): unknown {
  const { id, hospital, month, insurance, group, groupName, statement, range, notes, basis } = shown
  const named = (of: (lang: Lang) => string): Text => ({ zh: of('zh'), en: of('en') })
  return {
    id,
    hospital,
    month,
    insurance: { code: insurance, ...named(lang => insuranceName(insurance, lang)) },
    group: { code: group, name: groupName },
    class: { id: statement.class, ...named(lang => className(statement.class, lang)) },
    steps: statement.steps,
    points: formatPoints(statement.points),
    cost: formatFen(shown.cost),
    patient: formatFen(shown.patient),
    gross: formatFen(shown.gross),
    ...(range === null ? {} : { low: formatFen(range.low), high: formatFen(range.high) }),
    separate: formatFen(statement.separate),
    fundDue: formatFen(shown.due),
    surplus: formatFen(shown.surplus),
    notes,
    basis,
  }
}

/** Statements of one case, or of several rows of one id, as one page. */
export function statementPage(list: readonly ShownStatement[], lang: Lang): string {
  const zh = lang === 'zh'
  const sections = list.flatMap((shown, n): Section[] => {
    const { hospital, month, insurance, group, groupName, statement } = shown
    return [
      ...(list.length > 1 ? [{ kind: 'heading' as const, text: `${shown.id} (${countText(n + 1)})` }] : []),
      {
        kind: 'facts',
        caption: zh ? '病例与结果' : 'Case and result',
        facts: [
          { name: zh ? '医疗机构' : 'Hospital', value: `${hospital.code} ${hospital.name}`.trim() },
          { name: zh ? '月份与险种' : 'Month and insurance', value: `${month} · ${insuranceName(insurance, lang)}` },
          { name: zh ? '病组' : 'Group', value: `${group} ${groupName}`.trim() },
          { name: zh ? '类别' : 'Class', value: className(statement.class, lang) },
          ...resultRows(shown, lang).map(([name, value]) => ({ name, value })),
        ],
      },
      { kind: 'heading', text: zh ? '逐步说明' : 'Step by step' },
      ...statement.steps.flatMap(({ text, formula, values }, i): Section[] => [
        { kind: 'heading', level: 3, text: `${i + 1}. ${text[lang]}` },
        ...(formula === null ? [] : [{ kind: 'paragraph' as const, text: formula }]),
        ...(values.length === 0
          ? []
          : [
              {
                kind: 'table' as const,
                caption: zh ? '所用数值及来源' : 'Values used and their sources',
                grid: valuesGrid(values, lang),
              },
            ]),
      ]),
      ...shown.notes.map((note): Section => ({ kind: 'paragraph', note: true, text: note[lang] })),
    ]
  })
  const legend = Object.values(CONFIDENCE).map(text => text[lang])
  return page({
    title: `${list[0]?.id ?? ''} ${zh ? '支付说明' : 'payment explained'}`,
    subtitle: zh ? '每一步的规则、数值与出处' : 'Every step with its rule, its numbers and their sources',
    lang,
    sections: [
      ...sections,
      { kind: 'paragraph', text: `${zh ? '可信度：' : 'Confidence: '}${legend.join(zh ? '；' : '; ')}` },
      {
        kind: 'paragraph',
        text: zh
          ? inUnit(
              list[0]?.statement ?? { unit: 'weight' },
              '符号：c 总费用，A 次均费用，R 费率，w 权重，k 系数，r 倍率，L 高倍率界值，v 折合权重，S 每权重点数，p 点数，PV 点值。',
            )
          : 'Letters: c cost, A mean cost, R rate, w weight, k coefficient, r cost ratio, L high limit, v worth in weights, S points a unit of weight, p points, PV point value.',
      },
    ],
    footer: `dianzhi ${programVersion()} · ${list[0]?.basis ?? ''}`,
  })
}

function valuesGrid(values: readonly StatementValue[], lang: Lang): Grid {
  const zh = lang === 'zh'
  return {
    columns: [
      textColumn(zh ? '数值' : 'Value'),
      textColumn(zh ? '符号' : 'Letter'),
      numberColumn(zh ? '取值' : 'Amount'),
      textColumn(zh ? '单位' : 'Unit'),
      textColumn(zh ? '出处' : 'Source'),
      textColumn(zh ? '可信度' : 'Confidence'),
      textColumn(zh ? '位置' : 'Place'),
    ],
    rows: values.map(({ name, symbol, value, unit, origin }) => [
      name[lang],
      symbol,
      withMarks(value),
      unit[lang],
      originText({ ...origin, place: null, confidence: null }, lang),
      origin.confidence ?? '–',
      origin.place === null ? '–' : placeText(shortPlace(origin.place)),
    ]),
  }
}

/** A place with the name of the file only: pages go to other people. */
function shortPlace({ file, ...rest }: Place): Place {
  return file === undefined ? rest : { ...rest, file: file.split(/[/\\]/).at(-1)! }
}
