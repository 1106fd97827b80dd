/** How tables write "no weight": such cases are paid by another rule. */
export const NO_WEIGHT: ReadonlySet<string> = new Set(['', '无', '按项目据实支付', '-', '—'])

/** A heading as it is compared: without blanks and case. */
export function plain(name: string): string {
  return name.replace(/\s/g, '').toLowerCase()
}
