import type { CodeIndex } from './code-index.ts'
import type { Condition } from './condition.ts'
import { createQualityKernel, type QualityKernel } from './kernel.ts'
import { createMasks, fillCodes, type Masks, tellable } from './masks.ts'
import { type Known, type Way, waysOf } from './ways.ts'

/** A pass of the kernel over the rows: 32 groups of ways, and the questions that they raise. */
export interface Pass {
  readonly kernel: QualityKernel
  readonly masks: Masks
  readonly groups: readonly (readonly Way[])[]
  /** By bit, `width` words each: questions to be asked when it is set; question q is bit 31 - q % 32 of word q / 32. */
  readonly asked: Int32Array
  /** Those of them whose answer is then yes. */
  readonly sure: Int32Array
  /** Ids of codes that the masks have so far. */
  readonly known: { dx: number; px: number }
}

/** Ways that are told together: those of one key permit the same facts. */
interface Group {
  readonly ways: Way[]
  readonly questions: { readonly question: number; readonly sure: boolean }[]
  readonly lists: Set<string>
}

const BITS = 32

/** Conditions, by number, as passes. Shipped rules take one. */
export function createPasses(
  conditions: readonly Condition[],
  known: Known,
): { readonly passes: readonly Pass[]; readonly width: number } {
  const width = Math.ceil(conditions.length / BITS)
  const byKey = new Map<string, Group>()
  conditions.forEach((condition, question) => {
    for (const way of waysOf(condition, known).map(tellable)) {
      const key = keyOf(way)
      const group = byKey.get(key) ?? { ways: [], questions: [], lists: new Set() }
      byKey.set(key, group)
      group.ways.push(way)
      group.questions.push({ question, sure: way.sure })
      group.lists.add(String(way.codes?.lists))
    }
  })
  const groups = [...byKey.values()]
  const passes = Array.from({ length: Math.ceil(groups.length / BITS) }, (_, pass) =>
    createPass(groups.slice(pass * BITS, (pass + 1) * BITS), width),
  )
  return { passes, width }
}

/** Rules on the main diagnosis alone are many and rarely broken: they share a bit. */
function keyOf({ facts, codes }: Way): string {
  const asked = codes === undefined ? '' : codes.field === 'main' ? 'main' : `${codes.field} ${codes.lists}`
  const spans = [...facts]
    .sort(([a], [b]) => a - b)
    .map(([fact, values]) => `${fact} ${values.missing} ${values.spans}`)
  return [asked, ...spans].join(';')
}

function createPass(found: readonly Group[], width: number): Pass {
  const groups = found.map(({ ways }) => ways)
  const masks = createMasks(groups)
  const asked = new Int32Array(BITS * width)
  const sure = new Int32Array(BITS * width)
  found.forEach(({ questions, lists }, bit) => {
    for (const { question, sure: isSure } of questions) {
      setBit(asked, bit * width, question)
      if (isSure && lists.size === 1) setBit(sure, bit * width, question)
    }
  })
  return { kernel: createQualityKernel(masks), masks, groups, asked, sure, known: { dx: 0, px: 0 } }
}

/** Sets bit `which` of the words from `at` on, counted from the highest of the first. */
export function setBit(words: Int32Array, at: number, which: number): void {
  words[at + (which >> 5)]! |= 0x80000000 >>> (which & 31)
}

/** Takes up the codes that were met since the last batch. */
export function learnCodes(pass: Pass, lists: ReadonlyMap<string, number>, dx: CodeIndex, px: CodeIndex): void {
  const { masks, groups, known } = pass
  const end = (index: CodeIndex): number => index.firstStray + index.strays.texts.length
  if (known.dx < end(dx)) fillCodes(masks, groups, lists, dx, true, known.dx, end(dx))
  if (known.px < end(px)) fillCodes(masks, groups, lists, px, false, known.px, end(px))
  known.dx = end(dx)
  known.px = end(px)
}
