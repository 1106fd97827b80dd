import { expect, test } from 'vitest'
import { createCatalogue, diffCatalogues, dipDiffLines, loadCatalogue } from '../../../grouper/index.ts'
import { runCli } from '../../cli/run.ts'

const sample = loadCatalogue('dip-3.0-sample')

test('a catalogue does not differ from itself', () => {
  const diff = diffCatalogues(sample, sample)
  expect(diff).toMatchObject({ matching: [], removed: [], added: [], recoded: [], changed: [], lists: [] })
  expect(dipDiffLines(diff, 'en')).toEqual([
    'dip-3.0-sample (491) → dip-3.0-sample (491)',
    '491 unchanged, 0 recoded, 0 changed, 0 removed, 0 added',
  ])
})

test('groups removed, added, recoded and changed, lists and rules are told apart', () => {
  const groups = sample.groups
    .filter(({ code }) => code !== 'BX-918')
    .map(group => {
      if (group.code === 'JC-3625') return { ...group, code: 'JC-6000', sequence: 6_000 }
      if (group.code === 'BX-932') return { ...group, main: ['53.1203'] }
      return group.code === 'JC-3629' ? { ...group, figures: { score: 1_230_000 } } : group
    })
  const local = { ...groups.at(-1)!, code: 'JC-7000', sequence: 7_000, dx: ['Q99'], origin: 'local' as const }
  const manifest = { ...sample.manifest, id: 'local', matching: { ...sample.manifest.matching, blankGroup: 'KBBZ' } }
  const lists = { ...sample.lists, excludedDiagnoses: new Set(['Z51.100', 'Z52.000']) }
  const diff = diffCatalogues(sample, createCatalogue(manifest, [...groups, local], lists))
  expect(diff.removed.map(({ code }) => code)).toEqual(['BX-918'])
  expect(diff.added.map(({ code }) => code)).toEqual(['JC-7000'])
  expect(diff.recoded).toMatchObject([{ from: 'JC-3625', to: 'JC-6000' }])
  expect(diff.changed).toEqual([
    { code: 'BX-932', changes: [{ column: 'main', from: '53.1203|53.1200x001', to: '53.1203' }] },
    { code: 'JC-3629', changes: [{ column: 'score', from: '', to: '123.0000' }] },
  ])
  expect(diff.matching).toEqual([{ column: 'blankGroup', from: '', to: 'KBBZ' }])
  expect(diff.lists).toMatchObject([{ list: 'excludedDiagnoses', added: ['Z52.000'] }])
  expect(dipDiffLines(diff, 'zh', true)).toContain('  + Z52.000')
})

test('the command compares two catalogues and refuses a DRG scheme beside one', async () => {
  expect((await runCli('scheme diff dip-3.0-sample dip-3.0-sample')).out).toContain('491 unchanged')
  const { code, err } = await runCli('scheme diff dip-3.0-sample chs-drg-2.0')
  expect([code, err]).toEqual([64, expect.stringContaining('DIP-019')])
})
