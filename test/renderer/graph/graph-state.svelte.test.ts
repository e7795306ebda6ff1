import { describe, expect, it } from 'vitest';
import { GraphState } from '../../../renderer/graph/graph-state.svelte.ts';
import { layoutKey, readPlaces, writePlaces } from '../../../renderer/graph/places.ts';
import { RuleCardState } from '../../../renderer/graph/rule-card-state.svelte.ts';
import { NO_FILTER } from '../../../shared/domain/filter.ts';
import type { Project } from '../../../shared/domain/archive.ts';
import type { ServiceSeen } from '../../../shared/domain/graph.ts';
import { applyChange, EMPTY_RULESET } from '../../../shared/domain/ruleset-change.ts';
import { aThreeTierGraph, aWorkbench } from '../support/scripted.ts';

const project: Project = {
  path: '/data/books.segw',
  schemaVersion: 1,
  sources: [],
  rejectReasons: {},
  totals: { lines: 1, events: 1, rejects: 0, other: 0, blank: 0, duplicates: 0 },
  window: null,
  notices: [],
};

describe('places on the map', () => {
  it('read back as they were written', () => {
    const places = new Map([['group:A', { x: 1, y: -2 }]]);
    expect(readPlaces(writePlaces(places))).toEqual(places);
  });

  it('are none where what is remembered is no list of places', () => {
    for (const text of [null, '', '{"a":1}', '[[1,2,3]]', '[["a","b",3]]'])
      expect(readPlaces(text).size).toBe(0);
  });

  it('fit into a setting, the newest kept', () => {
    const places = new Map(
      Array.from({ length: 2_000 }, (_, at) => [`workload:192.0.2.${at}`, { x: at, y: at }]),
    );
    const text = writePlaces(places);
    expect(text.length).toBeLessThanOrEqual(10_000);
    expect(readPlaces(text).has('workload:192.0.2.1999')).toBe(true);
    expect(layoutKey('x'.repeat(4_000)).length).toBeLessThanOrEqual(255);
  });

  it('stay when a filter takes other nodes away, and are remembered when dragged', async () => {
    const written: string[] = [];
    let graph = aThreeTierGraph();
    const workbench = aWorkbench({
      'project.read': () => Promise.resolve(project),
      'graph.read': () => Promise.resolve(graph),
      'setting.read': () => Promise.resolve(null),
      'setting.write': ({ value }) => {
        written.push(value);
        return Promise.resolve(null);
      },
    });
    await workbench.readProject();
    const map = new GraphState(workbench);
    await map.read(NO_FILTER);
    const before = map.positions.get('workload:192.0.2.31');
    map.move(new Map([['outside', { x: -900, y: 33 }]]));
    graph = { ...graph, nodes: graph.nodes.filter((node) => !node.id.includes('SGTSWEB')) };
    await map.read({ terms: [], window: { from: 0, to: 1 } });
    expect(map.positions.get('workload:192.0.2.31')).toEqual(before);
    expect(map.positions.get('outside')).toEqual({ x: -900, y: 33 });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(written).toEqual(['[["outside",-900,33]]']);
  });
});

describe('the card of a rule', () => {
  const seen = (service: string, state: ServiceSeen['state']): ServiceSeen => ({
    service,
    name: null,
    sessions: 3,
    events: 6,
    bytes: 0,
    first: 0,
    last: 60_000,
    state,
  });

  function aCard(services: readonly ServiceSeen[]) {
    let ruleset = EMPTY_RULESET;
    const workbench = aWorkbench({
      'rule.propose': () =>
        Promise.resolve({
          sources: [{ kind: 'group', name: 'SGTSWEB' }],
          destinations: [{ kind: 'group', name: 'SGTSAPP' }],
          appliedTo: ['SGTSWEB', 'SGTSAPP'],
          policy: 'SGTSBOOKS',
          name: 'SGTSWEB to SGTSAPP',
          tag: 'SGTSWEB-SGTSAPP',
        }),
      'graph.services': () => Promise.resolve(services),
      'ruleset.change': ({ change }) => {
        ruleset = applyChange(ruleset, change);
        return Promise.resolve({ ruleset, revision: 1, undo: 'Add rule', redo: null });
      },
    });
    return { workbench, card: new RuleCardState(workbench) };
  }

  it('ticks what was allowed and leaves out what was blocked', async () => {
    const { card } = aCard([
      seen('TCP/443', 'allowed'),
      seen('TCP/22', 'blocked'),
      seen('TCP/80', 'mixed'),
    ]);
    await card.load('group:SGTSWEB', 'group:SGTSAPP', NO_FILTER);
    expect(card.services).toEqual(['TCP/443', 'TCP/80']);
    expect(card.problem).toBeNull();
  });

  it('adds the rule with the services ticked and says where it came from', async () => {
    const { card, workbench } = aCard([seen('TCP/443', 'allowed')]);
    await card.load('group:SGTSWEB', 'group:SGTSAPP', NO_FILTER);
    expect(await card.accept()).toBe(true);
    const [rule] = workbench.ruleset.rules;
    expect(rule).toMatchObject({ services: ['TCP/443'], action: 'ALLOW', logged: true });
    expect(rule?.notes).toContain('3 sessions');
    expect(workbench.ruleset.policies[0]?.name).toBe('SGTSBOOKS');
    expect(workbench.ruleset.selectedId).toBe(rule?.id);
  });

  it('is not accepted without a service unless any service was ticked', async () => {
    const { card } = aCard([]);
    await card.load('group:SGTSWEB', 'group:SGTSAPP', NO_FILTER);
    expect(await card.accept()).toBe(false);
    expect(card.type('tcp/99999')).toContain('is no service');
    expect(card.type('tcp/8443')).toBeNull();
    expect(card.problem).toBeNull();
    card.setAnyService(true);
    expect(card.services).toEqual([]);
    expect(await card.accept()).toBe(true);
  });
});
