import {
  RULE_ACTIONS,
  type Policy,
  type Rule,
  type RuleObject,
  type Ruleset,
  type RulesetState,
} from '../../shared/domain/ruleset.ts';
import { Failure } from '../../shared/failure/failure.ts';
import type { EngineClient } from '../../shared/ipc/contract.ts';
import { formatAddress, parseAddress } from '../../shared/net/address.ts';
import { formatService, parseService } from '../../shared/net/service.ts';
import { complain, countOf, print, printJson } from './output.ts';
import { DEFAULT_PROJECT, withProject } from './project.ts';
import { formatTable, type Column } from './table.ts';
import { BadUse, COMMON_OPTIONS, readArguments, readChoice, refusePositionals } from './usage.ts';

const LIST_OPTIONS = {
  ...COMMON_OPTIONS,
  import: { type: 'string', multiple: true },
  current: { type: 'boolean' },
} as const;

const ADD_OPTIONS = {
  ...COMMON_OPTIONS,
  from: { type: 'string' },
  to: { type: 'string' },
  service: { type: 'string', multiple: true },
  action: { type: 'string' },
  name: { type: 'string' },
  tag: { type: 'string' },
} as const;

interface Line {
  readonly number: number;
  readonly policy: Policy;
  readonly rule: Rule;
}

const anyOr = (names: readonly string[]) => (names.length === 0 ? 'any' : names.join(', '));
const namesOf = (objects: readonly RuleObject[]) => anyOr(objects.map((object) => object.name));

const COLUMNS: readonly Column<Line>[] = [
  { title: '#', text: (line) => String(line.number), isNumber: true },
  { title: 'policy', text: (line) => line.policy.name },
  { title: 'rule', text: (line) => line.rule.name },
  { title: 'sources', text: (line) => namesOf(line.rule.sources) },
  { title: 'destinations', text: (line) => namesOf(line.rule.destinations) },
  { title: 'services', text: (line) => anyOr(line.rule.services) },
  { title: 'action', text: (line) => line.rule.action },
  {
    title: 'applied to',
    text: (line) => (line.rule.appliedTo.length === 0 ? 'DFW' : line.rule.appliedTo.join(', ')),
  },
  { title: 'tag', text: (line) => line.rule.tag },
  { title: 'state', text: (line) => (line.rule.disabled ? 'disabled' : '') },
];

async function printRules({ policies }: Ruleset): Promise<void> {
  const lines = policies
    .flatMap((policy) => policy.rules.map((rule) => ({ policy, rule })))
    .map((line, at) => ({ ...line, number: at + 1 }));
  if (lines.length > 0) await print(`${formatTable(lines, COLUMNS)}\n`);
  const inPolicies = policies.length === 1 ? '1 policy' : `${policies.length} policies`;
  await print(`${countOf(lines.length, 'rule')} in ${inPolicies}\n`);
}

async function importRuleset(
  client: EngineClient,
  paths: readonly string[],
  as: 'draft' | 'current',
): Promise<void> {
  const summary = await client.call('ruleset.import', { paths, as });
  for (const { message } of summary.problems) complain(message);
  if (summary.unresolved.length > 0)
    complain(`Nobody named the members of: ${summary.unresolved.join(', ')}.`);
}

async function list(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, LIST_OPTIONS);
  refusePositionals('rules', positionals);
  const { import: files = [], current = false } = values;
  if (current && files.length === 0) throw new BadUse('--current needs --import FILE');
  const state = await withProject(values.project ?? DEFAULT_PROJECT, async (client) => {
    if (files.length > 0) await importRuleset(client, files, current ? 'current' : 'draft');
    return client.call('ruleset.read', {});
  });
  await (values.json === true ? printJson(state.ruleset) : printRules(state.ruleset));
  return 0;
}

/** The map's node a name on the command line stands for. */
async function nodeOf(client: EngineClient, name: string): Promise<string> {
  const { groups } = await client.call('inventory.read', {});
  if (groups.some((group) => group.name === name)) return `group:${name}`;
  const address = parseAddress(name);
  if (address === undefined) throw new Failure('name-unknown', { name });
  return `address:${formatAddress(address)}`;
}

function readServices(texts: readonly string[]): readonly string[] {
  return texts.map((text) => {
    const service = parseService(text);
    if (service === undefined) {
      throw new BadUse(`--service is a service such as TCP/443, UDP/53 or ICMP, not "${text}"`);
    }
    return formatService(service);
  });
}

async function add(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, ADD_OPTIONS);
  refusePositionals('rules add', positionals);
  const { from, to } = values;
  if (from === undefined || to === undefined || values.service === undefined) {
    throw new BadUse('"rules add" needs --from NAME, --to NAME and --service SERVICE');
  }
  const services = readServices(values.service);
  const action = readChoice('--action', (values.action ?? 'ALLOW').toUpperCase(), RULE_ACTIONS);
  const state = await withProject(
    values.project ?? DEFAULT_PROJECT,
    async (client): Promise<RulesetState> => {
      const proposal = await client.call('rule.propose', {
        source: await nodeOf(client, from),
        target: await nodeOf(client, to),
      });
      return client.call('ruleset.change', {
        change: {
          kind: 'add-rule',
          policy: proposal.policy,
          rule: {
            name: values.name ?? proposal.name,
            sources: proposal.sources,
            destinations: proposal.destinations,
            services,
            appliedTo: proposal.appliedTo,
            action,
            direction: 'IN_OUT',
            ipVersion: 'IPV4_IPV6',
            logged: true,
            tag: values.tag ?? proposal.tag,
            notes: '',
            disabled: false,
          },
        },
      });
    },
  );
  await (values.json === true ? printJson(state.ruleset) : printRules(state.ruleset));
  return 0;
}

/**
 * `segwright rules` and `segwright rules add`: the ruleset, after a change where one is asked for.
 *
 * @returns the exit code
 */
export function rules(args: readonly string[]): Promise<number> {
  return args[0] === 'add' ? add(args.slice(1)) : list(args);
}
