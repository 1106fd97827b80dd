import {
  createCatalogue,
  type DipCatalogue,
  type DipGroup,
  type DipMatching,
  type OperationProperty,
  withMatching,
} from '../../../grouper/index.ts'

const PROPERTIES: readonly OperationProperty[] = ['surgery', 'intervention', 'therapeutic', 'diagnostic', 'none']

/**
 * The sample with everything that a region may add to it: scores, mean costs, comprehensive groups of all kinds of
 * terms, properties, marks with least days, short operations.
 */
export function regional(sample: DipCatalogue): DipCatalogue {
  const { groups, lists, manifest, procedures } = sample
  const priced = groups.map((group, i): DipGroup => {
    const figures = i % 7 === 0 ? {} : { score: ((i * 7919) % 97) * 10_000, meanCost: ((i * 104_729) % 50) * 100_000 }
    return {
      ...group,
      figures: group.related.length === 0 || i % 5 === 0 ? figures : { ...figures, relatedCost: (i % 11) * 40_000 },
    }
  })
  const comprehensive = [
    'A15',
    'A17',
    'K35',
    'K80',
    'K40.2',
    'I20-I25',
    'I00-I99',
    'Z51',
    'T20-T25',
    'N00-N99',
    'I10.x00x002',
  ]
  const formed = comprehensive.flatMap((dx, i) =>
    ([1, 2, 3, 4, undefined] as const)
      .filter((_, n) => (i + n) % 3 !== 0)
      .map(
        (property, n): DipGroup => ({
          code: `${dx}${dx === 'A17' ? '+' : ''}-${property ?? 'x'}`,
          layer: 'ZH',
          sequence: 9_000 + i * 5 + n,
          name: '',
          dx: [dx],
          main: [],
          related: [],
          position: 'main',
          conditions: {},
          ...(property === undefined ? {} : { property }),
          origin: 'local',
          figures: {},
        }),
      ),
  )
  const marked: DipGroup = {
    code: 'A17-4',
    layer: 'ZH',
    sequence: 9_999,
    name: '',
    dx: ['A17'],
    main: [],
    related: [],
    position: 'main',
    conditions: {},
    property: 4,
    origin: 'local',
    figures: {},
  }
  const properties = new Map<string, OperationProperty>()
  procedures.codes.slice(1).forEach((code, i) => {
    if (i % 3 !== 0) properties.set(code, PROPERTIES[i % 5]!)
  })
  const short: DipGroup[] = ['36.0', '47.01', '51.2', '53'].map((main, i) => ({
    code: `K-${main}`,
    layer: 'JC',
    sequence: 8_000 + i,
    name: '',
    dx: ['I21', 'K35', 'K80', 'K40.2'],
    main: [main],
    related: i % 2 === 0 ? [['88', '99.2']] : [],
    position: 'main',
    conditions: {},
    origin: 'local',
    figures: {},
  }))
  return createCatalogue(manifest, [...priced, ...short, ...formed, marked], {
    ...lists,
    properties,
    excludedOperations: new Map([
      ...lists.excludedOperations,
      ['36.0700', { code: '36.0700', rule: 'limited', scope: ['K80', 'I21.0'] }],
      ['47.0100', { code: '47.0100', rule: 'conservative', scope: [] }],
    ]),
    tags: [
      ...lists.tags,
      { tag: 'tcm', dx: 'I20-I25', operations: [], name: '' },
      { tag: 'bed-day', dx: 'I63', operations: [], name: '', minDays: 30 },
      { tag: 'day-surgery', dx: 'K40.2', operations: ['53.1200x001'], name: '' },
    ],
  })
}

/** Ways in which regions match otherwise. */
export const MATCHINGS: readonly Partial<DipMatching>[] = [
  { comprehensive: 'formed' },
  { comprehensive: 'listed', intervention: 3, blankGroup: 'KBBZ' },
  { comprehensive: 'listed', comprehensiveBy: 'highest', conservativeFallback: 'core', auxiliaryFallback: 'none' },
  {
    mainOperation: 'any',
    comprehensive: 'listed',
    comprehensiveBy: 'highest',
    tieRule: ['most-conditions', 'closest-cost'],
  },
  {
    mainOperation: 'any',
    shortOperations: 'children',
    tieRule: ['most-operations', 'highest-score', 'most-conditions'],
  },
  { droppedOperation: 'conservative', limitedOperation: 'conservative', tieRule: [] },
  {
    shortOperations: 'children',
    tieRule: ['closest-cost', 'highest-score', 'narrowest'],
    conservativeFallback: 'core',
  },
  { tieRule: ['most-conditions', 'most-operations', 'highest-score'], blankGroup: 'JC-3625' },
  {
    mainOperation: 'any',
    comprehensive: 'listed',
    comprehensiveBy: 'highest',
    conservativeFallback: 'core-unless-surgery',
    tieRule: ['exact-operations', 'most-conditions', 'highest-score', 'type-order'],
  },
  {
    mainOperation: 'any',
    shortOperations: 'children',
    intervention: 3,
    tieRule: ['main-operation', 'most-conditions', 'full-codes', 'type-order'],
  },
  {
    shortOperations: 'children',
    comprehensive: 'formed',
    conservativeFallback: 'core-unless-surgery',
    tieRule: ['full-codes', 'exact-operations', 'type-order', 'main-operation'],
  },
  { relatedShare: 10 },
  { mainOperation: 'any', relatedShare: 35, conservativeFallback: 'core' },
]

/** The regional catalogue under each of them. */
export function variants(sample: DipCatalogue): DipCatalogue[] {
  const catalogue = regional(sample)
  return MATCHINGS.map(matching => withMatching(catalogue, matching))
}
