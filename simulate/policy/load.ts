import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { home, isCited, readDocument } from '../../files/index.ts'
import { Fault, nearest } from '../../messages/index.ts'
import { POLICY_SCHEMA, type PolicyDocument } from './document.ts'
import { compilePolicy, type Policy } from './policy.ts'
import { readSideTables, sideTables } from './side-tables.ts'

/** Where a parameter comes from, as its pack states it. */
export interface Provenance {
  /** Path in the pack, e.g. 'high.bands'. */
  readonly path: string
  /** The value as the file gives it. */
  readonly value?: unknown
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
  const guess = nearest(name, listPolicies())
  throw new Fault({
    code: 'POL-001',
    at: { file: path },
    what: {
      zh: `没有名为“${name}”的政策包，也没有这个文件夹。`,
      en: `There is no policy pack "${name}" and no such folder.`,
    },
    fix: {
      zh: `${guess === undefined ? '' : `是否应为 ${guess}？`}请写内置政策的 id（见 dianzhi policy list），或含 policy.yaml 的文件夹路径。`,
      en: `${guess === undefined ? '' : `Did you mean ${guess}? `}Write the id of a built-in policy (dianzhi policy list names them) or the path of a folder that holds policy.yaml.`,
    },
  })
}

/** Ids of the packs that ship with the package, in order. */
export function listPolicies(): readonly string[] {
  return readdirSync(home('policies'))
    .filter(name => existsSync(home('policies', name, 'policy.yaml')))
    .sort()
}

/** Reads a pack by id or path, with its side tables. */
export function loadPolicy(name: string, from: string = '.'): Policy {
  return compilePolicy(readPolicyDocument(policyFile(name, from)))
}

/** Reads and checks `policy.yaml`; side tables that it names are read into the document. */
export function readPolicyDocument(file: string): PolicyDocument {
  return readSideTables(readDocument(file, POLICY_SCHEMA), dirname(file))
}

/** The files that a pack consists of: `policy.yaml` and the side tables that it names. */
export function policyInputs(file: string): readonly string[] {
  return [file, ...sideTables(readDocument(file, POLICY_SCHEMA)).map(name => join(dirname(file), name))]
}

/** The stated origin of every annotated parameter of a pack, in file order. */
export function readProvenance(file: string): readonly Provenance[] {
  const found: Provenance[] = []
  const visit = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) return
    if (isCited(node)) {
      const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
      found.push({ path, value: node.value, confidence: text(node.confidence), source: text(node.source) })
      visit(node.value, path)
      return
    }
    for (const [key, value] of Object.entries(node)) visit(value, path === '' ? key : `${path}.${key}`)
  }
  visit(readDocument(file, z.unknown()), '')
  return found
}
