import type { Inventory } from '../../shared/domain/inventory.ts';
import type { Rule } from '../../shared/domain/ruleset.ts';
import { isClosing } from '../../shared/domain/ruleset-change.ts';

/** What the tour knows of the workbench. */
export interface TourFacts {
  readonly view: string;
  /** Address of the VIP selected on the map; `null` where something else is, or nothing. */
  readonly selectedVip: string | null;
  readonly rules: readonly Rule[];
  /** Whether suggestions for the rules as they stand are on the screen. */
  readonly areSuggestionsShown: boolean;
  /** Whether the check of the rules as they stand is at hand. */
  readonly isChecked: boolean;
  /** How often a ruleset was saved to files. */
  readonly exports: number;
}

/** Where a step takes place. */
export type TourPlace = 'map' | 'suggestions' | 'check' | 'export';

/** A step of the guided tour, told with the names that are in the project. */
export interface TourStep {
  readonly title: string;
  readonly text: string;
  readonly place: TourPlace;
  /** Whether the user did it; a step without is only read. */
  readonly isDone: ((facts: TourFacts) => boolean) | null;
}

function listed(names: readonly string[]): string {
  return names.length < 2
    ? names.join('')
    : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}

/** Whether a rule lets somebody reach the address. */
function reaches(rule: Rule, address: string): boolean {
  return (
    rule.action === 'ALLOW' &&
    rule.destinations.some((each) => each.kind === 'ip-set' && each.addresses.includes(address))
  );
}

/** The VIP before the second tier: the one that the tour has found, whose clients are a tier too. */
function innerVip({ applications, vips }: Inventory) {
  const tiers = applications[0]?.tiers.map(({ groups }) => groups) ?? [];
  const behindEntry = vips.find(({ groups }) =>
    tiers.slice(1).some((own) => own.some((name) => groups.includes(name))),
  );
  return behindEntry ?? vips[0];
}

/**
 * The steps of the method: groups from tags, the VIP, a rule drawn, the others suggested, a closing
 * deny, the check, the export. Steps about a VIP are left out where none was found.
 */
export function tourSteps(inventory: Inventory): readonly TourStep[] {
  const [application] = inventory.applications;
  const tiers = application?.tiers.flatMap(({ groups }) => groups) ?? [];
  const vip = innerVip(inventory);
  const server = tiers.findIndex((name) => vip?.groups.includes(name));
  const client = server > 0 ? tiers[server - 1] : undefined;
  const served = server < 0 ? 'a tier' : (tiers[server] ?? 'a tier');
  const whole = application?.groups.find((name) => !tiers.includes(name));
  const vipSteps: readonly TourStep[] =
    vip === undefined
      ? []
      : [
          {
            title: 'Find the VIP',
            text: `${client ?? 'A tier'} talks to ${vip.address}, an address no vNIC owns, and just after that another address opens a session to ${served}. So it is the VIP of ${served}. Click its hexagon to see how sure that is, and the lines behind it.`,
            place: 'map',
            isDone: ({ selectedVip }) => selectedVip === vip.address,
          },
          {
            title: 'Draw a rule',
            text: `Point at ${client ?? 'the tier before it'}, and drag its + to the VIP ${vip.address}. The card holds the services that were seen; Enter adds the rule.`,
            place: 'map',
            isDone: ({ rules }) => rules.some((rule) => reaches(rule, vip.address)),
          },
        ];
  return [
    {
      title: 'See the tiers',
      text: `The tag at the end of each line tells whose vNIC wrote it. From the tags come the groups ${tiers.length === 0 ? 'on the map' : listed(tiers)}, left to right in the order in which they open sessions. Around them: who uses them, shared services, and sources that were blocked.`,
      place: 'map',
      isDone: null,
    },
    ...vipSteps,
    {
      title: 'Suggest the rest',
      text: 'Every need that was seen gets a rule, at each vNIC that has to allow it. Shared services come once, scanners are left out. The slider goes from one rule for each flow to one for each pair of tiers.',
      place: 'suggestions',
      isDone: ({ areSuggestionsShown }) => areSuggestionsShown,
    },
    {
      title: 'Close with a deny-all',
      text: `Tick "Put the closing denies in force", then accept all. The last rule denies everything else, on the vNICs of ${whole ?? 'the application'} only: a mistake stays inside the application.`,
      place: 'suggestions',
      isDone: ({ rules }) =>
        rules.some((rule) => isClosing(rule) && !rule.disabled) &&
        rules.some((rule) => rule.action === 'ALLOW'),
    },
    {
      title: 'Check',
      text: 'Every logged flow is decided by the rules as they stand. Look at "Newly blocked": nothing needed is in it. "Still blocked" holds what was blocked before.',
      place: 'check',
      isDone: ({ view, isChecked }) => view === 'check' && isChecked,
    },
    {
      title: 'Export',
      text: 'The ruleset as NSX reads it, with a rollback and a README that holds the exact call. Read the warnings, then save it.',
      place: 'export',
      isDone: ({ exports }) => exports > 0,
    },
  ];
}
