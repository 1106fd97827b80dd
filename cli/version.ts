import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'

/** Version of the program, from its manifest. */
export function programVersion(): string {
  const { version } = JSON.parse(readFileSync(findPackageJSON(import.meta.url)!, 'utf8')) as { version: string }
  return version
}
