import type { Grid, Section } from '../report/index.ts'

/** Rows of a table that a document shows; the whole table stands in the CSV file beside it. */
const SHOWN = 40

/** The sections of a report as Markdown; a picture is the table of its numbers. */
export function markdown(title: string, sections: readonly Section[], footer: string): string {
  return `${[`# ${title}`, ...sections.map(sectionText), footer].join('\n\n')}\n`
}

function sectionText(section: Section): string {
  switch (section.kind) {
    case 'heading':
      return `${'#'.repeat(section.level ?? 2)} ${section.text}`
    case 'paragraph':
      return section.note === true ? `> ${section.text}` : section.text
    case 'facts':
      return section.facts.map(({ name, value }) => `- ${name}: ${value}`).join('\n')
    case 'table':
      return `**${section.caption}**\n\n${gridText(section.grid)}`
    case 'figure':
      return `**${section.caption}**\n\n${gridText(section.chart.data)}`
  }
}

function gridText({ columns, rows }: Grid): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
  const rule = columns.map(column => (column.align === 'right' ? '--:' : '---'))
  const rest = rows.length > SHOWN ? [line([`… ${rows.length - SHOWN}`, ...columns.slice(1).map(() => '')])] : []
  return [line(columns.map(column => column.title)), line(rule), ...rows.slice(0, SHOWN).map(line), ...rest].join('\n')
}
