import { createHash } from 'node:crypto'
import { Decimal } from '../numbers/index.ts'
import { clearRegion, fundAccount, loadPolicy, policyFile, type RegionInput, settleRegion } from '../simulate/index.ts'
import {
  type CaseFacts,
  type CaseMark,
  type CoefficientTable,
  type GroupedCases,
  type Hospital,
  NO_AGE,
  NO_MARK,
  type WeightTable,
} from '../weights/index.ts'

/**
 * `node bench/settle.ts [cases] [hospitals] [rounds] [dip]`: the full cycle of a region (values, ledger, division, months, clearing)
 * from grouped cases in memory. With `dip` a region that pays by scores: 6,000 packets, of which every sixth has four auxiliary
 * classes, a fifth of the cases marked as grassroots ones, outlier rules of the 3.0 draft. Every round must give the same clearing, and the account must add up, or nothing is printed.
 */
const [cases = 5_000_000, hospitals = 300, rounds = 3] = process.argv.slice(2, 5).map(Number)
const isDip = process.argv[5] === 'dip'
const packets = isDip ? 6000 : 800

/** How unequal groups are: with 7 a twelfth of the packets has 70 % of the cases. */
const skew = isDip ? 7 : 2

/** Opening value of a point: mean cost over 1000. */
const OPENING = new Map(['310', '390'].map(insurance => [insurance, new Decimal('9.55')]))

/** Every sixth packet has a coefficient for each of so many auxiliary classes. */
const CLASSES = 4

/** The fixed loop that figures are compared with between days and machines: integer mixing. */
function referenceLoop(): number {
  let x = 1
  const began = performance.now()
  for (let i = 0; i < 10_500_000; i++) x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d) + i
  return performance.now() - began + (x === 0.5 ? 1 : 0)
}

/** A region whose costs scatter about the standard of their group; integer mixing of the row number, no state. */
function drawnRegion(): RegionInput {
  const groups = Array.from({ length: packets }, (_, g) => `G${String(g).padStart(3, '0')}`)
  const parents = groups.map((_, g) => `P${Math.floor(g / 3)}`)
  const list: Hospital[] = Array.from({ length: hospitals }, (_, h) => ({
    code: `H${String(h).padStart(4, '0')}`,
    name: '',
    level: String(1 + (h % 3)),
  }))
  const weight = groups.map((_, g) => new Decimal(300 + ((g * 7919) % 4000)).div(1000))
  const weights: WeightTable = {
    groups,
    weight,
    stable: groups.map(() => true),
    meanCost: 955_000,
    meanCostExact: new Decimal(955_000),
  }
  const factors = [new Decimal('0.82'), new Decimal('0.96'), new Decimal('1.07')]
  const coefficients: CoefficientTable = {
    kind: isDip ? 'level' : 'groupLevel',
    of: (_group, level) => factors[Number(level) - 1]!,
  }
  const columns: GroupedCases = {
    count: cases,
    groups,
    parents,
    hospitals: list.map(one => one.code),
    insurances: ['310', '390'],
    months: Array.from({ length: 12 }, (_, m) => `2025-${String(m + 1).padStart(2, '0')}`),
    group: new Uint16Array(cases),
    status: new Uint8Array(cases),
    hospital: new Uint16Array(cases),
    insurance: new Uint16Array(cases),
    month: new Uint16Array(cases),
    los: new Uint16Array(cases),
    dischargeWay: new Uint8Array(cases).fill(1),
    cost: new Float64Array(cases),
    fund: new Float64Array(cases),
    patient: new Float64Array(cases),
  }
  const facts = isDip ? drawnFacts() : undefined
  const standards = weight.map(w => w.times(955_000).toNumber())
  let fund = 0
  for (let i = 0; i < cases; i++) {
    const draw = (salt: number): number => {
      let x = Math.imul(i + 1, 0x9e3779b1) ^ Math.imul(salt, 0x85ebca6b)
      x = Math.imul(x ^ (x >>> 16), 0x7feb352d)
      x = Math.imul(x ^ (x >>> 15), 0x846ca68b)
      return (x ^ (x >>> 16)) >>> 0
    }
    const group = Math.floor((draw(1) / 2 ** 32) ** skew * groups.length)
    const size = Math.floor((draw(2) / 2 ** 32) ** 3 * hospitals)
    const cost = Math.max(100, Math.floor(standards[group]! * (0.25 + ((draw(3) % 1000) / 1000) ** 2 * 2.2)))
    columns.group[i] = group
    columns.hospital[i] = size
    columns.insurance[i] = draw(4) % 5 < 2 ? 0 : 1
    columns.month[i] = draw(5) % 12
    columns.los[i] = 1 + (draw(6) % 20)
    columns.cost[i] = cost
    columns.fund[i] = Math.floor(cost * 0.65)
    columns.patient[i] = cost - columns.fund[i]!
    fund += columns.fund[i]!
    if (facts !== undefined) facts.mark[i] = markOf(group, draw(7))
  }
  const policy = loadPolicy(policyFile(isDip ? 'jiangmen' : 'yancheng-2025', '.'))
  const budgets = ['310', '390'].map((insurance, i) => ({ insurance, fund: Math.floor(fund * (i === 0 ? 0.4 : 0.6)) }))
  return {
    cases: facts === undefined ? columns : { ...columns, facts },
    weights,
    coefficients,
    policy,
    budgets,
    hospitals: list,
  }
}

/** Marks of a DIP region: none, grassroots, or an auxiliary class of a packet. */
function drawnFacts(): CaseFacts & { readonly mark: Uint32Array } {
  const marks: CaseMark[] = [NO_MARK, { ...NO_MARK, grassroots: true }]
  for (let g = 0; g < packets; g += 6)
    for (let c = 0; c < CLASSES; c++)
      marks.push({
        ...NO_MARK,
        auxiliary: { type: 'severity', class: String(c), coefficient: `1.${String((g * 31 + c * 97) % 900)}` },
      })
  return {
    age: new Int16Array(cases).fill(NO_AGE),
    ageDays: new Int16Array(cases).fill(NO_AGE),
    departments: [''],
    department: new Uint16Array(cases),
    marks,
    mark: new Uint32Array(cases),
  }
}

function markOf(group: number, draw: number): number {
  if (draw % 5 === 0) return 1
  return group % 6 === 0 && draw % 5 < 3 ? 2 + (group / 6) * CLASSES + (draw % CLASSES) : 0
}

const region = drawnRegion()
const before = process.memoryUsage().rss
let peak = before
let digest = ''
const times: number[] = []
const cpu: number[] = []
for (let round = 0; round < rounds; round++) {
  const began = performance.now()
  const used = process.cpuUsage()
  const settlement = settleRegion(region)
  const clearings = clearRegion(settlement, region.policy, isDip ? { provisional: OPENING } : {})
  times.push(performance.now() - began)
  const { user, system } = process.cpuUsage(used)
  cpu.push((user + system) / 1e6)
  peak = Math.max(peak, process.memoryUsage().rss)
  const account = fundAccount(settlement, clearings)
  if (account.due + account.residual !== account.agreed) throw new Error('the account does not add up')
  const hash = createHash('sha256').update(JSON.stringify(clearings)).digest('hex')
  if (digest !== '' && digest !== hash) throw new Error('two rounds differ')
  digest = hash
}
const [best = 0] = times.toSorted((a, b) => a - b)
const median = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0
const loop = Math.min(...Array.from({ length: 5 }, referenceLoop))
const mega = (bytes: number): string => (bytes / 2 ** 20).toFixed(0)
process.stdout.write(
  [
    `${cases.toLocaleString('en-US')} cases, ${hospitals} hospitals, 12 months, ${packets.toLocaleString('en-US')} groups, 2 schemes, ${rounds} rounds`,
    `full cycle: best ${(best / 1000).toFixed(2)} s, median ${(median / 1000).toFixed(2)} s, ${(best / loop).toFixed(0)} reference loops; processor time ${Math.min(...cpu).toFixed(2)} s`,
    `memory: ${mega(before)} MiB with the cases, ${mega(peak)} MiB after a round, ${mega(process.resourceUsage().maxRSS * 1024)} MiB at most`,
    `clearing ${digest.slice(0, 16)}`,
    '',
  ].join('\n'),
)
