import { dirname, relative, resolve } from 'node:path'
import { Command, Option } from '@commander-js/extra-typings'
import { checkOutputs, home, writeText } from '../files/index.ts'
import { type CaseFiles, openCaseFiles, proposeMapping } from '../formats/index.ts'
import {
  countCodes,
  createCensus,
  detectSystem,
  type Encoding,
  evidenceLines,
  loadScheme,
  readCases,
} from '../grouper/index.ts'
import { mapOption, tellNotes } from './case-input.ts'
import { type Console, count, print } from './console.ts'
import { checkEnding } from './ending.ts'

/** `dianzhi inspect`: what a file is, how that was seen, and a mapping that says so. */
export function inspectFileCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  return new Command('inspect')
    .argument('<files...>', zh ? '病例文件' : 'case files')
    .option(
      '--scheme <id>',
      zh ? '用哪个方案的字典判断编码版本' : 'scheme whose dictionaries tell the code system',
      'chs-drg-2.0',
    )
    .addOption(mapOption(zh))
    .addOption(
      new Option('--encoding <name>', zh ? '文件编码' : 'encoding of the files')
        .choices(['auto', 'utf-8', 'gb18030'])
        .default('auto'),
    )
    .option('--out <file>', zh ? '把映射写入文件（JSON）' : 'write the mapping to a file (JSON)')
    .action((files, options) => {
      if (options.out !== undefined) {
        checkOutputs([options.out], [...files, ...(options.map ?? [])])
        checkEnding(options.out, ['.json'])
      }
      const input = openCaseFiles(files, { encoding: options.encoding as Encoding, maps: options.map, look: true })
      const system = input.lacking.length > 0 ? undefined : inspect(console, input, options.scheme)
      for (const found of input.found) {
        print(console, found.file)
        for (const line of found.evidence) print(console, `  ${line[console.lang]}`)
        for (const { header, shapes } of found.unknown) {
          print(
            console,
            `  ${zh ? '未识别的列' : 'unknown column'} ${header}: ${shapes.join('  ') || (zh ? '空' : 'empty')}`,
          )
        }
        const fields = found.plans.flatMap(plan => plan.output.map(({ field, header }) => `${header} → ${field}`))
        if (fields.length > 0) print(console, `  ${zh ? '读取' : 'read as'}: ${fields.join(', ')}`)
      }
      for (const line of system?.lines ?? []) print(console, line)
      tellNotes(console, input)
      if (options.out !== undefined) writeMapping(console, options.out, input, system?.id)
      const [lack] = input.lacking
      if (lack !== undefined) throw lack
    }) as unknown as Command
}

/** Writes what the first file with cases was found to be. */
function writeMapping(console: Console, out: string, input: CaseFiles, codeSystem: string | undefined): void {
  const first = input.found.find(found => found.plans.length > 0) ?? input.found[0]
  if (first === undefined) return
  const schema = relative(dirname(resolve(out)), home('docs', 'mapping.schema.json'))
  const mapping = { $schema: schema, ...proposeMapping(first, codeSystem) }
  writeText(out, `${JSON.stringify(mapping, null, 2)}\n`)
  print(
    console,
    console.lang === 'zh' ? `映射已写入 ${out}，用 --map 指定` : `Mapping written to ${out}; name it with --map`,
  )
}

/** Reads the cases once: how many there are, and which code system fits them. */
function inspect(
  console: Console,
  input: CaseFiles,
  schemeId: string,
): { readonly id: string | undefined; readonly lines: readonly string[] } {
  const zh = console.lang === 'zh'
  const scheme = loadScheme(schemeId)
  const census = createCensus(scheme)
  const summary = readCases(input.files, {
    open: input.open,
    duplicates: 'keep',
    dxTable: census.dx.table,
    pxTable: census.px.table,
    pxPadding: census.pxPadding,
    onBatch: batch => countCodes(census, batch),
  })
  const { rows, cases, rejected } = summary
  const lines = [
    zh
      ? `共 ${count(rows)} 行：可读 ${count(cases)} 例，拒收 ${count(rejected)} 行`
      : `${count(rows)} rows: ${count(cases)} cases can be read, ${count(rejected)} rejects`,
  ]
  const detection = detectSystem(scheme, census, summary.unknownDx + summary.unknownPx)
  const id = detection.system
  lines.push(
    id === undefined
      ? zh
        ? '编码版本：不能确定'
        : 'code system: it cannot be told'
      : zh
        ? `编码版本：${id}`
        : `code system: ${id}`,
  )
  for (const line of evidenceLines(detection)) lines.push(`  ${line[console.lang].trim()}`)
  return { id, lines }
}
