import { type Scheme, type SeverityClass, severityOf } from '../grouper/index.ts'

/** Names of everything that a sheet names by its code; '' where nothing is known. */
export interface SchemeNames {
  mdc(code: string): string
  adrg(code: string): string
  /** MCC, CC or –; '' where a leaf does not go by complications. */
  severity(adrg: string, drg: string): string
  diagnosis(code: string): string
  procedure(code: string): string
}

const SEVERITY: Readonly<Record<SeverityClass, string>> = { mcc: 'MCC', cc: 'CC', without: '–', undivided: '–', '': '' }

/** The names that a DRG scheme and its dictionaries give. */
export function schemeNames({
  mdcs,
  diagnoses,
  procedures,
}: Pick<Scheme, 'mdcs' | 'diagnoses' | 'procedures'>): SchemeNames {
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
  }
}
