/** East Asian wide and full-width blocks (Unicode 16); emoji are recognised by their own property. */
const WIDE =
  /^[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u4dff\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]/u
const EMOJI = /^\p{Emoji_Presentation}|^\p{Emoji}.*\ufe0f/u
const INVISIBLE = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]/u
const PLAIN = /^[\x20-\x7e]*$/

const SEGMENTER = new Intl.Segmenter('zh', { granularity: 'grapheme' })

function clusterColumns(cluster: string): number {
  if (WIDE.test(cluster) || EMOJI.test(cluster)) return 2
  return INVISIBLE.test(cluster) ? 0 : 1
}

/**
 * Columns that a text takes on a terminal: 2 for CJK, full-width characters and emoji, 0 for combining marks and
 * control characters, else 1. Characters of ambiguous width (`·`, `…`, `Ⅱ`) count as 1, as current terminals draw them.
 */
export function columns(text: string): number {
  if (PLAIN.test(text)) return text.length
  let width = 0
  for (const { segment } of SEGMENTER.segment(text)) width += clusterColumns(segment)
  return width
}

/** The text cut to at most `width` columns, ending in `…` when something was cut. */
export function fit(text: string, width: number): string {
  if (columns(text) <= width) return text
  if (width < 1) return ''
  let used = 1
  let kept = ''
  for (const { segment } of SEGMENTER.segment(text)) {
    used += clusterColumns(segment)
    if (used > width) break
    kept += segment
  }
  return `${kept}…`
}

export type Align = 'left' | 'right'

/** The text filled with blanks to `width` columns. */
export function pad(text: string, width: number, align: Align = 'left'): string {
  const blanks = ' '.repeat(Math.max(0, width - columns(text)))
  return align === 'left' ? text + blanks : blanks + text
}
