/** Words that a policy may write for an insurance scheme (险种), and their national codes. */
const CODES: Readonly<Record<string, string>> = { employee: '310', resident: '390' }

/** How a policy or a region names an insurance scheme: `employee`, `resident`, or the three digits of its code. */
export const INSURANCE: RegExp = /^(employee|resident|\d{3})$/

/** The national code of an insurance scheme: 'employee' → '310', 'resident' → '390', '310' → '310'. */
export function insuranceCode(name: string): string {
  return CODES[name] ?? name
}
