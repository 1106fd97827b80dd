import type { Section } from '../drg/sections.ts'
import { RESISTANCE_MARK } from './catalogue.ts'
import { burnAreaOf } from './facts.ts'
import { bareDiagnosis } from './keys.ts'
import { createTermIndex } from './term-index.ts'
import type { DipCatalogue } from './types.ts'
import { operationsNamed } from './unmet.ts'

/** Sets of operations that rows ask for, numbered; equal ones once. */
export interface Lists {
  number(codes: Iterable<string>): number
  finish(): { words: number; sections: Record<string, Section> }
}

/** Lists of operations under numbering. */
export function createLists({ procedures }: DipCatalogue): Lists {
  const numbers = new Map<string, number>()
  const members: string[][] = []
  return {
    number(codes) {
      const sorted = [...new Set(codes)].sort()
      const key = sorted.join(' ')
      let number = numbers.get(key)
      if (number === undefined) {
        number = members.length
        numbers.set(key, number)
        members.push(sorted)
      }
      return number
    },
    finish() {
      const words = Math.max(1, Math.ceil(members.length / 32))
      const of = new Map<string, number[]>()
      members.forEach((codes, list) => {
        for (const code of codes) of.set(code, [...(of.get(code) ?? []), list])
      })
      const classes = new Map<string, number>([['', 0]])
      const bits: number[][] = [[]]
      const pxClass = new Uint16Array(procedures.codes.length)
      for (const [code, inLists] of of) {
        const key = inLists.join(' ')
        let number = classes.get(key)
        if (number === undefined) {
          number = bits.length
          classes.set(key, number)
          bits.push(inLists)
        }
        const id = procedures.ids.get(code)
        if (id !== undefined) pxClass[id] = number
      }
      const pxLists = new Int32Array(bits.length * words)
      bits.forEach((inLists, number) => {
        for (const list of inLists) pxLists[number * words + (list >> 5)]! |= 1 << (list & 31)
      })
      return { words, sections: { pxClass, pxLists } }
    },
  }
}

/** Sets of diagnosis terms, numbered. */
export interface Sets {
  number(terms: readonly string[] | undefined): number
  finish(catalogue: DipCatalogue): { words: number; sections: Record<string, Section> }
}

/** Sets of diagnoses under numbering. */
export function createSets(): Sets {
  const numbers = new Map<string, number>()
  const members: (readonly string[])[] = []
  return {
    number(terms) {
      if (terms === undefined) return -1
      const key = terms.join('|')
      let number = numbers.get(key)
      if (number === undefined) {
        number = members.length
        numbers.set(key, number)
        members.push(terms)
      }
      return number
    },
    finish({ diagnoses }) {
      const words = Math.max(1, Math.ceil(members.length / 32))
      const size = diagnoses.codes.length
      const dxSets = new Int32Array(size * words)
      const dxArea = new Uint8Array(size)
      const dxResists = new Uint8Array(size)
      const index = createTermIndex<number>()
      members.forEach((terms, set) => {
        for (const term of terms) index.add(term, set)
      })
      for (let id = 1; id < size; id++) {
        const code = diagnoses.codes[id]!
        for (const set of index.of(code)) dxSets[id * words + (set >> 5)]! |= 1 << (set & 31)
        dxArea[id] = burnAreaOf(code) < 0 ? 0 : burnAreaOf(code) / 10 + 1
        dxResists[id] = bareDiagnosis(code) === RESISTANCE_MARK ? 1 : 0
      }
      return { words, sections: { dxSets, dxArea, dxResists } }
    },
  }
}

/** Codes that listed operations stand for. */
export function expanded(catalogue: DipCatalogue, listed: readonly string[]): string[] {
  return listed.flatMap(code => operationsNamed(catalogue, code))
}
