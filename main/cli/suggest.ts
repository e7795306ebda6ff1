import type { RuleObject } from '../../shared/domain/ruleset.ts';
import {
  DEFAULT_LEVEL,
  SUGGESTION_LEVELS,
  type Suggestion,
  type SuggestionList,
} from '../../shared/domain/suggestion.ts';
import { acceptanceOf } from '../../shared/domain/acceptance.ts';
import { countOf, formatCount, print, printable, printJson } from './output.ts';
import { DEFAULT_PROJECT, withProject } from './project.ts';
import { formatTable, type Column } from './table.ts';
import { COMMON_OPTIONS, readArguments, readChoice, refusePositionals } from './usage.ts';

const OPTIONS = {
  ...COMMON_OPTIONS,
  app: { type: 'string', multiple: true },
  level: { type: 'string' },
  close: { type: 'boolean' },
  accept: { type: 'boolean' },
} as const;

const anyOr = (names: readonly string[]) => (names.length === 0 ? 'any' : names.join(', '));

function namesOf(objects: readonly RuleObject[], negated = false): string {
  const names = anyOr(objects.map(({ name }) => name));
  return negated ? `all but ${names}` : names;
}

const COLUMNS: readonly Column<Suggestion>[] = [
  { title: 'policy', text: ({ policy }) => policy },
  { title: 'rule', text: ({ rule }) => rule.name },
  { title: 'sources', text: ({ rule }) => namesOf(rule.sources, rule.sourcesNegated) },
  { title: 'destinations', text: ({ rule }) => namesOf(rule.destinations) },
  { title: 'services', text: ({ rule }) => anyOr(rule.services) },
  {
    title: 'applied to',
    text: ({ rule }) => (rule.appliedTo.length === 0 ? 'DFW' : rule.appliedTo.join(', ')),
  },
  { title: 'action', text: ({ rule }) => rule.action },
  { title: 'state', text: ({ rule }) => (rule.disabled ? 'disabled' : '') },
  { title: 'sessions', text: ({ sessions }) => formatCount(sessions), isNumber: true },
  { title: 'flows', text: ({ flows }) => formatCount(flows), isNumber: true },
];

/** Groups by name, IP sets by their addresses; none for any. */
function sideJson(objects: readonly RuleObject[]): readonly string[] {
  return objects.flatMap((object) => (object.kind === 'group' ? [object.name] : object.addresses));
}

function ruleJson({ rule, ...of }: Suggestion) {
  const { name, services, appliedTo, action, logged, tag, disabled } = rule;
  return {
    name,
    sources: sideJson(rule.sources),
    ...(rule.sourcesNegated === true ? { sourcesNegated: true } : {}),
    destinations: sideJson(rule.destinations),
    services,
    appliedTo,
    action,
    logged,
    tag,
    disabled,
    flows: of.flows,
    events: of.events,
    sessions: of.sessions,
  };
}

function listJson(list: SuggestionList) {
  const { suggestions, total, coveredAfter, legitimate, leftOut, rejected, spurious, curve } = list;
  const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
  const policies = [...new Set(suggestions.map(({ policy }) => policy))];
  return {
    policies: policies.map((name) => {
      const own = suggestions.filter(({ policy }) => policy === name);
      return { name, category: own[0]?.category, rules: own.map(ruleJson) };
    }),
    coverage: {
      flows: share(coveredAfter.flows, total.flows),
      events: share(coveredAfter.events, total.events),
    },
    legitimate,
    leftOut,
    rejected: rejected.map(({ policy, name }) => ({ policy, name })),
    spurious,
    curve,
  };
}

async function printList(list: SuggestionList): Promise<void> {
  const { suggestions, total, covered, coveredAfter, legitimate, rejectedNow, spurious } = list;
  if (suggestions.length === 0) {
    const why = rejectedNow > 0 ? 'the rest was rejected' : 'the rules permit all needs';
    await print(`Nothing to suggest: ${why}.\n`);
  } else await print(formatTable(suggestions, COLUMNS));
  await print(
    `\n${countOf(suggestions.length, 'rule')}; of ${countOf(total.flows, 'flow')} rules permit ` +
      `${formatCount(covered.flows)} now and ${formatCount(coveredAfter.flows)} with these; ` +
      `of ${countOf(legitimate.flows, 'needed flow')} ${formatCount(legitimate.permittedNow)} now ` +
      `and ${formatCount(legitimate.permitted)} with these\n`,
  );
  if (rejectedNow > 0) {
    await print(`${countOf(rejectedNow, 'suggestion')} not made, as rejected before\n`);
  }
  if (spurious.length > 0) {
    await print(`Left out as spurious: ${printable(spurious.join(', '))}\n`);
  }
}

/**
 * `segwright suggest`: rules for what was seen, added to the ruleset where that is asked for.
 *
 * @returns the exit code
 */
export async function suggest(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS);
  refusePositionals('suggest', positionals);
  const wanted = values.level;
  const level =
    wanted === undefined
      ? DEFAULT_LEVEL
      : SUGGESTION_LEVELS.indexOf(readChoice('--level', wanted, SUGGESTION_LEVELS));
  const list = await withProject(values.project ?? DEFAULT_PROJECT, async (client) => {
    const found = await client.call('ruleset.suggest', {
      applications: values.app ?? null,
      level,
      isClosed: values.close === true,
    });
    if (values.accept === true && found.suggestions.length > 0) {
      await client.call('ruleset.change', { change: acceptanceOf(found.suggestions) });
    }
    return found;
  });
  await (values.json === true ? printJson(listJson(list)) : printList(list));
  return 0;
}
