import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import { checkOutputs, type TextEncoding, writeCsv, writeText } from '../files/index.ts'
import { Fault, type Lang, type Text } from '../messages/index.ts'
import { type Fen, formatFen, parseYuan } from '../numbers/index.ts'
import {
  countText,
  type Grid,
  numberColumn,
  page,
  type Section,
  terminalOptions,
  terminalTable,
  textColumn,
  waterfallChart,
  yuanText,
} from '../report/index.ts'
import {
  type Match,
  type MatchState,
  type Reconciliation,
  readStatement,
  reconcile,
  type Statement,
  type StatementField,
  type StatementRow,
} from '../simulate/index.ts'
import { type Console, count, print, tell } from './console.ts'
import { outputsIn } from './outputs.ts'
import { outputEncodingOption } from './table-output.ts'
import { programVersion } from './version.ts'

const STATES: Readonly<Record<MatchState, Text>> = {
  equal: { zh: '一致', en: 'equal' },
  differing: { zh: '有差异', en: 'differing' },
  'missing-in-ours': { zh: '官方有、我方无', en: 'missing in ours' },
  'missing-in-official': { zh: '我方有、官方无', en: 'missing in the official file' },
  refunded: { zh: '已退费', en: 'refunded' },
}

const CAUSE_NAMES: Readonly<Record<string, Text>> = {
  group: { zh: '病组', en: 'group' },
  weight: { zh: '权重', en: 'weight' },
  coefficient: { zh: '系数', en: 'coefficient' },
  price: { zh: '点值或费率', en: 'point value or rate' },
  class: { zh: '倍率类别', en: 'class' },
  cost: { zh: '总费用', en: 'cost' },
  patient: { zh: '患者支付', en: "patient's share" },
  outlier: { zh: '倍率公式', en: 'formula of outliers' },
  other: { zh: '其他', en: 'other' },
}

const FIELD_NAMES: Readonly<Record<StatementField, Text>> = {
  group: { zh: '病组', en: 'group' },
  class: { zh: '类别', en: 'class' },
  weight: { zh: '权重', en: 'weight' },
  coefficient: { zh: '系数', en: 'coefficient' },
  price: { zh: '点值或费率', en: 'point value or rate' },
  points: { zh: '点数', en: 'points' },
  standard: { zh: '支付标准', en: 'standard' },
  cost: { zh: '总费用', en: 'cost' },
  pay: { zh: '应付', en: 'payment' },
  fund: { zh: '基金支付', en: 'fund' },
  patient: { zh: '患者支付', en: 'patient' },
}

/** Differing cases that the page shows. */
const SHOWN = 200

/** `dianzhi reconcile`: an official settlement file against our own. */
export function reconcileCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  return new Command('reconcile')
    .argument(
      '<official>',
      zh ? '官方结算文件（xlsx，可每月一页；或 csv）' : 'official file (xlsx, a sheet a month or one; or csv)',
    )
    .requiredOption(
      '--ours <file>',
      zh ? '自己的结果，如预结算的 cases.csv' : 'our own result, such as the cases.csv of a preview',
    )
    .option('--tolerance <yuan>', zh ? '金额允许的差（元）' : 'difference of amounts that counts as none, yuan', '0.01')
    .requiredOption('--out <folder>', zh ? '写入的文件夹' : 'folder to write')
    .addOption(outputEncodingOption(zh))
    .action(async (official, options) => {
      const tolerance = parseYuan(options.tolerance)
      if (tolerance === undefined || tolerance < 0) throw noTolerance(options.tolerance)
      checkOutputs(outputsIn(options.out, 'reconcile'), [official, options.ours])
      const theirs = await readStatement(official)
      const ours = await readStatement(options.ours)
      for (const { file, rows, rejects } of [theirs, ours]) if (rows.length + rejects.length === 0) throw noRows(file)
      const result = reconcile(theirs, ours, tolerance)
      printResult(console, result)
      writeResult(console, { folder: options.out, encoding: options.outputEncoding }, result, [theirs, ours])
    }) as unknown as Command
}

/** Without a row there is no difference either, which would read as agreement. */
function noRows(file: string): Fault {
  return new Fault({
    code: 'REC-004',
    at: { file },
    what: { zh: '结算文件只有表头，没有数据行。', en: 'The settlement file has a header and no row.' },
    fix: { zh: '请检查导出的文件。', en: 'Check the export.' },
  })
}

function noTolerance(text: string): Fault {
  return new Fault({
    code: 'REC-003',
    at: { field: '--tolerance' },
    what: { zh: `“${text}”不是金额。`, en: `"${text}" is no amount.` },
    fix: { zh: '请写元，最多两位小数，如 0.01。', en: 'Write yuan with at most two decimals, such as 0.01.' },
    status: 64,
  })
}

function printResult(console: Console, result: Reconciliation): void {
  const { lang } = console
  const options = terminalOptions(console.out)
  print(console, lang === 'zh' ? '对账结果' : 'Reconciliation')
  print(console, terminalTable(statesGrid(result, lang), options))
  if (result.causes.length > 0) {
    print(console, lang === 'zh' ? '差异来源（官方 − 我方）' : 'Where differences come from (official − ours)')
    print(console, terminalTable(causesGrid(result, lang), options))
  }
}

function statesGrid({ counts, matches }: Reconciliation, lang: Lang): Grid {
  const zh = lang === 'zh'
  const repeated = (side: 0 | 1): number => matches.reduce((all, match) => all + match.repeated[side], 0)
  const further: readonly (readonly [string, number])[] = [
    [zh ? '官方重复行（以最后一行为准）' : 'repeated official rows (the last counts)', repeated(0)],
    [zh ? '我方重复行（以最后一行为准）' : 'repeated rows of ours (the last counts)', repeated(1)],
  ]
  return {
    columns: [textColumn(zh ? '结果' : 'Result'), numberColumn(zh ? '病例数' : 'Cases')],
    rows: [
      ...Object.entries(counts).map(([state, n]) => [STATES[state as MatchState][lang], countText(n)]),
      ...further.filter(([, n]) => n > 0).map(([name, n]) => [name, countText(n)]),
    ],
  }
}

function causesGrid({ causes }: Reconciliation, lang: Lang): Grid {
  const zh = lang === 'zh'
  return {
    columns: [
      textColumn(zh ? '来源' : 'Cause'),
      numberColumn(zh ? '病例数' : 'Cases'),
      numberColumn(zh ? '差额（元）' : 'Difference (yuan)'),
    ],
    rows: causes.map(({ cause, cases, change }) => [CAUSE_NAMES[cause]![lang], countText(cases), yuanText(change)]),
  }
}

function writeResult(
  console: Console,
  { folder, encoding }: { readonly folder: string; readonly encoding: TextEncoding | undefined },
  result: Reconciliation,
  files: readonly [Statement, Statement],
): void {
  const fields = [...files[0].fields].filter(field => files[1].fields.has(field))
  const shown = (row: StatementRow | null, field: StatementField): string => (row === null ? '' : fieldText(row, field))
  writeCsv(
    join(folder, 'reconciliation.csv'),
    [
        'id', 'month', 'state', 'differs', 'amount', 'change', 'causes', 'repeatedOfficial', 'repeatedOurs', 'officialSheet',
        'officialLine', 'oursLine', ...fields.flatMap(field => [`${field}Official`, `${field}Ours`]),
      ], // biome-ignore format: one list
    result.matches.map(({ key, state, official, ours, difference, repeated }) => [
      key,
      official?.month ?? ours?.month ?? '',
      state,
      difference?.fields.join(' ') ?? '',
      difference?.amount ?? '',
      difference === null ? '' : formatFen(difference.change),
      causesText(difference?.causes ?? {}),
      repeated[0],
      repeated[1],
      official?.sheet ?? '',
      official?.line ?? '',
      ours?.line ?? '',
      ...fields.flatMap(field => [shown(official, field), shown(ours, field)]),
    ]),
    encoding,
  )
  const odd = files.flatMap((file, i) => [
    ...file.rejects.map(one => [i === 0 ? 'official' : 'ours', one.sheet, one.line, one.field]),
    ...result.unkeyed[i]!.map(row => [i === 0 ? 'official' : 'ours', row.sheet, row.line, result.key]),
  ])
  const written = ['reconciliation.csv', 'reconciliation.html']
  if (odd.length === 0) rmSync(join(folder, 'rejects.csv'), { force: true })
  else {
    writeCsv(join(folder, 'rejects.csv'), ['file', 'sheet', 'line', 'field'], odd, encoding)
    written.push('rejects.csv')
  }
  writeText(join(folder, 'reconciliation.html'), resultPage(result, files, console.lang))
  const [theirs, ours] = files
  tell(console, {
    zh: `官方 ${count(theirs.rows.length)} 行、我方 ${count(ours.rows.length)} 行，按${result.key === 'settleId' ? '结算ID' : '病案号'}匹配；无法比较 ${count(odd.length)} 行`,
    en: `${count(theirs.rows.length)} official rows, ${count(ours.rows.length)} of ours, matched by ${result.key === 'settleId' ? 'settlement id' : 'case id'}; ${count(odd.length)} rows cannot be compared`,
  })
  tell(console, { zh: `已写入 ${folder}：${written.join('、')}`, en: `Written to ${folder}: ${written.join(', ')}` })
}

function causesText(causes: Readonly<Record<string, Fen>>): string {
  return Object.entries(causes)
    .map(([cause, fen]) => `${cause} ${formatFen(fen)}`)
    .join('; ')
}

function fieldText({ words, numbers, money }: StatementRow, field: StatementField): string {
  if (field in words) return words[field as keyof typeof words] ?? ''
  if (field in numbers) return numbers[field as keyof typeof numbers]?.toFixed() ?? ''
  const fen = money[field as keyof typeof money]
  return fen === undefined ? '' : formatFen(fen)
}

/** A field as people read it: four decimals at most. */
function shortField(row: StatementRow, field: StatementField): string {
  const number = row.numbers[field as keyof typeof row.numbers]
  return number?.toDecimalPlaces(4).toFixed() ?? (fieldText(row, field) || '–')
}

function resultPage(result: Reconciliation, [theirs, ours]: readonly [Statement, Statement], lang: Lang): string {
  const zh = lang === 'zh'
  const common = [...theirs.fields].filter(field => ours.fields.has(field))
  const sections: Section[] = [
    {
      kind: 'facts',
      facts: [
        {
          name: zh ? '官方文件' : 'Official file',
          value: zh ? `${countText(theirs.rows.length)} 行` : `${countText(theirs.rows.length)} rows`,
        },
        {
          name: zh ? '我方文件' : 'Our file',
          value: zh ? `${countText(ours.rows.length)} 行` : `${countText(ours.rows.length)} rows`,
        },
        {
          name: zh ? '匹配依据' : 'Matched by',
          value: result.key === 'settleId' ? (zh ? '结算ID' : 'settlement id') : zh ? '病案号' : 'case id',
        },
        {
          name: zh ? '比较的字段' : 'Fields compared',
          value: common.map(field => FIELD_NAMES[field][lang]).join(zh ? '、' : ', '),
        },
      ],
    },
    { kind: 'table', caption: zh ? '对账结果' : 'Result', grid: statesGrid(result, lang) },
  ]
  if (result.causes.length > 0) {
    sections.push(
      { kind: 'heading', text: zh ? '差异来自哪里' : 'Where differences come from' },
      {
        kind: 'figure',
        caption: zh ? '差额的来源（官方 − 我方）' : 'Difference by cause (official − ours)',
        chart: waterfallChart({
          title: zh ? '差额的来源' : 'Difference by cause',
          description: zh
            ? '每例依次换成官方的权重、系数、点值，余下归于类别、费用、患者支付或倍率公式；各项之和为总差额，单位元。'
            : 'Weight, coefficient and price of each case are replaced by the official ones in turn; the rest falls to class, cost, patient or the formula of outliers. The steps add up to the difference, in yuan.',
          lang,
          item: zh ? '来源' : 'Cause',
          axis: { label: zh ? '元' : 'Yuan', decimals: 0 },
          steps: [
            ...result.causes.map(({ cause, change }) => ({ label: CAUSE_NAMES[cause]![lang], change: change / 100 })),
            { label: zh ? '总差额' : 'Difference', total: true as const },
          ],
        }),
      },
      { kind: 'table', caption: zh ? '差异来源' : 'Causes', grid: causesGrid(result, lang) },
    )
  }
  const differing = result.matches
    .filter(match => match.difference !== null)
    .sort((a, b) => Math.abs(b.difference!.change) - Math.abs(a.difference!.change))
  sections.push(
    { kind: 'heading', text: zh ? '有差异的病例' : 'Differing cases' },
    { kind: 'table', caption: listTitle(differing.length, lang), grid: differingGrid(differing.slice(0, SHOWN), lang) },
  )
  for (const state of ['missing-in-ours', 'missing-in-official'] as const) {
    const list = result.matches.filter(match => match.state === state)
    if (list.length === 0) continue
    sections.push(
      { kind: 'heading', text: STATES[state][lang] },
      { kind: 'table', caption: listTitle(list.length, lang), grid: missingGrid(list.slice(0, SHOWN), lang) },
    )
  }
  return page({
    title: zh ? '结算对账' : 'Reconciliation of settlements',
    lang,
    sections,
    footer: `dianzhi ${programVersion()}`,
  })
}

function listTitle(n: number, lang: Lang): string {
  const some = n > SHOWN
  return lang === 'zh'
    ? `共 ${countText(n)} 例${some ? `，列出 ${SHOWN} 例，全部见 reconciliation.csv` : ''}`
    : `${countText(n)} cases${some ? `, ${SHOWN} shown; reconciliation.csv has all` : ''}`
}

function differingGrid(list: readonly Match[], lang: Lang): Grid {
  const zh = lang === 'zh'
  return {
    columns: [
      textColumn(zh ? '病例' : 'Case'),
      textColumn(zh ? '月份' : 'Month'),
      textColumn(zh ? '差异字段（官方 / 我方）' : 'Differing fields (official / ours)'),
      numberColumn(zh ? '差额（元）' : 'Difference (yuan)'),
      textColumn(zh ? '来源' : 'Causes'),
    ],
    rows: list.map(({ key, official, ours, difference }) => [
      key,
      official?.month ?? '',
      difference!.fields
        .map(field => `${FIELD_NAMES[field][lang]} ${shortField(official!, field)} / ${shortField(ours!, field)}`)
        .join(zh ? '；' : '; '),
      yuanText(difference!.change),
      Object.entries(difference!.causes)
        .map(([cause, fen]) => `${CAUSE_NAMES[cause]![lang]} ${yuanText(fen)}`)
        .join(zh ? '；' : '; '),
    ]),
  }
}

function missingGrid(list: readonly Match[], lang: Lang): Grid {
  const zh = lang === 'zh'
  return {
    columns: [
      textColumn(zh ? '病例' : 'Case'),
      textColumn(zh ? '月份' : 'Month'),
      textColumn(zh ? '病组' : 'Group'),
      numberColumn(zh ? '总费用（元）' : 'Cost (yuan)'),
    ],
    rows: list.map(({ key, official, ours }) => {
      const row = official ?? ours!
      return [key, row.month, row.words.group ?? '', row.money.cost === undefined ? '–' : yuanText(row.money.cost)]
    }),
  }
}
