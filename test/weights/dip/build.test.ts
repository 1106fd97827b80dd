import { closeSync, mkdtempSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { home } from '../../../files/index.ts'
import { createCatalogue } from '../../../grouper/dip/catalogue.ts'
import { loadCatalogue } from '../../../grouper/dip/library.ts'
import { matchCase } from '../../../grouper/dip/match.ts'
import type { DipCatalogue, DipGroup } from '../../../grouper/dip/types.ts'
import { encodeCases } from '../../../grouper/store/store.ts'
import { Decimal } from '../../../numbers/index.ts'
import { buildCatalogue, type LocalBuild } from '../../../weights/dip/build.ts'
import { type BuildConfig, readBuildConfig } from '../../../weights/dip/build-config.ts'
import { figuresOf } from '../../../weights/dip/build-figures.ts'
import { storeSource } from '../../../weights/dip/build-source.ts'
import { meanCostBasis, scoreOf } from '../../../weights/dip/score.ts'
import { weightedMean } from '../../../weights/dip/years.ts'
import { readWeightConfig } from '../../../weights/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'dip-build-'))
const sample = loadCatalogue('dip-3.0-sample')
/** A national catalogue of the sample's lists and no group but those given. */
function nationalOf(groups: readonly DipGroup[] = []): DipCatalogue {
  return createCatalogue(sample.manifest, groups, { ...sample.lists, tags: [] })
}

interface Rows {
  readonly n: number
  readonly dx: string
  readonly ops?: string
  readonly cost: number
  readonly year?: number
  readonly los?: number
}

let files = 0
let ids = 0

/** Builds from cases that are written as rows of equal ones. */
async function build(
  rows: readonly Rows[],
  national = nationalOf(),
  config: Partial<BuildConfig> = {},
  years: string[] = [],
): Promise<LocalBuild> {
  const lines = ['id,gender,age,ageDay,weight,dept,los,leavingType,dx,proc,totalCost,month']
  for (const { n, dx, ops = '', cost, year = 2024, los = 5 } of rows) {
    for (let i = 0; i < n; i++)
      lines.push(`C${ids++},1,50,,,A,${los},1,${dx},${ops},${cost},${year}-${String(1 + (i % 12)).padStart(2, '0')}`)
  }
  const csv = join(folder, `${files}.csv`)
  const store = join(folder, `${files++}.dzc`)
  writeFileSync(csv, `${lines.join('\n')}\n`)
  const out = openSync(store, 'w')
  encodeCases(national, [csv], { write: bytes => writeSync(out, bytes) })
  closeSync(out)
  return buildCatalogue(national, storeSource(national, [store]), {
    id: 'local',
    name: { zh: '本地', en: 'local' },
    years,
    config: { ...readBuildConfig(), ...config },
    weights: readWeightConfig(home('policies', 'weights-dip.yaml')),
  })
}

/** Groups with their cases. */
function groupsOf(built: LocalBuild): Record<string, number> {
  return Object.fromEntries(figuresOf(built).groups.map(({ group, cases }) => [group.code, cases]))
}

describe('a local catalogue', () => {
  it('gives a related operation a group of its own from an increase of 10 % (table 3-3 of the draft)', async () => {
    const built = await build([
      { n: 40, dx: 'I21.000', ops: '36.0700x004', cost: 28_033 },
      { n: 30, dx: 'I21.001', ops: '36.0700x004|88.5600', cost: 28_849 },
      { n: 20, dx: 'I21.000', ops: '36.0700x004|00.2400', cost: 44_003 },
    ])
    expect(groupsOf(built)).toEqual({ 'I21.0-36.0700x004-00.2400': 20, 'I21.0-36.0700x004': 70 })
    expect(built.catalogue.groups.map(({ layer, origin, related }) => [layer, origin, related])).toEqual([
      ['BX', 'local', [['00.2400']]],
      ['JC', 'local', []],
    ])
    // Against the 70 cases without it, of which 30 have the angiography.
    const base = (40 * 28_033 + 30 * 28_849) / 70
    expect(built.increments.get('I21.0-36.0700x004-00.2400')).toBeCloseTo((44_003 / base - 1) * 100, 9)
  })

  // K35.9 of the table is not in 医保版 2.0, so its cases are read by their category.
  it('keeps treatments of one diagnosis apart (table 3-2 of the draft, a hundredth of its cases)', async () => {
    const built = await build([
      { n: 67, dx: 'K35.900', cost: 4_099 },
      { n: 71, dx: 'K35.900', ops: '47.0901', cost: 9_173 },
      { n: 121, dx: 'K35.900', ops: '47.0100', cost: 13_385 },
    ])
    expect(groupsOf(built)).toEqual({ 'K35-0': 67, 'K35-47.0100': 121, 'K35-47.0901': 71 })
    const means = figuresOf(built).groups.map(({ mean }) => mean!.div(100).toNumber())
    expect(means).toEqual([4_099, 13_385, 9_173])
  })

  it('pools what stays below the threshold by category and property (table 3-1 of the draft)', async () => {
    const built = await build([
      { n: 14, dx: 'C54.100', ops: '68.4902', cost: 30_000 },
      { n: 8, dx: 'C54.100', ops: '68.4101', cost: 28_000 },
      { n: 13, dx: 'C54.100', ops: '68.4101|65.6300', cost: 36_000 },
      { n: 10, dx: 'C54.900', ops: '68.4901', cost: 31_000 },
      { n: 9, dx: 'C54.900', cost: 5_000 },
    ])
    expect(groupsOf(built)).toEqual({ 'C54-4': 45 })
    const [group] = built.catalogue.groups
    expect([group!.layer, group!.property, group!.dx]).toEqual(['ZH', 4, ['C54']])
    expect(figuresOf(built).coverage.none.cases).toBe(9)
  })

  it('gives two related operations a group of their own where the second adds 10 % to the first', async () => {
    const rows = (both: number, cost: number): readonly Rows[] => [
      { n: 40, dx: 'C54.100', ops: '68.4101', cost: 28_000 },
      { n: 20, dx: 'C54.100', ops: '68.4101|65.6300', cost: 36_000 },
      { n: both, dx: 'C54.100', ops: '68.4101|40.3x00|65.6300', cost },
    ]
    const built = await build(rows(15, 39_600))
    expect(groupsOf(built)).toEqual({
      'C54.1-68.4101-40.3x00-65.6300': 15,
      'C54.1-68.4101-65.6300': 20,
      'C54.1-68.4101': 40,
    })
    expect(built.catalogue.groups.map(({ layer, related, origin }) => [layer, related, origin])).toEqual([
      ['BX', [['40.3x00'], ['65.6300']], 'local'],
      ['BX', [['65.6300']], 'local'],
      ['JC', [], 'local'],
    ])
    // The first operation against the cases without it, the second among those with the first.
    const first = ((20 * 36_000 + 15 * 39_600) / 35 / 28_000 - 1) * 100
    expect(built.increments.get('C54.1-68.4101-65.6300')).toBeCloseTo(first, 9)
    expect(built.increments.get('C54.1-68.4101-40.3x00-65.6300')).toBeCloseTo(10, 9)
    expect(
      matchCase(built.catalogue, { diagnoses: ['C54.100'], procedures: ['68.4101', '65.6300', '40.3x00'] }),
    ).toMatchObject({ code: 'C54.1-68.4101-40.3x00-65.6300', candidates: [] })
    const one = { 'C54.1-68.4101-65.6300': 35, 'C54.1-68.4101': 40 }
    // Less than 10 %, too few cases, or a region that wants one related operation at most.
    expect(groupsOf(await build(rows(15, 39_599)))).toEqual(one)
    expect(groupsOf(await build(rows(14, 39_600)))).toEqual({ ...one, 'C54.1-68.4101-65.6300': 34 })
    const { related } = readBuildConfig()
    expect(groupsOf(await build(rows(15, 39_600), nationalOf(), { related: { ...related, operations: 1 } }))).toEqual(
      one,
    )
    expect(groupsOf(await build(rows(15, 39_600), nationalOf(), { related: { ...related, operations: 0 } }))).toEqual({
      'C54.1-68.4101': 75,
    })
  })

  it('holds each case to the cost of its related operations where a region rules so', async () => {
    const rows: readonly Rows[] = [
      { n: 40, dx: 'O82.000', ops: '74.1x01', cost: 6_000 },
      { n: 30, dx: 'O82.000', ops: '74.1x01|68.2901', cost: 7_000 },
    ]
    const { related } = readBuildConfig()
    const plain = await build(rows)
    expect(groupsOf(plain)).toEqual({ 'O82.0-74.1x01-68.2901': 30, 'O82.0-74.1x01': 40 })
    expect(plain.catalogue.groups[0]!.figures.relatedCost).toBeUndefined()
    // The related operation costs 1,000 more; that is 14.3 % of 7,000.
    for (const [ofBill, cases] of [
      [14, 30],
      [15, 0],
    ] as const) {
      const built = await build(rows, nationalOf(), { related: { ...related, ofBill } })
      const [group] = built.catalogue.groups
      expect([group!.code, group!.figures.relatedCost]).toEqual(['O82.0-74.1x01-68.2901', 100_000])
      expect(groupsOf(built)).toEqual({ 'O82.0-74.1x01-68.2901': cases, 'O82.0-74.1x01': 70 - cases })
      const bill = (totalCost: number): string =>
        matchCase(built.catalogue, { diagnoses: ['O82.000'], procedures: ['74.1x01', '68.2901'], totalCost }).code
      const largest = Math.floor(10_000_000 / ofBill)
      expect([bill(largest), bill(largest + 1)]).toEqual(['O82.0-74.1x01-68.2901', 'O82.0-74.1x01'])
    }
  })

  it('keeps a group whole whose cases without the second operation would be too few', async () => {
    const built = await build([
      { n: 40, dx: 'C54.100', ops: '68.4101', cost: 28_000 },
      { n: 14, dx: 'C54.100', ops: '68.4101|65.6300', cost: 36_000 },
      { n: 20, dx: 'C54.100', ops: '68.4101|65.6300|40.3x00', cost: 60_000 },
    ])
    // 40.3x00 adds more, and has enough cases: its group is the first one.
    expect(groupsOf(built)).toEqual({ 'C54.1-68.4101-40.3x00': 20, 'C54.1-68.4101': 54 })
  })

  it('leaves cases whose main operation no dictionary has to a comprehensive group', async () => {
    const built = await build([
      { n: 20, dx: 'C54.100', ops: '68.9999x999|65.6300', cost: 28_000 },
      { n: 20, dx: 'C54.100', cost: 3_000 },
    ])
    expect(groupsOf(built)).toEqual({ 'C54.1-0': 20, 'C54-1': 20 })
    expect(figuresOf(built).coverage.none.cases).toBe(0)
  })

  it('leaves a small cluster with a related operation to the group without', async () => {
    const built = await build([
      { n: 20, dx: 'C54.100', ops: '68.4101', cost: 28_000 },
      { n: 13, dx: 'C54.100', ops: '68.4101|65.6300', cost: 36_000 },
    ])
    expect(groupsOf(built)).toEqual({ 'C54.1-68.4101': 33 })
  })

  it('counts a related operation that stands twice once, and a main one that stands twice never', async () => {
    const built = await build([
      { n: 20, dx: 'C54.100', ops: '68.4101|68.4101', cost: 28_000 },
      { n: 10, dx: 'C54.100', ops: '68.4101|65.6300|65.6300', cost: 90_000 },
    ])
    expect(groupsOf(built)).toEqual({ 'C54.1-68.4101': 30 })
  })

  it('passes over operations that count as conservative, and out of range', async () => {
    const built = await build([
      { n: 10, dx: 'I10.x00', ops: '11.6000', cost: 3_000 },
      { n: 10, dx: 'I10.x00', ops: '44.1300x001', cost: 3_000 },
      { n: 16, dx: 'A09.900x001', ops: '44.1300x001', cost: 3_000 },
    ])
    expect(groupsOf(built)).toEqual({ 'A09.9-44.1300x001': 16, 'I10.x-0': 20 })
  })
})

describe('against a national catalogue', () => {
  const row = (fields: Partial<DipGroup> & Pick<DipGroup, 'code' | 'layer' | 'sequence'>): DipGroup => ({
    name: '',
    dx: ['K35'],
    main: [],
    related: [],
    position: 'main',
    conditions: {},
    origin: 'national',
    figures: {},
    ...fields,
  })
  const national = nationalOf([
    row({ code: 'BX-1', layer: 'BX', sequence: 1, main: ['47.0100'], related: [['45.2302']] }),
    row({ code: 'JC-2', layer: 'JC', sequence: 2, main: ['47.0100'] }),
    row({ code: 'JC-3', layer: 'JC', sequence: 3, main: ['47.0901'] }),
    row({ code: 'JC-4', layer: 'JC', sequence: 4 }),
  ])

  it('keeps, adds with a mark, and drops; the cases of a dropped row lift the next', async () => {
    const built = await build(
      [
        { n: 8, dx: 'K35.900', ops: '47.0100|45.2302', cost: 15_000 },
        { n: 9, dx: 'K35.800x001', ops: '47.0100', cost: 13_000 },
        { n: 5, dx: 'K35.900', ops: '47.0901', cost: 9_000 },
        { n: 30, dx: 'K35.900', cost: 4_000 },
        { n: 15, dx: 'K36.x00', ops: '47.0100', cost: 12_000 },
      ],
      national,
    )
    expect(groupsOf(built)).toEqual({ 'JC-2': 17, 'JC-4': 30, 'K36.x-47.0100': 15 })
    const figures = figuresOf(built)
    expect(
      figures.national.map(({ group, status, before, after, to }) => [group.code, status, before, after, to]),
    ).toEqual([
      ['BX-1', 'dropped', 8, 0, { national: 8, local: 0, comprehensive: 0, none: 0 }],
      ['JC-2', 'kept', 9, 17, { national: 9, local: 0, comprehensive: 0, none: 0 }],
      ['JC-3', 'dropped', 5, 0, { national: 0, local: 0, comprehensive: 0, none: 5 }],
      ['JC-4', 'kept', 30, 30, { national: 30, local: 0, comprehensive: 0, none: 0 }],
    ])
    expect(built.catalogue.groups.map(({ origin, sequence }) => [origin, sequence])).toEqual([
      ['national', 2],
      ['national', 4],
      ['local', 5],
    ])
    expect(figures.coverage.none.cases).toBe(5)
  })

  it('scores by three years, and what it writes is what grouping by it gives', async () => {
    const built = await build(
      [
        { n: 10, dx: 'K35.900', cost: 4_000, year: 2022 },
        { n: 20, dx: 'K35.900', cost: 4_400, year: 2023 },
        { n: 30, dx: 'K35.900', cost: 5_000, year: 2024, los: 6 },
        { n: 20, dx: 'K35.900', ops: '47.0901', cost: 9_000, year: 2023 },
        { n: 5, dx: 'Z00.000', cost: 500, year: 2024 },
        { n: 40, dx: 'K35.900', cost: 1, year: 2019 },
      ],
      national,
      {},
      ['2022', '2023', '2024'],
    )
    const weights = [1, 2, 7].map(weight => new Decimal(weight))
    const year = (cases: number, sum: number) => ({ cases, sum })
    const region = weightedMean(
      [year(10, 40_000), year(40, 88_000 + 180_000), year(35, 150_000 + 2_500)],
      weights,
      'meanOfMeans',
    )!
    const group = weightedMean([year(10, 40_000), year(20, 88_000), year(30, 150_000)], weights, 'meanOfMeans')!
    const expected = scoreOf(group, meanCostBasis(region)).toFixed(4)
    const [conservative] = built.catalogue.groups.filter(({ code }) => code === 'JC-4')
    expect((conservative!.figures.score! / 10_000).toFixed(4)).toBe(expected)
    expect(conservative!.figures.meanDays).toBe('5.50')
    expect(built.screening).toMatchObject({ cases: 125, outsideYears: 40, groupable: 85 })
    expect(matchCase(built.catalogue, { diagnoses: ['K35.900'], procedures: [] }).code).toBe('JC-4')
  })
})

describe('the keys of local groups', () => {
  const config = readBuildConfig()
  const rows = (mean: number, more: readonly Rows[] = []): readonly Rows[] => [
    // 5.8 % of the cases have an operation of one subcategory alone.
    { n: 40, dx: 'N20.000', ops: '56.0x00', cost: 10_000 },
    { n: 30, dx: 'N20.100', ops: '56.0x00', cost: mean },
    { n: 20, dx: 'N20.000', cost: 3_000 },
    { n: 25, dx: 'N20.100', cost: 3_100 },
    { n: 7, dx: 'N20.100', ops: '55.0100', cost: 20_000 },
    ...more,
  ]

  it('become the category where operations are shared and mean costs differ by less than 10 %', async () => {
    const built = await build(rows(10_999))
    expect(groupsOf(built)).toEqual({ 'N20-0': 45, 'N20-56.0x00': 70 })
    expect(built.catalogue.groups.map(({ dx }) => dx)).toEqual([['N20'], ['N20']])
    expect(built.keys).toMatchObject([{ category: 'N20', reason: 'alike', subcategories: 2, cases: 122 }])
    expect(built.keys[0]!.shared).toBeCloseTo(115 / 122, 12)
    expect(built.keys[0]!.spread).toBeCloseTo(9.99, 9)
    // A code of the category that no case had goes the same way.
    expect(matchCase(built.catalogue, { diagnoses: ['N20.900'], procedures: ['56.0x00'] }).code).toBe('N20-56.0x00')
  })

  it('stay subcategories from a difference of 10 % on', async () => {
    const built = await build(rows(11_000))
    expect(groupsOf(built)).toEqual({ 'N20.0-0': 20, 'N20.0-56.0x00': 40, 'N20.1-0': 25, 'N20.1-56.0x00': 30 })
    expect(built.keys).toMatchObject([{ reason: 'costs', merged: false, spread: 10 }])
  })

  it('stay subcategories where too few cases have an operation that is shared', async () => {
    const built = await build(rows(10_000, [{ n: 24, dx: 'N20.000', ops: '55.0400', cost: 20_000 }]))
    expect(built.keys).toMatchObject([{ reason: 'operations', merged: false }])
    expect(built.keys[0]!.shared).toBeCloseTo(115 / 146, 12)
  })

  it('are not merged where the region does not want it', async () => {
    const built = await build(rows(10_000), nationalOf(), { keys: { ...config.keys, merge: false } })
    expect(Object.keys(groupsOf(built))).toContain('N20.0-56.0x00')
    expect(built.keys).toEqual([])
  })

  it('leave table 3-1 as it is: its subcategories share no operation', async () => {
    const cases: readonly Rows[] = [
      { n: 14, dx: 'C54.100', ops: '68.4902', cost: 30_000 },
      { n: 8, dx: 'C54.100', ops: '68.4101', cost: 30_000 },
      { n: 13, dx: 'C54.100', ops: '68.4101|65.6300', cost: 33_000 },
      { n: 10, dx: 'C54.900', ops: '68.4901', cost: 30_000 },
    ]
    const built = await build(cases)
    expect(groupsOf(built)).toEqual({ 'C54-4': 45 })
    expect(built.keys).toMatchObject([{ category: 'C54', reason: 'operations' }])
    const figures = figuresOf(built)
    expect(figures.groups[0]!.mean!.div(100).toNumber()).toBeCloseTo((32 * 30_000 + 13 * 33_000) / 45, 9)
    expect(matchCase(built.catalogue, { diagnoses: ['C54.300'], procedures: ['68.4902'] })).toMatchObject({
      code: 'C54-4',
      layer: 'ZH',
      type: 'comprehensive',
    })
  })
})

describe('related operations of national rows', () => {
  const national = nationalOf(
    [
      { code: 'BX-619', sequence: 1, related: [['00.2400x001']] },
      { code: 'BX-620', sequence: 2, related: [['88.5600']] },
      { code: 'BX-623', sequence: 3, related: [] },
    ].map(fields => ({
      name: '',
      layer: 'BX',
      dx: ['I21'],
      main: ['36.0700x004', '36.0601'],
      position: 'main',
      conditions: {},
      origin: 'national',
      figures: {},
      ...fields,
    })),
  )
  // Means of table 3-3 of the draft.
  const rows = [
    { n: 40, dx: 'I21.000', ops: '36.0700x004', cost: 28_033 },
    { n: 30, dx: 'I21.100', ops: '36.0700x004|88.5600', cost: 28_849 },
    { n: 20, dx: 'I21.000', ops: '36.0700x004|00.2400x001', cost: 44_003 },
  ]

  it('keep a row of their own from an increase of 10 % on (table 3-3 of the draft)', async () => {
    const built = await build(rows, national)
    expect(groupsOf(built)).toEqual({ 'BX-619': 20, 'BX-623': 70 })
    const figures = figuresOf(built)
    const told = figures.national.map(({ group, status, reason, increment }) => [
      group.code,
      status,
      reason,
      increment?.toFixed(2),
    ])
    expect(told).toEqual([
      ['BX-619', 'kept', '', '55.03'],
      ['BX-620', 'dropped', 'related', '2.91'],
      ['BX-623', 'kept', '', undefined],
    ])
    // Against the 70 cases without it, once the angiography is no row of its own.
    expect(built.nationalIncrements.get('BX-619')).toMatchObject({ cases: 20, without: 70, passes: true })
    expect(built.nationalIncrements.get('BX-619')!.percent).toBeCloseTo(
      (44_003 / ((40 * 28_033 + 30 * 28_849) / 70) - 1) * 100,
      9,
    )
  })

  it('are kept with a flag where the region wants that, and not judged on few cases', async () => {
    const related = { ...readBuildConfig().related, national: 'flag' as const }
    const built = await build(rows, national, { related })
    expect(groupsOf(built)).toEqual({ 'BX-619': 20, 'BX-620': 30, 'BX-623': 40 })
    const { groups } = figuresOf(built)
    expect(groups.map(({ isCheap, increment }) => [isCheap, increment?.toFixed(2)])).toEqual([
      [false, '56.97'],
      [true, '2.91'],
      [false, undefined],
    ])
    const few = await build([{ ...rows[0]!, n: 9 }, rows[1]!, rows[2]!], national)
    expect(few.nationalIncrements.size).toBe(0)
    expect(groupsOf(few)).toEqual({ 'BX-619': 20, 'BX-620': 30 })
  })

  it('are not judged where any operation may be the main one', async () => {
    const any = {
      ...national,
      manifest: { ...national.manifest, matching: { ...national.manifest.matching, mainOperation: 'any' as const } },
    }
    expect((await build(rows, any)).nationalIncrements.size).toBe(0)
  })
})

describe('a threshold by coverage, and the control of spread', () => {
  const rows = [
    { n: 90, dx: 'K35.900', cost: 4_000 },
    { n: 6, dx: 'K36.x00', cost: 4_000 },
    { n: 4, dx: 'N20.100', cost: 4_000 },
  ]

  it('takes the largest number of cases that still covers the share', async () => {
    const threshold = { ...readBuildConfig().threshold, kind: 'coverage' as const, share: new Decimal('0.95') }
    const built = await build(rows, nationalOf(), { threshold })
    expect(built.threshold).toBe(6)
    expect(groupsOf(built)).toEqual({ 'K35-0': 90, 'K36.x-0': 6 })
  })

  it('flags or drops local groups with a CV above the limit', async () => {
    const wild = [...rows, { n: 30, dx: 'N20.000', cost: 100 }, { n: 3, dx: 'N20.000', cost: 90_000 }]
    const flagged = figuresOf(await build(wild))
    expect(flagged.groups.map(({ group, isVaried }) => [group.code, isVaried])).toEqual([
      ['K35-0', false],
      ['N20.0-0', true],
    ])
    const cv = { ...readBuildConfig().cv, action: 'drop' as const }
    expect(groupsOf(await build(wild, nationalOf(), { cv }))).toEqual({ 'K35-0': 90 })
  })
})

describe('a build', () => {
  it('is refused without months, without cases of a year, and without any case', async () => {
    await expect(build([{ n: 2, dx: 'K35.900', cost: 1 }], nationalOf(), {}, ['2020'])).rejects.toThrow('DPB-002')
    await expect(build([{ n: 2, dx: 'K35.900', cost: 0 }])).rejects.toThrow('DPB-003')
    await expect(build([{ n: 2, dx: 'K35.900', cost: 1, year: 0 }])).rejects.toThrow('DPB-001')
  })
})
