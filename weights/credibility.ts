/** One risk of a class: a group of an ADRG, in units of the mean of the ADRG. */
export interface Risk {
  /** Weight of the mean: number of cases, or any exposure. */
  readonly cases: number
  readonly mean: number
  /** Weighted sum of squares within the risk, and its degrees of freedom. */
  readonly within: number
  readonly freedom: number
}

/** Parameters of the Bühlmann–Straub model. */
export interface Credibility {
  /** s²: variance of one case within a group. */
  readonly within: number
  /** τ²: variance of the true means of the groups of a class; 0 where the data show none. */
  readonly between: number
  /** k = s² / τ² in z = n / (n + k); infinite where τ² is 0. */
  readonly k: number
}

/**
 * The unbiased estimators of the Bühlmann–Straub model over several classes with common variances (H. Bühlmann,
 * A. Gisler, A Course in Credibility Theory, 2005, 4.8): s² is the pooled variance within risks, and
 * τ² = (Σ_classes Σ_risks n (x − x̄)² − s² Σ (risks − 1)) / Σ_classes (N − Σ n² / N), not below 0.
 * Risks without cases, and classes of one risk, do not count for τ².
 */
export function buhlmannStraub(classes: readonly (readonly Risk[])[]): Credibility {
  let [squares, freedom, spread, steps, scale] = [0, 0, 0, 0, 0]
  for (const all of classes) {
    const risks = all.filter(one => one.cases > 0)
    for (const one of risks) {
      squares += one.within
      freedom += one.freedom
    }
    if (risks.length < 2) continue
    const n = risks.reduce((sum, one) => sum + one.cases, 0)
    const mean = risks.reduce((sum, one) => sum + one.cases * one.mean, 0) / n
    for (const one of risks) spread += one.cases * (one.mean - mean) ** 2
    steps += risks.length - 1
    scale += n - risks.reduce((sum, one) => sum + one.cases ** 2, 0) / n
  }
  const within = freedom === 0 ? 0 : squares / freedom
  const between = scale === 0 ? 0 : Math.max(0, (spread - within * steps) / scale)
  return { within, between, k: between === 0 ? Number.POSITIVE_INFINITY : within / between }
}
