import { Fault } from '../../messages/index.ts'

/** Fields that the simple case table can carry. */
export type CaseField =
  | 'id'
  | 'key'
  | 'sex'
  | 'age'
  | 'ageDays'
  | 'weight'
  | 'los'
  | 'dischargeWay'
  | 'icuHours'
  | 'dx'
  | 'otherDx'
  | 'px'
  | 'otherPx'
  | 'cost'
  | 'fund'
  | 'patient'
  | 'hospital'
  | 'insurance'
  | 'month'
  | 'department'
  | 'doctor'
  | FeeBucket

/** Buckets that a bill is made of; what is left of the total cost is not named. */
export const COST_BUCKETS = ['medical', 'nursing', 'technical', 'drug', 'consumable', 'management'] as const
/** Charges that a case may carry: the buckets, and treatment without surgery, which is a part of them. */
export const FEE_BUCKETS: readonly [...typeof COST_BUCKETS, 'treatment'] = [...COST_BUCKETS, 'treatment']
export type FeeBucket = (typeof FEE_BUCKETS)[number]

/**
 * Accepted headers, compared after `plainHeader`. The first of each is the name of the simple case table.
 * Source of the Chinese ones: the batch templates and exports listed in docs/input.md.
 */
const ALIASES: Readonly<Record<CaseField, readonly string[]>> = {
  id: ['id', 'caseid', '病案号', '病历号', '住院号', '住院流水号', '首页序号', 'medcasno', 'bah'],
  // Tells stays apart that share an id: the admission count, or the settlement id of other forms.
  key: ['admission', '住院次数', 'zycs'],
  sex: ['gender', 'sex', '性别', '性别代码', 'gend', 'xb'],
  age: ['age', 'ageyears', '年龄', '年龄岁', 'nl'],
  ageDays: ['ageday', 'agedays', '新生儿年龄天', '不足一周岁年龄', '天龄', '日龄', 'bzyzsnl'],
  weight: ['weight', 'birthweight', '新生儿出生体重', '出生体重', 'xsecstz'],
  los: ['los', 'losdays', '住院天数', '实际住院天数', '住院日', 'sjzyts'],
  dischargeWay: ['leavingtype', 'dischargeway', '离院方式', 'lyfs'],
  icuHours: ['icuhours', '重症监护小时'],
  dx: ['dx', 'diagnoses', '诊断编码', '主要诊断编码', '主诊断编码', 'jbdm'],
  otherDx: ['otherdx', '其他诊断编码', '次要诊断编码'],
  px: ['proc', 'procedures', '手术操作编码', '主要手术操作编码', '手术编码', 'ssjczbm1'],
  otherPx: ['otherproc', '其他手术操作编码'],
  cost: ['totalcost', '总费用', '医疗总费用', '住院总费用', 'zfy'],
  fund: ['fundpay', '基金支付', '统筹基金支付', '医保基金支付'],
  patient: ['patientpay', '个人支付', '个人负担'],
  hospital: ['hospital', 'hospitalcode', '机构编码', '定点医药机构编号', '医疗机构编码'],
  insurance: ['insurance', '医保类型', '险种', '险种类型'],
  month: ['month', '结算月份', '出院月份'],
  department: ['dept', 'department', '科室', '出院科室', '出院科别', 'cykb'],
  doctor: ['doctor', '医生', '主诊医生'],
  medical: ['medicalfee', '医疗费', '医疗服务费'],
  nursing: ['nursingfee', '护理费'],
  technical: ['technicalfee', '医技费'],
  drug: ['drugfee', '药品费', '药费'],
  consumable: ['consumablefee', '耗材费', '卫生材料费'],
  management: ['managementfee', '管理费'],
  treatment: ['treatmentfee', '非手术治疗项目费', '非手术治疗费', '治疗费'],
}

const REQUIRED: readonly CaseField[] = ['sex', 'age', 'dx']

/** The headers under which a field is read, written in any case and with any blanks; the first is that of the simple table. */
export function headersOf(field: CaseField): readonly string[] {
  return ALIASES[field]
}

/** A header without blanks, brackets and their content, in half width and lower case. */
export function plainHeader(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\([^)]*\)|\[[^\]]*\]/g, '')
    .replace(/[\s_\uFEFF\u200B"]/g, '')
    .toLowerCase()
}

/** The field of each column of a header, undefined where a column is of no use here. */
export function planColumns(header: readonly string[], file: string): readonly (CaseField | undefined)[] {
  const fieldOf = new Map<string, CaseField>()
  for (const [field, names] of Object.entries(ALIASES) as [CaseField, readonly string[]][]) {
    for (const name of names) fieldOf.set(name, field)
  }
  if (header[0]?.startsWith('DZC1')) {
    throw new Fault({
      code: 'STO-006',
      at: { file },
      what: { zh: '这是病例库，不是病例表。', en: 'This is a case store, not a table of cases.' },
      fix: {
        zh: '病例库须以 .dzc 结尾，可用于 group、weights、dip build；其他命令请给出编码前的病例文件。',
        en: 'A store ends with .dzc and goes to group, weights and dip build; give other commands the files it was encoded from.',
      },
    })
  }
  const plan: (CaseField | undefined)[] = []
  header.forEach((text, column) => {
    const field = fieldOf.get(plainHeader(text))
    if (field !== undefined && plan.includes(field)) {
      throw new Fault({
        code: 'CAS-002',
        at: { file, line: 1, column: column + 1, field },
        what: {
          zh: `列“${header[plan.indexOf(field)]}”和“${text}”都表示${field}。`,
          en: `Columns "${header[plan.indexOf(field)]}" and "${text}" both hold ${field}.`,
        },
        fix: { zh: '请删除或改名其中一列。', en: 'Remove or rename one of them.' },
      })
    }
    plan.push(field)
  })
  for (const field of REQUIRED) {
    if (plan.includes(field)) continue
    // A file without a header has a case in its first line: only headers that are known may be repeated.
    const known = header.filter((_, column) => plan[column] !== undefined)
    throw new Fault({
      code: 'CAS-001',
      at: { file, line: 1 },
      what: {
        zh: `缺少列 ${ALIASES[field][0]}；共 ${header.length} 列，认出的表头：${known.join('、') || '无，第一行可能不是表头'}。`,
        en: `Column ${ALIASES[field][0]} is missing; of ${header.length} columns these are known: ${known.join(', ') || 'none, the first line may not be a header'}.`,
      },
      fix:
        known.length > 0
          ? {
              zh: `请添加该列，可用的表头：${ALIASES[field].join('、')}。`,
              en: `Add it; accepted headers: ${ALIASES[field].join(', ')}.`,
            }
          : {
              zh: `请核对这是否为病例文件；若是，请添加该列（可用的表头：${ALIASES[field].join('、')}），或在映射文件的 columns 中写明各列并用 --map 指定（docs/formats.md）。`,
              en: `Check whether this is a file of cases; if so, add the column (accepted headers: ${ALIASES[field].join(', ')}), or say in the columns of a mapping file what its columns are and name it with --map (docs/formats.md).`,
            },
    })
  }
  return plan
}
