import type { Text } from '../../messages/index.ts'
import type { CaseField } from '../cases/columns.ts'

/** How a fact is written in a finding: money is in fen and shown in yuan. */
type Unit = 'number' | 'fen'

/** A number that conditions can ask for. Yes and no are 1 and 0. */
export interface FactInfo {
  readonly label: Text
  readonly unit: Unit
  /**
   * Where it comes from: a column of the case table, the codes or the group of the case (always there), a weight table,
   * further fields that only a record in JSON can have,
   * or the file as a whole.
   */
  readonly from: CaseField | 'codes' | 'group' | 'weights' | 'record' | 'file'
  /** Fields of a record that tell it: all of them, of `a|b` one; '' where no field of its own does. */
  readonly record: string
}

function fact(zh: string, en: string, from: FactInfo['from'], record = '', unit: Unit = 'number'): FactInfo {
  return { label: { zh, en }, unit, from, record }
}

/** Names of facts. Times, names and numbers of persons are never facts themselves: findings show facts. */
export type FactName =
  | 'sex'
  | 'age'
  | 'ageDays'
  | 'weight'
  | 'los'
  | 'dischargeWay'
  | 'cost'
  | 'diagnosisCount'
  | 'procedureCount'
  | 'mainSlotEmpty'
  | 'mainRepeated'
  | 'othersRepeated'
  | 'repairedCodes'
  | 'inNoMdc'
  | 'ambiguous'
  | 'schemeUsesDischargeWay'
  | 'heavierProcedure'
  | 'stayDays'
  | 'yearsAtAdmission'
  | 'bornOnAdmission'
  | 'admitWeight'
  | 'newbornTypeValid'
  | 'operationsOutside'
  | 'icuOutside'
  | 'ventMinutes'
  | 'mainFlags'
  | 'mainPoa'
  | 'statedDiagnoses'
  | 'statedProcedures'
  | 'morphologyCount'
  | 'metastaticCount'
  | 'feeGap'
  | 'operationFee'
  | 'anaesthesiaFee'
  | 'anaesthesiaGiven'
  | 'treatmentShortfall'
  | 'generalFee'
  | 'nursingFee'
  | 'bloodFee'
  | 'bloodTyped'
  | 'meanShare'
  | 'payGap'
  | 'shareGap'
  | 'identityMissing'
  | 'autopsyMissing'
  | 'messageGroupable'
  | 'settledBefore'
  | 'returnDays'
  | 'declaredShare'
  | 'shareLead'

/** The facts by name. */
export const FACTS: Readonly<Record<FactName, FactInfo>> = {
  sex: fact('性别', 'sex', 'sex', 'sex'),
  age: fact('年龄（岁）', 'age in years', 'age', 'ageYears'),
  ageDays: fact('日龄', 'age in days', 'ageDays', 'ageDays'),
  weight: fact('新生儿出生体重（克）', 'birth weight in g', 'weight', 'birthWeights'),
  los: fact('住院天数', 'length of stay in days', 'los', 'losDays'),
  dischargeWay: fact('离院方式', 'discharge way', 'dischargeWay', 'dischargeWay'),
  cost: fact('总费用', 'total cost', 'cost', 'totalCost', 'fen'),
  diagnosisCount: fact('诊断个数', 'number of diagnoses', 'codes'),
  procedureCount: fact('手术操作个数', 'number of procedures', 'codes'),
  mainSlotEmpty: fact('主要手术为空', 'no main procedure', 'codes'),
  mainRepeated: fact('主要诊断又列为其他诊断', 'main diagnosis repeated', 'codes'),
  othersRepeated: fact('其他诊断重复', 'other diagnosis repeated', 'codes'),
  repairedCodes: fact('已修复的编码个数', 'codes repaired', 'codes'),
  inNoMdc: fact('不属于任何 MDC', 'enters no MDC', 'group'),
  ambiguous: fact('歧义', 'ambiguous', 'group'),
  schemeUsesDischargeWay: fact('方案使用离院方式', 'the scheme uses the discharge way', 'group'),
  heavierProcedure: fact('另一手术在前时权重更高', 'another procedure first weighs more', 'weights'),
  stayDays: fact('按日期计算的住院天数', 'stay by its dates, in days', 'record', 'admitTime, dischargeTime'),
  yearsAtAdmission: fact('按出生日期计算的年龄', 'age by the date of birth', 'record', 'birthDate, admitTime'),
  bornOnAdmission: fact('入院当日出生', 'born on the day of admission', 'record', 'birthDate, admitTime'),
  admitWeight: fact('新生儿入院体重（克）', 'admission weight in g', 'record', 'admitWeights'),
  newbornTypeValid: fact('新生儿入院类型有效', 'newborn admission type valid', 'record', 'newbornAdmitType'),
  operationsOutside: fact(
    '住院期间以外的手术个数',
    'operations outside the stay',
    'record',
    'procedures.begin|procedures.date, admitTime, dischargeTime',
  ),
  icuOutside: fact('时间有误的监护次数', 'ICU stays outside the stay', 'record', 'icuStays'),
  ventMinutes: fact('呼吸机使用分钟', 'ventilator minutes', 'record', 'ventMinutes'),
  mainFlags: fact('主诊断标志个数', 'diagnoses flagged main', 'record', 'diagnoses.main'),
  mainPoa: fact('主要诊断入院病情', 'main diagnosis on admission', 'record', 'diagnoses.poa'),
  statedDiagnoses: fact('清单所列诊断个数', 'stated number of diagnoses', 'record', 'diag_code_cnt'),
  statedProcedures: fact('清单所列手术个数', 'stated number of procedures', 'record', 'oprn_oprt_code_cnt'),
  morphologyCount: fact('病理形态学编码个数', 'morphology codes', 'record', 'pathologyDx'),
  metastaticCount: fact('转移性形态学编码个数', 'morphology codes of metastasis', 'record', 'pathologyDx'),
  feeGap: fact('总费用与分项之和的差', 'total cost against its items', 'record', 'totalCost, fees24|fees14', 'fen'),
  operationFee: fact('手术费', 'operation fee', 'record', 'fees24|fees14', 'fen'),
  anaesthesiaFee: fact('麻醉费', 'anaesthesia fee', 'record', 'fees24', 'fen'),
  anaesthesiaGiven: fact('有麻醉方式', 'anaesthesia given', 'record', 'fees24, procedures.anaesthesia'),
  treatmentShortfall: fact('手术治疗费小于其中项之和', 'surgical fee below its parts', 'record', 'fees24', 'fen'),
  generalFee: fact('一般医疗服务费', 'general fee', 'record', 'fees24', 'fen'),
  nursingFee: fact('护理费', 'nursing fee', 'record', 'fees24', 'fen'),
  bloodFee: fact('血费', 'blood fee', 'record', 'fees24', 'fen'),
  bloodTyped: fact('有 ABO 和 Rh 血型', 'ABO and Rh type given', 'record', 'fees24, bloodType, rhType'),
  meanShare: fact('总费用与本组均值之比', 'total cost to group mean', 'record', 'totalCost, groupMeanCost'),
  payGap: fact(
    '收费与支付的差',
    'fees against payments',
    'record',
    'itemSum|totalCost, funds, accountPay, cashPay',
    'fen',
  ),
  shareGap: fact(
    '个人负担与个人支付的差',
    "patient's part against payments",
    'record',
    'selfPay, ownPay, accountPay, cashPay',
    'fen',
  ),
  identityMissing: fact('缺失的必填项个数', 'mandatory fields missing', 'record', 'setlinfo'),
  autopsyMissing: fact(
    '死亡病例未填尸检',
    'death without the autopsy field',
    'record',
    'source.form, dischargeWay, autopsy',
  ),
  messageGroupable: fact('报文可单独分组', 'message groupable alone', 'record', 'message'),
  settledBefore: fact('文件中已结算', 'settled before in the file', 'record', 'settleId'),
  returnDays: fact(
    '距同组上次出院天数',
    'days since the last discharge, same group',
    'record',
    'personId, admitTime, dischargeTime',
  ),
  declaredShare: fact('声明编码版本的有效率（%）', 'valid in the declared system, %', 'file'),
  shareLead: fact('另一编码版本高出（百分点）', 'lead of another system, points', 'file'),
}

export const FACT_NAMES: readonly FactName[] = Object.keys(FACTS) as FactName[]

/** Position of each fact in a row of values. */
export const FACT: Readonly<Record<FactName, number>> = Object.fromEntries(
  FACT_NAMES.map((name, position) => [name, position]),
) as Record<FactName, number>

/** A fact as a finding shows it. */
export function factText(name: FactName, value: number): string {
  if (Number.isNaN(value)) return ''
  return FACTS[name].unit === 'fen' ? (value / 100).toFixed(2) : String(Math.round(value * 100) / 100)
}
