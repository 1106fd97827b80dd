import { Fault, type Text } from '../../messages/index.ts'
import type { Coded } from '../scheme/types.ts'
import { type Conversion, resolveConversion } from './conversion.ts'
import type { Dictionary } from './dictionary.ts'
import { type CodeTable, codeTable } from './keyword.ts'
import { loadDictionary } from './library.ts'
import { type PaddingTable, paddingTable } from './padding.ts'
import type { CodeColumns } from './reading.ts'
import { type CodeSystem, listCodeSystems } from './systems.ts'

/** Least share of valid codes, and least lead over the next system in the same unit. */
const LEAST_SHARE = 0.98
const LEAST_LEAD = 0.02
/** So many distinct codes that only one of two systems has, twenty for each that only the other has, decide as well. */
const LEAST_CODES = 20
const ODDS = 20

/** How often each code of any known system stands in a file. */
export interface Census {
  readonly dx: CodeCensus
  readonly px: CodeCensus
  readonly pxPadding: PaddingTable
}

interface CodeCensus {
  /** Codes of all systems by position; entry 0 is ''. */
  readonly codes: readonly string[]
  readonly table: CodeTable
  /** Tokens by position. */
  readonly tokens: Float64Array
}

/** An empty census over all code systems that ship with the package. */
export function createCensus(scheme: Coded): Census {
  const systems = listCodeSystems()
  const dx = codeCensus(systems.map(system => loadDictionary(system.diagnosis)).concat(scheme.diagnoses))
  const px = codeCensus(systems.map(system => loadDictionary(system.procedure)).concat(scheme.procedures))
  return { dx, px, pxPadding: paddingTable(px) }
}

function codeCensus(dictionaries: readonly Dictionary[]): CodeCensus {
  const codes = ['', ...new Set(dictionaries.flatMap(dictionary => dictionary.codes.slice(1)))]
  return { codes, table: codeTable({ codes }), tokens: new Float64Array(codes.length) }
}

/** Counts the codes of a batch that was read with the tables of the census. */
export function countCodes(census: Census, batch: CodeColumns): void {
  countBatch(census.dx.tokens, census.px.tokens, batch)
}

/** Counts the codes of a batch by id. */
export function countBatch(dx: Float64Array, px: Float64Array, batch: CodeColumns): void {
  const dxEnd = batch.dxStart[batch.count]!
  for (let k = 0; k < dxEnd; k++) dx[batch.dx[k]!]!++
  const pxEnd = batch.pxStart[batch.count]!
  for (let k = 0; k < pxEnd; k++) px[batch.px[k]!]!++
}

/** Counts the codes of one case as they are written; gives the number that no system has. */
export function countCase(
  census: Census,
  given: { readonly diagnoses: readonly string[]; readonly procedures: readonly string[] },
): number {
  let unknown = 0
  const add = ({ codes, tokens }: CodeCensus, code: string): void => {
    const position = codes.indexOf(code)
    if (position > 0) tokens[position]!++
    else unknown++
  }
  for (const code of given.diagnoses) add(census.dx, code)
  for (const code of given.procedures) add(census.px, code)
  return unknown
}

/** What speaks for a code system. Shares are of all tokens of the file. */
export interface SystemEvidence {
  readonly system: string
  readonly name: Text
  readonly valid: number
  readonly share: number
  /** Distinct codes of the file that the system has, and those that no other system has. */
  readonly codes: number
  readonly onlyHere: number
}

export interface Detection {
  readonly tokens: number
  /** Best first. */
  readonly evidence: readonly SystemEvidence[]
  /** Id of the system; undefined where the file does not tell. */
  readonly system: string | undefined
}

/**
 * Tells in which system a file is coded. A system is taken when at least 98 % of the tokens are valid in it and every
 * other is 2 points behind, or is refuted by the codes that only one of the two has, or would read every code of the
 * file as the same code of the scheme.
 *
 * @param unknown tokens that no system has
 */
export function detectSystem(scheme: Coded, census: Census, unknown: number): Detection {
  const candidates = listCodeSystems().map(system => candidateOf(scheme, census, system))
  const counted = [...census.dx.tokens.subarray(1), ...census.px.tokens.subarray(1)]
  const tokens = counted.reduce((sum, n) => sum + n, 0) + unknown
  const ranked = candidates.sort((a, b) => b.valid - a.valid)
  const evidence = ranked.map(candidate => ({
    system: candidate.system.id,
    name: candidate.system.name,
    valid: candidate.valid,
    share: tokens === 0 ? 0 : candidate.valid / tokens,
    codes: candidate.reads.filter(code => code !== undefined).length,
    onlyHere: candidate.reads.filter((code, k) => code !== undefined && only(ranked, candidate, k)).length,
  }))
  const [best, ...others] = ranked
  const sure =
    tokens > 0 &&
    best!.valid / tokens >= LEAST_SHARE &&
    others.every(
      other => (best!.valid - other.valid) / tokens >= LEAST_LEAD || refuted(best!, other) || agrees(best!, other),
    )
  return { tokens, evidence, system: sure ? best!.system.id : undefined }
}

/** A system with what it reads: by distinct code of the file, the scheme's code ('' = conversion fails), or undefined. */
interface Candidate {
  readonly system: CodeSystem
  readonly valid: number
  readonly reads: readonly (string | undefined)[]
}

function candidateOf(scheme: Coded, census: Census, system: CodeSystem): Candidate {
  const dx = readsOf(census.dx, system.diagnosis, scheme.diagnoses)
  const px = readsOf(census.px, system.procedure, scheme.procedures)
  return { system, valid: dx.valid + px.valid, reads: [...dx.reads, ...px.reads] }
}

function readsOf(census: CodeCensus, id: string, own: Dictionary): { valid: number; reads: (string | undefined)[] } {
  const conversion = conversionOrNone(id, own)
  const dictionary = id === own.id ? own : loadDictionary(id)
  const reads: (string | undefined)[] = []
  let valid = 0
  census.tokens.forEach((tokens, position) => {
    if (tokens === 0 || position === 0) return
    const code = census.codes[position]!
    const at = dictionary.ids.get(code)
    if (at !== undefined) valid += tokens
    if (at === undefined || conversion === undefined) reads.push(at === undefined ? undefined : code)
    else reads.push(conversion.to.codes[conversion.target[at]!]!)
  })
  return { valid, reads }
}

/** Between systems without a crosswalk codes are only counted. */
function conversionOrNone(id: string, own: Dictionary): Conversion | undefined {
  try {
    return resolveConversion(id, own)
  } catch (error) {
    if (error instanceof Fault && error.code === 'CRW-003') return undefined
    throw error
  }
}

function only(all: readonly Candidate[], one: Candidate, k: number): boolean {
  return all.every(other => other === one || other.reads[k] === undefined)
}

function refuted(best: Candidate, other: Candidate): boolean {
  const mine = best.reads.filter((code, k) => code !== undefined && other.reads[k] === undefined).length
  const theirs = other.reads.filter((code, k) => code !== undefined && best.reads[k] === undefined).length
  return mine >= LEAST_CODES && mine >= theirs * ODDS
}

function agrees(best: Candidate, other: Candidate): boolean {
  return best.reads.every((code, k) => code === other.reads[k] || other.reads[k] === undefined)
}

/** The evidence, one line a system, best first. */
export function evidenceLines(detection: Detection): Text[] {
  return detection.evidence.map(({ system, name, share, codes, onlyHere }) => {
    const percent = `${(share * 100).toFixed(2)} %`
    return {
      zh: `  ${system}  有效 ${percent}，不同编码 ${codes} 个，其中仅该体系有 ${onlyHere} 个  ${name.zh}`,
      en: `  ${system}  ${percent} valid, ${codes} distinct codes, ${onlyHere} of them in this system only  ${name.en}`,
    }
  })
}

/** The fault for a file that does not tell its code system. */
export function undetected(detection: Detection): Fault {
  const lines = evidenceLines(detection)
  const ids = listCodeSystems().map(system => system.id)
  return new Fault({
    code: 'CRW-005',
    what: {
      zh: `无法可靠判断编码版本：\n${lines.map(line => line.zh).join('\n')}\n`,
      en: `The file does not tell its code system reliably:\n${lines.map(line => line.en).join('\n')}\n`,
    },
    fix: {
      zh: `请用 --code-system 声明：${ids.join('、')}。`,
      en: `Declare it with --code-system: ${ids.join(', ')}.`,
    },
  })
}
