import { expect, test } from 'vitest'
import type { GroupedFiles } from '../../cli/grouped-files.ts'
import { ownCases } from '../../cli/own-cases.ts'

test('the cases of one hospital keep who treated them and how old they were, infants in days too', () => {
  const column = (...values: number[]): Uint16Array => Uint16Array.from(values)
  const bytes = new Uint8Array(3)
  const payable: GroupedFiles['payable'] = {
    count: 3,
    groups: ['AA11', 'BB11'],
    parents: ['AA1', 'BB1'],
    hospitals: ['A', 'B'],
    insurances: ['310'],
    months: ['2025-01'],
    group: column(0, 1, 1),
    status: bytes,
    hospital: column(1, 0, 1),
    insurance: column(0, 0, 0),
    month: column(0, 0, 0),
    los: column(3, 4, 5),
    dischargeWay: bytes,
    cost: Float64Array.of(100, 200, 300),
    fund: Float64Array.of(70, 140, 210),
    patient: Float64Array.of(30, 60, 90),
    details: {
      departments: ['儿科', '内科'],
      doctors: ['甲', '乙', '丙'],
      department: column(0, 1, 1),
      doctor: column(2, 1, 0),
      age: Int16Array.of(0, 50, 60),
      ageDays: Int16Array.of(12, -1, -1),
    },
  }
  const files = { payable, ids: ['x', 'y', 'z'], places: [1, 2, 3].map(line => ({ file: 'c.csv', line })) }
  const { cases, ids, places } = ownCases(files as unknown as GroupedFiles, 'B')
  const { details } = cases
  expect([ids, places.map(({ line }) => line), [...cases.cost]]).toEqual([
    ['x', 'z'],
    [1, 3],
    [100, 300],
  ])
  expect([...details!.department].map(at => details!.departments[at])).toEqual(['儿科', '内科'])
  expect([...details!.doctor].map(at => details!.doctors[at])).toEqual(['丙', '甲'])
  expect([[...details!.age], [...details!.ageDays!]]).toEqual([
    [0, 60],
    [12, -1],
  ])
})
