import { existsSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { shareOf } from '../../cli/preview-options.ts'
import { put, temporaryFolder } from '../temporary.ts'
import { runCli } from './run.ts'

/** What people type or hand over by mistake: each is told in both languages, and leaves nothing half done. */

const folder = temporaryFolder()
const CASES = ['id,gender,age,dx,proc', 'A,1,45,K80.101,51.2300', 'B,2,61,I63.900,', ''].join('\n')
const scheme = '--scheme chs-drg-2.0'
let cases = ''
let region = ''

beforeAll(async () => {
  cases = put(folder, 'cases.csv', CASES)
  await runCli(`synth --cases 300 --hospitals 2 ${scheme} --seed 7 --out ${folder}/region/cases.csv`)
  region = readFileSync(`${folder}/region/region.yaml`, 'utf8')
  await runCli(`encode ${cases} ${scheme} --out ${folder}/cases.dzc`)
})

async function refused(command: string, code: string, status: number): Promise<string> {
  const [zh, en] = [await runCli(command, 'zh'), await runCli(command)]
  expect([zh.code, en.code, zh.out, en.out]).toEqual([status, status, '', ''])
  expect([zh.err, en.err]).toEqual([expect.stringContaining(code), expect.stringContaining(code)])
  expect(zh.err).toMatch(/[\u4e00-\u9fff]/)
  expect(en.err).not.toContain('。')
  return en.err
}

it.each(['group', 'check'])('%s prints no header before it refuses a file', async command => {
  await refused(`${command} ${put(folder, 'empty.csv', '')} ${scheme}`, 'CAS-003', 65)
  const { out } = await runCli(`${command} ${cases} ${scheme}`)
  expect(out.split('\n')[0]).toMatch(/^(id|case),/)
  // A header without rows under it is a result.
  const none = await runCli(`${command} ${put(folder, 'head.csv', CASES.split('\n')[0]!)} ${scheme}`)
  expect([none.code, none.out.split('\n').length]).toEqual([0, 2])
  expect(none.err).toContain('have a header and no row')
})

it('a file without a byte is told as empty by pseudonymise too', async () => {
  const words = `--key-file ${put(folder, 'key', 'k'.repeat(40))} --out ${folder}/psn.csv`
  expect(await refused(`pseudonymise ${put(folder, 'empty.csv', '')} ${words}`, 'CAS-003', 65)).toContain('is empty')
  await refused(`pseudonymise ${put(folder, 'odd.csv', 'x,y\n1,2\n')} ${words}`, 'FMT-006', 65)
  expect(existsSync(`${folder}/psn.csv`)).toBe(false)
})

it.runIf(existsSync('/proc/self'))('a folder that cannot be made is said, and does not hang', async () => {
  await refused(`group ${cases} ${scheme} --out /proc/none/out.csv`, 'FIL-006', 75)
  await refused(`scheme export chs-drg-1.1 --out /proc/none/deep/out`, 'FIL-006', 75)
})

describe('a file of another kind', () => {
  it.each(['check', 'encode', 'compare', 'inspect'])('a case store given to %s', async command => {
    const store = `${folder}/cases.dzc`
    const rest = {
      check: scheme,
      encode: `${scheme} --out ${folder}/again.dzc`,
      compare: `${scheme} --scheme chs-drg-1.1 --out ${folder}/moves.csv`,
      inspect: '',
    }[command]!
    expect(await refused(`${command} ${store} ${rest}`.trim(), 'STO-006', 65)).toContain('files it was encoded from')
    expect([existsSync(`${folder}/again.dzc`), existsSync(`${folder}/moves.csv`)]).toEqual([false, false])
  })

  it('a table of something else, given as cases or as weights', async () => {
    const hospitals = put(folder, 'hospitals.csv', 'code,name,level\nH1,First,3\n')
    expect(await refused(`group ${hospitals} ${scheme} --out ${folder}/h.csv`, 'CAS-001', 65)).toContain(
      'Check whether this is a file of cases',
    )
    await refused(`check ${cases} ${scheme} --weights ${hospitals} --out ${folder}/f.csv`, 'WGT-002', 65)
    expect([existsSync(`${folder}/h.csv`), existsSync(`${folder}/f.csv`)]).toEqual([false, false])
  })

  it('an output whose ending says otherwise', async () => {
    put(folder, 'key', 'k'.repeat(40))
    for (const [command, ending] of [
      [`encode ${cases} ${scheme}`, 'csv'],
      [`synth --cases 10 --hospitals 2 ${scheme}`, 'xlsx'],
      ['scheme export chs-drg-1.1', 'csv'],
      [`check ${cases} ${scheme}`, 'xlsx'],
      [`check ${cases} ${scheme} --out ${folder}/odd/f.csv --summary ${folder}/odd/s.xlsx`, ''],
      ['scheme witness chs-drg-2.0', 'parquet'],
      [`group ${cases} ${scheme} --out ${folder}/odd/g.csv --rejects ${folder}/odd/r.xlsx`, ''],
      [`compare ${cases} ${scheme} --scheme chs-drg-1.1`, 'xlsx'],
      [`compare ${cases} ${scheme} --scheme chs-drg-1.1 --out ${folder}/odd/m.csv --cases-out ${folder}/odd/c.dzc`, ''],
      [`inspect ${cases}`, 'csv'],
      ['scheme diff chs-drg-1.1 chs-drg-2.0', 'xlsx'],
      [`check ${cases} ${scheme} --html ${folder}/odd/f.csv`, ''],
      [`policy show wuhan-2022 --page ${folder}/odd/p.csv`, ''],
      [`settle --region ${folder}/region/region.yaml --explain A --page ${folder}/odd/p.xlsx`, ''],
      [`pseudonymise ${cases} --key-file ${folder}/key`, 'parquet'],
    ] as const) {
      await refused(ending === '' ? command : `${command} --out ${folder}/odd/out.${ending}`, 'FIL-008', 64)
    }
    expect(existsSync(`${folder}/odd`)).toBe(false)
    expect((await runCli(`encode ${cases} ${scheme} --out ${folder}/plain`)).code).toBe(0)
  })
})

it('weights of a settlement, under any known heading, serve the rule that asks for them', async () => {
  const swapped = put(
    folder,
    'swapped.csv',
    'id,gender,age,dx,proc\nA,1,45,K80.101,51.2300\nB,1,45,K80.101,54.2101|51.2300\n',
  )
  const weights = (head: string): string => put(folder, 'w.csv', `${head}\nHC23,2\nHC25,1.5\nHB15,0.7\nHZ29,0.3\n`)
  const found = async (head: string): Promise<string> =>
    (await runCli(`check ${swapped} ${scheme} --weights ${weights(head)}`)).out
  expect(await found('group,weight')).toBe(await found('drg,weight'))
  expect(await found('病组编码,权重')).toBe(await found('drg,weight'))
  expect(await found('group,weight')).toContain('B,,Q25,I')
})

it('an option that would be passed over', async () => {
  const settle = `settle --region ${folder}/region/region.yaml --out ${folder}/none`
  for (const option of ['--hospital H001', '--json', `--page ${folder}/p.html`]) {
    expect(await refused(`${settle} ${option}`, 'RUN-004', 64)).toContain('works with --')
  }
  await refused(`preview ${cases} --out ${folder}/none --json`, 'RUN-004', 64)
  const preview = `preview ${cases} ${scheme} --policy yancheng-2025 --level 2 --out ${folder}/none`
  await refused(`${preview} --published ${folder}/region`, 'PRE-008', 64)
  expect(existsSync(`${folder}/none`)).toBe(false)
})

it('inspect keeps a mapping of a file that lacks a column, to be completed', async () => {
  const file = put(folder, 'own.csv', 'id,性别,年龄,诊断一,手术一\n1,1,45,K80.101,51.2300\n')
  const { code, out, err } = await runCli(`inspect ${file} --out ${folder}/own.json`)
  expect([code, err]).toEqual([65, expect.stringContaining('FMT-007')])
  expect(out).toContain('unknown column 诊断一: A99.999')
  const mapping = JSON.parse(readFileSync(`${folder}/own.json`, 'utf8')) as { columns: Record<string, string> }
  expect(mapping.columns).toMatchObject({ 性别: 'sex', 诊断一: 'ignore', 手术一: 'ignore' })
  mapping.columns.诊断一 = 'dx'
  mapping.columns.手术一 = 'px'
  put(folder, 'own.json', JSON.stringify(mapping))
  const grouped = await runCli(`group ${file} --map ${folder}/own.json ${scheme}`)
  expect([grouped.code, grouped.out]).toEqual([0, expect.stringContaining('1,MDCH,HC2,HC25,grouped')])
})

it('a fund share is a share', () => {
  expect(shareOf('0.75', '--pay-ratio').toString()).toBe('0.75')
  for (const text of ['3', '0', '-0.1', '75%', 'x'])
    expect(() => shareOf(text, '--pay-ratio')).toThrow(expect.objectContaining({ code: 'PRE-005', status: 64 }))
})

describe('explain', () => {
  it('proposes no finer code where there is none to begin with', async () => {
    const { out } = await runCli(['explain', '--scheme', 'chs-drg-2.0', '--dx', '', '--sex', '1', '--age', '45'])
    expect(out).toContain('there is no principal diagnosis')
    expect(out).not.toContain('finer code')
  })

  it('refuses a negative cost', async () => {
    const { code, err } = await runCli(`explain ${scheme} --dx K80.101 --sex 1 --age 45 --cost -5`)
    expect([code, err]).toEqual([64, expect.stringContaining("argument '-5' is invalid")])
  })
})

describe('a region', () => {
  const at = (name: string, text: string): string => put(folder, `region/${name}.yaml`, text)

  it('names its file where a budget is missing', async () => {
    const file = at('budget', region.replace('"390"', '"999"'))
    expect(await refused(`settle --region ${file} --out ${folder}/none`, 'REG-005', 65)).toContain(`${file} [budgets]`)
  })

  it('says why cases cannot be paid', async () => {
    const rows = readFileSync(`${folder}/region/cases.csv`, 'utf8').replace(/,390,2025/g, ',390,2024')
    put(folder, 'region/late.csv', rows)
    const file = at('late', region.replace('- cases.csv', '- late.csv'))
    const { err } = await runCli(`settle --region ${file} --out ${folder}/late`)
    const lacking = / \+ ([\d,]+) without the facts/.exec(err)![1]!
    expect(err).toContain(
      `the month lies outside the year of the region; check the year or leave the case out (${lacking})`,
    )
  })

  it('without cases of a hospital names those that have some, and no neighbour', async () => {
    const scenario = put(folder, 'none.yaml', 'title: {zh: 甲, en: A}\nscale: {hospital.H009.volume: "+10%"}\n')
    const err = await refused(
      `simulate --region ${folder}/region/region.yaml --scenarios ${scenario} --out ${folder}/none`,
      'SCN-001',
      65,
    )
    expect(err).toContain('the region has no case of hospital H009. Hospitals with cases: H001, H002.')
  })
})

it('a pack shows maps of values in words, not as JSON', async () => {
  const { out } = await runCli('policy show wuhan-2022')
  expect(out).toMatch(/rate\.level2\.employee +rate +10618 +yuan/)
  expect(out).toMatch(/rate\.level2\.resident +rate +9800 +yuan/)
  expect(out).not.toContain('{"')
})
