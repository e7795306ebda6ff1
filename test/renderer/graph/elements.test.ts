import { describe, expect, it } from 'vitest';
import { edgeWidth, elementsOf, seenBy } from '../../../renderer/graph/canvas/elements.ts';
import { layoutMap } from '../../../renderer/graph/canvas/layout.ts';
import { ruleEdges, serviceLabel } from '../../../renderer/graph/rule-edges.ts';
import { anEdge, aRule, aThreeTierGraph } from '../support/scripted.ts';

const graph = aThreeTierGraph();
const places = layoutMap(graph);

function element(id: string, rules = ruleEdges([], graph.nodes)) {
  const found = elementsOf(graph, rules, places).find((each) => each.data.id === id);
  if (found === undefined) throw new Error(`${id} is no element`);
  return found;
}

describe('the elements of the map', () => {
  it('hold every node and edge once, and the frame around shared services the engine only names', () => {
    const ids = elementsOf(graph, [], places).map((each) => each.data.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(graph.nodes.length + graph.edges.length + 1);
    expect(ids).toContain('shared');
  });

  it('tell the state of an edge by class, so that dash and colour follow', () => {
    expect(element('blocked>group:SGTSWEB').classes).toContain('blocked');
    expect(element('outside>group:SGTSWEB').classes).toContain('allowed');
  });

  it('widen an edge with the logarithm of its sessions, within bounds', () => {
    expect(edgeWidth(0)).toBeGreaterThan(1);
    expect(edgeWidth(1_000)).toBeGreaterThan(edgeWidth(10));
    expect(edgeWidth(1e15)).toBe(7);
  });

  it('drop an edge to a node that is not there', () => {
    const odd = { ...graph, edges: [{ ...graph.edges[0], target: 'group:GONE' }] };
    const edges = elementsOf(odd as typeof graph, [], places).filter(
      (each) => each.group === 'edges',
    );
    expect(edges).toEqual([]);
  });
});

describe('the label of an edge', () => {
  it('names the top services and how many more there are', () => {
    expect(serviceLabel(['TCP/443', 'TCP/9999'], 5)).toBe('HTTPS, TCP/9999 +3');
    expect(serviceLabel(['TCP/53', 'UDP/53'], 2)).toBe('DNS');
    expect(serviceLabel(['TCP/443'], 1)).toBe('HTTPS');
  });
});

describe('a rule on the map', () => {
  it('is a line between the nodes its groups and addresses stand for', () => {
    const rule = aRule('web-vip', {
      destinations: [{ kind: 'ip-set', name: 'VIP', addresses: ['192.0.2.102'] }],
      services: ['TCP/443', 'TCP/80', 'TCP/22'],
    });
    expect(ruleEdges([rule], graph.nodes)).toEqual([
      {
        id: 'rule:web-vip:group:SGTSWEB:address:192.0.2.102',
        ruleId: 'web-vip',
        source: 'group:SGTSWEB',
        target: 'address:192.0.2.102',
        label: 'ALLOW HTTPS, HTTP +1',
        action: 'ALLOW',
        disabled: false,
      },
    ]);
  });

  it('comes from the outside where its source is any', () => {
    const [edge] = ruleEdges([aRule('in', { sources: [] })], graph.nodes);
    expect(edge?.source).toBe('outside');
  });

  it('has no line where one side is not on the map', () => {
    const rule = aRule('gone', { sources: [{ kind: 'group', name: 'SGTSGONE' }] });
    expect(ruleEdges([rule], graph.nodes)).toEqual([]);
  });

  it('lies beside the flows of the same pair', () => {
    const rules = ruleEdges(
      [
        aRule('r', {
          sources: [{ kind: 'group', name: 'SGTSAPP' }],
          destinations: [{ kind: 'group', name: 'SGTSDB' }],
        }),
      ],
      graph.nodes,
    );
    const line = element('rule:r:group:SGTSAPP:group:SGTSDB', rules);
    const flow = element('group:SGTSAPP>group:SGTSDB', rules);
    if (line.group !== 'edges' || flow.group !== 'edges') throw new Error('no edges');
    expect(Math.abs(line.data.bend - flow.data.bend)).toBeGreaterThan(20);
  });
});

it('the overlay styles an edge by who logged its sessions, and nothing else', () => {
  const places = [
    [{ vnic: 3, perimeter: 0, both: 0 }, 'vnic'],
    [{ vnic: 0, perimeter: 3, both: 0 }, 'perimeter'],
    [{ vnic: 0, perimeter: 0, both: 3 }, 'both'],
    [{ vnic: 3, perimeter: 3, both: 0 }, 'both'],
    [{ vnic: 0, perimeter: 0, both: 0 }, 'elsewhere'],
  ] as const;
  for (const [seen, place] of places) {
    const edge = anEdge('outside', 'group:SGTSWEB', { seen });
    expect(seenBy(edge)).toBe(place);
    const elements = elementsOf({ ...graph, edges: [edge] }, [], layoutMap(graph), 'seen');
    const drawn = elements.find(({ data }) => data.id === edge.id);
    expect(drawn?.classes.split(' ')).toEqual(['flow', `seen-${place}`]);
  }
});
