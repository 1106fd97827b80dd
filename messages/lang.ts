/** Chinese first, English second: every text that a user reads exists in both. */
export type Lang = 'zh' | 'en'

/** One text in both languages. */
export interface Text {
  readonly zh: string
  readonly en: string
}

/** The text in the wanted language. */
export function say(text: Text, lang: Lang): string {
  return text[lang]
}

/** The language of a locale name such as `zh_CN.UTF-8`; English where nothing says Chinese. */
export function langOfLocale(locale: string | undefined): Lang {
  return locale !== undefined && /^zh/i.test(locale) ? 'zh' : 'en'
}
