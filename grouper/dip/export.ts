import { join } from 'node:path'
import { stringify } from 'yaml'
import { type TextEncoding, writeCsv, writeText, writeWorkbook } from '../../files/index.ts'
import { Fault } from '../../messages/index.ts'
import { formatFen, formatPoints } from '../../numbers/index.ts'
import type { Dictionary } from '../codes/dictionary.ts'
import { aliasesWith, type DipColumn } from './aliases.ts'
import { printExpression } from './expression.ts'
import { type DipImportManifest, importTables, manifestBeside } from './import.ts'
import { dialectFacts } from './manifest.ts'
import { matchingFacts } from './matching.ts'
import type { SourceSheet } from './source.ts'
import type { DipCatalogue, DipGroup, DipTag, ExcludedOperation, OperationProperty } from './types.ts'

/** A sheet as it is written: its columns by our names, and the text of a cell. */
interface Layout<T> {
  readonly sheet: string
  readonly title: string
  readonly columns: Readonly<Partial<Record<DipColumn, (item: T) => string>>>
}

/**
 * Writes a catalogue as a workbook in the layout of the official one (`X.xlsx`) or, under any other name, as a folder of
 * CSV tables in `encoding`; importing either gives the same catalogue. Throws EXP-001 for one that the tables cannot hold.
 */
export async function exportCatalogue(
  catalogue: DipCatalogue,
  out: string,
  encoding: TextEncoding | undefined,
): Promise<void> {
  const sheets = sheetsOf(catalogue)
  refuseLossy(catalogue, sheets)
  const manifest = stringify(manifestOf(catalogue), { lineWidth: 120 })
  if (/\.xlsx$/i.test(out)) {
    await writeWorkbook(
      out,
      sheets.map(({ name, title, rows }) => ({ name, rows: [[title], ...rows] })),
    )
    writeText(manifestBeside(out), manifest)
    return
  }
  for (const { name, rows } of sheets) writeCsv(join(out, `${name}.csv`), rows[0]!, rows.slice(1), encoding)
  writeText(join(out, 'manifest.yaml'), manifest)
}

interface ExportSheet {
  readonly name: string
  readonly title: string
  /** The header first. */
  readonly rows: readonly (readonly string[])[]
}

function sheetsOf(catalogue: DipCatalogue): ExportSheet[] {
  const { groups, lists, diagnoses, procedures, manifest } = catalogue
  const { dialect } = manifest
  const nameOf = (dictionary: Dictionary, code: string): string => dictionary.names[dictionary.ids.get(code) ?? 0] ?? ''
  const operations = (codes: readonly string[]): string => codes.join(dialect.or === '' ? '|' : dialect.or)
  const names = (codes: readonly string[]): string => codes.map(code => nameOf(procedures, code)).join('|')
  const expression = (group: DipGroup, from: 'main' | 'related'): string => {
    const main = group.main.length === 0 ? [] : [group.main]
    // Operations at any position stand in one cell, as the official sheet of 先期 prints them.
    const factors = from === 'related' ? group.related : group.position === 'any' ? [...main, ...group.related] : main
    return printExpression(group.position === 'any' && from === 'related' ? [] : factors, dialect)
  }
  const extra: Layout<DipGroup>['columns'] = {
    ...(groups.some(group => /^[A-Z]{2}-\d+$/.exec(group.code)?.[0] !== `${group.layer}-${group.sequence}`)
      ? { code: ({ code }) => code }
      : {}),
    ...(groups.some(({ origin }) => origin !== 'national')
      ? { origin: ({ origin }) => ({ national: '国家', changed: '调整', local: '本地' })[origin] }
      : {}),
    ...(groups.some(({ figures }) => figures.score !== undefined)
      ? { score: ({ figures: { score } }) => (score === undefined ? '' : formatPoints(score)) }
      : {}),
    ...(groups.some(({ figures }) => figures.meanCost !== undefined)
      ? { meanCost: ({ figures: { meanCost } }) => (meanCost === undefined ? '' : formatFen(meanCost)) }
      : {}),
    ...(groups.some(({ figures }) => figures.meanDays !== undefined)
      ? { meanDays: ({ figures: { meanDays } }) => meanDays ?? '' }
      : {}),
    ...(groups.some(({ figures }) => figures.grassrootsFactor !== undefined)
      ? { factor: ({ figures: { grassrootsFactor } }) => grassrootsFactor ?? '' }
      : {}),
    ...(groups.some(({ figures }) => figures.relatedCost !== undefined)
      ? { relatedCost: ({ figures: { relatedCost } }) => (relatedCost === undefined ? '' : formatFen(relatedCost)) }
      : {}),
  }
  const head: Layout<DipGroup>['columns'] = {
    layer: ({ layer }) => layer,
    sequence: ({ sequence }) => String(sequence),
    name: ({ name }) => name,
  }
  const dx = (group: DipGroup): string => group.dx.join('|')
  const note = (group: DipGroup): string => (group.position === 'any' ? '不限定为主要手术操作' : '')
  const percent = (band: readonly [number, number] | undefined): string =>
    band === undefined
      ? ''
      : band[1] === 100
        ? `≥${band[0]}%`
        : band[0] === 0
          ? `<${band[1] + 1}%`
          : `${band[0]}-${band[1]}%`
  const isNewborn = ({ conditions }: DipGroup): boolean =>
    conditions.ageDaysBelow !== undefined || conditions.weight !== undefined
  const layouts: (Layout<DipGroup> & { readonly takes: (group: DipGroup) => boolean })[] = [
    {
      sheet: '一、先期分组',
      title: '先期分组',
      takes: group => group.layer === 'XQ' && !isNewborn(group),
      columns: {
        ...head,
        dx: group => (group.dx.length === 0 ? '所有诊断' : dx(group)),
        main: group => expression(group, 'main'),
        mainName: ({ main }) => names(main),
        related: group => expression(group, 'related'),
        note,
        ...extra,
      },
    },
    {
      sheet: '一、先期分组',
      title: '先期分组',
      takes: group => group.layer === 'XQ' && isNewborn(group),
      columns: {
        ...head,
        dx: ({ conditions }) => (conditions.anyDx ?? []).join('|'),
        age: ({ conditions }) => (conditions.ageDaysBelow === undefined ? '' : `<${conditions.ageDaysBelow}天`),
        weight: ({ conditions: { weight } }) => (weight === undefined ? '' : `出生体重${weight.join('-')}克`),
        ...extra,
      },
    },
    {
      sheet: '二、并项规则下的核心病种',
      title: '并项规则下的核心病种',
      takes: ({ layer }) => layer === 'BX',
      columns: {
        ...head,
        dx,
        main: group => expression(group, 'main'),
        mainName: ({ main }) => names(main),
        related: group => expression(group, 'related'),
        relatedName: ({ related }) => names(related.flat()),
        note,
        ...extra,
      },
    },
    {
      sheet: '三、诊断辅助细分',
      title: '诊断辅助细分',
      takes: ({ layer }) => layer === 'FZ',
      columns: {
        ...head,
        dx,
        degree: ({ conditions: { burnDegree } }) =>
          burnDegree === undefined ? '' : burnDegree === 2 ? '二度' : '三度',
        area: ({ conditions }) => percent(conditions.burnArea),
        otherDx: ({ conditions }) => (conditions.otherDx ?? []).join('|'),
        main: group => expression(group, 'main'),
        mainName: ({ main }) => names(main),
        related: group => expression(group, 'related'),
        relatedName: ({ related }) => names(related.flat()),
        resistant: ({ conditions: { drugResistant } }) =>
          drugResistant === undefined ? '' : drugResistant ? '是' : '否',
        note,
        ...extra,
      },
    },
    {
      sheet: '四、基础规则下的核心病种',
      title: '基础规则下的核心病种',
      takes: ({ layer }) => layer === 'JC',
      columns: {
        ...head,
        dx,
        main: group => expression(group, 'main'),
        mainName: ({ main }) => names(main),
        ...(groups.some(({ layer, related }) => layer === 'JC' && related.length > 0)
          ? { related: (group: DipGroup) => expression(group, 'related') }
          : {}),
        note,
        ...extra,
      },
    },
    {
      sheet: '综合病种',
      title: '综合病种',
      takes: ({ layer }) => layer === 'ZH',
      columns: {
        ...head,
        dx,
        property: ({ property }) => (property === undefined ? '' : String(property)),
        ...extra,
        code: ({ code }) => code,
      },
    },
  ]
  const tagSheets: readonly [DipTag, string][] = [
    ['grassroots', '六、基层病种'],
    ['tcm', '中医优势病种'],
    ['bed-day', '床日病种'],
    ['day-surgery', '日间手术病种'],
  ]
  const codeLayout = (sheet: string): Layout<string> => ({
    sheet,
    title: sheet,
    columns: { dx: code => code, dxName: code => nameOf(diagnoses, code) },
  })
  const sheets = [
    ...layouts.map(layout => sheetOf(layout, groups.filter(layout.takes))),
    sheetOf(codeLayout('五、不纳入分组的主要诊断'), [...lists.excludedDiagnoses].sort()),
    sheetOf<ExcludedOperation>(
      {
        sheet: '五、不纳入分组的主要手术操作',
        title: '五、不纳入分组的主要手术操作',
        columns: {
          main: ({ code }) => code,
          mainName: ({ code }) => nameOf(procedures, code),
          note: ({ rule, scope }) =>
            rule === 'conservative'
              ? '按保守治疗入组'
              : rule === 'not-main'
                ? '不可作为主要手术操作'
                : `${scope.join('|')}作为主要诊断，可作为主要手术操作`,
        },
      },
      [...lists.excludedOperations.values()].sort((a, b) => (a.code < b.code ? -1 : 1)),
    ),
    ...tagSheets.map(([tag, sheet]) =>
      sheetOf(
        {
          sheet,
          title: sheet,
          columns: {
            dx: row => row.dx,
            dxName: row => row.name,
            main: row => operations(row.operations),
            minDays: row => (row.minDays === undefined ? '' : String(row.minDays)),
          },
        },
        lists.tags.filter(row => row.tag === tag),
      ),
    ),
    sheetOf(codeLayout('附表—结核耐药诊断'), [...lists.drugResistant].sort()),
    sheetOf<readonly [string, OperationProperty]>(
      {
        sheet: '操作属性',
        title: '操作属性',
        columns: {
          main: ([code]) => code,
          mainName: ([code]) => nameOf(procedures, code),
          property: ([, property]) => PROPERTY_TEXTS[property],
        },
      },
      [...lists.properties].sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  ]
  return joined(sheets.filter(({ rows }) => rows.length > 1))
}

/** Tables of one name as one sheet, each under its own header, as 先期 has them. */
function joined(sheets: readonly ExportSheet[]): ExportSheet[] {
  const byName = Map.groupBy(sheets, ({ name }) => name)
  return [...byName.values()].map(parts => ({ ...parts[0]!, rows: parts.flatMap(({ rows }) => rows) }))
}

const PROPERTY_TEXTS: Readonly<Record<OperationProperty, string>> = {
  surgery: '手术',
  intervention: '介入',
  therapeutic: '治疗性操作',
  diagnostic: '诊断性操作',
  none: '其他',
}

function sheetOf<T>({ sheet, title, columns }: Layout<T>, items: readonly T[]): ExportSheet {
  const cells = Object.entries(columns) as [DipColumn, (item: T) => string][]
  const titles = aliasesWith().columns
  return {
    name: sheet,
    title,
    rows: [cells.map(([column]) => titles[column][0]!), ...items.map(item => cells.map(([, text]) => text(item)))],
  }
}

function manifestOf({ manifest }: DipCatalogue): DipImportManifest {
  const { id, name, edition, codeSystem, source, matching, dialect } = manifest
  const rules = matchingFacts(matching)
  return {
    id,
    name,
    edition,
    codeSystem,
    source,
    ...(Object.keys(rules).length === 0 ? {} : { matching: rules }),
    ...dialectFacts(dialect),
  }
}

/** Imports what is about to be written: a pack edited by hand may hold what the tables cannot say. */
function refuseLossy(catalogue: DipCatalogue, sheets: readonly ExportSheet[]): void {
  const source = sheets.map(
    ({ name, rows }): SourceSheet => ({
      file: name,
      name,
      inWorkbook: true,
      rows: rows.map((cells, index) => ({ line: index + 1, cells })),
    }),
  )
  let reason: { zh: string; en: string }
  try {
    const { catalogue: again } = importTables(source, manifestOf(catalogue), { file: '' })
    if (again.hash === catalogue.hash) return
    reason = {
      zh: '重新导入后内容不同（例如行的条件、编码或次序）',
      en: 'importing it again would give other content (conditions, codes or the order of rows)',
    }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    reason = error.what
  }
  throw new Fault({
    code: 'EXP-001',
    at: { field: catalogue.manifest.id },
    what: {
      zh: `该目录无法用官方布局的表完整表达：${reason.zh}`,
      en: `Tables in the official layout cannot hold this catalogue: ${reason.en}`,
    },
    fix: {
      zh: '请用 dianzhi scheme check 查看并改正，或直接使用目录包。',
      en: 'See dianzhi scheme check and correct it, or pass the pack on as it is.',
    },
  })
}
