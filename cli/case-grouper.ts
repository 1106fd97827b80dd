import {
  type AuxiliaryPack,
  type CaseBatch,
  type Coded,
  categoryOf,
  compileBook,
  compileDipBook,
  createDipColumns,
  createGroupColumns,
  DIP_TAGS,
  type DipBook,
  type DipCatalogue,
  groupBatch,
  groupDipBatch,
  isCatalogue,
  LAYER_NAMES,
  loadCatalogue,
  loadScheme,
  type RuleBook,
} from '../grouper/index.ts'
import { Decimal } from '../numbers/index.ts'
import { specialtyOf } from '../simulate/index.ts'
import {
  type AuxiliaryChoice,
  type AuxiliaryTable,
  createAuxiliaryFinder,
  type GroupedBatch,
  type WeightTable,
} from '../weights/index.ts'
import { type SchemeNames, schemeNames } from './group-names.ts'

/** A scheme or catalogue as those need it who weigh, settle or preview: DRG groups with their ADRG, DIP groups with their category. */
export interface GroupBook extends Pick<RuleBook, 'schemeId' | 'hash' | 'dxTable' | 'pxTable'> {
  readonly leaves: readonly {
    readonly drg: string
    /** ADRG, or the category of diagnoses of a DIP group. */
    readonly adrg: string
    /** MDC, or the chapter letter of a DIP group. */
    readonly mdc: string
    readonly name: string
    /** Layer of a DIP group; absent under DRG, '' without a group. */
    readonly layer?: string
  }[]
}

/** Groups batches of cases under a DRG scheme or a DIP catalogue. */
export interface CaseGrouper {
  readonly kind: 'drg' | 'dip'
  readonly coded: Coded
  readonly book: GroupBook
  /** Which weight of newborns the scheme means. */
  readonly newbornWeight: 'birth' | 'admission' | undefined
  /** Names of codes, for sheets. */
  readonly names: SchemeNames
  /** Names of what `specialtyOf` makes of a group: MDCs by letter, or layers of a catalogue. */
  readonly specialties: ReadonlyMap<string, string>
  /** Auxiliary classes with a coefficient; undefined under a DRG scheme. */
  readonly choices: readonly AuxiliaryChoice[] | undefined
  /** Rows of the table of auxiliary coefficients that fit no group of the catalogue. */
  readonly strangers: number
  /** The scores that the catalogue itself carries, as weights: score ÷ `scale`; null where it carries none. */
  scores(scale: Decimal): Omit<WeightTable, 'meanCost' | 'meanCostExact'> | null
  /** Groups a batch; the result is valid until the next call. */
  group(batch: CaseBatch): GroupedBatch
}

/** The auxiliary types of a policy with the coefficients of a region. */
export interface AuxiliaryUse {
  readonly pack: AuxiliaryPack
  readonly table: AuxiliaryTable
  /** Where the table stands. */
  readonly file: string
}

/** The grouper of a scheme or catalogue by its id or folder. */
export function caseGrouper(id: string, auxiliary?: AuxiliaryUse): CaseGrouper {
  return isCatalogue(id) ? dipGrouper(loadCatalogue(id), auxiliary) : drgGrouper(id)
}

function drgGrouper(id: string): CaseGrouper {
  const scheme = loadScheme(id)
  const book = compileBook(scheme)
  let groups = createGroupColumns(0)
  return {
    kind: 'drg',
    coded: scheme,
    book,
    newbornWeight: scheme.manifest.newbornWeight,
    names: schemeNames(scheme),
    specialties: new Map(
      scheme.mdcs.flatMap(mdc => (mdc.adrgs[0] === undefined ? [] : [[specialtyOf(mdc.adrgs[0].code), mdc.name]])),
    ),
    choices: undefined,
    strangers: 0,
    scores: () => null,
    group(batch) {
      if (groups.leaf.length < batch.count) groups = createGroupColumns(Math.max(batch.count, 32_768))
      groupBatch(book, batch, groups)
      return groups
    },
  }
}

function dipGrouper(catalogue: DipCatalogue, auxiliary: AuxiliaryUse | undefined): CaseGrouper {
  const book = compileDipBook(catalogue)
  const finder =
    auxiliary === undefined
      ? undefined
      : createAuxiliaryFinder(auxiliary.pack, catalogue, book, auxiliary.table, auxiliary.file)
  let groups = createDipColumns(0)
  let tags = new Uint8Array(0)
  let choice = new Uint32Array(0)
  const leaves = leavesOf(catalogue, book)
  return {
    kind: 'dip',
    coded: catalogue,
    book: { schemeId: book.schemeId, hash: book.hash, dxTable: book.dxTable, pxTable: book.pxTable, leaves },
    newbornWeight: undefined,
    names: schemeNames({ ...catalogue, mdcs: [] }, auxiliary?.pack),
    specialties: new Map(Object.entries(LAYER_NAMES).map(([layer, name]) => [layer, name.zh])),
    choices: finder?.choices ?? [],
    strangers: finder?.strangers ?? 0,
    scores(scale) {
      const scoreOf = new Map(catalogue.groups.map(group => [group.code, group.figures.score]))
      const weight = leaves.map(({ drg }) => {
        const score = scoreOf.get(drg)
        return score === undefined ? null : new Decimal(score).div(10_000).div(scale)
      })
      if (weight.every(one => one === null)) return null
      return { groups: leaves.map(leaf => leaf.drg), weight, stable: weight.map(one => one !== null) }
    },
    group(batch) {
      if (groups.leaf.length < batch.count) {
        const capacity = Math.max(batch.count, 32_768)
        groups = createDipColumns(capacity)
        tags = new Uint8Array(capacity)
        choice = new Uint32Array(capacity)
      }
      groupDipBatch(book, batch, groups)
      const mask = (1 << DIP_TAGS.length) - 1
      for (let i = 0; i < batch.count; i++) tags[i] = groups.marks[i]! & mask
      finder?.find(batch, groups, choice)
      return { leaf: groups.leaf, status: groups.status, tags, auxiliary: choice }
    },
  }
}

/** Groups under their category, where they have one; a group without a name is named by its diagnoses and main operation. */
function leavesOf(catalogue: DipCatalogue, book: DipBook): GroupBook['leaves'] {
  const groups = new Map(catalogue.groups.map(group => [group.code, group]))
  const { diagnoses, procedures } = catalogue
  const nameIn = ({ ids, names }: DipCatalogue['diagnoses'], code: string): string => names[ids.get(code) ?? 0] || code
  return book.leaves.map(({ code, name, layer }) => {
    const group = groups.get(code)
    const term = group === undefined ? code : (group.dx[0] ?? '')
    const adrg = term === '' || layer === '' ? code : categoryOf(term)
    const spoken = (): string => {
      if (group === undefined || group.dx.length === 0) return ''
      const main = group.main[0]
      return `${group.dx.map(one => nameIn(diagnoses, one)).join('、')} ${main === undefined ? '保守治疗' : nameIn(procedures, main)}`
    }
    return {
      drg: code,
      adrg,
      mdc: layer === '' ? '' : term === '' ? layer : term.slice(0, 1),
      name: name || spoken(),
      layer,
    }
  })
}
