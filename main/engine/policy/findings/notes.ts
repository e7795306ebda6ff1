import type { Closing, ReasonsToPass } from '../../../../shared/domain/finding.ts';
import type { DefaultRule } from '../../../../shared/domain/ruleset.ts';
import type { CompiledRule, CompiledRuleset } from '../../../../shared/policy/compile.ts';
import { ASSUMED_SOURCE_PORT, ServiceSet } from '../../../../shared/policy/service-set.ts';

function counted(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
}

/** Why flows pass that were blocked when they were logged, in a sentence or two. */
function notesOnPassing({ rules, defaultRule, unenforced }: ReasonsToPass): readonly string[] {
  const total = rules.flows + defaultRule.flows + unenforced.flows;
  if (total === 0) return [];
  const parts = [
    rules.flows > 0 ? `${counted(rules.flows, 'flow')} by allow rules` : '',
    defaultRule.flows > 0
      ? `${counted(defaultRule.flows, 'flow')} because no rule is for them and the default rule says ALLOW; they stay blocked once it says DROP or the denies that close the policies are in force`
      : '',
    unenforced.flows > 0
      ? `${counted(unenforced.flows, 'flow')} because neither end has a vNIC that enforces rules`
      : '',
  ].filter((part) => part !== '');
  return [`${counted(total, 'flow')} that the log shows blocked would pass: ${parts.join('; ')}.`];
}

function notesOnClosing(closing: Closing, defaultRule: DefaultRule): readonly string[] {
  if (closing.isClosed) return [];
  const { disabled, total, passed, needed } = closing;
  const what = [
    ...(disabled.length > 0 ? [`${counted(disabled.length, 'closing deny rule')} enabled`] : []),
    ...(defaultRule.action === 'ALLOW' ? ['the default rule set to DROP'] : []),
  ].join(' and ');
  if (total.flows === 0) return [`With ${what} no logged flow would be blocked besides.`];
  const serving =
    needed.flows === 0
      ? 'none of these serves an application'
      : `${needed.flows.toLocaleString('en')} of these ${needed.flows === 1 ? 'serves' : 'serve'} an application or a shared service`;
  const gone =
    passed.flows === 0
      ? 'none of them passed when it was logged'
      : `${counted(passed.flows, 'flow')} of them passed when logged, and ${serving}`;
  return [`With ${what}, ${counted(total.flows, 'more flow')} would be blocked: ${gone}.`];
}

function namesOf(rules: readonly CompiledRule[]): string {
  const [first, ...others] = rules.map(({ rule }) => `"${rule.name}"`);
  return others.length === 0 ? (first ?? '') : `${first} and ${counted(others.length, 'other')}`;
}

/** What is taken for what logs do not tell, where rules hang on it. */
function notesOnAssumptions({ rules }: CompiledRuleset): readonly string[] {
  const ofPorts = rules.filter(({ services }) => services.usesSourcePorts);
  const ofTypes = rules.filter(
    ({ services }) => services !== ServiceSet.ALL && services.usesIcmpTypes,
  );
  const look = (count: number) => (count === 1 ? 'looks' : 'look');
  return [
    ...(ofPorts.length > 0
      ? [
          `${namesOf(ofPorts)} ${look(ofPorts.length)} at clients' ports: where a log tells none, port ${ASSUMED_SOURCE_PORT} is taken.`,
        ]
      : []),
    ...(ofTypes.length > 0
      ? [
          `${namesOf(ofTypes)} ${look(ofTypes.length)} at ICMP types: where a log tells none, an echo request is taken.`,
        ]
      : []),
  ];
}

/** What a reader must know to read the figures right, in sentences. */
export function notesOf(
  reasons: ReasonsToPass,
  closing: Closing,
  ruleset: CompiledRuleset,
): readonly string[] {
  return [
    ...notesOnPassing(reasons),
    ...notesOnClosing(closing, ruleset.defaultRule),
    ...notesOnAssumptions(ruleset),
  ];
}
