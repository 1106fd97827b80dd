import { existsSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { home, readDocument, readTable } from '../../files/index.ts'
import { Fault } from '../../messages/index.ts'
import { parseDecimal } from '../../numbers/index.ts'
import { POLICY_SCHEMA, type PolicyDocument } from './document.ts'
import { isAnnotated } from './field.ts'
import { compilePolicy, type Policy } from './policy.ts'

/** Where a parameter comes from, as its pack states it. */
export interface Provenance {
  /** Path in the pack, e.g. 'high.bands'. */
  readonly path: string
  /** P published, R recomputed, S secondary, C convention, A algebra. */
  readonly confidence: string | null
  readonly source: string | null
}

/** The pack file of a policy: the id of one that ships with the package, or a folder or file, relative to `from`. */
export function policyFile(name: string, from: string = '.'): string {
  const path = resolve(from, name)
  if (existsSync(path)) return statSync(path).isDirectory() ? join(path, 'policy.yaml') : path
  const shipped = home('policies', name, 'policy.yaml')
  if (/^[a-z0-9-]+$/.test(name) && existsSync(shipped)) return shipped
  throw new Fault({
    code: 'POL-001',
    at: { file: path },
    what: {
      zh: `没有名为“${name}”的政策包，也没有这个文件夹。`,
      en: `There is no policy pack "${name}" and no such folder.`,
    },
    fix: {
      zh: '请写内置政策的 id（如 yancheng-2025），或含 policy.yaml 的文件夹路径。',
      en: 'Write the id of a built-in policy (such as yancheng-2025) or the path of a folder that holds policy.yaml.',
    },
  })
}

/** Reads a pack by id or path, with its side tables. */
export function loadPolicy(name: string, from: string = '.'): Policy {
  return compilePolicy(readPolicyDocument(policyFile(name, from)))
}

/** Reads and checks `policy.yaml`; side tables that it names are read into the document. */
export function readPolicyDocument(file: string): PolicyDocument {
  const document = readDocument(file, POLICY_SCHEMA)
  const folder = dirname(file)
  const { base, coefficient } = document
  return {
    ...document,
    base: base && 'file' in base.list ? { ...base, list: readCodes(join(folder, base.list.file)) } : base,
    coefficient:
      typeof coefficient.table?.file === 'string'
        ? { ...coefficient, table: readCoefficients(join(folder, coefficient.table.file), coefficient.kind) }
        : coefficient,
  }
}

/** The files that a pack consists of: `policy.yaml` and the side tables that it names. */
export function policyInputs(file: string): readonly string[] {
  const { base, coefficient } = readDocument(file, POLICY_SCHEMA)
  const tables = [base !== null && 'file' in base.list ? base.list.file : null, coefficient.table?.file]
  return [file, ...tables.filter(name => typeof name === 'string').map(name => join(dirname(file), name))]
}

/** The stated origin of every annotated parameter of a pack, in file order. */
export function readProvenance(file: string): readonly Provenance[] {
  const found: Provenance[] = []
  const visit = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) return
    if (isAnnotated(node)) {
      const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
      found.push({ path, confidence: text(node.confidence), source: text(node.source) })
      return
    }
    for (const [key, value] of Object.entries(node)) visit(value, path === '' ? key : `${path}.${key}`)
  }
  visit(readDocument(file, z.unknown()), '')
  return found
}

function readCodes(file: string): string[] {
  const table = readTable(file)
  const column = columnOf(file, table.header, 'group')
  return table.rows.map(row => row.cells[column]?.trim() ?? '').filter(code => code !== '')
}

/** Columns: `key,coefficient` (level, hospital) or `group,level,coefficient` (groupLevel); key is level or hospital. */
function readCoefficients(
  file: string,
  kind: PolicyDocument['coefficient']['kind'],
): Record<string, string | Record<string, string>> {
  const table = readTable(file)
  const keyColumn = columnOf(file, table.header, kind === 'groupLevel' ? 'group' : kind)
  const levelColumn = kind === 'groupLevel' ? columnOf(file, table.header, 'level') : undefined
  const valueColumn = columnOf(file, table.header, 'coefficient')
  const single: Record<string, string> = {}
  const nested: Record<string, Record<string, string>> = {}
  for (const row of table.rows) {
    const key = row.cells[keyColumn]?.trim() ?? ''
    const text = row.cells[valueColumn]?.trim() ?? ''
    if (parseDecimal(text)?.gt(0) !== true) {
      throw new Fault({
        code: 'POL-006',
        at: { file, line: row.line, field: 'coefficient' },
        what: { zh: `系数“${text}”不是正的十进制数。`, en: `Coefficient "${text}" is not a positive decimal.` },
        fix: { zh: '请写成 1.05 这样的数。', en: 'Write a number such as 1.05.' },
      })
    }
    if (levelColumn === undefined) {
      single[key] = text
      continue
    }
    const levels = nested[key] ?? {}
    nested[key] = levels
    levels[row.cells[levelColumn]?.trim() ?? ''] = text
  }
  return levelColumn === undefined ? single : nested
}

function columnOf(file: string, header: readonly string[], name: string): number {
  const at = header.indexOf(name)
  if (at >= 0) return at
  throw new Fault({
    code: 'POL-007',
    at: { file, line: 1 },
    what: { zh: `缺少列“${name}”。`, en: `Column "${name}" is missing.` },
    fix: { zh: `请在表头加上 ${name}。`, en: `Add ${name} to the header.` },
  })
}
