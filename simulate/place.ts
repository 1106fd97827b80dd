import { readFileSync } from 'node:fs'
import { LineCounter, parseDocument } from 'yaml'
import { nodesAlong } from '../files/index.ts'
import type { Place } from '../messages/index.ts'

/** Where a field of a YAML file stands, or the nearest part above it that the file has; for faults found after reading. */
export function placeIn(file: string, path: readonly (string | number)[]): Place {
  const field = path.join('.')
  const lines = new LineCounter()
  const document = parseDocument(readFileSync(file, 'utf8'), { lineCounter: lines, version: '1.2', schema: 'core' })
  const node = nodesAlong(document, path)
    .slice(1)
    .findLast(one => one.range)
  if (!node?.range) return { file, field }
  const { line, col } = lines.linePos(node.range[0])
  return { file, line, column: col, field }
}
