const VOID = new Set(['meta', 'br', 'link'])

/** Names of all elements of an HTML or SVG text; throws where tags do not balance or an attribute is not quoted. */
export function elementsOf(markup: string): string[] {
  const names: string[] = []
  const open: string[] = []
  const tag = /<(?:!doctype html|(\/?)([a-z][a-z0-9]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?))>/gi
  let end = 0
  for (const found of markup.matchAll(tag)) {
    stray(markup.slice(end, found.index), open.at(-1))
    end = found.index + found[0].length
    const [, closing, name, , empty] = found
    if (name === undefined) continue
    if (closing === '/') {
      const last = open.pop()
      if (last !== name) throw new Error(`</${name}> closes <${last}>`)
      continue
    }
    names.push(name)
    if (empty !== '/' && !VOID.has(name)) open.push(name)
  }
  stray(markup.slice(end), undefined)
  if (open.length > 0) throw new Error(`never closed: ${open.join(', ')}`)
  return names
}

function stray(text: string, inside: string | undefined): void {
  if (inside === 'style') return
  if (/[<>]/.test(text)) throw new Error(`a bare < or > in "${text.slice(0, 60)}"`)
  if (/&(?!(amp|lt|gt|quot|#39);)/.test(text)) throw new Error(`a bare & in "${text.slice(0, 60)}"`)
}

/** How often an element carries the class `mark`: once for each number shown. */
export function marksOf(svg: string): number {
  return svg.split('<g class="mark">').length - 1
}
