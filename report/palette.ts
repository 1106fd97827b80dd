/** A colour by its part in a picture, for light and for dark ground. */
interface Shade {
  readonly light: string
  readonly dark: string
}

/** What a colour stands for. */
export type Role = `mark${1 | 2 | 3 | 4 | 5 | 6}` | 'text' | 'muted' | 'grid' | 'axis' | 'ground'

/**
 * Colours after Okabe and Ito, darkened or lightened until every mark has a contrast of 3 and every text of 4.5 to its
 * ground; told apart in the common forms of colour blindness. Colour never stands alone: series also differ in shape.
 */
export const PALETTE: Readonly<Record<Role, Shade>> = {
  mark1: { light: '#0072b2', dark: '#56b4e9' },
  mark2: { light: '#c2500a', dark: '#ff9d5c' },
  mark3: { light: '#00805f', dark: '#2cc295' },
  mark4: { light: '#a0407f', dark: '#e09acb' },
  mark5: { light: '#8a6a00', dark: '#e6c14b' },
  mark6: { light: '#5b6470', dark: '#aab4c0' },
  text: { light: '#1c2127', dark: '#e6e9ed' },
  muted: { light: '#59626d', dark: '#a3adb8' },
  grid: { light: '#e1e5ea', dark: '#2d343d' },
  axis: { light: '#7b8591', dark: '#79838f' },
  ground: { light: '#ffffff', dark: '#14181d' },
}

/** Colours of series, in order; more series than these repeat them with other shapes. */
export const SERIES: readonly Role[] = ['mark1', 'mark2', 'mark3', 'mark4', 'mark5', 'mark6']

/** Colours of gain and loss: blue and vermilion, since red means gain to one reader and loss to another. */
export const GAIN: Role = 'mark1'
export const LOSS: Role = 'mark2'

/** Style rules that let the pictures of a page follow light and dark; a picture by itself carries the light colours. */
export function paletteStyle(): string {
  const roles = Object.entries(PALETTE)
  const variables = (ground: keyof Shade): string =>
    roles.map(([role, shade]) => `--${role}:${shade[ground]}`).join(';')
  const rules = roles.map(([role]) => `.f-${role}{fill:var(--${role})}.s-${role}{stroke:var(--${role})}`)
  return [
    `:root{color-scheme:light dark;${variables('light')}}`,
    `@media screen and (prefers-color-scheme:dark){:root{${variables('dark')}}}`,
    rules.join(''),
  ].join('\n')
}
