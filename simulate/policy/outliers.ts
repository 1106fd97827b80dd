import { Decimal } from '../../numbers/index.ts'
import { type OutlierDocument, outlierSets } from './outliers-document.ts'
import type { LinearBand } from './policy.ts'

/** The outlier rules of a policy: those of a shipped rule set, or its own; null where it has none. */
export function outlierRules(given: string | OutlierDocument | null): OutlierDocument | null {
  return typeof given === 'string' ? (outlierSets().get(given) ?? null) : given
}

/** Outlier rules as bands: score = RW × (slope·r + constant + perCoefficient·k), × k where the institution counts. */
export function bandsOfOutliers({ bands }: OutlierDocument): readonly LinearBand[] {
  return bands.map(({ class: name, upTo, op, slope, constant, perCoefficient, institution, auxiliary, flag }) => {
    const [r, fixed, perK] = [slope, constant, perCoefficient].map(text => new Decimal(text)) as [
      Decimal,
      Decimal,
      Decimal,
    ]
    return {
      class: name === 'extreme' ? 'ultraHigh' : name,
      upTo: upTo === null ? null : new Decimal(upTo),
      op,
      alpha: ZERO,
      alphaK: ZERO,
      beta: institution ? ZERO : fixed,
      gamma: institution ? fixed : perK,
      gammaK: institution ? perK : ZERO,
      rho: institution ? ZERO : r,
      rhoK: institution ? r : ZERO,
      capped: false,
      costPaid: false,
      auxiliary,
      flag,
    }
  })
}

const ZERO: Decimal = new Decimal(0)
