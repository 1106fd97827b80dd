import type { Lang, Text } from '../messages/index.ts'
import { escapeText } from './escape.ts'
import { type Column, checkGrid, type Grid } from './grid.ts'
import { countText } from './number.ts'
import { pageStyle } from './style.ts'
import type { Chart } from './svg.ts'

/** One fact with the place that it comes from. */
export interface Fact {
  readonly name: string
  readonly value: string
  readonly source?: Source
}

export interface Source {
  readonly title: string
  /** Shown as a link when it is an http or https address, else left out. */
  readonly link?: string
}

export type Section =
  | { readonly kind: 'heading'; readonly text: string; readonly level?: 2 | 3 }
  /** `note` marks a text that must not be overlooked. Line breaks are kept. */
  | { readonly kind: 'paragraph'; readonly text: string; readonly note?: boolean }
  | { readonly kind: 'facts'; readonly caption?: string; readonly facts: readonly Fact[] }
  /** The first `shown` rows (default 20) stand open, the others behind a fold; print shows all. */
  | { readonly kind: 'table'; readonly caption: string; readonly grid: Grid; readonly shown?: number }
  /** The numbers of the picture stand behind a fold. */
  | { readonly kind: 'figure'; readonly caption: string; readonly chart: Chart }

export interface Page {
  readonly title: string
  readonly subtitle?: string
  readonly lang: Lang
  readonly sections: readonly Section[]
  /** What made the page: program version, scheme, hashes, and the time if wanted; the page has no clock of its own. */
  readonly footer: string
}

const SHOWN = 20

const TEXTS = {
  contents: { zh: '目录', en: 'Contents' },
  data: { zh: '图中数据', en: 'Data of this figure' },
  empty: { zh: '无数据', en: 'No data' },
} as const satisfies Readonly<Record<string, Text>>

function restText(rows: number, lang: Lang): string {
  return lang === 'zh' ? `其余 ${countText(rows)} 行` : `${countText(rows)} more rows`
}

/**
 * A report as one HTML file: no scripts, nothing loaded from elsewhere (its own policy forbids both), readable on paper
 * and on dark screens. All texts are escaped. Same input, same bytes.
 */
export function page({ title, subtitle, lang, sections, footer }: Page): string {
  const body = sections.map((section, i) => sectionHtml(section, `s${i + 1}`, lang))
  const lines = [
    '<!doctype html>',
    `<html lang="${lang === 'zh' ? 'zh-CN' : 'en'}">`,
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeText(title)}</title>`,
    `<style>\n${pageStyle()}\n</style>`,
    '</head>',
    '<body>',
    `<header><h1>${escapeText(title)}</h1>`,
    ...(subtitle === undefined ? [] : [`<p class="subtitle">${escapeText(subtitle)}</p>`]),
    '</header>',
    ...contents(sections, lang),
    '<main>',
    ...body,
    '</main>',
    `<footer>${escapeText(footer)}</footer>`,
    '</body>',
    '</html>',
  ]
  return `${lines.join('\n')}\n`
}

/** Links to the chapters, where there are enough of them to get lost in. */
function contents(sections: readonly Section[], lang: Lang): string[] {
  const entries = sections.flatMap((section, i) =>
    section.kind === 'heading' && section.level !== 3
      ? [`<li><a href="#s${i + 1}">${escapeText(section.text)}</a></li>`]
      : [],
  )
  return entries.length < 3 ? [] : [`<nav aria-label="${TEXTS.contents[lang]}"><ol>${entries.join('')}</ol></nav>`]
}

function sectionHtml(section: Section, id: string, lang: Lang): string {
  switch (section.kind) {
    case 'heading': {
      const level = section.level ?? 2
      return `<h${level} id="${id}">${escapeText(section.text)}</h${level}>`
    }
    case 'paragraph':
      return `<p${section.note === true ? ' class="note"' : ''}>${escapeText(section.text)}</p>`
    case 'facts':
      return factsHtml(section.facts, section.caption)
    case 'table':
      return tableHtml(section.grid, section.caption, section.shown ?? SHOWN, lang)
    case 'figure':
      return [
        `<figure><figcaption>${escapeText(section.caption)}</figcaption>`,
        `<div class="scroll">${section.chart.svg}</div>`,
        `<details class="data"><summary>${TEXTS.data[lang]}</summary>${gridHtml(section.chart.data, lang)}</details>`,
        '</figure>',
      ].join('\n')
  }
}

function factsHtml(facts: readonly Fact[], caption: string | undefined): string {
  const sourced = facts.some(fact => fact.source !== undefined)
  const rows = facts.map(({ name, value, source }) => {
    const origin = sourced ? `<td class="source">${source === undefined ? '' : sourceHtml(source)}</td>` : ''
    return `<tr><th scope="row">${escapeText(name)}</th><td>${escapeText(value)}</td>${origin}</tr>`
  })
  const head = caption === undefined ? '' : `<caption>${escapeText(caption)}</caption>`
  return `<div class="scroll"><table class="facts">${head}<tbody>\n${rows.join('\n')}\n</tbody></table></div>`
}

function sourceHtml({ title, link }: Source): string {
  if (link === undefined || !/^https?:\/\//i.test(link)) return escapeText(title)
  return `<a href="${escapeText(link)}" rel="noreferrer">${escapeText(title)}</a>`
}

function tableHtml(grid: Grid, caption: string, shown: number, lang: Lang): string {
  const { columns, rows } = grid
  // A fold that hides a row or two costs more than it saves.
  if (rows.length <= shown + 5) return gridHtml(grid, lang, caption)
  const rest = rows.length - shown
  return [
    gridHtml({ columns, rows: rows.slice(0, shown) }, lang, caption),
    `<details class="rest"><summary>${restText(rest, lang)}</summary>`,
    gridHtml({ columns, rows: rows.slice(shown) }, lang),
    '</details>',
  ].join('\n')
}

function gridHtml(grid: Grid, lang: Lang, caption?: string): string {
  checkGrid(grid)
  const kind = (column: Column): string => (column.align === 'right' ? ' class="n"' : '')
  const head = grid.columns.map(column => `<th scope="col"${kind(column)}>${escapeText(column.title)}</th>`)
  const rows = grid.rows.map(
    row => `<tr>${row.map((cell, c) => `<td${kind(grid.columns[c]!)}>${escapeText(cell)}</td>`).join('')}</tr>`,
  )
  if (rows.length === 0) rows.push(`<tr><td colspan="${grid.columns.length}">${TEXTS.empty[lang]}</td></tr>`)
  return [
    '<div class="scroll"><table>',
    ...(caption === undefined ? [] : [`<caption>${escapeText(caption)}</caption>`]),
    `<thead><tr>${head.join('')}</tr></thead>`,
    `<tbody>\n${rows.join('\n')}\n</tbody>`,
    '</table></div>',
  ].join('\n')
}
