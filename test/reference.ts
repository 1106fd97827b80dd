import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** The folder of outside reference tables, beside the repository; not part of it. */
const REFERENCE: string = join(import.meta.dirname, '..', '..', 'shared', 'reference')

/** Path of an outside reference file. */
export function reference(...parts: string[]): string {
  return join(REFERENCE, ...parts)
}

/**
 * Whether the outside reference is there. Missing under `CI=true` is a failure; elsewhere tests that need it are
 * skipped and say so.
 */
export function hasReference(): boolean {
  if (existsSync(REFERENCE)) return true
  if (process.env.CI === 'true') throw new Error(`the reference folder is missing: ${REFERENCE}`)
  console.warn('skipped: the reference folder is not there')
  return false
}
