import type { Command } from '@commander-js/extra-typings'
import type { Text } from '../messages/index.ts'
import type { Console } from './console.ts'

/** A command: what the overview says of it, and where it stands; a module is loaded when its command is called. */
export interface CommandEntry {
  readonly name: string
  readonly about: Text
  readonly load: () => Promise<(console: Console) => Command>
}

/** The commands in the order of the overview. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'demo',
    about: {
      zh: '合成地区 → 分组 → 权重 → 点数 → 结算 → 三个情景 → 报告',
      en: 'synthetic region → groups → weights → points → settlement → three scenarios → report',
    },
    load: async () => (await import('./demo.ts')).demoCommand,
  },
  {
    name: 'synth',
    about: {
      zh: '生成合成地区的病例（数据全为虚构）',
      en: 'make the cases of a synthetic region (nothing in it is real)',
    },
    load: async () => (await import('./synth.ts')).synthCommand,
  },
  {
    name: 'scheme',
    about: { zh: '分组方案', en: 'grouping schemes' },
    load: async () => (await import('./scheme.ts')).schemeCommand,
  },
  {
    name: 'codes',
    about: { zh: '编码字典', en: 'dictionaries of code systems' },
    load: async () => (await import('./codes.ts')).codesCommand,
  },
  {
    name: 'inspect',
    about: {
      zh: '查看病例文件的版式、编码和单位，并生成映射文件',
      en: 'see what a case file is, and make a mapping of it',
    },
    load: async () => (await import('./inspect-file.ts')).inspectFileCommand,
  },
  {
    name: 'pseudonymise',
    about: {
      zh: '去标识：编号换成带密钥的散列，日期按人平移，不写出姓名、证件号等列',
      en: 'replace ids by keyed hashes, shift dates by person, leave out names, addresses and the like',
    },
    load: async () => (await import('./pseudonymise.ts')).pseudonymiseCommand,
  },
  {
    name: 'encode',
    about: {
      zh: '把病例文件编码为病例库（.dzc），反复分组时更快',
      en: 'encode cases as a store (.dzc) that groups faster',
    },
    load: async () => (await import('./encode.ts')).encodeCommand,
  },
  {
    name: 'group',
    about: { zh: '对病例文件分组', en: 'group files of cases' },
    load: async () => (await import('./group.ts')).groupCommand,
  },
  {
    name: 'check',
    about: { zh: '检查病例数据质量', en: 'check the data quality of cases' },
    load: async () => (await import('./check.ts')).checkCommand,
  },
  {
    name: 'explain',
    about: { zh: '说明一个病例为什么进入该组', en: 'tell why one case falls into its group' },
    load: async () => (await import('./explain.ts')).explainCommand,
  },
  {
    name: 'compare',
    about: { zh: '比较同一批病例在两个方案下的分组', en: 'compare the groups of the same cases under two schemes' },
    load: async () => (await import('./compare.ts')).compareCommand,
  },
  {
    name: 'weights',
    about: {
      zh: '由病例费用测算权重、系数和指标，并写出报告',
      en: 'derive weights, coefficients and indices from cases with costs, with a report',
    },
    load: async () => (await import('./weights.ts')).weightsCommand,
  },
  {
    name: 'policy',
    about: { zh: '支付政策包', en: 'packs of payment rules' },
    load: async () => (await import('./policy.ts')).policyCommand,
  },
  {
    name: 'dip',
    about: { zh: 'DIP 病种目录：由病例形成本地目录', en: 'DIP catalogues: build a local one from cases' },
    load: async () => (await import('./dip-build.ts')).dipCommand,
  },
  {
    name: 'settle',
    about: {
      zh: '结算一个地区：分组、权重、点数、点值、每家医疗机构的基金应付',
      en: 'settle a region: groups, weights, points, point value, fund due of every hospital',
    },
    load: async () => (await import('./region.ts')).settleCommand,
  },
  {
    name: 'preview',
    about: {
      zh: '医疗机构预结算：用本机构病例和公布（或假定）的点值，预计按科室、病组、医生、病例的结算',
      en: "preview a hospital's settlement from its own cases and the published (or assumed) point value",
    },
    load: async () => (await import('./preview.ts')).previewCommand,
  },
  {
    name: 'reconcile',
    about: {
      zh: '对账：官方结算文件与自己的结算（预结算）逐例比较，并说明差异来自哪里',
      en: 'compare an official settlement file with our own, case by case, and say where differences come from',
    },
    load: async () => (await import('./reconcile.ts')).reconcileCommand,
  },
  {
    name: 'simulate',
    about: { zh: '在多个情景下结算同一地区并比较', en: 'settle a region under scenarios and compare' },
    load: async () => (await import('./region.ts')).simulateCommand,
  },
  {
    name: 'verify',
    about: { zh: '用结算程序重算一份算例文件，逐项比较', en: 'run worked examples through the code that settles' },
    load: async () => (await import('./verify.ts')).verifyCommand,
  },
  {
    name: 'scenario',
    about: {
      zh: '情景：列出、说明、逐页报告；参数扫描、不确定性、医疗机构的应对、逐年推演',
      en: 'scenarios: list, explain, a page each; sweeps, uncertainty, what hospitals do, years ahead',
    },
    load: async () => (await import('./scenario.ts')).scenarioCommand,
  },
]
