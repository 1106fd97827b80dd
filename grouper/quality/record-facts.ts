import type { FactName } from './facts.ts'
import type { CaseRecord } from './record.ts'

/** The facts of a record that columns do not hold; what cannot be told is left out. Money in fen. */
export function recordFacts(record: CaseRecord): Partial<Record<FactName, number>> {
  return {
    ...stayFacts(record),
    ...newbornFacts(record),
    ...codeFacts(record),
    ...feeFacts(record),
    ...paymentFacts(record),
    ...formFacts(record),
  }
}

type Facts = Partial<Record<FactName, number>>

const yes = (truth: boolean): number => (truth ? 1 : 0)

/** A fact that is there only when its value is. */
function given(name: FactName, value: number | null | undefined): Facts {
  return value === undefined || value === null ? {} : { [name]: value }
}

const DAY = 86_400_000

/** Days since 1970 of the date of an ISO time; undefined for anything else. */
function dayOf(time: string | null | undefined): number | undefined {
  if (!time || !/^\d{4}-\d{2}-\d{2}/.test(time)) return undefined
  const ms = Date.parse(`${time.slice(0, 10)}T00:00:00Z`)
  return Number.isNaN(ms) ? undefined : ms / DAY
}

/** Days of a stay: whole days between the dates, at least 1. */
export function stayOf(record: CaseRecord): { admit: number; discharge: number } | undefined {
  const admit = dayOf(record.admitTime)
  const discharge = dayOf(record.dischargeTime)
  return admit === undefined || discharge === undefined ? undefined : { admit, discharge }
}

/** Whether a time, or a date without time, lies outside the stay; undefined where it cannot be told. */
function outside(record: CaseRecord, time: string | null | undefined): boolean | undefined {
  const { admitTime, dischargeTime } = record
  const day = dayOf(time)
  const stay = stayOf(record)
  if (day === undefined || stay === undefined || !time) return undefined
  if (day < stay.admit || day > stay.discharge) return true
  const timed = [time, admitTime!, dischargeTime!].every(one => one.length >= 16)
  return timed && (minute(time) < minute(admitTime!) || minute(time) > minute(dischargeTime!))
}

/** Wall-clock times in ISO form compare as text. */
function minute(time: string): string {
  return time.slice(0, 16).replace(' ', 'T')
}

function stayFacts(record: CaseRecord): Facts {
  const stay = stayOf(record)
  const operations = (record.procedures ?? []).map(one => outside(record, one.begin || one.date))
  const icu = (record.icuStays ?? []).map(
    ({ begin, end }) =>
      outside(record, begin) === true ||
      outside(record, end) === true ||
      (!!begin && !!end && minute(end) <= minute(begin)),
  )
  return {
    ...(stay === undefined ? {} : { stayDays: Math.max(1, stay.discharge - stay.admit) }),
    ...(operations.some(one => one !== undefined) ? { operationsOutside: operations.filter(Boolean).length } : {}),
    ...(icu.length === 0 ? {} : { icuOutside: icu.filter(Boolean).length }),
    ...given('ventMinutes', record.ventMinutes),
    ...ageFacts(record),
  }
}

function ageFacts({ birthDate, admitTime }: CaseRecord): Facts {
  const born = dayOf(birthDate)
  const admitted = dayOf(admitTime)
  if (born === undefined || admitted === undefined) return {}
  const years = Number(admitTime!.slice(0, 4)) - Number(birthDate!.slice(0, 4))
  const before = admitTime!.slice(5, 10) < birthDate!.slice(5, 10)
  return { yearsAtAdmission: years - yes(before), bornOnAdmission: yes(born === admitted) }
}

const NEWBORN_TYPES = ['1', '2', '3', '4', '9']

function newbornFacts(record: CaseRecord): Facts {
  return {
    newbornTypeValid: yes(NEWBORN_TYPES.includes(record.newbornAdmitType ?? '')),
    ...given('weight', record.birthWeights?.[0]),
    ...given('admitWeight', record.admitWeights?.[0]),
  }
}

function codeFacts(record: CaseRecord): Facts {
  const western = (record.diagnoses ?? []).filter(isWestern)
  const flags = western.map(({ main }) => main)
  const main = western.find(one => one.main === true) ?? western[0]
  const morphology = record.pathologyDx ?? []
  return {
    ...(flags.some(one => one !== undefined && one !== null) ? { mainFlags: flags.filter(Boolean).length } : {}),
    ...(main?.poa ? { mainPoa: Number(main.poa) } : {}),
    ...given('statedDiagnoses', record.diag_code_cnt),
    ...given('statedProcedures', record.oprn_oprt_code_cnt),
    ...(morphology.length === 0
      ? {}
      : { morphologyCount: morphology.length, metastaticCount: morphology.filter(code => code.endsWith('/6')).length }),
  }
}

/** Diagnoses of Chinese medicine (kinds 2 and 3) are not grouped and not checked. */
export function isWestern({ kind }: { readonly kind?: string | null | undefined }): boolean {
  return kind === undefined || kind === null || kind === '' || kind === '1'
}

function feeFacts(record: CaseRecord): Facts {
  const { fees14, fees24, totalCost, groupMeanCost } = record
  const items = fees24 ?? fees14
  const share =
    totalCost === undefined || totalCost === null || !groupMeanCost ? {} : { meanShare: totalCost / groupMeanCost }
  if (items === undefined || items === null) return share
  // Sub-items (D20x01 …) are parts of their item; D01 and D09 are sums.
  const sum = Object.entries(items).reduce(
    (total, [item, amount]) => total + (/x\d|^D0[19]$/.test(item) ? 0 : (amount ?? 0)),
    0,
  )
  const fee = (item: string): number => fees24?.[item] ?? 0
  return {
    ...share,
    ...given('feeGap', typeof totalCost === 'number' ? Math.abs(totalCost - sum) : undefined),
    operationFee: fees24 ? fee('D20x02') : (fees14?.['06'] ?? 0),
    ...(fees24
      ? {
          anaesthesiaFee: fee('D20x01'),
          anaesthesiaGiven: yes((record.procedures ?? []).some(one => !!one.anaesthesia)),
          treatmentShortfall: Math.max(0, fee('D20x01') + fee('D20x02') - fee('D20')),
          generalFee: fee('D11'),
          nursingFee: fee('D13'),
          bloodFee: fee('D26'),
          bloodTyped: yes(!!record.bloodType && !!record.rhType),
        }
      : {}),
  }
}

function paymentFacts(record: CaseRecord): Facts {
  const { itemSum, totalCost, funds, selfPay, ownPay, accountPay, cashPay } = record
  const charged = itemSum ?? totalCost
  const paid = (accountPay ?? 0) + (cashPay ?? 0)
  const known = typeof accountPay === 'number' && typeof cashPay === 'number'
  const fund = (funds ?? []).reduce<number>((sum, one) => sum + (one ?? 0), 0)
  return {
    ...(known && typeof charged === 'number' && funds ? { payGap: Math.abs(charged - fund - paid) } : {}),
    ...(known && typeof selfPay === 'number' && typeof ownPay === 'number'
      ? { shareGap: Math.abs(selfPay + ownPay - paid) }
      : {}),
  }
}

/** Fields that a settlement list must have. */
const MANDATORY = ['hi_no', 'medcasno', 'ntly', 'prfs', 'patn_rlts', 'coner_addr', 'coner_tel'] as const
const DISCHARGE_WAYS = ['1', '2', '3', '4', '5', '9']
const FRONT_PAGES = ['n041', 'hqms', '4401']

function formFacts(record: CaseRecord): Facts {
  const { setlinfo, message, joined } = record
  const facts: Facts = {}
  if (setlinfo) {
    const empty = MANDATORY.filter(field => !setlinfo[field]).length
    facts.identityMissing = empty + yes(!DISCHARGE_WAYS.includes(String(setlinfo.dscg_way ?? '')))
  }
  if (FRONT_PAGES.includes(record.source?.form ?? '') && typeof record.dischargeWay === 'number') {
    facts.autopsyMissing = yes(record.dischargeWay === 5 && !record.autopsy)
  }
  if (message) facts.messageGroupable = yes(message !== '4101A' || !!joined)
  return facts
}
