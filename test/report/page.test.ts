import { describe, expect, test } from 'vitest'
import { barChart, numberColumn, type Page, page, textColumn } from '../../report/index.ts'
import { elementsOf } from './markup.ts'
import { samplePage } from './sample.ts'

const EVIL = `<script>alert("x")</script>'"&\u0000`
const ESCAPED = '&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&#39;&quot;&amp;\ufffd'

function small(sections: Page['sections']): Page {
  return { title: 't', lang: 'zh', sections, footer: 'f' }
}

describe.each(['zh', 'en'] as const)('the sample page in %s', lang => {
  const html = page(samplePage(lang))
  test('is well formed, with a picture for each figure', () => {
    const names = elementsOf(html)
    expect(names.filter(name => name === 'svg')).toHaveLength(7)
    expect(names.filter(name => name === 'figure')).toHaveLength(7)
    expect(html).toContain(`<html lang="${lang === 'zh' ? 'zh-CN' : 'en'}">`)
  })
  test('needs no network and no script', () => {
    expect(html).not.toMatch(/<(script|link|img|iframe|object)\b|@import|url\(| on\w+=|javascript:/i)
    const outside = html.replace(/<a href="[^"]*"/g, '').replaceAll('xmlns="http://www.w3.org/2000/svg"', '')
    expect(outside).not.toMatch(/https?:/)
  })
  test('shows no NaN, undefined or Infinity', () => {
    expect(html).not.toMatch(/NaN|undefined|Infinity/)
  })
  test('is the same each time', () => {
    expect(page(samplePage(lang))).toBe(html)
  })
})

describe('page', () => {
  test('escapes every text', () => {
    const html = page({
      title: EVIL,
      subtitle: EVIL,
      lang: 'zh',
      footer: EVIL,
      sections: [
        ...[1, 2, 3].map(() => ({ kind: 'heading', text: EVIL }) as const),
        { kind: 'paragraph', text: EVIL },
        { kind: 'facts', caption: EVIL, facts: [{ name: EVIL, value: EVIL, source: { title: EVIL } }] },
        {
          kind: 'facts',
          facts: [{ name: 'n', value: 'v', source: { title: EVIL, link: `https://x/"><script>${EVIL}` } }],
        },
        { kind: 'table', caption: EVIL, grid: { columns: [textColumn(EVIL)], rows: [[EVIL]] } },
        {
          kind: 'figure',
          caption: EVIL,
          chart: barChart({
            title: EVIL,
            description: EVIL,
            lang: 'zh',
            item: EVIL,
            axis: { label: EVIL },
            bars: [{ label: EVIL, value: 1 }],
          }),
        },
      ],
    })
    expect(elementsOf(html)).not.toContain('script')
    expect(html).not.toContain('<script')
    expect(html.split(ESCAPED).length - 1).toBeGreaterThan(20)
  })
  test('links to web addresses only', () => {
    const html = page(
      small([
        {
          kind: 'facts',
          facts: [
            { name: 'a', value: '1', source: { title: '文件', link: 'https://www.nhsa.gov.cn/' } },
            { name: 'b', value: '2', source: { title: '坏', link: 'javascript:alert(1)' } },
          ],
        },
      ]),
    )
    expect(html).toContain('<a href="https://www.nhsa.gov.cn/" rel="noreferrer">文件</a>')
    expect(html).toContain('<td class="source">坏</td>')
    expect(html).not.toContain('javascript')
  })
  test('folds a long table and loses no row', () => {
    const grid = {
      columns: [textColumn('病组'), numberColumn('例数')],
      rows: Array.from({ length: 30 }, (_, i) => [`G${i}`, `${i}`]),
    }
    const html = page(small([{ kind: 'table', caption: '表', grid }]))
    expect(html).toContain('其余 10 行')
    expect(html.split('<td>G')).toHaveLength(31)
    expect(html).toContain('<td class="n">29</td>')
    expect(page(small([{ kind: 'table', caption: '表', grid, shown: 25 }]))).not.toContain('其余')
  })
  test('says so when a table is empty, and refuses rows of another width', () => {
    expect(page(small([{ kind: 'table', caption: '表', grid: { columns: [textColumn('a')], rows: [] } }]))).toContain(
      '无数据',
    )
    expect(() => page(small([{ kind: 'table', caption: '表', grid: { columns: [], rows: [['x']] } }]))).toThrow(
      RangeError,
    )
  })
  test('lists its chapters from three on', () => {
    const chapter = { kind: 'heading', text: '章' } as const
    expect(page(small([chapter, chapter]))).not.toContain('<nav')
    const html = page(small([chapter, chapter, { ...chapter, level: 3 }, chapter]))
    expect(html).toContain('<li><a href="#s4">章</a></li>')
    expect(html.split('<li>')).toHaveLength(4)
  })
})
