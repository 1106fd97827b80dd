import { loadScheme, type Scheme } from '../../grouper/index.ts'

/** A made-up stay, with every fact that some form can carry. All forms are written from these. */
export interface Stay {
  readonly id: string
  readonly admission: number
  readonly settleId: string
  readonly person: string
  readonly hospital: string
  readonly sex: 1 | 2
  readonly birth: string
  readonly admit: string
  readonly discharge: string
  readonly age: number
  /** Days at admission, of infants. */
  readonly days: number | undefined
  /** Grams, of newborns. */
  readonly weight: number | undefined
  readonly los: number
  readonly way: number
  readonly icuMinutes: number
  readonly dx: readonly string[]
  readonly px: readonly string[]
  /** Fen. */
  readonly cost: number
  readonly self: number
  readonly own: number
  readonly insurance: '310' | '390'
  readonly department: string
  /** Fen: western, patent Chinese and herbal medicine; consumables. */
  readonly drugs: readonly [number, number, number]
  readonly consumable: number
}

export const SCHEME: Scheme = loadScheme('chs-drg-2.0')

/** A small generator of its own: the same stays every time, whatever the program's generator does. */
export function random(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const DAY = 86_400_000

function iso(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10)
}

/** Stays of one year: infants, newborns, old people; up to fifteen diagnoses and seven procedures, which all forms hold. */
export function makeStays(count: number, seed = 1): Stay[] {
  const draw = random(seed)
  const dx = SCHEME.diagnoses.codes.filter(code => /^[A-Z]\d{2}\.\d{3}(x\d{3})?(\+[A-Z]\d{2}\.\d\*)?$/.test(code))
  const px = SCHEME.procedures.codes.filter(code => /^\d{2}\.\d{4}$/.test(code))
  const pick = (codes: readonly string[], n: number): string[] => {
    const found = new Set<string>()
    while (found.size < n) found.add(codes[draw(codes.length)]!)
    return [...found]
  }
  return Array.from({ length: count }, (_, i): Stay => {
    const admitDay = Date.UTC(2025, 0, 1) / DAY + draw(330)
    const kind = draw(10)
    const ageInDays = kind === 0 ? draw(29) : kind === 1 ? 29 + draw(330) : 366 + draw(33_000)
    const birthDay = admitDay - ageInDays
    const [birth, admit] = [iso(birthDay), iso(admitDay)]
    const years = completedYears(birth, admit)
    const los = 1 + draw(25)
    const cost = 100_000 + draw(5_000_000)
    const [self, own] = [draw(50_000), draw(30_000)]
    return {
      id: String(10_000 + i).padStart(8, '0'),
      admission: 1 + draw(3),
      settleId: `99SE${String(i).padStart(8, '0')}`,
      person: `99P${String(i).padStart(9, '0')}`,
      hospital: `H9900000000${1 + draw(3)}`,
      sex: draw(2) === 0 ? 1 : 2,
      birth,
      admit: `${admit} ${String(draw(24)).padStart(2, '0')}:15`,
      discharge: `${iso(admitDay + los)} 09:40`,
      age: years,
      days: years === 0 ? ageInDays : undefined,
      weight: ageInDays < 29 ? 900 + draw(3500) : undefined,
      los,
      way: [1, 1, 1, 2, 3, 4, 5, 9][draw(8)]!,
      icuMinutes: draw(4) === 0 ? 60 * (1 + draw(100)) : 0,
      dx: pick(dx, 1 + draw(8)),
      px: draw(3) === 0 ? [] : pick(px, 1 + draw(5)),
      cost,
      self,
      own,
      insurance: draw(2) === 0 ? '310' : '390',
      department: `A${String(1 + draw(12)).padStart(2, '0')}`,
      drugs: [draw(30_000), draw(10_000), draw(3) === 0 ? draw(5000) : 0],
      consumable: 1 + draw(30_000),
    }
  })
}

/** Years by the calendar, counted apart from the program's own way. */
function completedYears(birth: string, admit: string): number {
  const years = Number(admit.slice(0, 4)) - Number(birth.slice(0, 4))
  return admit.slice(5) < birth.slice(5) ? years - 1 : years
}

export function yuan(fen: number): string {
  return (fen / 100).toFixed(2)
}
