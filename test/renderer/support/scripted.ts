import type { Graph, GraphEdge, GraphNode } from '../../../shared/domain/graph.ts';
import type { Rule } from '../../../shared/domain/ruleset.ts';
import { Failure } from '../../../shared/failure/failure.ts';
import { createClient } from '../../../shared/ipc/client.ts';
import {
  engineContract,
  type CallName,
  type EngineClient,
  type Handlers,
} from '../../../shared/ipc/contract.ts';
import { createPortPair } from '../../../shared/ipc/port.ts';
import { serve, type Connection } from '../../../shared/ipc/server.ts';
import type { Platform } from '../../../renderer/app/platform.ts';
import { Workbench } from '../../../renderer/app/workbench.svelte.ts';

/** A client of an engine whose answers are scripted; a call without a script fails. */
export function scriptedEngine(script: Partial<Handlers>): {
  readonly engine: EngineClient;
  readonly connection: Connection;
} {
  const refuse = (call: string) => () => Promise.reject(new Failure('unknown-call', { call }));
  const names = Object.keys(engineContract) as CallName[];
  const rest = Object.fromEntries(names.map((name) => [name, refuse(name)]));
  const [near, far] = createPortPair();
  const connection = serve(far, { ...rest, ...script } as Handlers);
  return { engine: createClient(near), connection };
}

/** A platform on which nothing can be chosen; parts are replaced by the test. */
export function aPlatform(parts: Partial<Platform> = {}): Platform {
  return {
    host: 'browser',
    takesTypedPaths: true,
    connect: () => Promise.reject(new Failure('connection-lost')),
    chooseArchives: () => Promise.resolve([]),
    readDrop: () => Promise.resolve({ ok: false, problem: 'Nothing was dropped.' }),
    upload: () => Promise.reject(new Failure('connection-lost')),
    save: () => Promise.resolve(null),
    saveFile: () => Promise.resolve(null),
    onMenuCommand: () => undefined,
    onOpenPaths: () => undefined,
    onEngineRestarted: () => undefined,
    ...parts,
  };
}

/** A media query that never changes. */
export function aMediaQuery(matches = false): MediaQueryList {
  return Object.assign(new EventTarget(), {
    matches,
    media: '',
    onchange: null,
    addListener: () => undefined,
    removeListener: () => undefined,
  });
}

/** A workbench over a scripted engine. */
export function aWorkbench(script: Partial<Handlers>, parts: Partial<Platform> = {}): Workbench {
  return new Workbench(scriptedEngine(script).engine, aPlatform(parts), aMediaQuery());
}

/** A node of the map, a workload unless told otherwise. */
export function aNode(id: string, parts: Partial<GraphNode> = {}): GraphNode {
  return {
    id,
    kind: 'workload',
    label: id.replace(/^[a-z]+:/, ''),
    parent: null,
    members: 1,
    sessions: 1,
    order: null,
    ...parts,
  };
}

/** An edge of the map that carries HTTPS. */
export function anEdge(source: string, target: string, parts: Partial<GraphEdge> = {}): GraphEdge {
  return {
    id: `${source}>${target}`,
    source,
    target,
    sessions: 10,
    events: 20,
    bytes: 0,
    first: 0,
    last: 60_000,
    services: ['TCP/443'],
    serviceCount: 1,
    state: 'allowed',
    seen: { vnic: 10, perimeter: 0, both: 0 },
    ...parts,
  };
}

/** Three tiers inside one application, a VIP, shared services, and who comes from outside. */
export function aThreeTierGraph(): Graph {
  const tier = (name: string, addresses: readonly string[]) => [
    aNode(`group:${name}`, { kind: 'group', parent: 'group:SGTSBOOKS', members: addresses.length }),
    ...addresses.map((each) => aNode(`workload:${each}`, { parent: `group:${name}` })),
  ];
  return {
    nodes: [
      aNode('group:SGTSBOOKS', { kind: 'group', members: 6 }),
      ...tier('SGTSDB', ['192.0.2.31', '192.0.2.32']),
      ...tier('SGTSAPP', ['192.0.2.21', '192.0.2.22']),
      ...tier('SGTSWEB', ['192.0.2.11', '192.0.2.12']),
      aNode('address:192.0.2.102', { kind: 'ip-set' }),
      aNode('address:192.0.2.251', { kind: 'ip-set' }),
      aNode('address:198.51.100.53', { kind: 'shared', parent: 'shared' }),
      aNode('address:198.51.100.123', { kind: 'shared', parent: 'shared' }),
      aNode('outside', { kind: 'outside', label: 'Outside', members: 40 }),
      aNode('blocked', { kind: 'blocked', label: 'Blocked sources', members: 4 }),
    ],
    edges: [
      anEdge('outside', 'group:SGTSWEB'),
      anEdge('group:SGTSWEB', 'address:192.0.2.102'),
      anEdge('address:192.0.2.251', 'group:SGTSAPP'),
      anEdge('group:SGTSAPP', 'group:SGTSDB', { services: ['TCP/1433'] }),
      anEdge('group:SGTSWEB', 'address:198.51.100.53', { services: ['UDP/53'] }),
      anEdge('group:SGTSDB', 'address:198.51.100.123', { services: ['UDP/123'] }),
      anEdge('blocked', 'group:SGTSWEB', { state: 'blocked' }),
    ],
    insideEvents: 0,
    hasPerimeter: false,
  };
}

/** An allow rule between two groups. */
export function aRule(id: string, parts: Partial<Rule> = {}): Rule {
  return {
    id,
    name: id,
    sources: [{ kind: 'group', name: 'SGTSWEB' }],
    destinations: [{ kind: 'group', name: 'SGTSAPP' }],
    services: ['TCP/8080'],
    appliedTo: ['SGTSWEB', 'SGTSAPP'],
    action: 'ALLOW',
    direction: 'IN_OUT',
    ipVersion: 'IPV4_IPV6',
    logged: true,
    tag: id,
    notes: '',
    disabled: false,
    ...parts,
  };
}

/** Lets everything that is already under way arrive. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
