import { readTable } from '../files/index.ts'
import { Decimal, parseDecimal } from '../numbers/index.ts'
import type { CoefficientInput } from './coefficient.ts'
import type { CoefficientConfig, CoefficientPart } from './config.ts'
import { type Cube, sumHospitals } from './cube.ts'
import { USED } from './kernel.ts'
import { levelWithoutBasic, noSuchIndex } from './refusal.ts'

/** One part of a composite coefficient. */
export interface PartValue {
  readonly index: string
  /** The figure of the hospital; against peers its excess over them. Null where it is not known. */
  readonly value: Decimal | null
  readonly added: Decimal
}

/** A composite coefficient: basic part plus additive parts. */
export interface CompositeCoefficient {
  readonly hospital: string
  readonly level: string
  readonly basic: Decimal
  readonly parts: readonly PartValue[]
  readonly coefficient: Decimal
}

const ZERO = new Decimal(0)

/**
 * Composite coefficients: basic part of the level (or of the hospital itself) plus parts that grow by steps up to the cap
 * of the level (阶梯加成; 厦医保中心〔2024〕40号 is a case), clamped to `min` and `max` and rounded.
 */
export function compositeCoefficients(
  cube: Cube,
  input: CoefficientInput,
  config: CoefficientConfig,
): CompositeCoefficient[] {
  const { basic, hospitals, parts } = config.composite
  checkComposite(config, input.indices)
  const found = parts.map(part => figuresOf(part, cube, input))
  return cube.hospitals.map((hospital, h) => {
    const level = cube.level[h]!
    const start = hospitals[hospital] ?? basic[level]
    if (start === undefined) throw levelWithoutBasic(level)
    const values = parts.map((part, p): PartValue => {
      const value = found[p]![h]!
      return { index: part.index, value, added: value === null ? ZERO : addedBy(part, value, level) }
    })
    const sum = values.reduce((all, one) => all.plus(one.added), start)
    const clamped = Decimal.min(config.max, Decimal.max(config.min, sum))
    const coefficient = clamped.toDecimalPlaces(config.decimals, Decimal.ROUND_HALF_UP)
    return { hospital, level, basic: start, parts: values, coefficient }
  })
}

/** What a part adds: nothing below `from`, there `first`, then `add` for each whole step, at most the cap of the level. */
export function addedBy(part: CoefficientPart, value: Decimal, level: string): Decimal {
  if (value.lt(part.from)) return ZERO
  const steps = value.minus(part.from).div(part.step).floor()
  return Decimal.min(part.cap[level] ?? ZERO, part.first.plus(part.add.times(steps)))
}

/** The figure of a part for every hospital, as excess over its peers where the part asks for that. */
function figuresOf(part: CoefficientPart, cube: Cube, input: CoefficientInput): (Decimal | null)[] {
  const ratios = countedIndex(part, cube, input) ?? givenIndex(part, cube, input)
  const figures = ratios.map(one => (one.below.isZero() ? null : one.above.div(one.below)))
  if (part.against === 'none') return figures
  return figures.map((figure, h) => {
    if (figure === null) return null
    let [above, below] = [ZERO, ZERO]
    for (const [other, one] of ratios.entries()) {
      if (cube.level[other] !== cube.level[h]) continue
      above = above.plus(one.above)
      below = below.plus(one.below)
    }
    return above.isZero() ? null : figure.div(above.div(below)).minus(1)
  })
}

/** A figure as a quotient, so that those of several hospitals join as those of one. */
interface Quotient {
  readonly above: Decimal
  readonly below: Decimal
}

function countedIndex({ index, age }: CoefficientPart, cube: Cube, input: CoefficientInput): Quotient[] | undefined {
  if (index === 'cmi' || index === 'cases') {
    return cube.hospitals.map((_, h) => {
      const { numbers } = sumHospitals(cube, [h])
      let [cases, weight] = [0, ZERO]
      for (let g = 0; g < cube.width; g++) {
        const w = input.weights.weight[g]!
        if (w === null || numbers[g] === 0) continue
        cases += numbers[g]!
        weight = weight.plus(w.times(numbers[g]!))
      }
      return index === 'cmi'
        ? { above: weight, below: new Decimal(cases) }
        : { above: new Decimal(cases), below: new Decimal(1) }
    })
  }
  if (index !== 'youngShare' && index !== 'oldShare') return undefined
  const { cases, reason } = input.prepared
  const ages = cases.details?.age
  const [met, all] = [cube.hospitals.map(() => 0), cube.hospitals.map(() => 0)]
  for (let i = 0; i < cases.count && ages !== undefined; i++) {
    const h = cases.hospital[i]!
    if (reason[i] !== USED || ages[i]! < 0 || h >= met.length) continue
    all[h]!++
    if (index === 'youngShare' ? ages[i]! <= age! : ages[i]! >= age!) met[h]!++
  }
  return met.map((count, h) => ({ above: new Decimal(count), below: new Decimal(all[h]!) }))
}

/** Indices that the cases themselves give. */
const COUNTED: ReadonlySet<string> = new Set(['cmi', 'cases', 'youngShare', 'oldShare'])

/** Refuses parts of a composite coefficient that neither the cases nor the table of hospitals (`file`) can give. */
export function checkComposite(
  { kind, composite }: CoefficientConfig,
  indices: CoefficientInput['indices'],
  file?: string,
): void {
  if (kind !== 'composite') return
  const columns = new Set([...(indices?.values() ?? [])].flatMap(one => [...one.keys()]))
  for (const { index } of composite.parts)
    if (!COUNTED.has(index) && !columns.has(index)) throw noSuchIndex(index, [...columns], file)
}

function givenIndex({ index }: CoefficientPart, cube: Cube, { indices }: CoefficientInput): Quotient[] {
  return cube.hospitals.map(code => {
    const value = indices?.get(code)?.get(index)
    return { above: value ?? ZERO, below: new Decimal(value === undefined ? 0 : 1) }
  })
}

/**
 * Figures of hospitals from the columns of their table besides code, name and level, such as the number of key
 * specialties or the share of Chinese medicine; a cell that is no decimal is no figure.
 */
export function readHospitalIndices(file: string): ReadonlyMap<string, ReadonlyMap<string, Decimal>> {
  const { header, rows } = readTable(file)
  const codeAt = Math.max(0, header.indexOf('code'))
  return new Map(
    rows.map(({ cells }) => {
      const figures = header.flatMap((name, c): [string, Decimal][] => {
        const value = ['code', 'name', 'level'].includes(name) ? undefined : parseDecimal(cells[c]!.trim())
        return value === undefined ? [] : [[name, value]]
      })
      return [cells[codeAt]!.trim(), new Map(figures)]
    }),
  )
}
