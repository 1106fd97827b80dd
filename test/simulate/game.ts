import type { Solver } from '../../simulate/behaviour/equilibrium.ts'
import type { Player, Rules } from '../../simulate/behaviour/game.ts'

/** A solver that goes on until nothing moves. */
export const solver: Solver = { damping: 0.5, eps: 1e-9, rounds: 2000 }

/** A player of 100 points in one pool whose cost is linear. */
export function player(fields: Partial<Player> & { readonly code: string }): Player {
  return {
    points: Float64Array.of(100), patient: Float64Array.of(0), visiting: Float64Array.of(0), paid: Float64Array.of(0), cost: 50, kappa: 0, eta: 0, psi: 1,
    splitPoints: 0, splitCost: 0, dearPoints: 0, dearCost: 0, ...fields,
  } // biome-ignore format: one list
}

/** A pool of 1,000 yuan that is simply divided, and hospitals that choose their volume. */
export function rules(fields: Partial<Rules> = {}): Rules {
  return {
    method: 'points', budget: Float64Array.of(1000), rate: Float64Array.of(1), patientPayScales: false, detection: 0, fine: 0,
    bounds: { volume: [0, 100], upcoding: 0, effort: 0, splitting: 0, refusal: 0 }, ...fields,
  } // biome-ignore format: one list
}
