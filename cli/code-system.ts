import { Option } from '@commander-js/extra-typings'
import {
  type Case,
  type CaseBatch,
  CONVERSION_OUTCOMES,
  type Coded,
  type CodeReading,
  type ConversionCounts,
  type Counters,
  codeReading,
  convertBatch,
  countCase,
  countCodes,
  createCensus,
  createConversionCounts,
  type Detection,
  detectSystem,
  evidenceLines,
  listCodeSystems,
  type ReadOptions,
  readCases,
  undetected,
} from '../grouper/index.ts'
import { type Console, count, tell } from './console.ts'

/** `--code-system`: in which system the cases are coded. */
export function codeSystemOption(zh: boolean): Option<'--code-system <id>'> {
  const ids = listCodeSystems().map(system => system.id)
  return new Option(
    '--code-system <id>',
    zh
      ? `病例的编码版本：${ids.join('、')}，或 auto 自动判断（默认与方案相同）`
      : `code system of the cases: ${ids.join(', ')}, or auto (default: that of the scheme)`,
  )
}

/** Files whose code system is asked for or to be found. */
export interface CodedFiles {
  readonly scheme: Coded
  /** Look-ups over the scheme's codes, where they are made already. */
  readonly book?: Pick<CodeReading, 'dxTable' | 'pxTable'>
  /** `--code-system`; default that of the scheme. */
  readonly asked: string | undefined
  readonly files: readonly string[]
  readonly how: Pick<ReadOptions, 'encoding' | 'duplicates' | 'open'>
}

/** The reading of files in the system asked for; with `auto` the files are read once to find it. */
export function openReading({ scheme, book, asked, files, how }: CodedFiles, console: Console): CodeReading {
  if (asked !== 'auto') return codeReading(scheme, asked ?? '', book)
  const census = createCensus(scheme)
  const summary = readCases(files, {
    ...how,
    dxTable: census.dx.table,
    pxTable: census.px.table,
    pxPadding: census.pxPadding,
    onBatch: batch => countCodes(census, batch),
  })
  const detection = detectSystem(scheme, census, summary.unknownDx + summary.unknownPx)
  if (detection.system === undefined) throw undetected(detection)
  tellDetection(console, detection, detection.system)
  return codeReading(scheme, detection.system, book)
}

/** The reading of one case in the system asked for; with `auto` its own codes have to tell. */
export function caseReading(scheme: Coded, asked: string | undefined, given: Case): CodeReading {
  if (asked !== 'auto') return codeReading(scheme, asked ?? '')
  const census = createCensus(scheme)
  const detection = detectSystem(scheme, census, countCase(census, given))
  if (detection.system === undefined) throw undetected(detection)
  return codeReading(scheme, detection.system)
}

function tellDetection(console: Console, detection: Detection, system: string): void {
  tell(console, { zh: `编码版本判断为 ${system}：`, en: `The code system is taken to be ${system}:` })
  for (const line of evidenceLines(detection)) tell(console, line)
}

/** The part of a reading that meets every batch: conversion, and what it did. */
export interface Converter {
  readonly reading: CodeReading
  readonly counts: ConversionCounts
  /** Cases whose principal diagnosis is a grey code (灰码). */
  grey: number
  /** Turns the codes of a batch into the scheme's. */
  convert(batch: CaseBatch): void
}

export function createConverter(scheme: Coded, reading: CodeReading): Converter {
  const grey = new Uint8Array(scheme.diagnoses.codes.length)
  for (const id of scheme.diagnoses.grey) grey[id] = 1
  const counts = createConversionCounts()
  const converter: Converter = {
    reading,
    counts,
    grey: 0,
    convert(batch) {
      convertBatch(reading, batch, counts)
      const { dx, dxStart } = batch
      for (let i = 0; i < batch.count; i++) {
        const from = dxStart[i]!
        if (from < dxStart[i + 1]! && grey[dx[from]!] === 1) converter.grey++
      }
    },
  }
  return converter
}

/** Says what was repaired, converted, not converted, and how many principal diagnoses are grey codes. */
export function tellCodes(console: Console, scheme: Coded, converter: Converter, summary: Counters): void {
  const { unknownDx, unknownPx, repaired, padded } = summary
  if (unknownDx + unknownPx + repaired > 0) {
    tell(console, {
      zh: `字典外编码：诊断 ${count(unknownDx)} 个，手术操作 ${count(unknownPx)} 个；大小写或空格已修正 ${count(repaired)} 个`,
      en: `Codes not in the dictionary: ${count(unknownDx)} diagnoses, ${count(unknownPx)} procedures; ${count(repaired)} codes read after repair of case or blanks`,
    })
  }
  if (padded > 0) {
    tell(console, {
      zh: `电子表格丢失零的手术操作编码，已补回 ${count(padded)} 个（如 47.01 → 47.0100）`,
      en: `${count(padded)} procedure codes had lost zeros in a spreadsheet and were restored (47.01 → 47.0100)`,
    })
  }
  tellConversion(console, converter)
  if (converter.grey > 0) {
    const refused = scheme.manifest.grey === 'refuse'
    tell(console, {
      zh: `主要诊断为灰码的病例 ${count(converter.grey)} 个${refused ? '，不予入组' : '（仅提示，不影响分组）'}`,
      en: `${count(converter.grey)} cases have a grey code as principal diagnosis${refused ? ' and are refused' : ' (reported only)'}`,
    })
  }
}

function tellConversion(console: Console, { reading, counts }: Converter): void {
  for (const kind of ['dx', 'px'] as const) {
    const conversion = reading[kind]
    if (conversion === undefined) continue
    const [same, changed, failed] = (['same', 'changed', 'failed'] as const).map(what =>
      count(counts[kind][CONVERSION_OUTCOMES.indexOf(what)]!),
    )
    tell(console, {
      zh: `编码转换 ${conversion.path.join(' → ')}：${same} 个不变，${changed} 个改变，${failed} 个失败（目标编码不存在）`,
      en: `Converted ${conversion.path.join(' → ')}: ${same} codes unchanged, ${changed} changed, ${failed} failed (no such target)`,
    })
  }
}
