import type { CompiledRule, CompiledRuleset } from '../../../../shared/policy/compile.ts';
import { EVERYTHING, type Combinations, type FlowClasses } from './flow-classes.ts';
import type { Partition } from './partition.ts';

/** At an end where no vNIC enforces rules. */
export const NOT_ENFORCED = -2;

/** At an end whose table's default rule decides. */
export const BY_DEFAULT = -1;

/** The decision on each combination of classes. */
export interface CombinationDecisions {
  /** Place of the rule that decides at the source, {@link BY_DEFAULT} or {@link NOT_ENFORCED}. */
  readonly sourceRule: Int32Array;
  /** Place of the rule that decides at the destination, {@link BY_DEFAULT} or {@link NOT_ENFORCED}. */
  readonly destinationRule: Int32Array;
  /** 1 where every enforcing end allows. */
  readonly isAllowed: Uint8Array;
}

/** For each class the rules one of whose sets holds it, a bit a rule, `words` words a class. */
function masksOf(
  partition: Partition,
  words: number,
  rules: readonly CompiledRule[],
  setOf: (rule: CompiledRule) => number | null,
): Uint32Array {
  const always = new Uint32Array(words);
  const ofSet: (Uint32Array | undefined)[] = [];
  rules.forEach((rule, place) => {
    const set = setOf(rule);
    if (set === null) return;
    if (set === EVERYTHING) setBit(always, place);
    else setBit((ofSet[set] ??= new Uint32Array(words)), place);
  });
  return partition.masks(words, always, ofSet);
}

function setBit(mask: Uint32Array, place: number): void {
  mask[place >>> 5] = (mask[place >>> 5] ?? 0) | (1 << (place & 31));
}

/** 1 for each class of workloads. */
function enforcing(partition: Partition, workloads: number): Uint32Array {
  const one = Uint32Array.of(1);
  if (workloads === EVERYTHING) return partition.masks(1, one, []);
  const ofSet: (Uint32Array | undefined)[] = [];
  ofSet[workloads] = one;
  return partition.masks(1, Uint32Array.of(0), ofSet);
}

/**
 * Decides every combination of classes: the masks of its source, destination, service and of the
 * vNIC's table are ANDed, and the lowest bit is the first rule that matches.
 */
export function decideCombinations(
  ruleset: CompiledRuleset,
  classes: FlowClasses,
): { readonly combinations: Combinations; readonly decisions: CombinationDecisions } {
  const { rules, workloads, defaultRule } = ruleset;
  const numbers = rules.map((rule) => ({
    sources: classes.addressSet(rule.sources),
    destinations: classes.addressSet(rule.destinations),
    services: classes.serviceSet(rule.services),
    table: rule.table === null ? EVERYTHING : classes.addressSet(rule.table),
  }));
  const workloadSet = classes.addressSet(workloads);
  const combinations = classes.combinations();
  const words = Math.max(1, Math.ceil(rules.length / 32));
  const { addresses, services } = classes;
  const numberOf = (part: keyof (typeof numbers)[number]) => (rule: CompiledRule) =>
    numbers[rule.order]?.[part] ?? null;
  const table = numberOf('table');
  const masks = {
    source: masksOf(addresses, words, rules, numberOf('sources')),
    destination: masksOf(addresses, words, rules, numberOf('destinations')),
    service: masksOf(services, words, rules, numberOf('services')),
    out: masksOf(addresses, words, rules, (rule) => (rule.isOut ? table(rule) : null)),
    in: masksOf(addresses, words, rules, (rule) => (rule.isIn ? table(rule) : null)),
  };
  const isWorkload = enforcing(addresses, workloadSet);
  const allows = Uint8Array.from(rules, ({ rule }) => (rule.action === 'ALLOW' ? 1 : 0));
  const allowsByDefault = defaultRule.action === 'ALLOW' ? 1 : 0;

  const { count } = combinations;
  const sourceRule = new Int32Array(count).fill(NOT_ENFORCED);
  const destinationRule = new Int32Array(count).fill(NOT_ENFORCED);
  const isAllowed = new Uint8Array(count);
  const verdict = (rule: number) => {
    if (rule >= 0) return allows[rule] ?? 0;
    return rule === BY_DEFAULT ? allowsByDefault : 1;
  };
  for (let at = 0; at < count; at++) {
    const source = combinations.sourceClass[at] ?? 0;
    const destination = combinations.destinationClass[at] ?? 0;
    const service = (combinations.serviceClass[at] ?? 0) * words;
    const asksSource = isWorkload[source] === 1;
    const asksDestination = isWorkload[destination] === 1;
    let atSource = asksSource ? BY_DEFAULT : NOT_ENFORCED;
    let atDestination = asksDestination ? BY_DEFAULT : NOT_ENFORCED;
    for (let word = 0; word < words; word++) {
      const common =
        (masks.source[source * words + word] ?? 0) &
        (masks.destination[destination * words + word] ?? 0) &
        (masks.service[service + word] ?? 0);
      if (common === 0) continue;
      if (atSource === BY_DEFAULT) {
        atSource = lowest(common & (masks.out[source * words + word] ?? 0), word);
      }
      if (atDestination === BY_DEFAULT) {
        atDestination = lowest(common & (masks.in[destination * words + word] ?? 0), word);
      }
      if (atSource !== BY_DEFAULT && atDestination !== BY_DEFAULT) break;
    }
    sourceRule[at] = atSource;
    destinationRule[at] = atDestination;
    isAllowed[at] = verdict(atSource) & verdict(atDestination);
  }
  return { combinations, decisions: { sourceRule, destinationRule, isAllowed } };
}

/** The place of the lowest bit, or {@link BY_DEFAULT} where there is none. */
function lowest(bits: number, word: number): number {
  return bits === 0 ? BY_DEFAULT : word * 32 + 31 - Math.clz32(bits & -bits);
}
