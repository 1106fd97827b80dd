import { readFileSync } from 'node:fs'
import { Decimal } from '../../numbers/index.ts'
import { POLICY_SCHEMA } from '../../simulate/policy/document.ts'
import { compilePolicy, type Policy } from '../../simulate/policy/policy.ts'
import type { CaseInput } from '../../simulate/settle/case-input.ts'

/** A policy from the fields that matter to a test; title, basis and dates are filled in. */
export function policyOf(fields: Record<string, unknown>): Policy {
  return compilePolicy(
    POLICY_SCHEMA.parse({
      id: 'test',
      title: { zh: '测试', en: 'Test' },
      validFrom: '2025-01-01',
      policyBasis: [{ document: 'test' }],
      ...fields,
    }),
  )
}

/** Reads a JSON file. */
export function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'))
}

/** A grouped case; only what a test says differs from an ordinary one. */
export function caseOf(fields: Partial<CaseInput>): CaseInput {
  return {
    group: 'XX11',
    parent: 'XX1',
    status: 0,
    weight: new Decimal(1),
    stable: true,
    coefficient: new Decimal(1),
    level: '3',
    insurance: '310',
    cost: 100_000,
    los: 7,
    ...fields,
  }
}

/** A policy by points with bands for low and high cost and coefficients by level. */
export const POINTS: Policy = policyOf({
  method: 'points', scale: '100', avgCost: 'fromData', pointValue: '60', ratioBase: 'avgRw',
  low: { threshold: '0.4', op: '<', formula: 'L2' },
  high: { bands: [['1', '3'], ['2', '2.5'], [null, '2']], op: '>', formula: 'H2' },
  special: { ungrouped: { costShare: '0.7' }, ambiguous: { costShare: '0.8' } },
  coefficient: { kind: 'level' },
}) // biome-ignore format: a policy
