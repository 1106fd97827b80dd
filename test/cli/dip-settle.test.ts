import { readFileSync, writeFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { readTable } from '../../files/index.ts'
import { loadCatalogue, readAuxiliaryPack } from '../../grouper/index.ts'
import { Decimal, parseYuan } from '../../numbers/index.ts'
import { temporaryFolder } from '../temporary.ts'
import { runCli } from './run.ts'

const folder = temporaryFolder()
const region = `${folder}/r/region.yaml`
const catalogue = `${folder}/catalogue`
const settle = `settle --region ${region} --scheme ${catalogue}`

const column = (file: string, name: string): string[] => {
  const table = readTable(file)
  return table.rows.map(row => row.cells[table.header.indexOf(name)]!)
}
const fenIn = (file: string, name: string): number =>
  column(file, name).reduce((all, text) => all + (parseYuan(text) ?? Number.NaN), 0)

beforeAll(async () => {
  await runCli(
    `synth --scheme dip-3.0-sample --cases 1500 --years 3 --hospitals 5 --seed 5 --out ${folder}/r/cases.csv`,
  )
  const files = [2023, 2024, 2025].map(year => `${folder}/r/cases-${year}.csv`).join(' ')
  const built = await runCli(`dip build ${files} --scheme dip-3.0-sample --out ${catalogue}`)
  expect(built.code).toBe(0)
  const { code, err } = await runCli(`${settle} --out ${folder}/out`)
  expect([code, err]).toEqual([0, expect.stringContaining('1,500 cases settled')])
}, 120_000)

describe('a region under DIP', () => {
  it('is settled from its cases to its budget, to the fen, at every level', () => {
    const budgets = [...readFileSync(region, 'utf8').matchAll(/fund: "([\d.]+)"/g)].map(([, text]) => parseYuan(text!)!)
    const total = budgets.reduce((all, one) => all + one, 0)
    expect(fenIn(`${folder}/out/by-hospital.csv`, 'due') + fenIn(`${folder}/out/pools.csv`, 'residual')).toBe(total)
    expect(fenIn(`${folder}/out/by-month.csv`, 'gross')).toBe(fenIn(`${folder}/out/by-hospital.csv`, 'gross'))
    expect(fenIn(`${folder}/out/by-group.csv`, 'gross')).toBe(fenIn(`${folder}/out/by-hospital.csv`, 'gross'))
  })

  it('previews the fund due of a hospital with the fund share of each pool, as the region settles it', async () => {
    await runCli(`${settle} --policy jiangmen --out ${folder}/shares`)
    const settled = readTable(`${folder}/shares/by-hospital.csv`)
    const at = (name: string): number => settled.header.indexOf(name)
    expect(new Set(column(`${folder}/shares/pools.csv`, 'payRatio')).size).toBe(2)
    for (const { cells } of settled.rows.slice(0, 2)) {
      const [code, due, cases] = [cells[at('hospital')]!, parseYuan(cells[at('due')]!)!, Number(cells[at('cases')])]
      const { out, err } = await runCli(
        `preview ${folder}/r/cases-2025.csv --hospital ${code} --region ${region} --scheme ${catalogue} --policy jiangmen --published ${folder}/shares --out ${folder}/share-${code}`,
      )
      expect(err).not.toContain("the region's fund share is not known")
      const expected = parseYuan(/Expected fund due +([\d,.]+)/.exec(out)![1]!.replaceAll(',', ''))!
      // Each case is rounded for itself, twice.
      expect(Math.abs(expected - due)).toBeLessThanOrEqual(2 * cases)
    }
  })

  it('calls points 分值 throughout, and a DRG region calls them 点数', async () => {
    const id = column(`${folder}/r/cases-2025.csv`, 'id')[1]!
    const out = `--out ${folder}/zh`
    const texts = [
      (await runCli(`${settle} --policy jiangmen ${out}`, 'zh')).out,
      (await runCli(`${settle} --policy jiangmen --explain ${id}`, 'zh')).out,
      (await runCli(`preview ${folder}/r/cases-2025.csv --hospital H002 --region ${region} --scheme ${catalogue} --policy jiangmen --published ${folder}/zh --out ${folder}/zh-p`, 'zh')).out,
      readFileSync(`${folder}/zh/report.html`, 'utf8'),
      readFileSync(`${folder}/zh-p/statement.html`, 'utf8'),
    ] // biome-ignore format: one text a line
    for (const text of texts) {
      expect(text).toContain('分值')
      expect(text).not.toMatch(/点数|元\/点|\d 点[^值]/)
    }
    expect(texts[1]).toMatch(/\d 分 × 点值 [\d.]+ 元 = /)
    await runCli(`synth --cases 300 --hospitals 2 --scheme chs-drg-2.0 --seed 7 --out ${folder}/drg/cases.csv`)
    const drg = await runCli(`settle --region ${folder}/drg/region.yaml --out ${folder}/drg/out`, 'zh')
    expect(drg.out).toMatch(/点数 +点值（元\/点）/)
  })

  it('takes the scores that its catalogue carries, and a case scores RW × k by them', async () => {
    const scores = new Map(loadCatalogue(catalogue).groups.map(group => [group.code, group.figures.score]))
    const groups = column(`${folder}/out/weights.csv`, 'group')
    const points = column(`${folder}/out/weights.csv`, 'points')
    expect(groups.length).toBeGreaterThan(50)
    for (const [i, group] of groups.entries())
      expect(new Decimal(points[i]!).times(10_000).toNumber()).toBe(scores.get(group))
    await runCli(
      `preview ${folder}/r/cases-2025.csv --hospital H002 --region ${region} --scheme ${catalogue} --published ${folder}/out --out ${folder}/p`,
    )
    const table = readTable(`${folder}/p/cases.csv`)
    const cell = (cells: readonly string[], name: string): string => cells[table.header.indexOf(name)]!
    const normal = table.rows.filter(({ cells }) => cell(cells, 'class') === 'normal')
    expect(normal.length).toBeGreaterThan(20)
    for (const { cells } of normal) {
      const score = new Decimal(scores.get(cell(cells, 'group'))!).div(10_000)
      expect(score.times(cell(cells, 'coefficient')).toDecimalPlaces(4, Decimal.ROUND_HALF_UP).toFixed(4)).toBe(
        new Decimal(cell(cells, 'points')).toFixed(4),
      )
    }
  })

  it('is foreseen by a hospital at the point value that the region settles', async () => {
    const at = column(`${folder}/out/by-hospital.csv`, 'hospital').indexOf('H002')
    const settled = Number(column(`${folder}/out/by-hospital.csv`, 'gross')[at])
    const pays = column(`${folder}/p/cases.csv`, 'pay').map(Number)
    expect(Math.abs(pays.reduce((all, one) => all + one, 0) - settled)).toBeLessThanOrEqual(pays.length * 0.01)
  })

  it('takes a city table of scores, and the table that weights derives from grouped cases', async () => {
    const groups = column(`${folder}/out/weights.csv`, 'group')
    const points = column(`${folder}/out/weights.csv`, 'points')
    const file = `${folder}/scores.csv`
    writeFileSync(file, `病种编码,分值\n${groups.map((group, i) => `${group},${points[i]}`).join('\n')}\n`)
    expect((await runCli(`${settle} --weights ${file} --out ${folder}/table`)).code).toBe(0)
    const read = (name: string): string => readFileSync(`${folder}/${name}/by-hospital.csv`, 'utf8')
    expect(read('table')).toBe(read('out'))
    const weighed = await runCli(
      `weights ${folder}/r/cases-2025.csv --scheme ${catalogue} --hospitals ${folder}/r/hospitals.csv --out ${folder}/w`,
    )
    expect([weighed.code, weighed.out]).toEqual([0, expect.stringContaining('groups with a weight')])
    expect((await runCli(`${settle} --weights ${folder}/w/weights.csv --out ${folder}/own`)).code).toBe(0)
    const weightsOf = (name: string): number[] => column(`${folder}/${name}/weights.csv`, 'weight').map(Number)
    expect(weightsOf('own')).toEqual(weightsOf('w'))
  })

  it('pays by auxiliary coefficients where a table gives them; the highest counts', async () => {
    const groups = column(`${folder}/out/weights.csv`, 'group')
    writeFileSync(`${folder}/wrong.csv`, `group,type,class,coefficient\n${groups[1]},age,elderly-and-more,1.1\n`)
    const wrong = await runCli(`${settle} --auxiliary ${folder}/wrong.csv --out ${folder}/x`)
    expect([wrong.code, wrong.err]).toEqual([65, expect.stringContaining('AUX-010')])
    const classes = readAuxiliaryPack('dip3-draft').types.flatMap(type =>
      type.classes.filter(one => !one.base).map(one => `${type.id},${one.id}`),
    )
    const table = groups.flatMap(group => classes.map((name, i) => `${group},${name},1.${i + 1}`))
    writeFileSync(`${folder}/aux.csv`, `group,type,class,coefficient\n${table.join('\n')}\n`)
    expect((await runCli(`${settle} --auxiliary ${folder}/aux.csv --out ${folder}/a`)).code).toBe(0)
    const sum = (name: string): number =>
      column(`${folder}/${name}/pools.csv`, 'points').reduce((all, text) => all + Number(text), 0)
    expect(sum('a')).toBeGreaterThan(sum('out'))
    expect(fenIn(`${folder}/a/by-hospital.csv`, 'due')).toBe(fenIn(`${folder}/out/by-hospital.csv`, 'due'))
  })

  it('writes sheets in the DIP template: kind, auxiliary class and its coefficient, scores', async () => {
    expect(
      (await runCli(`${settle} --auxiliary ${folder}/aux.csv --sheets dip --format csv --out ${folder}/a`)).code,
    ).toBe(0)
    const file = `${folder}/a/sheets/H001-dip.csv`
    const of = (name: string): string[] => column(file, name)
    const [kinds, factors, classes] = [of('dipType'), of('supplementFactor'), of('supplementName')]
    expect(new Set(kinds)).toEqual(new Set(['', 'core', 'comprehensive']))
    expect(factors.filter(one => one !== '').length).toBeGreaterThan(5)
    for (const [i, factor] of factors.entries()) expect(classes[i] === '', factor).toBe(factor === '')
    // Normal cases: score of the packet × institution coefficient × auxiliary coefficient, rounded once.
    const [scores, cases, ks, ratios] = [of('dipScore'), of('dipSettleScore'), of('settleFactor'), of('dipDeviation')]
    let normal = 0
    for (const [i, score] of scores.entries()) {
      if (score === '' || Number(ratios[i]) < 0.51 || factors[i] === '') continue
      normal++
      const wanted = new Decimal(score).times(factors[i]!)
      const got = new Decimal(cases[i]!)
      const near = (k: string | number) => wanted.times(k).minus(got).abs().lte('0.001')
      expect(near(ks[i]!) || near(1), String(i)).toBe(true)
    }
    expect(normal).toBeGreaterThan(3)
    const money = of('settleAmount').reduce((all, text) => all + parseYuan(text)!, 0)
    const at = column(`${folder}/a/by-hospital.csv`, 'hospital').indexOf('H001')
    expect(money).toBe(parseYuan(column(`${folder}/a/by-hospital.csv`, 'gross')[at]!))
  })

  it("a hospital's foresight reconciles with the sheet of the region, case by case", async () => {
    const sheets = await runCli(`${settle} --sheets settlement-return --hospital H002 --out ${folder}/out`)
    expect(sheets.code).toBe(0)
    const { code, out } = await runCli(
      `reconcile ${folder}/out/sheets/H002-settlement-return.xlsx --ours ${folder}/p/cases.csv --out ${folder}/rec`,
    )
    expect([code, out]).toEqual([0, expect.stringMatching(/differing +0/)])
    expect(out).toMatch(/missing in ours +0/)
  })

  it('states the payment of a case as a page, with the opening value of the region file', async () => {
    const id = column(`${folder}/p/cases.csv`, 'id')[0]!
    for (const lang of ['zh', 'en'] as const) {
      const page = `${folder}/case-${lang}.html`
      expect((await runCli(`${settle} --explain ${id} --page ${page} --lang ${lang}`, lang)).code).toBe(0)
      const html = readFileSync(page, 'utf8')
      for (const text of ['RW = S·w', 'PV0', 'provisionalPointValue', 'dip3-draft']) expect(html).toContain(text)
    }
  })

  it('answers what a larger budget does', async () => {
    const { code, out } = await runCli(
      `simulate --region ${region} --scheme ${catalogue} --scenarios policies/scenarios/budget-plus-5.yaml --out ${folder}/s`,
    )
    expect([code, out]).toEqual([0, expect.stringMatching(/up by 5 % .* [56]\.\d\d%/)])
  })

  it('answers several scenarios with the same bytes by one thread and by two', async () => {
    const several = `simulate --region ${region} --scheme ${catalogue} --scenarios policies/scenarios`
    for (const threads of [1, 2]) {
      const { code, err } = await runCli(`${several} --threads ${threads} --out ${folder}/t${threads}`)
      expect([code, err]).toEqual([0, expect.stringContaining('scenario-causes.csv')])
    }
    for (const name of ['scenarios.csv', 'scenario-pools.csv', 'scenario-causes.csv', 'scenario-inequality.csv'])
      expect(readFileSync(`${folder}/t2/${name}`, 'utf8')).toBe(readFileSync(`${folder}/t1/${name}`, 'utf8'))
  })

  it('says what it does not offer, and what does not go together', async () => {
    const twice = await runCli(
      `weights ${folder}/r/cases-2025.csv --scheme ${catalogue} --against dip-3.0-sample --out ${folder}/x`,
    )
    expect([twice.code, twice.err]).toEqual([64, expect.stringContaining('WGT-019')])
    const drg = await runCli(`settle --region ${region} --scheme chs-drg-2.0 --out ${folder}/drg`)
    expect(drg.err).toContain('pays by DIP scores, and chs-drg-2.0 is a DRG scheme')
    const rate = await runCli(`${settle} --policy yancheng-2025 --out ${folder}/yc`)
    expect(rate.err).toContain('does not speak of scores')
  })
})
