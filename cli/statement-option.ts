import { Option } from '@commander-js/extra-typings'
import { checkOutputs, writeText } from '../files/index.ts'
import { Fault } from '../messages/index.ts'
import { type Console, print, tell } from './console.ts'
import { checkEnding } from './ending.ts'
import { type ShownStatement, statementJson, statementLines, statementPage } from './statement.ts'

/** `--explain`: the payment of one case, step by step. */
export function explainOption(zh: boolean): Option<'--explain <case>'> {
  return new Option(
    '--explain <case>',
    zh
      ? '逐步说明一个病例的支付及每个数值的出处，不写结果文件'
      : 'explain the payment of one case step by step, with the source of every value; writes no results',
  )
}

/** `--json`: the explanation as JSON. */
export function explainJsonOption(zh: boolean): Option<'--json'> {
  return new Option('--json', zh ? '与 --explain 合用：以 JSON 输出' : 'with --explain: print JSON')
}

/** `--page`: the explanation as an HTML file. */
export function explainPageOption(zh: boolean): Option<'--page <file>'> {
  return new Option('--page <file>', zh ? '与 --explain 合用：写成网页' : 'with --explain: write it as an HTML file')
}

/** Refuses an option that would be passed over: `needed` is the one that it belongs to. */
export function checkNeeds(option: string, isGiven: boolean, needed: string, isThere: boolean): void {
  if (!isGiven || isThere) return
  throw new Fault({
    code: 'RUN-004',
    at: { field: option },
    what: { zh: `${option} 须与 ${needed} 合用。`, en: `${option} works with ${needed} only.` },
    fix: { zh: `请加上 ${needed}，或去掉 ${option}。`, en: `Add ${needed}, or leave ${option} out.` },
    status: 64,
  })
}

/** Refuses `--json` and `--page` without `--explain`, and a page whose name says that it is something else. */
export function checkExplain({
  explain,
  json,
  page,
}: {
  readonly explain?: string | undefined
  readonly json?: true | undefined
  readonly page?: string | undefined
}): void {
  checkNeeds('--json', json === true, '--explain', explain !== undefined)
  checkNeeds('--page', page !== undefined, '--explain', explain !== undefined)
  checkEnding(page, ['.html'])
}

/** Prints, or writes, the statements of the cases with an id; refuses an id that no case has. */
export function explainCases(
  console: Console,
  id: string,
  { ids }: { readonly ids: readonly string[] },
  statementOf: (at: number) => ShownStatement,
  {
    json,
    page,
    inputs,
  }: { readonly json: boolean; readonly page: string | undefined; readonly inputs: readonly string[] },
): void {
  const found = [...ids.keys()].filter(at => ids[at] === id)
  if (found.length === 0) {
    throw new Fault({
      code: 'PRE-007',
      at: { field: '--explain' },
      what: { zh: `没有病案号为 ${id} 的可结算病例。`, en: `No case that can be paid has the id ${id}.` },
      fix: {
        zh: '请核对病案号（前导零也算）；被拒收或缺信息的病例见 rejects.csv、unpayable.csv。',
        en: 'Check the id, leading zeros too; rejects.csv and unpayable.csv list what was left out.',
      },
      status: 64,
    })
  }
  const list = found.map(statementOf)
  if (page !== undefined) {
    checkOutputs([page], inputs)
    writeText(page, statementPage(list, console.lang))
    tell(console, { zh: `已写入 ${page}`, en: `Written to ${page}` })
  }
  if (json) {
    const all = list.map(statementJson)
    print(console, JSON.stringify(all.length === 1 ? all[0] : all, null, 2))
  } else if (page === undefined) {
    for (const shown of list) for (const line of statementLines(shown, console.lang)) print(console, line)
  }
}
