import type { Case, Scheme } from '../../../grouper/index.ts'
import { at, createDraws } from '../../../numbers/index.ts'

/** Whole numbers drawn one after another from a seed and a case number. */
export interface Dice {
  below(n: number): number
}

export function dice(seed: number, index: number): Dice {
  const draws = createDraws(seed)
  let word = 0
  return {
    below(n) {
      const words = at(draws, index, Math.floor(word / 4), 0, 0)
      return Math.floor((words[word++ % 4]! / 0x1_0000_0000) * n)
    },
  }
}

/** Code lists of a scheme for drawing: every set, the complications, and codes that are in no list. */
export interface Urn {
  readonly dx: readonly (readonly string[])[]
  readonly px: readonly (readonly string[])[]
  readonly complications: readonly string[]
}

export function urnOf(scheme: Scheme): Urn {
  const sets = [...scheme.sets.values()].filter(set => set.codes.length > 0)
  return {
    dx: [...sets.filter(set => set.kind === 'diagnosis').map(set => set.codes), scheme.diagnoses.codes.slice(1)],
    px: [...sets.filter(set => set.kind === 'procedure').map(set => set.codes), scheme.procedures.codes.slice(1)],
    complications: [...scheme.complications.keys()],
  }
}

/** A random case that meets many rules: codes come from the scheme's own lists, ages and weights lie near their bounds. */
export function randomCase(urn: Urn, seed: number, index: number): Case {
  const { below } = dice(seed, index)
  const pick = (lists: readonly (readonly string[])[]): string => {
    const list = lists[below(lists.length)]!
    return list[below(list.length)]!
  }
  const diagnoses = below(60) === 0 ? [] : [below(50) === 0 ? 'Z99.x99x999' : pick(urn.dx)]
  if (diagnoses.length > 0) {
    for (let k = below(7); k > 0; k--) {
      const what = below(10)
      diagnoses.push(
        what < 4
          ? urn.complications[below(urn.complications.length)]!
          : what === 4
            ? diagnoses[0]!
            : what === 5
              ? 'unknown'
              : pick(urn.dx),
      )
    }
  }
  const procedures: string[] = []
  for (let k = below(5); k > 0; k--) procedures.push(below(20) === 0 ? '00.0000x999' : pick(urn.px))
  const infant = below(4) === 0
  return {
    sex: [1, 2, 1, 2, 9, 0][below(6)]!,
    ...(below(40) === 0 ? {} : { ageYears: infant ? 0 : below(100) }),
    ...(below(5) === 0 ? {} : { ageDays: infant ? below(366) : below(30_000) }),
    ...(below(3) === 0 ? {} : { weight: below(3) === 0 ? 0 : 900 + below(20) * 100 }),
    losDays: below(70),
    ...(below(5) === 0 ? {} : { dischargeWay: [1, 2, 3, 4, 5, 9][below(6)]! }),
    diagnoses,
    procedures,
  }
}

/** The case as a row of the simple table. */
export function caseRow(given: Case, id: number): string {
  const { sex, ageYears, ageDays, weight, losDays, dischargeWay, icuHours, totalCost, diagnoses, procedures } = given
  const cost = totalCost === undefined ? '' : (totalCost / 100).toFixed(2)
  return [
    id,
    sex,
    ageYears ?? '',
    ageDays ?? '',
    weight ?? '',
    losDays ?? '',
    dischargeWay ?? '',
    icuHours ?? '',
    diagnoses.join('|'),
    procedures.join('|'),
    cost,
  ].join(',')
}

export const CASE_HEADER = 'id,gender,age,ageDay,weight,los,leavingType,icuHours,dx,proc,totalCost'
