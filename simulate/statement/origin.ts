import { type Place, placeText, type Text } from '../../messages/index.ts'

/** Where a value of a statement comes from. */
export interface Origin {
  /**
   * `policy`: the policy pack; `table`: a file of weights, coefficients or point values; `computed`: derived in this run;
   * `case`: the case file; `option`: said on the command line or in the region file; `program`: a default of the program.
   */
  readonly kind: 'policy' | 'table' | 'computed' | 'case' | 'option' | 'program'
  /** Document, edition, or how it was derived. */
  readonly source: Text
  /** File, line and field; null where it stands in no file. */
  readonly place: Place | null
  /** P published, R recomputed, S secondary, C convention, A algebra; null where nothing is said. */
  readonly confidence: string | null
}

/** A value that a step of a statement uses, with its source. */
export interface StatementValue {
  readonly name: Text
  /** As formulas write it, such as `w`; '' without. */
  readonly symbol: string
  readonly value: string
  readonly unit: Text
  readonly origin: Origin
}

export const NO_UNIT: Text = { zh: '', en: '' }
export const YUAN: Text = { zh: '元', en: 'yuan' }

const KINDS: Readonly<Record<Origin['kind'], Text>> = {
  policy: { zh: '政策包', en: 'policy pack' },
  table: { zh: '表', en: 'table' },
  computed: { zh: '本次计算', en: 'this run' },
  case: { zh: '病例文件', en: 'case file' },
  option: { zh: '参数', en: 'option' },
  program: { zh: '程序默认', en: 'default of the program' },
}

/** The confidence of a value in words. */
export const CONFIDENCE: Readonly<Record<string, Text>> = {
  P: { zh: 'P 公开文本', en: 'P published text' },
  R: { zh: 'R 由公布数据复算', en: 'R recomputed from published data' },
  S: { zh: 'S 二手来源', en: 'S secondary source' },
  C: { zh: 'C 惯例', en: 'C convention' },
  A: { zh: 'A 代数', en: 'A algebra' },
}

/** One line on where a value comes from: kind, document, confidence, place. */
export function originText({ kind, source, place, confidence }: Origin, lang: 'zh' | 'en'): string {
  const zh = lang === 'zh'
  const mark = confidence === null ? '' : zh ? `［${confidence}］` : ` [${confidence}]`
  const at = place === null ? '' : placeText(place)
  const where = at === '' ? '' : zh ? `（${at}）` : ` (${at})`
  return `${KINDS[kind][lang]}${zh ? '：' : ': '}${source[lang]}${mark}${where}`
}
