import { Fault, faultText } from '../../../messages/index.ts'

/** The whole text of the fault that `run` throws, in both languages; `hide` (a temporary folder) is left out. */
export function faultOf(run: () => unknown, hide = ''): { zh: string; en: string } {
  try {
    run()
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return textsOf(error, hide)
  }
  throw new Error('no fault was thrown')
}

/** The whole text of a fault in both languages. */
export function textsOf(fault: Fault, hide = ''): { zh: string; en: string } {
  const text = (lang: 'zh' | 'en'): string =>
    hide === '' ? faultText(fault, lang) : faultText(fault, lang).replaceAll(hide, '')
  return { zh: text('zh'), en: text('en') }
}
