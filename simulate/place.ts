import { readFileSync } from 'node:fs'
import { isNode, LineCounter, parseDocument } from 'yaml'
import type { Place } from '../messages/index.ts'

/** Where a field of a YAML file stands, or the nearest part above it that the file has; for faults found after reading. */
export function placeIn(file: string, path: readonly (string | number)[]): Place {
  const field = path.join('.')
  const lines = new LineCounter()
  const document = parseDocument(readFileSync(file, 'utf8'), { lineCounter: lines, version: '1.2', schema: 'core' })
  for (let depth = path.length; depth > 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true)
    if (isNode(node) && node.range) {
      const { line, col } = lines.linePos(node.range[0])
      return { file, line, column: col, field }
    }
  }
  return { file, field }
}
