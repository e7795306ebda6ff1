import { describe, expect, it } from 'vitest';
import { findNodes } from '../../../renderer/graph/find.ts';
import { aNode } from '../support/scripted.ts';

const nodes = [
  aNode('workload:192.0.2.11', { label: 'books-web-1', sessions: 5 }),
  aNode('workload:192.0.2.111', { sessions: 9 }),
  aNode('group:SGTSWEB', { kind: 'group', sessions: 3 }),
  aNode('address:10.192.0.2', { kind: 'ip-set', sessions: 100 }),
  aNode('outside', { kind: 'outside', label: 'Outside' }),
];

describe('finding on the map', () => {
  it('finds by name and by address, whatever the case', () => {
    expect(findNodes(nodes, ' sgtsweb ')).toEqual(['group:SGTSWEB']);
    expect(findNodes(nodes, 'web')).toEqual(['workload:192.0.2.11', 'group:SGTSWEB']);
  });

  it('puts what fits wholly first, then beginnings, then the busiest', () => {
    expect(findNodes(nodes, '192.0.2.11')).toEqual(['workload:192.0.2.11', 'workload:192.0.2.111']);
    expect(findNodes(nodes, '192.0.2')).toEqual([
      'workload:192.0.2.111',
      'workload:192.0.2.11',
      'address:10.192.0.2',
    ]);
  });

  it('finds nothing for nothing', () => {
    expect(findNodes(nodes, '  ')).toEqual([]);
    expect(findNodes(nodes, 'no such node')).toEqual([]);
  });
});
