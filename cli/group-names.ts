import { type AuxiliaryPack, type Scheme, type SeverityClass, severityOf } from '../grouper/index.ts'
import type { Lang, Text } from '../messages/index.ts'

/** Names of everything that a sheet names by its code; '' where nothing is known. */
export interface SchemeNames {
  mdc(code: string): string
  adrg(code: string): string
  /** MCC, CC or –; '' where a leaf does not go by complications. */
  severity(adrg: string, drg: string): string
  diagnosis(code: string): string
  procedure(code: string): string
  /** Kind of a DIP group: core or comprehensive. */
  groupType(layer: string, lang: Lang): string
  /** An auxiliary type of DIP and its class. */
  auxiliary(type: string, name: string, lang: Lang): { readonly type: string; readonly class: string }
}

const SEVERITY: Readonly<Record<SeverityClass, string>> = { mcc: 'MCC', cc: 'CC', without: '–', undivided: '–', '': '' }

const CORE: Text = { zh: '核心病种', en: 'core' }
const COMPREHENSIVE: Text = { zh: '综合病种', en: 'comprehensive' }

/** The names that a DRG scheme, or a catalogue with its auxiliary types, and their dictionaries give. */
export function schemeNames(
  { mdcs, diagnoses, procedures }: Pick<Scheme, 'mdcs' | 'diagnoses' | 'procedures'>,
  auxiliary?: AuxiliaryPack,
): SchemeNames {
  const mdc = new Map(mdcs.map(({ code, name }) => [code, name]))
  const adrg = new Map(mdcs.flatMap(({ adrgs }) => adrgs.map(({ code, name }) => [code, name] as const)))
  const severities = new Map(
    mdcs.flatMap(({ adrgs }) =>
      adrgs.flatMap(one => one.drgs.map(drg => [`${one.code} ${drg.code}`, SEVERITY[severityOf(one, drg)]] as const)),
    ),
  )
  const named = ({ ids, names }: Scheme['diagnoses'], code: string): string => names[ids.get(code) ?? 0] ?? ''
  return {
    mdc: code => mdc.get(code) ?? '',
    adrg: code => adrg.get(code) ?? '',
    severity: (parent, code) => severities.get(`${parent} ${code}`) ?? '',
    diagnosis: code => named(diagnoses, code),
    procedure: code => named(procedures, code),
    groupType: (layer, lang) => (layer === '' ? '' : (layer === 'ZH' ? COMPREHENSIVE : CORE)[lang]),
    auxiliary(id, name, lang) {
      const type = auxiliary?.types.find(one => one.id === id)
      return {
        type: type?.title[lang] ?? id,
        class: type?.classes.find(one => one.id === name)?.title[lang] ?? name,
      }
    },
  }
}
