import type { ExportModel, ModelGroup } from './export-model.ts';
import { quote, type ExportReport } from './report.ts';

/**
 * Stops rules that are for everything but a group whose members were not all read: what is written in the
 * group's place may hold less than the group, and the rule would then match more than it did.
 *
 * @param isKept whether the document names the system's own group, which holds all its members
 */
export function refuseNegatedUnknown(
  model: ExportModel,
  report: ExportReport,
  isKept: (group: ModelGroup) => boolean = () => false,
): void {
  const { membership } = model;
  const isUnknown = (group: ModelGroup) =>
    group.kind === 'group' &&
    !isKept(group) &&
    [...membership.within(group.name)].some(
      (name) => membership.group(name)?.definition?.unresolved === true,
    );
  for (const { rule, sources, destinations } of model.policies.flatMap(({ rules }) => rules)) {
    const sides = [
      ['sources', rule.sourcesNegated === true ? sources : []],
      ['destinations', rule.destinationsNegated === true ? destinations : []],
    ] as const;
    for (const [field, groups] of sides) {
      const unknown = groups.find(isUnknown);
      if (unknown === undefined) continue;
      const problem = `it is for everything but group ${quote(unknown.name)}, whose members were not all read, and would match more than it does now. Import the group with its members, or patch the ruleset it came from`;
      report.refuse(rule, field, problem);
    }
  }
}
