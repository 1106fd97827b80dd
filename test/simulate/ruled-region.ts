import fc from 'fast-check'
import { compilePolicy, type Policy } from '../../simulate/policy/policy.ts'
import type { RegionInput } from '../../simulate/settle/region.ts'
import { anyPolicy, anyRegion } from './arbitrary.ts'
import { policyOf } from './examples.ts'

/** Random fields of the division for a policy. */
const fields = (policy: Policy): fc.Arbitrary<Record<string, unknown>> =>
  fc
    .record({
      pvMin: fc.option(fc.constantFrom('20', '55')), pvMax: fc.option(fc.constantFrom('60', '1000')),
      pvDecimals: fc.option(fc.constantFrom('0', '2', '4')), pvRounding: fc.constantFrom('halfUp', 'down', 'up'),
      ratioLevel: fc.constantFrom('region', 'hospital', 'case'), closeRatio: fc.boolean(),
      negativeDue: fc.constantFrom('net', 'floorZero'), pools: fc.constantFrom('perScheme', 'joint'),
      elastic: fc.constantFrom(
        null,
        { by: 'volume', basePoints: { employee: '400', resident: '90.5' }, value: '58.5' },
        { by: 'volume', basePoints: { file: 'x' }, hospitalPoints: { 'H1\n310': '300', 'H4\n390': '10' }, fixedShare: '0.7' },
        { by: 'costKind', amounts: { G0: '800.5', P1: '2500', G2: '99999999' } },
      ),
    }) // biome-ignore format: fields
    .map(({ pvMin, pvMax, pvDecimals, elastic, ratioLevel, ...rest }) => ({
      ...rest,
      patientShare: ratioLevel === 'region' && rest.closeRatio ? 'subtract' : 'ratio',
      ratioLevel,
      ...(policy.method === 'rate' ? {} : { pvMin, pvMax, pvDecimals, elastic }),
    }))

/** A random region of a random policy with every rule of division: bounds, rounding, elastic rates, shares of the fund. */
export const ruledRegion: fc.Arbitrary<RegionInput> = anyPolicy.chain(policy =>
  fc.tuple(anyRegion(policy, 60), fields(policy)).map(([input, extra]): RegionInput => {
    const document = policyOf({ ...policy.document, ...extra }).document
    return { ...input, policy: compilePolicy(document) }
  }),
)
