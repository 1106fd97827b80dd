import { Fault } from '../messages/index.ts'
import type { Hospital } from './grouped.ts'
import { cubeOfKept } from './kernel.ts'
import type { Prepared } from './prepare.ts'
import { keptRanges, type Statistics } from './statistics.ts'

/** Number and cost (fen) of kept cases by hospital and group: position hospital × width + group. */
export interface Cube {
  readonly hospitals: readonly string[]
  readonly width: number
  readonly numbers: Uint32Array
  /** Fen. */
  readonly sums: Float64Array
  /** Level of each hospital. */
  readonly level: readonly string[]
  /** Levels that occur, ascending. */
  readonly levels: readonly string[]
}

/** Counts the kept cases by hospital and group; refuses a hospital whose level is not known. `file` lists the levels. */
export function countCube(
  prepared: Prepared,
  statistics: Statistics,
  hospitals: readonly Hospital[],
  file: string | undefined,
): Cube {
  const { cases, reason, cost, year } = prepared
  const levelOf = new Map(hospitals.map(hospital => [hospital.code, hospital.level]))
  const level = cases.hospitals.map(code => {
    const one = levelOf.get(code)
    if (one === undefined) throw unlisted(code, file)
    return one
  })
  const width = cases.groups.length
  const numbers = new Uint32Array(cases.hospitals.length * width)
  const sums = new Float64Array(numbers.length)
  const { low, high } = keptRanges(statistics)
  const { group, hospital } = cases
  cubeOfKept({ group, hospital, year, reason, cost }, statistics.years.length, low, high, numbers, sums)
  return { hospitals: cases.hospitals, width, numbers, sums, level, levels: [...new Set(level)].sort() }
}

/** Number and cost by group of the hospitals at these positions. */
export function sumHospitals(
  { width, numbers, sums }: Cube,
  positions: readonly number[],
): { readonly numbers: Float64Array; readonly sums: Float64Array } {
  const [n, c] = [new Float64Array(width), new Float64Array(width)]
  for (const h of positions) {
    for (let g = 0; g < width; g++) {
      n[g] = n[g]! + numbers[h * width + g]!
      c[g] = c[g]! + sums[h * width + g]!
    }
  }
  return { numbers: n, sums: c }
}

function unlisted(hospital: string, file: string | undefined): Fault {
  return new Fault({
    code: 'WGT-001',
    at: { ...(file === undefined ? {} : { file }), field: 'code' },
    what: {
      zh: `病例中的医院 ${hospital} 不在医院名单里，不知其级别。`,
      en: `Hospital ${hospital} has cases but is not in the list of hospitals, so its level is not known.`,
    },
    fix: { zh: '请在医院名单中补上该医院及其级别。', en: 'Add it with its level to the list of hospitals.' },
  })
}
