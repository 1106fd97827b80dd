import type { PerDiemRule } from './case-rules.ts'
import type { PackFinding } from './check-pack.ts'
import type { Policy } from './policy.ts'

/** Rules of payment by the day that no case reaches because an earlier one takes its cases, and those that share cases. */
export function* perDiemFindings({ rules, document }: Policy): Generator<PackFinding> {
  const { perDiem } = rules
  const named = (at: number): { readonly zh: string; readonly en: string } => {
    const title = perDiem[at]?.title
    return { zh: title?.zh ?? `第 ${at + 1} 条`, en: title?.en ?? `rule ${at + 1}` }
  }
  for (const [at, rule] of perDiem.entries()) {
    const field = Array.isArray(document.perDiem) ? `perDiem.${at}` : 'perDiem'
    const above = perDiem.slice(0, at)
    const cover = above.findIndex(one => covers(one, rule))
    if (cover >= 0) {
      yield {
        severity: 'error',
        field,
        text: {
          zh: `床日规则“${named(at).zh}”没有病例能到达：“${named(cover).zh}”在它之前，涵盖它的全部病例。`,
          en: `No case reaches ${named(at).en} of payment by the day: ${named(cover).en} stands before it and takes all its cases.`,
        },
      }
      continue
    }
    for (const [other, one] of above.entries()) {
      const shared = sharedBy(one, rule)
      if (shared === null) continue
      yield {
        severity: 'warning',
        field,
        text: {
          zh: `床日规则“${named(other).zh}”与“${named(at).zh}”都包括 ${shared}，以在前的为准。`,
          en: `Both ${named(other).en} and ${named(at).en} of payment by the day take ${shared}; the first counts.`,
        },
      }
    }
  }
}

/**
 * Long-stay groups that a rule by the day goes before. A standard that all of their stays exceed is said too: then every case
 * is paid above what it is compared with.
 */
export function* longStayFindings({ rules }: Policy): Generator<PackFinding> {
  const { longStay, perDiem } = rules
  if (longStay === null) return
  const { standardDays, from } = longStay
  if (standardDays !== null && standardDays < from)
    yield {
      severity: 'note',
      field: 'longStay.standardDays',
      text: {
        zh: `标准按 ${standardDays} 天计，少于规则所及的最短住院 ${from} 天：每例所付都高于其标准。`,
        en: `The standard is that of ${standardDays} days, and the rule begins at ${from}: every case is paid above its standard.`,
      },
    }
  for (const code of longStay.groups) {
    // A long stay as a rule by the day over all hospitals: what stands before it is found in the same way.
    const own: PerDiemRule = {
      title: null, groups: new Set([code]), departments: new Set(), marked: false, all: false, levels: null, classes: null,
      insurances: null, from, to: Number.POSITIVE_INFINITY, perDay: () => undefined, bands: [],
      maxDays: Number.POSITIVE_INFINITY, timesK: false,
    } // biome-ignore format: one record
    const isCovered = perDiem.some(rule => covers(rule, own))
    if (!isCovered && perDiem.every(rule => sharedBy(rule, own) === null)) continue
    yield {
      severity: isCovered ? 'error' : 'warning',
      field: 'longStay.groups',
      text: isCovered
        ? {
            zh: `没有病例按长住院规则支付：床日规则在它之前，涵盖 ${code} 的全部病例。`,
            en: `No case of ${code} is paid as a long stay: payment by the day stands before it and takes them all.`,
          }
        : {
            zh: `床日规则与长住院规则都包括 ${code}，以床日规则为准。`,
            en: `Both payment by the day and the rule for long stays take ${code}; payment by the day counts.`,
          },
    }
  }
}

/** What both rules take, for stays, hospitals and insurances that both allow; null: nothing. */
function sharedBy(a: PerDiemRule, b: PerDiemRule): string | null {
  const isApart =
    Math.max(a.from, b.from) > Math.min(a.to, b.to) ||
    areDisjoint(a.levels, b.levels) ||
    areDisjoint(a.classes, b.classes) ||
    areDisjoint(a.insurances, b.insurances)
  if (isApart) return null
  const common: readonly (readonly [isStated: boolean, shared: string | undefined])[] = [
    [a.groups.size > 0 && b.groups.size > 0, [...b.groups].find(code => meets(a.groups, code))],
    [a.departments.size > 0 && b.departments.size > 0, [...b.departments].find(name => a.departments.has(name))],
    [a.marked && b.marked, a.marked && b.marked ? 'bed-day' : undefined],
  ]
  // Conditions that must all hold are apart where one of them is.
  if (a.all && b.all && common.some(([isStated, shared]) => isStated && shared === undefined)) return null
  return common.find(([, shared]) => shared !== undefined)?.[1] ?? null
}

/** Whether every case of the second rule meets the first. */
function covers(a: PerDiemRule, b: PerDiemRule): boolean {
  const isWider =
    a.from <= b.from &&
    a.to >= b.to &&
    includes(a.levels, b.levels) &&
    includes(a.classes, b.classes) &&
    includes(a.insurances, b.insurances)
  if (!isWider) return false
  const parts: readonly (readonly [stated: boolean, of: boolean, isIn: boolean])[] = [
    [a.groups.size > 0, b.groups.size > 0, [...b.groups].every(code => holds(a.groups, code))],
    [a.departments.size > 0, b.departments.size > 0, [...b.departments].every(name => a.departments.has(name))],
    [a.marked, b.marked, a.marked],
  ]
  // Of a rule whose conditions must all hold, one that the first rule takes wholly is enough.
  const isTaken = ([stated, of, isIn]: (typeof parts)[number]): boolean => stated && of && isIn
  if (a.all) return b.all && parts.every(part => !part[0] || isTaken(part))
  return b.all ? parts.some(isTaken) : parts.every(([, of, isIn]) => !of || isIn)
}

/** Whether a list of groups has the code, its ADRG, or a leaf of it. */
function meets(list: ReadonlySet<string>, code: string): boolean {
  return holds(list, code) || [...list].some(one => one.length > code.length && one.startsWith(code))
}

function holds(list: ReadonlySet<string>, code: string): boolean {
  return list.has(code) || list.has(code.slice(0, 3))
}

function areDisjoint(a: ReadonlySet<string> | null, b: ReadonlySet<string> | null): boolean {
  return a !== null && b !== null && ![...a].some(one => b.has(one))
}

function includes(a: ReadonlySet<string> | null, b: ReadonlySet<string> | null): boolean {
  return a === null || (b !== null && [...b].every(one => a.has(one)))
}
