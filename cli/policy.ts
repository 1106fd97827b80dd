import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import { checkOutputs, writeText } from '../files/index.ts'
import { Fault } from '../messages/index.ts'
import { type Grid, page, terminalOptions, terminalTable } from '../report/index.ts'
import {
  checkPack,
  coverageOf,
  isExampleList,
  listPolicies,
  loadPolicy,
  type PackFinding,
  type Policy,
  policyFile,
  policyInputs,
} from '../simulate/index.ts'
import { type Console, print, tell } from './console.ts'
import { checkEnding } from './ending.ts'
import { jumpsGrid, packGrids } from './policy-grids.ts'
import { payCurve } from './policy-picture.ts'
import { readExamples } from './verify.ts'
import { programVersion } from './version.ts'

/** `dianzhi policy`: packs of payment rules. */
export function policyCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  const argument = zh ? '政策包编号、文件夹或文件' : 'id, folder or file of the pack'
  const policy = new Command('policy')
  policy
    .command('list')
    .description(zh ? '列出内置政策包' : 'list the built-in packs')
    .action(() => {
      for (const id of listPolicies()) {
        const { document } = loadPolicy(id)
        print(console, `${id}\t${document.method}\t${document.title[console.lang]}`)
      }
    })
  policy
    .command('show')
    .description(zh ? '显示政策包的规则、可信度和来源' : 'show the rules of a pack with confidence and source')
    .argument('<pack>', argument)
    .option('--page <file>', zh ? '另写成 HTML 网页，附支付曲线图' : 'write it as an HTML page with the payment curve')
    .action((name, options) => {
      const file = policyFile(name)
      const loaded = loadPolicy(name)
      if (options.page !== undefined) {
        checkOutputs([options.page], policyInputs(file))
        checkEnding(options.page, ['.html'])
        writeText(options.page, packPage(console, loaded, file))
        tell(console, { zh: `已写入 ${options.page}`, en: `Written to ${options.page}` })
        return
      }
      const { document } = loaded
      print(console, `${document.id}  ${document.title[console.lang]}`)
      print(console, `${document.validFrom} – ${document.validTo ?? '…'}  ${document.method}`)
      for (const one of document.policyBasis) {
        print(console, [one.confidence ?? '–', one.document, one.number, one.article].filter(Boolean).join('  '))
      }
      for (const { title, grid } of packGrids(loaded, file, console.lang)) {
        if (grid.rows.length === 0) continue
        print(console, `\n${title}`)
        printGrid(console, grid)
      }
    })
  policy
    .command('check')
    .description(
      zh
        ? '检查政策包：到不了的分支、缺口与重叠、边界处的跳变'
        : 'check a pack: unreachable branches, gaps and overlaps, jumps',
    )
    .argument('<pack>', argument)
    .action(name => {
      const loaded = loadPolicy(name)
      const findings = [...checkPack(loaded), ...untried(loaded, policyFile(name))]
      for (const finding of findings) print(console, findingLine(console, finding))
      printGrid(console, jumpsGrid(loaded, console.lang))
      const errors = findings.filter(({ severity }) => severity === 'error').length
      print(
        console,
        zh
          ? `${loaded.id}：错误 ${errors}，提醒 ${findings.length - errors}`
          : `${loaded.id}: ${errors} errors, ${findings.length - errors} remarks`,
      )
      if (errors > 0) throw contradictory(loaded.id, errors)
    })
  return policy as unknown as Command
}

/** Branches that no worked case of the examples beside the pack takes; without examples, that there are none. */
function untried(policy: Policy, pack: string): readonly PackFinding[] {
  const file = join(dirname(pack), 'examples.json')
  const note = (zh: string, en: string): PackFinding => ({ severity: 'note', field: 'examples.json', text: { zh, en } })
  if (!existsSync(file))
    return [
      note(
        '政策包旁没有算例 examples.json；写法见 docs/your-city.md。',
        'There are no worked cases (examples.json) beside the pack; docs/your-city.md tells how to write them.',
      ),
    ]
  const examples = readExamples(file)
  if (!isExampleList(examples)) return [note(`${file} 不是算例列表。`, `${file} is no list of worked examples.`)]
  const missing = coverageOf(policy, pack, examples, file).filter(branch => !branch.isHit)
  return missing.map(({ text }) => note(`没有算例：${text.zh}。`, `No worked case has ${text.en}.`))
}

function findingLine({ lang }: Console, { severity, field, text }: PackFinding): string {
  const names = {
    error: { zh: '错误', en: 'error' },
    warning: { zh: '警告', en: 'warning' },
    note: { zh: '说明', en: 'note' },
  }
  return `${names[severity][lang]}  [${field}]  ${text[lang]}`
}

function contradictory(id: string, errors: number): Fault {
  return new Fault({
    code: 'POL-012',
    what: { zh: `政策包 ${id} 有 ${errors} 处自相矛盾。`, en: `Pack ${id} contradicts itself in ${errors} places.` },
    fix: { zh: '请按上面列出的字段改正。', en: 'Correct the fields listed above.' },
    status: 1,
  })
}

function printGrid(console: Console, grid: Grid): void {
  if (grid.rows.length > 0) print(console, `\n${terminalTable(grid, terminalOptions(console.out))}`)
}

function packPage(console: Console, policy: Policy, file: string): string {
  const { lang } = console
  const zh = lang === 'zh'
  const { document } = policy
  const findings = [...checkPack(policy), ...untried(policy, file)]
  return page({
    title: document.title[lang],
    subtitle: `${document.id} · ${document.validFrom} – ${document.validTo ?? '…'} · ${document.method}`,
    lang,
    sections: [
      {
        kind: 'facts',
        caption: zh ? '依据' : 'Basis',
        facts: document.policyBasis.map(one => ({
          name: one.confidence ?? '–',
          value: [one.document, one.number, one.article].filter(Boolean).join('  '),
        })),
      },
      ...findings.map(finding => ({
        kind: 'paragraph' as const,
        text: findingLine(console, finding),
        note: finding.severity !== 'note',
      })),
      { kind: 'heading', text: zh ? '费用与支付' : 'Cost and payment' },
      {
        kind: 'figure',
        caption: zh ? '同一病组的支付随费用的变化' : 'What one group earns as its cost grows',
        chart: payCurve(policy, lang),
      },
      { kind: 'heading', text: zh ? '规则' : 'Rules' },
      ...packGrids(policy, file, lang).map(({ title, grid }) => ({
        kind: 'table' as const,
        caption: title,
        grid,
        shown: 60,
      })),
    ],
    footer: `dianzhi ${programVersion()} · ${document.id} ${document.version ?? ''}`.trim(),
  })
}
