import { Command, Option } from '@commander-js/extra-typings'
import { checkOutputs, csvText, encodedSink, fileSink, type Sink, writeText } from '../files/index.ts'
import {
  type Carries,
  type CaseField,
  type Checker,
  checkFile,
  checkRecords,
  compileBook,
  createChecker,
  createTableCheck,
  FINDINGS_HEADER,
  type FindingReceiver,
  findingBytes,
  findingRow,
  lacksOf,
  loadQualityPack,
  loadScheme,
  type ReadOptions,
  type RuleCount,
  readCases,
  readRecords,
  ruleCounts,
} from '../grouper/index.ts'
import { Decimal } from '../numbers/index.ts'
import { readWeightTable } from '../weights/index.ts'
import { mapOption, openInput, tellNoRows, tellNotes } from './case-input.ts'
import { type Lacking, lackLines, RECORDS_ONLY, recordFieldsOf } from './check-lacks.ts'
import { checkReport } from './check-report.ts'
import { codeSystemOption, openReading } from './code-system.ts'
import { type Console, count, tell } from './console.ts'
import { checkEnding } from './ending.ts'
import { standardOutput } from './standard-output.ts'
import { outputEncodingOption } from './table-output.ts'

const SUMMARY_HEADER = ['rule', 'hospital', 'cases', 'findings', 'passed', 'not_checked', 'name_zh', 'name_en']

/** `dianzhi check`: data quality of case files, by the rules of `schemes/quality`. */
export function checkCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  return new Command('check')
    .argument(
      '<cases...>',
      zh ? '病例文件（CSV、XLSX、JSON、Parquet，可多个）' : 'case files (CSV, XLSX, JSON, Parquet)',
    )
    .requiredOption('--scheme <id>', zh ? '方案编号或方案包文件夹' : 'scheme id or pack folder')
    .addOption(codeSystemOption(zh))
    .addOption(mapOption(zh))
    .option('--out <file>', zh ? '发现的问题（默认标准输出）' : 'findings (default: stdout)')
    .option(
      '--summary <file>',
      zh ? '按规则和机构汇总（默认：结果文件名加 .summary.csv）' : 'by rule and hospital (default: OUT.summary.csv)',
    )
    .option('--html <file>', zh ? '网页报告' : 'report as a web page')
    .option('--rules <folder>', zh ? '规则文件夹（默认 schemes/quality）' : 'folder of rules (default schemes/quality)')
    .option('--weights <file>', zh ? '权重表（病组、权重），用于 Q25' : 'table of weights (group, weight), for Q25')
    .addOption(
      new Option('--encoding <name>', zh ? '文件编码' : 'encoding of the files')
        .choices(['auto', 'utf-8', 'gb18030'])
        .default('auto'),
    )
    .addOption(outputEncodingOption(zh))
    .action((files, options) => {
      const summary = options.summary ?? (options.out === undefined ? undefined : `${options.out}.summary.csv`)
      checkOutputs(
        [options.out, summary, options.html].filter(path => path !== undefined),
        [...files, ...(options.map ?? []), options.weights].filter(path => path !== undefined),
      )
      for (const path of [options.out, options.summary]) checkEnding(path, ['.csv'])
      checkEnding(options.html, ['.html'])
      const scheme = loadScheme(options.scheme)
      const pack = loadQualityPack(options.rules)
      const { newbornWeight } = scheme.manifest
      const input = openInput(console, files, { encoding: options.encoding, map: options.map, newbornWeight })
      // Records in canonical fields have facts that batches do not carry: more rules can be checked on them.
      const isRecords = (file: string): boolean =>
        input.found.some(one => one.file === file && one.plans[0]?.form === 'canonical')
      const records = input.files.filter(isRecords)
      const tables = input.files.filter(file => !isRecords(file))
      const how = { encoding: options.encoding as 'auto', duplicates: 'keep' as const, open: input.open }
      const book = compileBook(scheme)
      const asked = options.codeSystem ?? input.codeSystem
      const reading = openReading({ scheme, book, asked, files: tables, how }, console)
      const weights = options.weights === undefined ? undefined : readWeights(options.weights)
      const checker = createChecker({ scheme, book, reading, pack, weights })
      const sources: Carries[] = []
      const given: ReadonlySet<string>[] = []
      let rowCount = 0
      const encoding = options.outputEncoding
      const out = encodedSink(options.out === undefined ? standardOutput(console) : fileSink(options.out), encoding)
      try {
        out.write(csvText(FINDINGS_HEADER, []))
        const rows = findingBytes(bytes => out.write(bytes))
        for (const file of tables) {
          const table = checkTable({ checker, file, how, rows, out, console })
          rowCount += table.rows
          sources.push(table.fields)
          given.push(recordFieldsOf(table.fields))
        }
        for (const file of records) {
          const cases = readRecords(file)
          rowCount += cases.length
          checkRecords(checker, cases, rows)
          sources.push('anything')
          given.push(fieldsIn(cases))
        }
        out.finish()
      } catch (error) {
        out.abort()
        throw error
      }
      const counts = ruleCounts(checker)
      const lacks = lackLines(lacksOf(checker, sources), given, pack)
      const tally = new Map(Object.entries(checker.severities))
      if (summary !== undefined) writeSummary(fileSink(summary, encoding), checker, counts)
      if (options.html !== undefined) {
        writeText(options.html, checkReport({ scheme, pack, counts, tally, lacks, lang: console.lang }))
      }
      tellResult(console, counts, tally, lacks, summary)
      tellNoRows(console, rowCount)
      tellNotes(console, input)
    }) as unknown as Command
}

type How = Pick<ReadOptions, 'encoding' | 'duplicates' | 'open'>

interface TableRun {
  readonly checker: Checker
  readonly file: string
  readonly how: How
  /** Takes the findings of cases; those of the whole file go to `out`. */
  readonly rows: FindingReceiver
  readonly out: Sink
  readonly console: Console
}

/** Checks one table and gives its rows and the fields that it has; and, where codes are unknown, whether another code system fits it better. */
function checkTable({ checker, file, how, rows, out, console }: TableRun): {
  rows: number
  fields: ReadonlySet<CaseField>
} {
  const fields = new Set<CaseField>()
  const check = createTableCheck(checker, rows)
  const summary = readCases([file], {
    ...how,
    ...check.options,
    onColumns(columns) {
      check.open(columns.map(column => column.field))
      for (const { field } of columns) if (field !== undefined) fields.add(field)
    },
    onBatch: check.batch,
  })
  // Where every code is known no other system can be better.
  if (summary.unknownDx + summary.unknownPx > 0) {
    checkFile(checker, check.facts(), finding => out.write(findingRow(finding)))
  }
  if (summary.rejected > 0) {
    tell(console, {
      zh: `${file}：${count(summary.rejected)} 行无法读取，未检查；dianzhi group 给出原因`,
      en: `${file}: ${count(summary.rejected)} rows cannot be read and were not checked; dianzhi group gives the reasons`,
    })
  }
  return { rows: summary.rows, fields }
}

/** Fields that have a value in some record. */
function fieldsIn(cases: readonly object[]): ReadonlySet<string> {
  const fields = new Set<string>()
  for (const one of cases) for (const [name, value] of Object.entries(one)) if (value != null) fields.add(name)
  return fields
}

function readWeights(file: string): Map<string, number> {
  // The mean cost of a case has no part in which weights differ.
  const { groups, weight } = readWeightTable(file, new Decimal(1))
  return new Map(groups.flatMap((group, i) => (weight[i] == null ? [] : [[group, weight[i].toNumber()] as const])))
}

function writeSummary(sink: Sink, checker: Checker, counts: readonly RuleCount[]): void {
  const names = new Map(checker.options.pack.rules.map(rule => [rule.id, rule.name]))
  const rows = counts.map(({ rule, hospital, cases, findings, notChecked }) => {
    const name = names.get(rule)!
    return [rule, hospital, cases, findings, cases - findings - notChecked, notChecked, name.zh, name.en]
  })
  sink.write(csvText(SUMMARY_HEADER, rows))
  sink.finish()
}

function tellResult(
  console: Console,
  counts: readonly RuleCount[],
  tally: ReadonlyMap<string, number>,
  lacks: readonly Lacking[],
  summary: string | undefined,
): void {
  const first = counts[0]?.rule
  const cases = counts.reduce((sum, one) => sum + (one.rule === first ? one.cases : 0), 0)
  const [errors, warnings, notes] = ['E', 'W', 'I'].map(severity => count(tally.get(severity) ?? 0))
  tell(console, {
    zh: `检查 ${count(cases)} 个病例：错误 ${errors}，警告 ${warnings}，提示 ${notes}`,
    en: `${count(cases)} cases checked: ${errors} errors, ${warnings} warnings, ${notes} notes`,
  })
  const ofRecords = lacks.filter(one => one.ofRecords)
  const tellLack = ({ rules, lack }: Lacking, zh: string, en: string): void => {
    tell(console, {
      zh: `${zh}${rules.map(({ id, name }) => `${id} ${name.zh}`).join('、')}：${lack.zh}`,
      en: `${en}${rules.map(({ id, name }) => `${id} ${name.en}`).join(', ')}: ${lack.en}`,
    })
  }
  for (const one of lacks) if (!one.ofRecords) tellLack(one, '未检查 ', 'Not checked: ')
  if (ofRecords.length > 0) tell(console, RECORDS_ONLY)
  for (const one of ofRecords) tellLack(one, '  ', '  ')
  if (summary !== undefined) tell(console, { zh: `汇总：${summary}`, en: `Summary: ${summary}` })
}
