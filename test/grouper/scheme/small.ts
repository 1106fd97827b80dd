import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The six tables of a scheme of two MDCs, as CSV texts by file name; each test changes what it is about. */
export const SMALL: Readonly<Record<string, string>> = {
  MDC: `MDC编码,MDC名称,MDC规则,排序
MDCB,神经系统,ZYZD in DI_B00,2
MDCA,先期分组,ZYSS in OP_AA1,1
`,
  ADRG: `ADRG编码,ADRG名称,ADRG规则,所属MDC编码,MDC内排序
AA1,移植,ZYSS in OP_AA1,MDCA,1
BR1,神经内科,ZYZD in DI_B00,MDCB,2
BB1,开颅,"{ZYSS, QTSS} in OP_BB1",MDCB,1
BQY,,ZYSS in OP_ALL,MDCB,1.5
`,
  DRG: `DRG,DRG名称,DRG规则,所属ADRG编码,所属MDC编码,排序
AA19,移植,,AA1,MDCA,1
BB15,开颅，不伴,,BB1,MDCB,2
BB11,开颅，伴,QTZD in MCC,BB1,MDCB,1
BR19,神经内科,,BR1,MDCB,1
BQY,,,BQY,MDCB,1
`,
  集合: `集合编号,ICD编码,ICD名称,类型编号
DI_B00,A01.002+G01*,伤寒性脑膜炎,诊断
DI_B00,G93.600x003,血管源性脑水肿,诊断
OP_AA1,37.5100,心脏移植术,手术操作
OP_BB1,01.2400,其他颅骨切开术,手术操作
OP_ALL,01.2400,其他颅骨切开术,手术操作
OP_ALL,37.5100,心脏移植术,手术操作
`,
  CC: `疾病编码,疾病名称,排除表,类型
I50.900,心力衰竭,EX_1,MCC
J44.900,慢性阻塞性肺病,,CC
`,
  排除表: `集合编号,ICD编码,ICD名称
EX_1,I50.900,心力衰竭
EX_1,I50.907,心力衰竭
`,
}

/** Writes tables into a new folder and hands it to `run`; the folder goes afterwards. */
export function withTables<T>(tables: Readonly<Record<string, string>>, run: (folder: string) => T): T {
  return withFolder(folder => {
    for (const [name, text] of Object.entries(tables)) {
      writeFileSync(join(folder, name.includes('.') ? name : `${name}.csv`), text)
    }
    return run(folder)
  })
}

/** A new empty folder for `run`. */
export function withFolder<T>(run: (folder: string) => T): T {
  const above = mkdtempSync(join(tmpdir(), 'dianzhi-scheme-'))
  const folder = join(above, 'tables')
  mkdirSync(folder)
  try {
    return run(folder)
  } finally {
    rmSync(above, { recursive: true })
  }
}
