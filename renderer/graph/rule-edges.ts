import type { GraphNode } from '../../shared/domain/graph.ts';
import type { Rule, RuleAction, RuleObject } from '../../shared/domain/ruleset.ts';
import { serviceName } from '../../shared/net/service.ts';

/** A rule as a line of the map. */
export interface RuleEdge {
  readonly id: string;
  readonly ruleId: string;
  readonly source: string;
  readonly target: string;
  readonly label: string;
  readonly action: RuleAction;
  readonly disabled: boolean;
}

const MOST_EDGES = 300;
const MOST_A_SIDE = 8;

/** Names of services, each once, at most `most` and how many more there are. */
export function serviceLabel(services: readonly string[], count: number, most = 2): string {
  const names = [...new Set(services.map((service) => serviceName(service) ?? service))];
  const shown = names.slice(0, most);
  const more = count - services.length + names.length - shown.length;
  return more > 0 ? `${shown.join(', ')} +${more}` : shown.join(', ');
}

function nodesOf(side: readonly RuleObject[], ids: ReadonlySet<string>): readonly string[] {
  if (side.length === 0) return ids.has('outside') ? ['outside'] : [];
  const found = side.flatMap((object) => {
    if (object.kind === 'group') return [`group:${object.name}`, object.name];
    return [
      object.name.toLowerCase(),
      ...object.addresses.flatMap((address) => [`address:${address}`, `workload:${address}`]),
    ];
  });
  return [...new Set(found.filter((id) => ids.has(id)))].slice(0, MOST_A_SIDE);
}

/** Rules between the nodes that stand for their ends; those inside one folded node are hidden. */
export function movedRules(
  rules: readonly RuleEdge[],
  standsFor: (id: string) => string,
): readonly RuleEdge[] {
  const moved = rules.flatMap((rule) => {
    const source = standsFor(rule.source);
    const target = standsFor(rule.target);
    const id = `rule:${rule.ruleId}:${source}:${target}`;
    return source === target && rule.source !== rule.target
      ? []
      : [{ ...rule, id, source, target }];
  });
  return [...new Map(moved.map((rule) => [rule.id, rule])).values()];
}

/**
 * The rules as lines between nodes of the map. "Any" stands at the outside; a side of which
 * nothing is on the map has no line.
 */
export function ruleEdges(
  rules: readonly Rule[],
  nodes: readonly GraphNode[],
): readonly RuleEdge[] {
  const ids = new Set(nodes.map((node) => node.id));
  return rules
    .flatMap((rule) => {
      const services = rule.services.length === 0 ? ['any service'] : rule.services;
      const label = `${rule.action} ${serviceLabel(services, services.length)}`;
      const { id: ruleId, action, disabled } = rule;
      const targets = nodesOf(rule.destinations, ids);
      return nodesOf(rule.sources, ids).flatMap((source) =>
        targets.map((target): RuleEdge => {
          const id = `rule:${ruleId}:${source}:${target}`;
          return { id, ruleId, source, target, label, action, disabled };
        }),
      );
    })
    .slice(0, MOST_EDGES);
}
