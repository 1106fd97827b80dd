const GOLDEN = (Math.sqrt(5) - 1) / 2

/** How far beyond a break its far side is tried, relative to the range. */
export const BEYOND = 1e-9

/**
 * Where a function is highest on an interval: `breaks` and `parts` equal lengths part it into stretches that are taken to be
 * concave. A function may jump at a break; both its sides are tried. The lowest place wins a tie.
 */
export function highestOf(
  low: number,
  high: number,
  { breaks, parts }: { readonly breaks: readonly number[]; readonly parts: number },
  f: (x: number) => number,
): number {
  const inside = breaks.filter(x => x > low && x < high)
  const even = Array.from({ length: parts - 1 }, (_, i) => low + ((high - low) * (i + 1)) / parts)
  const edges = [low, ...[...inside, ...even].sort((a, b) => a - b), high]
  const beyond = (high - low) * BEYOND
  let best = low
  let most = f(low)
  const offer = (x: number): void => {
    const value = f(x)
    if (value > most) [best, most] = [x, value]
  }
  for (let i = 0; i + 1 < edges.length; i++) {
    const [a, b] = [edges[i]!, edges[i + 1]!]
    if (b - a > 4 * beyond) {
      offer(a + beyond)
      offer(highest(a, b, f))
      offer(b - beyond)
    }
    offer(b)
  }
  return best
}

/** Where a concave function is highest on an interval; an end of it where that is as high. */
function highest(low: number, high: number, f: (x: number) => number): number {
  let [a, b] = [low, high]
  let [c, d] = [b - GOLDEN * (b - a), a + GOLDEN * (b - a)]
  let [fc, fd] = [f(c), f(d)]
  for (let step = 0; step < 60 && b - a > 1e-12 * (1 + Math.abs(b)); step++) {
    if (fc >= fd) {
      b = d
      d = c
      fd = fc
      c = b - GOLDEN * (b - a)
      fc = f(c)
    } else {
      a = c
      c = d
      fc = fd
      d = a + GOLDEN * (b - a)
      fd = f(d)
    }
  }
  const middle = (a + b) / 2
  return f(low) >= f(middle) ? low : middle
}
