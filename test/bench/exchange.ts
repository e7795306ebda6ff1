import { exportRuleset } from '../../main/engine/exchange/export.ts';
import { importRuleset } from '../../main/engine/exchange/import.ts';
import { EXPORT_CHOICES, EXPORT_FORMATS, type ExportRequest } from '../../shared/domain/export.ts';
import { EMPTY_INVENTORY, type Group, type Inventory } from '../../shared/domain/inventory.ts';
import type { Rule, Ruleset } from '../../shared/domain/ruleset.ts';
import { createPrng } from '../sample/prng.ts';

/** Rules and groups of a large ruleset, and the seconds each way may take. */
const COUNT = 10_000;
const GOAL_SECONDS = 5;

const RULES_PER_POLICY = 50;

/** CPU milliseconds of this process. */
function cpuOf<T>(work: () => T): { readonly ms: number; readonly result: T } {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return { ms: (user + system) / 1_000, result };
}

const address = (number: number) =>
  `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;

function makeWorld(): { readonly ruleset: Ruleset; readonly inventory: Inventory } {
  const prng = createPrng(7);
  const pick = () => prng.int(0, COUNT - 1);
  const groups = Array.from({ length: COUNT }, (_, at): Group => ({
    name: `SG-${at}`,
    members: Array.from({ length: 3 }, (_unused, host) => address(at * 4 + host)),
    parents: [],
    children: at % 10 === 0 && at > 0 ? [`SG-${at - 1}`] : [],
    tier: null,
    application: null,
    confidence: 1,
    id: `group:SG-${at}`,
    basis: 'tag',
    standing: 'inferred',
    proofs: [],
    events: 1,
  }));
  const rules = Array.from({ length: COUNT }, (_, at): Rule => {
    const [from, to] = [`SG-${at}`, `SG-${pick()}`];
    return {
      id: `rule-${at}`,
      name: `${from} to ${to}`,
      sources: [{ kind: 'group', name: from }],
      destinations: [
        { kind: 'group', name: to },
        { kind: 'ip-set', name: `VIP ${at}`, addresses: [address(0x800000 + at)] },
      ],
      services: [`TCP/${1_024 + (pick() % 5_000)}`],
      appliedTo: [from, to],
      action: 'ALLOW',
      direction: 'IN_OUT',
      ipVersion: 'IPV4_IPV6',
      logged: true,
      tag: `r${at}`,
      notes: '412 sessions, 3 days',
      disabled: false,
    };
  });
  const policies = Array.from({ length: COUNT / RULES_PER_POLICY }, (_, at) => ({
    id: `policy-${at}`,
    name: `Policy ${at}`,
    category: 'Application' as const,
    rules: rules.slice(at * RULES_PER_POLICY, (at + 1) * RULES_PER_POLICY),
  }));
  return {
    ruleset: { policies, defaultRule: { action: 'DROP', logged: true } },
    inventory: { ...EMPTY_INVENTORY, groups },
  };
}

const REQUESTS: readonly ExportRequest[] = EXPORT_FORMATS.flatMap((format) =>
  EXPORT_CHOICES[format].variants
    .filter(({ id }) => id !== 'patch')
    .map(({ id }) => ({ format, variant: id })),
);

const world = makeWorld();
let isGood = true;

function say(what: string, ms: number, bytes: number, parseMs: number): void {
  const ok = ms <= GOAL_SECONDS * 1_000;
  isGood &&= ok;
  const ratio = parseMs > 0 ? (ms / parseMs).toFixed(1) : '-';
  process.stdout.write(
    `${what.padEnd(28)}${(ms / 1_000).toFixed(2).padStart(8)} s CPU${(bytes / 1e6).toFixed(1).padStart(8)} MB${ratio.padStart(8)} x JSON${ok ? '' : '  MISSED'}\n`,
  );
}

process.stdout.write(`${COUNT} rules and groups; JSON: parse and stringify of the same text\n`);
const now: { readonly name: string; readonly text: string }[] = [];
for (const request of REQUESTS) {
  const what = `${request.format} ${request.variant ?? ''}`;
  const { ms, result } = cpuOf(() => exportRuleset(request, world));
  const errors = result.problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(errors[0]?.message);
  const text = result.files.map((file) => file.text).join('');
  const json = cpuOf(() => {
    for (const file of result.files) {
      const value: unknown = file.name.endsWith('.json') ? JSON.parse(file.text) : file.text;
      JSON.parse(JSON.stringify(value));
    }
  });
  say(`export ${what}`, ms, text.length, json.ms);
  const readable = result.files.filter(({ name }) => /\.(?:json|xml|txt)$/.test(name));
  const files = readable.filter(({ name }) => !/rollback|default-/.test(name));
  if (!['nsx-t', 'nsx-v', 'segwright'].includes(request.format)) continue;
  if (request.format === 'nsx-t' && request.variant === 'complete') now.push(...files);
  say(`import ${what}`, cpuOf(() => importRuleset(files)).ms, text.length, json.ms);
}
const base = importRuleset(now);
const changed = base.ruleset.policies.map((policy) => ({
  ...policy,
  rules: policy.rules.map((rule, at) => (at === 0 ? { ...rule, notes: 'changed' } : rule)),
}));
const input = {
  ruleset: { policies: changed },
  inventory: world.inventory,
  definitions: base.groups,
  base,
};
const patch = cpuOf(() => exportRuleset({ format: 'nsx-t', variant: 'patch' }, input));
const text = patch.result.files.map((file) => file.text).join('');
say('export nsx-t patch', patch.ms, text.length, 0);
process.exit(isGood ? 0 : 1);
