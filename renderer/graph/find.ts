import type { GraphNode } from '../../shared/domain/graph.ts';

/** The id of the field in which a name is typed. */
export const FIND_ID = 'find-on-map';

/** How well a node's name fits what is looked for: 0 is best, `null` not at all. */
function fit(node: GraphNode, wanted: string): number | null {
  const label = node.label.toLowerCase();
  const name = node.id.replace(/^[a-z]+:/, '').toLowerCase();
  if (label === wanted || name === wanted) return 0;
  if (label.startsWith(wanted) || name.startsWith(wanted)) return 1;
  return label.includes(wanted) || name.includes(wanted) ? 2 : null;
}

/** Ids of the nodes whose name or address has the text in it, the best fit first, then the busiest. */
export function findNodes(nodes: readonly GraphNode[], text: string): readonly string[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  return nodes
    .flatMap((node) => {
      const score = fit(node, wanted);
      return score === null ? [] : [{ node, score }];
    })
    .sort((a, b) => a.score - b.score || b.node.sessions - a.node.sessions)
    .map(({ node }) => node.id);
}
