import { parseArgs } from 'node:util';
import { FlowDecider, type Decided } from '../../main/engine/policy/decisions/decided.ts';
import type { FlowColumns } from '../../main/engine/policy/decisions/flow-columns.ts';
import { BY_DEFAULT, NOT_ENFORCED } from '../../main/engine/policy/decisions/rule-masks.ts';
import { edgesOf } from '../../main/engine/policy/decisions/edges.ts';
import { summarise } from '../../main/engine/policy/decisions/views.ts';
import { MapEnds } from '../../main/engine/query/map-ends.ts';
import { applyChange, rulesOf } from '../../shared/domain/ruleset-change.ts';
import type { Inventory } from '../../shared/domain/inventory.ts';
import type { Rule, Ruleset, SingleChange } from '../../shared/domain/ruleset.ts';
import { holds } from '../../shared/policy/intervals.ts';
import { RulesetCompiler, type CompiledRuleset } from '../../shared/policy/compile.ts';
import { resolverOf } from '../../shared/policy/members.ts';
import { serviceKey } from '../../shared/policy/service-set.ts';
import { createPrng, type Prng } from '../sample/prng.ts';
import { makeDecisionWorld } from './decision-world.ts';

/** CPU milliseconds of this process; work beside the main thread, such as collecting garbage, included. */
function cpuOf<T>(work: () => T): { readonly ms: number; readonly result: T } {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return { ms: (user + system) / 1000, result };
}

function at(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

/** The plain way: each flow against each rule in order, at both ends. Returns the deciding rules. */
function decidePlainly(ruleset: CompiledRuleset, flows: FlowColumns) {
  const rules = ruleset.rules.map((rule) => ({
    ...{ sources: rule.sources.v4, destinations: rule.destinations.v4 },
    keys: rule.services.keysFrom(50_000),
    ...{ table: rule.table?.v4 ?? null, isIn: rule.isIn, isOut: rule.isOut },
  }));
  const keys = flows.services.map((service) => serviceKey(service));
  const workloads = ruleset.workloads.v4;
  const sourceRule = new Int32Array(flows.count);
  const destinationRule = new Int32Array(flows.count);
  for (let flow = 0; flow < flows.count; flow++) {
    const source = flows.codes[flows.source[flow] ?? 0] ?? 0;
    const destination = flows.codes[flows.destination[flow] ?? 0] ?? 0;
    const key = keys[flows.service[flow] ?? 0] ?? 0;
    let atSource = holds(workloads, source) ? BY_DEFAULT : NOT_ENFORCED;
    let atDestination = holds(workloads, destination) ? BY_DEFAULT : NOT_ENFORCED;
    for (let place = 0; place < rules.length; place++) {
      const rule = rules[place];
      if (rule === undefined) continue;
      const mayMatch =
        holds(rule.keys, key) &&
        holds(rule.destinations, destination) &&
        holds(rule.sources, source);
      if (!mayMatch) continue;
      const { table } = rule;
      if (atSource === BY_DEFAULT && rule.isOut && (table === null || holds(table, source))) {
        atSource = place;
      }
      if (
        atDestination === BY_DEFAULT &&
        rule.isIn &&
        (table === null || holds(table, destination))
      ) {
        atDestination = place;
      }
      if (atSource !== BY_DEFAULT && atDestination !== BY_DEFAULT) break;
    }
    sourceRule[flow] = atSource;
    destinationRule[flow] = atDestination;
  }
  return { sourceRule, destinationRule };
}

function checkSame(plain: ReturnType<typeof decidePlainly>, decided: Decided): void {
  const { combinations, decisions, flows } = decided;
  for (let flow = 0; flow < flows.count; flow++) {
    const place = combinations.ofFlow[flow] ?? 0;
    const isSame =
      plain.sourceRule[flow] === decisions.sourceRule[place] &&
      plain.destinationRule[flow] === decisions.destinationRule[place];
    if (!isSame) throw new Error(`Flow ${flow} is decided otherwise by the plain loop.`);
  }
}

/** A change as a person makes it: of service, member, applied-to, order, or a rule more or less. */
function anEdit(ruleset: Ruleset, number: number, prng: Prng): SingleChange {
  const rules = rulesOf(ruleset);
  const rule = prng.pick(rules);
  const other = prng.pick(rules);
  const changed = (change: Partial<Rule>): SingleChange => ({
    kind: 'update-rule',
    rule: { ...rule, ...change },
  });
  switch (number % 6) {
    case 0:
      return changed({ services: [`TCP/${prng.int(1, 3000)}`, 'TCP/443'] });
    case 1:
      return changed({ sources: [...other.sources, ...rule.sources].slice(0, 4) });
    case 2:
      return changed({ appliedTo: [...new Set([...rule.appliedTo, ...other.appliedTo])] });
    case 3:
      return { kind: 'move-rule', id: rule.id, to: prng.int(0, 4) };
    case 4: {
      const { id, ...draft } = { ...rule, ...changedSide(other) };
      const policy = prng.pick(ruleset.policies).name;
      return { kind: 'add-rule', policy, rule: { ...draft, name: `${id} ${number}` } };
    }
    default:
      return { kind: 'remove-rule', id: rule.id };
  }
}

const changedSide = ({ destinations, services }: Rule) => ({ destinations, services });

/** One node of the map for each innermost group; all other addresses are drawn together. */
function mapEndsOf(flows: FlowColumns, inventory: Inventory): MapEnds {
  const groupOf = new Map(
    inventory.groups.flatMap(({ name, members }) =>
      members.map((member) => [member, `group:${name}`] as const),
    ),
  );
  const text = (code: number) => [24, 16, 8, 0].map((shift) => (code >>> shift) & 255).join('.');
  return new MapEnds(
    new Map(Array.from(flows.codes, (code) => [code, groupOf.get(text(code)) ?? 'outside'])),
    [],
  );
}

const { values } = parseArgs({
  options: {
    flows: { type: 'string', default: '548000' },
    rules: { type: 'string', default: '200' },
    runs: { type: 'string', default: '9' },
    edits: { type: 'string', default: '120' },
    seed: { type: 'string', default: '1' },
    overlapping: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);
const world = makeDecisionWorld(seed, {
  flows: Number(values.flows),
  rules: Number(values.rules),
  overlapping: values.overlapping,
});
const { flows, inventory, ruleset } = world;
const resolver = resolverOf(inventory);
const say = (line: string) => process.stdout.write(`${line}\n`);
const ms = (value: number) => `${value.toFixed(0)} ms`;
say(
  `${flows.count} flows, ${flows.codes.length} addresses, ${flows.services.length} services, ` +
    `${rulesOf(ruleset).length} rules, ${inventory.groups.length} groups; CPU time of this process`,
);

const fresh: number[] = [];
const plain: number[] = [];
let combinations = 0;
for (let run = 0; run < Number(values.runs); run++) {
  const decided = cpuOf(() =>
    new FlowDecider(flows).decide(new RulesetCompiler(resolver).compile(ruleset)),
  );
  const naive = cpuOf(() => decidePlainly(decided.result.ruleset, flows));
  fresh.push(decided.ms);
  plain.push(naive.ms);
  combinations = decided.result.combinations.count;
  if (run === 0) checkSame(naive.result, decided.result);
}
say(
  `B1 all flows from nothing, compiled and weighed: median ${ms(at(fresh, 0.5))}, best ${ms(at(fresh, 0))}, ` +
    `worst ${ms(at(fresh, 1))}; ${combinations} combinations of classes`,
);
const ratios = fresh.map((value, run) => value / (plain[run] ?? NaN));
say(
  `B2 the same / plain loop over rules (${ms(at(plain, 0.5))}), verdicts identical: ` +
    `median ${at(ratios, 0.5).toFixed(3)}`,
);

const prng = createPrng(seed).fork('edits');
const decider = new FlowDecider(flows);
const compiler = new RulesetCompiler(resolver);
const ends = mapEndsOf(flows, inventory);
let draft = ruleset;
decider.decide(compiler.compile(draft));
const parts = { decide: [] as number[], sums: [] as number[], edges: [] as number[] };
const whole: number[] = [];
const ofKind = Array.from({ length: 6 }, (): number[] => []);
for (let edit = 0; edit < Number(values.edits); edit++) {
  const change = anEdit(draft, edit, prng);
  const decided = cpuOf(() => {
    draft = applyChange(draft, change);
    return decider.decide(compiler.compile(draft));
  });
  const sums = cpuOf(() => summarise(decided.result, edit));
  const edges = cpuOf(() => edgesOf(decided.result, ends));
  parts.decide.push(decided.ms);
  parts.sums.push(sums.ms);
  parts.edges.push(edges.ms);
  whole.push(decided.ms + sums.ms + edges.ms);
  ofKind[edit % 6]?.push(decided.ms + sums.ms + edges.ms);
}
const KINDS = ['service', 'members', 'applied-to', 'order', 'rule added', 'rule removed'];
say(
  `Edit to counters, hits and edges: median ${ms(at(whole, 0.5))}, p95 ${ms(at(whole, 0.95))}; p95 of deciding ` +
    `${ms(at(parts.decide, 0.95))}, of sums ${ms(at(parts.sums, 0.95))}, of edges ${ms(at(parts.edges, 0.95))}`,
);
say(
  `  p95 by edit: ${KINDS.map((kind, i) => `${kind} ${ms(at(ofKind[i] ?? [], 0.95))}`).join(', ')}`,
);
say(`Edit p95 / all from nothing: ${(at(whole, 0.95) / at(fresh, 0.5)).toFixed(2)}`);
