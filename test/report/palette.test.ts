import { expect, test } from 'vitest'
import { PALETTE, type Role } from '../../report/palette.ts'

/** Contrast ratio of two colours (WCAG 2.2). */
function contrast(a: string, b: string): number {
  const luminance = (color: string): number => {
    const [red, green, blue] = [1, 3, 5].map(at => {
      const part = Number.parseInt(color.slice(at, at + 2), 16) / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    }) as [number, number, number]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

test('the measure itself', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21)
})

test.each(['light', 'dark'] as const)('every colour that carries meaning stands out on %s ground', shade => {
  for (const [role, color] of Object.entries(PALETTE) as [Role, (typeof PALETTE)[Role]][]) {
    if (role === 'grid' || role === 'ground') continue
    // Marks also colour the names of lines, so they must do as text.
    const least = role === 'axis' ? 3 : 4.5
    expect(contrast(color[shade], PALETTE.ground[shade]), role).toBeGreaterThanOrEqual(least)
  }
})
