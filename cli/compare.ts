import { Command } from '@commander-js/extra-typings'
import { checkOutputs, csvText, writeText } from '../files/index.ts'
import type { CaseFiles } from '../formats/index.ts'
import {
  type Change,
  type Comparison,
  compareBatch,
  createComparison,
  idText,
  loadScheme,
  type ReadSummary,
  readCases,
  rowOfComparison,
  type Scheme,
  type Transition,
  transitionsOf,
} from '../grouper/index.ts'
import { Fault } from '../messages/index.ts'
import { Decimal } from '../numbers/index.ts'
import { readWeightTable, type WeightEffect, weightEffect } from '../weights/index.ts'
import { mapOption, openInput, tellNoRows, tellNotes } from './case-input.ts'
import { CHANGED_ENDINGS, type ChangedCases, changedCases } from './changed-cases.ts'
import { CHANGES, compareReport } from './compare-report.ts'
import { type Console, count, print, tell } from './console.ts'
import { checkEnding } from './ending.ts'
import { outputEncodingOption } from './table-output.ts'

/** Cases in a batch; results do not depend on it. */
const BATCH = 32_768
/** Transitions named in the summary. */
const NAMED = 15

/** `dianzhi compare`: the same cases under two schemes. */
export function compareCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  return new Command('compare')
    .argument(
      '<cases...>',
      zh ? '病例文件（CSV、XLSX、JSON、Parquet，可多个）' : 'case files (CSV, XLSX, JSON, Parquet)',
    )
    .requiredOption('--scheme <a b...>', zh ? '两个方案：--scheme A --scheme B' : 'two schemes: --scheme A --scheme B')
    .requiredOption('--out <file>', zh ? '转移表（CSV）' : 'table of transitions (CSV)')
    .addOption(mapOption(zh))
    .option(
      '--cases-out <file>',
      zh
        ? '分组有变化的病例（按扩展名 csv、xlsx、parquet、jsonl、json）'
        : 'cases whose group changes (by its ending csv, xlsx, parquet, jsonl, json)',
    )
    .option('--html <file>', zh ? '网页报告' : 'report as a web page')
    .option('--weights-a <file>', zh ? '方案 A 的权重表' : 'weights of scheme A')
    .option('--weights-b <file>', zh ? '方案 B 的权重表' : 'weights of scheme B')
    .addOption(outputEncodingOption(zh))
    .action((files, options) => {
      checkOutputs(
        [options.out, options.casesOut, options.html].filter(path => path !== undefined),
        [...files, ...(options.map ?? []), options.weightsA, options.weightsB].filter(path => path !== undefined),
      )
      checkEnding(options.out, ['.csv'])
      checkEnding(options.casesOut, CHANGED_ENDINGS)
      checkEnding(options.html, ['.html'])
      const [a, b] = schemesOf(options.scheme)
      const weights = weightsOf(options.weightsA, options.weightsB)
      warnOfCodeSystems(console, a, b)
      const input = openInput(console, files, { map: options.map, newbornWeight: a.manifest.newbornWeight })
      const comparison = createComparison(a, b, BATCH)
      const changed =
        options.casesOut === undefined
          ? undefined
          : changedCases(options.casesOut, console, {
              notes: [
                ['schemeA', a.manifest.id],
                ['schemeAHash', a.hash],
                ['schemeB', b.manifest.id],
                ['schemeBHash', b.hash],
              ],
              encoding: options.outputEncoding,
            })
      try {
        const summary = compareFiles(input, comparison, changed)
        changed?.finish()
        const transitions = transitionsOf(comparison)
        const effect = weights === undefined ? undefined : weightEffect(transitions, ...weights)
        writeText(options.out, transitionsCsv(transitions, effect), options.outputEncoding)
        if (options.html !== undefined) {
          const facts = { schemes: [a, b] as const, summary, transitions, effect, lang: console.lang }
          writeText(options.html, compareReport(facts))
        }
        printSummary(console, [a, b], transitions, effect)
        tellSummary(console, summary, options.out)
        tellNoRows(console, summary.rows)
        tellNotes(console, input)
      } catch (error) {
        changed?.abort()
        throw error
      }
    }) as unknown as Command
}

function schemesOf(ids: readonly string[]): [Scheme, Scheme] {
  const [a, b, ...more] = ids
  if (a !== undefined && b !== undefined && more.length === 0) return [loadScheme(a), loadScheme(b)]
  throw new Fault({
    code: 'CMP-001',
    at: { field: '--scheme' },
    what: {
      zh: `给出了 ${ids.length} 个方案。`,
      en: `${ids.length} ${ids.length === 1 ? 'scheme is' : 'schemes are'} given.`,
    },
    fix: { zh: '请写两个：--scheme A --scheme B。', en: 'Give two: --scheme A --scheme B.' },
    status: 64,
  })
}

function weightsOf(
  a: string | undefined,
  b: string | undefined,
): Parameters<typeof weightEffect> extends [unknown, ...infer Tables] ? Tables | undefined : never {
  // The mean cost of a case has no part in a comparison of weights.
  const mean = new Decimal(1)
  if (a !== undefined && b !== undefined) return [readWeightTable(a, mean), readWeightTable(b, mean)]
  if (a === undefined && b === undefined) return undefined
  throw new Fault({
    code: 'CMP-002',
    at: { field: a === undefined ? '--weights-a' : '--weights-b' },
    what: { zh: '只给出了一个方案的权重。', en: 'Weights are given for one scheme only.' },
    fix: {
      zh: '请同时给出 --weights-a 和 --weights-b：两版方案的权重不能按编码对应。',
      en: 'Give both --weights-a and --weights-b: weights of two editions are never joined by code.',
    },
    status: 64,
  })
}

function warnOfCodeSystems(console: Console, a: Scheme, b: Scheme): void {
  const [x, y] = [a.manifest.codeSystem, b.manifest.codeSystem]
  if (x.diagnosis === y.diagnosis && x.procedure === y.procedure) return
  tell(console, {
    zh: `注意：两个方案的编码版本不同（${x.diagnosis}、${x.procedure}；${y.diagnosis}、${y.procedure}），病例编码按原样使用`,
    en: `Note: the schemes are written in different code systems (${x.diagnosis}, ${x.procedure}; ${y.diagnosis}, ${y.procedure}); codes of cases are taken as they stand`,
  })
}

function compareFiles(input: CaseFiles, comparison: Comparison, changed: ChangedCases | undefined): ReadSummary {
  return readCases(input.files, {
    open: input.open,
    dxTable: comparison.dxTable,
    pxTable: comparison.pxTable,
    batchSize: BATCH,
    onBatch(batch) {
      compareBatch(comparison, batch)
      if (changed === undefined) return
      for (let i = 0; i < batch.count; i++) {
        const { a, b, change } = rowOfComparison(comparison, i)
        if (change !== 'same' && change !== 'recoded') changed.row([idText(batch, i), a.drg, b.drg, change])
      }
    },
  })
}

const HEADER = ['mdc', 'adrg', 'drg', 'name', 'status', 'severity']

/** One row a transition; with weights, those of a case under A and B and the effect of all cases. */
function transitionsCsv(transitions: readonly Transition[], effect: WeightEffect | undefined): string {
  const header = [
    ...HEADER.map(name => `${name}_a`),
    ...HEADER.map(name => `${name}_b`),
    'cases',
    'change',
    ...(effect === undefined ? [] : ['weight_a', 'weight_b', 'effect']),
  ]
  return csvText(
    header,
    transitions.map(({ a, b, cases, change }, i) => {
      const sides = [a, b].flatMap(side => [side.mdc, side.adrg, side.drg, side.name, side.status, side.severity])
      const move = effect?.moves[i]
      const weights =
        move === undefined ? [] : [move.before, move.after, move.effect].map(value => value?.toFixed() ?? '')
      return [...sides, cases, change, ...weights]
    }),
  )
}

function printSummary(
  console: Console,
  [a, b]: readonly [Scheme, Scheme],
  transitions: readonly Transition[],
  effect: WeightEffect | undefined,
): void {
  const zh = console.lang === 'zh'
  const total = sum(transitions)
  const share = (cases: number): string => (total === 0 ? '–' : `${((100 * cases) / total).toFixed(2)}%`)
  print(console, `A  ${a.manifest.id}  ${a.hash.slice(0, 12)}`)
  print(console, `B  ${b.manifest.id}  ${b.hash.slice(0, 12)}`)
  print(console, `${zh ? '病例' : 'cases'}  ${count(total)}`)
  for (const side of ['a', 'b'] as const) {
    const grouped = sum(transitions.filter(transition => transition[side].status === 'grouped'))
    print(console, `${zh ? '入组' : 'grouped'} ${side.toUpperCase()}  ${count(grouped)}  ${share(grouped)}`)
  }
  for (const change of Object.keys(CHANGES) as Change[]) {
    const cases = sum(transitions.filter(transition => transition.change === change))
    if (cases > 0) print(console, `${CHANGES[change][console.lang]}  ${count(cases)}  ${share(cases)}`)
  }
  const moved = transitions.filter(({ change }) => change !== 'same').sort((x, y) => y.cases - x.cases)
  if (moved.length > 0) print(console, zh ? '病例最多的变化' : 'largest changes')
  for (const { a: from, b: to, cases, change } of moved.slice(0, NAMED)) {
    print(
      console,
      `  ${from.drg} ${from.name} → ${to.drg} ${to.name}  ${count(cases)}  ${CHANGES[change][console.lang]}`,
    )
  }
  if (effect !== undefined) printEffect(console, effect)
}

function printEffect(console: Console, { cases, withoutWeight, before, after }: WeightEffect): void {
  const zh = console.lang === 'zh'
  const mean = (all: Decimal): string => (cases === 0 ? '–' : all.div(cases).toFixed(4))
  print(
    console,
    zh
      ? `权重（两边都有权重的 ${count(cases)} 例）  A ${before.toFixed(2)}，B ${after.toFixed(2)}，变化 ${after.minus(before).toFixed(2)}；例均 ${mean(before)} → ${mean(after)}`
      : `weights (${count(cases)} cases with one on both sides)  A ${before.toFixed(2)}, B ${after.toFixed(2)}, change ${after.minus(before).toFixed(2)}; a case ${mean(before)} → ${mean(after)}`,
  )
  if (withoutWeight > 0)
    print(console, zh ? `没有权重  ${count(withoutWeight)} 例` : `without a weight  ${count(withoutWeight)} cases`)
}

function tellSummary(console: Console, { rows, cases, rejected }: ReadSummary, file: string): void {
  tell(console, {
    zh: `读入 ${count(rows)} 行 = 比较 ${count(cases)} 例 + 拒收 ${count(rejected)} 行（原因见 dianzhi group）；转移表：${file}`,
    en: `${count(rows)} rows in = ${count(cases)} cases compared + ${count(rejected)} rejects (dianzhi group says why); transitions: ${file}`,
  })
}

function sum(transitions: readonly Transition[]): number {
  return transitions.reduce((all, { cases }) => all + cases, 0)
}
