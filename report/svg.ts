import type { Lang } from '../messages/index.ts'
import { columns } from './columns.ts'
import { escapeText } from './escape.ts'
import type { Grid } from './grid.ts'
import { PALETTE, type Role } from './palette.ts'

/** What every picture says about itself. */
export interface ChartHead {
  readonly title: string
  /** One or two sentences for readers who do not see the picture. */
  readonly description: string
  readonly lang: Lang
  /** Width in pixels; default 880. */
  readonly width?: number
}

/** A picture and the numbers that it shows. */
export interface Chart {
  /** A complete `<svg>` element; the texts in it are escaped. */
  readonly svg: string
  readonly data: Grid
}

/** A rectangle of a picture, in pixels from its upper left corner. */
export interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

export const CHART_WIDTH = 880
export const FONT_SIZE = 12

const FONTS =
  "system-ui,-apple-system,'Segoe UI','PingFang SC','Microsoft YaHei','Noto Sans SC','Noto Sans CJK SC','Source Han Sans SC',sans-serif"

type Attributes = Readonly<Record<string, string | number | undefined>>

/** A coordinate with one decimal. */
function coordinate(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`not a coordinate: ${value}`)
  return String(Math.round(value * 10) / 10 + 0)
}

/** An element; attribute values are escaped, `content` is markup. */
export function element(name: string, attributes: Attributes, content = ''): string {
  let head = `<${name}`
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined) continue
    head += ` ${key}="${typeof value === 'number' ? coordinate(value) : escapeText(value)}"`
  }
  return content === '' ? `${head}/>` : `${head}>${content}</${name}>`
}

/** Attributes that fill with a role's colour. */
export function fill(role: Role): { class: string; fill: string } {
  return { class: `f-${role}`, fill: PALETTE[role].light }
}

/** Attributes that stroke with a role's colour and leave the inside empty. */
export function stroke(role: Role, width = 1): { class: string; stroke: string; fill: string; 'stroke-width': string } {
  return { class: `s-${role}`, stroke: PALETTE[role].light, fill: 'none', 'stroke-width': String(width) }
}

export interface LabelStyle {
  readonly role?: Role
  readonly anchor?: 'start' | 'middle' | 'end'
  readonly size?: number
  readonly bold?: boolean
  /** A rim in the ground's colour, for labels that stand on marks. */
  readonly halo?: boolean
}

/** A line of text; `y` is its middle. */
export function label(x: number, y: number, text: string, style: LabelStyle = {}): string {
  const { role = 'text', anchor = 'start', size = FONT_SIZE, bold = false, halo = false } = style
  const paint = fill(role)
  return element(
    'text',
    {
      x,
      // Not `dominant-baseline`: many programs that open SVG files ignore it.
      y: y + size * 0.35,
      ...paint,
      ...(halo ? { class: `${paint.class} s-ground`, stroke: PALETTE.ground.light } : {}),
      ...(halo ? { 'stroke-width': '3', 'stroke-linejoin': 'round', 'paint-order': 'stroke' } : {}),
      'text-anchor': anchor === 'start' ? undefined : anchor,
      'font-size': size === FONT_SIZE ? undefined : size,
      'font-weight': bold ? '600' : undefined,
    },
    escapeText(text) || ' ',
  )
}

/** A straight line. */
export function line(x1: number, y1: number, x2: number, y2: number, role: Role, more: Attributes = {}): string {
  return element('line', { x1, y1, x2, y2, ...stroke(role), ...more })
}

/** A mark that stands for one number; `tip` shows when the pointer rests on it. */
export function mark(shape: string, tip: string): string {
  return `<g class="mark">${element('title', {}, escapeText(tip))}${shape}</g>`
}

const SHAPES: readonly ((x: number, y: number, r: number) => string)[] = [
  (x, y, r) => `M${path(x - r, y)}a${path(r, r)} 0 1 0 ${path(2 * r, 0)}a${path(r, r)} 0 1 0 ${path(-2 * r, 0)}z`,
  (x, y, r) => `M${path(x - r, y - r)}h${path(2 * r)}v${path(2 * r)}h${path(-2 * r)}z`,
  (x, y, r) => `M${path(x, y - 1.2 * r)}L${path(x + 1.2 * r, y + r)}H${path(x - 1.2 * r)}z`,
  (x, y, r) => `M${path(x, y - 1.4 * r)}L${path(x + 1.4 * r, y)}L${path(x, y + 1.4 * r)}L${path(x - 1.4 * r, y)}z`,
]

/** Coordinates as a path takes them. */
export function path(...coordinates: number[]): string {
  return coordinates.map(coordinate).join(' ')
}

/** The mark of series `index`: circle, square, triangle, diamond, and again. */
export function symbol(index: number, x: number, y: number, r: number, role: Role): string {
  return element('path', { d: SHAPES[index % SHAPES.length]!(x, y, r), ...fill(role) })
}

/** Signs of one column on a terminal that fonts of pages draw nearly as broad as they are high. */
const BROAD: ReadonlySet<string> = new Set('…%≥≤MW')

/** Width of a text in pixels, estimated from above: CJK one em, other characters 0.58 em. */
export function textWidth(text: string, size: number = FONT_SIZE): number {
  let ems = 0
  for (const character of text) {
    const wide = columns(character)
    ems += wide === 2 || BROAD.has(character) ? 1 : wide * 0.58
  }
  return size * ems
}

/** Whether two rectangles have more than a border in common. */
export function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

/** The whole picture. */
export function picture(head: ChartHead, height: number, body: readonly string[]): string {
  const width = head.width ?? CHART_WIDTH
  const lines = [
    element('title', {}, escapeText(head.title) || ' '),
    element('desc', {}, escapeText(head.description) || ' '),
    // The page hides this ground; a file by itself needs it.
    element('rect', { width, height, ...fill('ground') }),
    ...body,
  ]
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: 'chart',
      role: 'img',
      lang: head.lang === 'zh' ? 'zh-CN' : 'en',
      viewBox: `0 0 ${coordinate(width)} ${coordinate(height)}`,
      width,
      height,
      'font-family': FONTS,
      'font-size': FONT_SIZE,
    },
    `\n${lines.join('\n')}\n`,
  )
}

/** The picture of no data. */
export function emptyPicture(head: ChartHead): string {
  const text = head.lang === 'zh' ? '无数据' : 'No data'
  return picture(head, 80, [label((head.width ?? CHART_WIDTH) / 2, 40, text, { role: 'muted', anchor: 'middle' })])
}

/** Refuses what cannot be drawn: NaN, infinities and sizes above 1e300. */
export function checkNumber(value: number, what: string): void {
  if (!(Math.abs(value) <= 1e300)) throw new RangeError(`${what} must be a finite number, found ${value}`)
}
