import { type Chance, normalOf } from './chance.ts'
import type { Level, RegionParameters } from './parameters.ts'

/** A hospital of the synthetic region. */
export interface HospitalModel {
  /** H001 … */
  readonly code: string
  readonly name: string
  readonly level: Level
  /** Share of all cases. */
  readonly share: number
  /** Cost level against the group's mean. */
  readonly cost: number
  /** Leaning to groups whose names match, where it is a special hospital. */
  readonly speciality?: { readonly pattern: RegExp; readonly factor: number }
}

const SUBJECT = { volume: 11, cost: 12 } as const
const LEVELS: readonly Level[] = ['3', '2', '1']
const NUMERALS = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十'] as const
/** Invented counties; a number follows when there are more hospitals than names. */
const COUNTIES = ['东河', '西岭', '南浦', '北原', '青溪', '白石', '长坪', '云岗', '金湾', '平桥'] as const

/** Hospitals of three levels under invented names; every name begins with 示例市, so that none can be a real one. */
export function modelHospitals(count: number, parameters: RegionParameters, chance: Chance): HospitalModel[] {
  const levels = levelsOf(count, parameters)
  const specialities = levels.map((level, h) => specialityOf(levels, level, h, parameters))
  const volumes = levels.map(
    (_, h) => Math.exp(parameters.hospitalSigma * normalOf(chance, SUBJECT.volume, h)) * (specialities[h]?.size ?? 1),
  )
  const present = LEVELS.filter(level => levels.includes(level))
  const allShares = present.reduce((all, level) => all + parameters.levelCases[level], 0)
  return levels.map((level, h) => {
    const peers = peersOf(levels, level)
    const own = specialities[h]
    const peerVolume = peers.reduce((all, one) => all + volumes[one]!, 0)
    return {
      code: `H${String(h + 1).padStart(3, '0')}`,
      name: own === undefined ? nameOf(level, peers.indexOf(h)) : `示例市${own.name}`,
      level,
      share: ((parameters.levelCases[level] / allShares) * volumes[h]!) / peerVolume,
      cost: parameters.levelCost[level] * Math.exp(parameters.hospitalCostSigma * normalOf(chance, SUBJECT.cost, h)),
      ...(own === undefined ? {} : { speciality: { pattern: new RegExp(own.pattern, 'u'), factor: own.factor } }),
    }
  })
}

function peersOf(levels: readonly Level[], level: Level): number[] {
  return [...levels.keys()].filter(one => levels[one] === level)
}

/** Special hospitals stand last within their level; half of a level at most. */
function specialityOf(
  levels: readonly Level[],
  level: Level,
  hospital: number,
  { specialities }: RegionParameters,
): RegionParameters['specialities'][number] | undefined {
  const peers = peersOf(levels, level)
  const own = specialities.filter(one => one.level === level)
  const general = Math.max(Math.ceil(peers.length / 2), peers.length - own.length)
  return own[peers.indexOf(hospital) - general]
}

/** Level of each hospital, highest first; as many of each as the shares say, and one of level 3 in any case. */
function levelsOf(count: number, { levelHospitals }: RegionParameters): Level[] {
  const total = LEVELS.reduce((all, level) => all + levelHospitals[level], 0)
  const third = Math.max(1, Math.round((count * levelHospitals['3']) / total))
  const second = Math.min(count - third, Math.round((count * levelHospitals['2']) / total))
  return Array.from({ length: count }, (_, h) => (h < third ? '3' : h < third + second ? '2' : '1'))
}

function nameOf(level: Level, place: number): string {
  const county = `${COUNTIES[place % COUNTIES.length]}县`
  const round = Math.floor(place / COUNTIES.length)
  switch (level) {
    case '3':
      return `示例市第${numeral(place + 1)}人民医院`
    case '2':
      return round === 0 ? `示例市${county}人民医院` : `示例市${county}第${numeral(round + 1)}人民医院`
    case '1':
      return `示例市${county}第${numeral(round + 1)}中心卫生院`
  }
}

function numeral(n: number): string {
  if (n <= 10) return NUMERALS[n - 1]!
  const tens = Math.floor(n / 10)
  const ones = n % 10
  return n < 100 ? `${tens === 1 ? '' : NUMERALS[tens - 1]}十${ones === 0 ? '' : NUMERALS[ones - 1]}` : String(n)
}
