import type { GroupedCases } from '../weights/index.ts'
import type { GroupedFiles } from './grouped-files.ts'

/** The cases of one hospital with their ids and places. */
export function ownCases(
  { payable, ids, places }: GroupedFiles,
  code: string,
): Pick<GroupedFiles, 'cases' | 'ids' | 'places'> {
  const h = payable.hospitals.indexOf(code)
  const at = Uint32Array.from(Array.from({ length: payable.count }, (_, i) => i).filter(i => payable.hospital[i] === h))
  const pick = <T extends Uint8Array | Uint16Array | Uint32Array | Int16Array | Float64Array>(column: T): T => {
    const out = column.slice(0, at.length) as T
    at.forEach((from, to) => {
      out[to] = column[from]!
    })
    return out
  }
  const { details, facts } = payable
  const cases: GroupedCases = {
    ...payable,
    count: at.length,
    hospitals: [code],
    group: pick(payable.group),
    status: pick(payable.status),
    hospital: new Uint16Array(at.length),
    insurance: pick(payable.insurance),
    month: pick(payable.month),
    los: pick(payable.los),
    dischargeWay: pick(payable.dischargeWay),
    cost: pick(payable.cost),
    fund: pick(payable.fund),
    patient: pick(payable.patient),
    ...(facts === undefined
      ? {}
      : {
          facts: {
            ...facts,
            age: pick(facts.age),
            ageDays: pick(facts.ageDays),
            department: pick(facts.department),
            mark: pick(facts.mark),
          },
        }),
    ...(details === undefined
      ? {}
      : {
          details: {
            departments: details.departments,
            doctors: details.doctors,
            department: pick(details.department),
            doctor: pick(details.doctor),
            age: pick(details.age),
            ...(details.ageDays === undefined ? {} : { ageDays: pick(details.ageDays) }),
          },
        }),
  }
  return { cases, ids: Array.from(at, i => ids[i]!), places: Array.from(at, i => places[i]!) }
}
