import type { Lang } from '../messages/index.ts'
import { barChart, type Chart, compareChart, type Grid, lineChart, page, type Section } from '../report/index.ts'
import type { Response, Settlement } from '../simulate/index.ts'
import { raceName } from './tables.ts'

/** The pictures of responses: the path of best responses, who does what, what it is worth. */

const ACTIONS = {
  m: { zh: '量', en: 'volume' },
  u: { zh: '高套', en: 'upcoding' },
  e: { zh: '控费', en: 'saving' },
  y: { zh: '分解', en: 'splitting' },
  x: { zh: '推诿', en: 'refusal' },
} as const
type Key = keyof typeof ACTIONS

export interface ResponsePage {
  readonly title: string
  readonly footer: string
  readonly lang: Lang
  /** The sentences that say whether an equilibrium was found, and the tables, as on the terminal. */
  textOf(response: Response): string
  tablesOf(response: Response): readonly Grid[]
}

/** The page of a region's responses, under points and under a rate. */
export function respondPage(responses: readonly Response[], settlement: Settlement, input: ResponsePage): string {
  const { title, footer, lang, textOf, tablesOf } = input
  const zh = lang === 'zh'
  return page({
    title: `${title} · ${zh ? '行为反应' : 'responses of hospitals'}`,
    lang,
    footer,
    sections: [
      {
        kind: 'paragraph',
        note: true,
        text: zh
          ? '成本、上限、查出概率和罚款均为假设，应以本地研究替换；收入与利润为机构预期的模型值，不是结算金额。'
          : 'Costs, bounds, detection and fines are assumptions to be replaced by the region’s own study; revenue and profit are what hospitals expect, not settled money.',
      },
      ...responses.flatMap(response => sectionsOf(response, settlement, lang, textOf(response), tablesOf(response))),
    ],
  })
}

function sectionsOf(
  response: Response,
  settlement: Settlement,
  lang: Lang,
  text: string,
  [pools, players]: readonly Grid[],
): Section[] {
  const zh = lang === 'zh'
  const isPoints = response.method === 'points'
  const name = isPoints ? (zh ? '点数法' : 'Points') : zh ? '固定费率' : 'Fixed rate'
  const figure = (caption: string, chart: Chart): Section => ({
    kind: 'figure',
    caption: `${name} · ${caption}`,
    chart,
  })
  return [
    {
      kind: 'heading',
      text: isPoints
        ? zh
          ? '点数法：冲点博弈'
          : 'Points: the race'
        : zh
          ? '固定费率：教科书对照'
          : 'Fixed rate: the textbook comparison',
    },
    { kind: 'paragraph', text },
    ...(isPoints ? [figure(zh ? '各轮点值' : 'Point value by round', valuePath(response, lang))] : []),
    figure(
      zh ? '各轮行动（按级别平均）' : 'Actions by round, mean of each level',
      actionPath(response, settlement, lang),
    ),
    figure(zh ? '均衡时各机构的行动' : 'What each hospital does in the end', actionDots(response, settlement, lang)),
    figure(zh ? '预期利润变化' : 'Expected change of profit', profitBars(response, settlement, lang)),
    { kind: 'table', caption: `${name} · ${zh ? '基金池' : 'Pools'}`, grid: pools! },
    { kind: 'table', caption: `${name} · ${zh ? '医疗机构' : 'Hospitals'}`, grid: players! },
  ]
}

/** Point values over the rounds, 100 at the start: the race lowers them. */
function valuePath({ pools, equilibrium: { path } }: Response, lang: Lang): Chart {
  const zh = lang === 'zh'
  const rounds = shownRounds(path.length)
  return lineChart({
    title: zh ? '最优反应下的点值' : 'Point value along the best responses',
    description: zh
      ? '起点为 100。各机构轮流作最优反应，直到无人再动。'
      : '100 at the start. Hospitals answer in turn until nobody moves.',
    lang,
    x: { label: zh ? '轮次' : 'Round', values: rounds.map(String) },
    y: { label: zh ? '点值（起点 = 100）' : 'Point value (start = 100)', decimals: 2 },
    series: pools.map((pool, s) => ({
      name: raceName(pool, lang),
      values: rounds.map(round => (path[round]!.pointValue[s]! / path[0]!.pointValue[s]!) * 100),
    })),
    reference: { name: zh ? '起点' : 'Start', value: 100 },
  })
}

/** Rounds that a picture shows: all of few, else every n-th and the last. */
function shownRounds(length: number): number[] {
  const every = Math.ceil(length / 40)
  return Array.from({ length }, (_, i) => i).filter(i => i % every === 0 || i === length - 1)
}

/** The mean of an action over the hospitals of a level, weighted by their points, in percent; volume as its change. */
function actionPath(response: Response, settlement: Settlement, lang: Lang): Chart {
  const zh = lang === 'zh'
  const { players, equilibrium } = response
  const { path } = equilibrium
  const rounds = shownRounds(path.length)
  const level = new Map(settlement.hospitals.map(({ hospital }) => [hospital.code, hospital.level]))
  const levels = [...new Set(players.map(({ code }) => level.get(code) ?? ''))].sort()
  // Points under volume caps count in full here: what a cap leaves of them changes on the way.
  const weight = players.map(({ points, capped }) =>
    [...points, ...(capped?.points ?? [])].reduce((sum, value) => sum + value, 0),
  )
  const mean = (key: Key, of: string, round: number): number => {
    let [sum, all] = [0, 0]
    for (const [h, { code }] of players.entries()) {
      if ((level.get(code) ?? '') !== of) continue
      sum += weight[h]! * shown(key, path[round]!.actions[h]![key])
      all += weight[h]!
    }
    return all > 0 ? sum / all : 0
  }
  const used = usedActions(response).filter(key => key !== 'e')
  return lineChart({
    title: zh ? '最优反应的路径' : 'The path of best responses',
    description: zh
      ? '各级别机构的行动，按点数加权平均，单位%；量为相对起点的变化。'
      : 'Mean action of the hospitals of each level, weighted by points, in percent; volume as its change.',
    lang,
    x: { label: zh ? '轮次' : 'Round', values: rounds.map(String) },
    y: { label: '%', decimals: 1 },
    series: used.flatMap(key =>
      levels.map(of => ({
        name: zh ? `${of}级 ${ACTIONS[key].zh}` : `level ${of} ${ACTIONS[key].en}`,
        values: rounds.map(round => mean(key, of, round)),
      })),
    ),
  })
}

function shown(key: Key, value: number): number {
  return (key === 'm' ? value - 1 : value) * 100
}

/** Actions that anybody takes at any time; volume is always shown. */
function usedActions({ equilibrium: { path } }: Response): Key[] {
  return (Object.keys(ACTIONS) as Key[]).filter(
    key => key === 'm' || path.some(({ actions }) => actions.some(action => action[key] > 1e-9)),
  )
}

function actionDots(response: Response, settlement: Settlement, lang: Lang): Chart {
  const zh = lang === 'zh'
  const { players, equilibrium } = response
  return compareChart({
    title: zh ? '均衡时的行动' : 'Actions in the end',
    description: zh ? '量为变化，其余为所涉比例，单位%。' : 'Volume as its change, the others as shares, in percent.',
    lang,
    item: zh ? '医疗机构' : 'Hospital',
    items: namesOf(response, settlement),
    axis: { label: '%', decimals: 1 },
    series: usedActions(response).map(key => ({
      name: ACTIONS[key][lang],
      values: players.map((_, h) => shown(key, equilibrium.actions[h]![key])),
    })),
    baseline: { name: zh ? '照旧' : 'As before', value: 0 },
  })
}

function profitBars(response: Response, settlement: Settlement, lang: Lang): Chart {
  const zh = lang === 'zh'
  const { equilibrium, still } = response
  const names = namesOf(response, settlement)
  return barChart({
    title: zh ? '预期利润变化' : 'Expected change of profit',
    description: zh
      ? '均衡时的预期利润减照旧时的利润，单位万元；对称的竞争使大家都受损。'
      : 'Profit in the end less profit as before, in 10,000 yuan; a race of equals leaves all worse off.',
    lang,
    item: zh ? '医疗机构' : 'Hospital',
    axis: { label: zh ? '利润变化（万元）' : 'Change of profit (10,000 yuan)', decimals: 1 },
    bars: names.map((label, h) => ({ label, value: (equilibrium.payoffs[h]!.profit - still[h]!.profit) / 10_000 })),
  })
}

function namesOf({ players }: Response, settlement: Settlement): string[] {
  const names = new Map(settlement.hospitals.map(({ hospital }) => [hospital.code, hospital.name]))
  return players.map(({ code }) => `${code} ${names.get(code) ?? ''}`.trim())
}
