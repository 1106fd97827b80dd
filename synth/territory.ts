import {
  codesOf,
  type Dictionary,
  type DipCatalogue,
  findArchetypes,
  type LeafArchetypes,
  type Scheme,
} from '../grouper/index.ts'
import type { Chance } from './chance.ts'
import { dipLeaves, neutralCodes } from './dip-leaves.ts'
import type { RegionParameters } from './parameters.ts'

/** What a region's cases are drawn from, whatever kind of scheme it groups by. */
export interface Territory {
  readonly leaves: readonly LeafArchetypes[]
  readonly diagnoses: Dictionary
  /** Codes that as further diagnosis or procedure change no group. */
  readonly neutralDiagnoses: readonly string[]
  readonly neutralProcedures: readonly string[]
}

/** The territory of a DRG scheme or of a DIP catalogue. */
export function territoryOf(
  scheme: Scheme | DipCatalogue,
  { dipPatterns }: Pick<RegionParameters, 'dipPatterns'>,
  seed: number,
  chance: Chance,
): Territory {
  if ('mdcs' in scheme) {
    const { neutralDiagnoses, neutralProcedures } = codesOf(scheme)
    return {
      leaves: findArchetypes(scheme, { seed }),
      diagnoses: scheme.diagnoses,
      neutralDiagnoses,
      neutralProcedures,
    }
  }
  const neutral = neutralCodes(scheme)
  return {
    leaves: dipLeaves(scheme, dipPatterns, chance),
    diagnoses: scheme.diagnoses,
    neutralDiagnoses: neutral.diagnoses,
    neutralProcedures: neutral.procedures,
  }
}
