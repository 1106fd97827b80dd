import { Decimal } from '../../numbers/index.ts'
import type { OwnRule } from './case-rules.ts'
import type { PackFinding } from './check-pack.ts'
import { evaluate, type Node, namesOf, type Value } from './expression.ts'
import type { Policy } from './policy.ts'
import { RULE_NAMES } from './rules-document.ts'

const MOST = 20_000
const STEP = new Decimal('0.01')

/** Own rules that no case reaches: none of the sampled facts meets them, or an earlier rule always comes first. */
export function* deadRules({ rules }: Policy): Generator<PackFinding> {
  for (const [i, rule] of rules.own.entries()) {
    const samples = samplesOf(rule)
    const met = samples.filter(sample => meets(rule, sample))
    if (met.length === 0) {
      yield {
        severity: 'warning',
        field: `rules.${rule.id}`,
        text: {
          zh: `在 ${samples.length} 组取值中没有一组满足条件，该规则可能永远不适用。`,
          en: `None of ${samples.length} sampled sets of facts meets the condition: the rule may never apply.`,
        },
      }
      continue
    }
    if (rule.kind === 'factor') continue
    const earlier = rules.own.slice(0, i).find(one => one.kind !== 'factor' && met.every(sample => meets(one, sample)))
    if (earlier === undefined) continue
    yield {
      severity: 'warning',
      field: `rules.${rule.id}`,
      text: {
        zh: `凡满足该规则的取值都先满足规则 ${earlier.id}，它可能永远轮不到。`,
        en: `Whatever meets this rule meets rule ${earlier.id} first: it may never be reached.`,
      },
    }
  }
}

type Sample = ReadonlyMap<string, Value>

function meets({ guards, when }: OwnRule, sample: Sample): boolean {
  return [...guards, ...when].every(node => evaluate(node, name => sample.get(name) ?? null) === true)
}

/** Facts around the numbers and texts that the conditions of a rule name, in every combination up to a limit. */
function samplesOf({ guards, when }: OwnRule): Sample[] {
  const nodes = [...guards, ...when]
  const names = [...new Set(nodes.flatMap(namesOf))]
  const numbers = nodes.flatMap(numbersOf)
  const texts = [...new Set(nodes.flatMap(textsOf)), 'ZZ99']
  let samples: Sample[] = [new Map()]
  for (const name of names) {
    const values = valuesOf(name, numbers, texts)
    const room = Math.max(Math.floor(MOST / samples.length), 2)
    const kept = values.slice(0, room)
    samples = samples.flatMap(sample => kept.map(value => new Map([...sample, [name, value]])))
  }
  return samples
}

function valuesOf(name: string, numbers: readonly Decimal[], texts: readonly string[]): readonly Value[] {
  const kind = RULE_NAMES.get(name)
  if (kind === 'text') return texts
  if (kind === 'truth') return [true, false]
  const around = numbers.flatMap(n => [n, n.minus(STEP), n.plus(STEP), n.minus(1), n.plus(1), n.times(10_000)])
  const usual = [1, 0, 5, 20, 60, 90, 1000, 10_000, 100_000].map(n => new Decimal(n))
  return [...around.filter(n => !n.isNegative()), ...usual]
}

function numbersOf(node: Node): readonly Decimal[] {
  return node.kind === 'number' ? [node.value] : childrenOf(node).flatMap(numbersOf)
}

function textsOf(node: Node): readonly string[] {
  if (node.kind === 'text') return [node.value]
  return node.kind === 'in' ? node.list : childrenOf(node).flatMap(textsOf)
}

function childrenOf(node: Node): readonly Node[] {
  if ('of' in node) return [node.of]
  if (node.kind === 'in') return [node.left]
  return 'left' in node ? [node.left, node.right] : []
}
