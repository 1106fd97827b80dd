import { readFileSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { home } from '../../../files/index.ts'
import { FACT_NAMES, FACTS, loadQualityPack } from '../../../grouper/index.ts'

const BEGIN = '<!-- generated: tables -->\n'
const END = '<!-- end -->'

/** The tables of rules, facts and lists as docs/quality.md has them. */
function tables(): string {
  const { rules, lists } = loadQualityPack()
  const cell = (text: string): string => text.replaceAll('|', '\\|')
  const source = (from: string): string =>
    ({ codes: 'codes', group: 'group', weights: '--weights', record: 'record', file: 'file' })[from] ?? `column ${from}`
  return [
    '## 2. The rules, facts and lists',
    '',
    '| rule | name | severity | source | scope | condition |',
    '|---|---|---|---|---|---|',
    ...rules.map(rule => {
      const severities = [...new Set([rule.severity, ...rule.regrade.map(other => other.severity)])].join('/')
      const name = `${rule.name.zh}<br>${rule.name.en}`
      return `| ${rule.id} | ${name} | ${severities} | ${rule.source.join(' ')} | ${rule.scope} | \`${cell(rule.whenText.trim())}\` |`
    }),
    '',
    '| fact | meaning | from |',
    '|---|---|---|',
    ...FACT_NAMES.map(name => {
      const { label, from, record } = FACTS[name]
      const fields = record === '' ? '' : `record ${cell(record)}`
      const places = [from === 'record' ? '' : source(from), fields].filter(Boolean)
      return `| ${name} | ${label.zh}, ${label.en} | ${places.join('; ')} |`
    }),
    '',
    '| list | meaning | codes | by |',
    '|---|---|---|---|',
    ...lists.map(list => {
      const by = list.pattern ?? (list.mdc === undefined ? (list.codes ?? []).join(' ') : `MDC ${list.mdc}`)
      return `| ${list.id} | ${list.name.zh}, ${list.name.en} | ${list.count ?? ''} | \`${cell(by) || '(empty)'}\` |`
    }),
    '',
  ].join('\n')
}

it('docs/quality.md has the tables of the rules (UPDATE_DOCS=1 writes them)', () => {
  const file = home('docs', 'quality.md')
  const text = readFileSync(file, 'utf8')
  const [from, to] = [text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END)]
  if (process.env.UPDATE_DOCS === '1') writeFileSync(file, text.slice(0, from) + tables() + text.slice(to))
  else expect(text.slice(from, to)).toBe(tables())
})
