import { MapCanvas } from '../../renderer/graph/canvas/canvas.ts';
import { elementsOf } from '../../renderer/graph/canvas/elements.ts';
import { layoutMap } from '../../renderer/graph/canvas/layout.ts';
import { foldedAtFirst, foldMap } from '../../renderer/graph/fold.ts';
import type { Graph, GraphEdge, GraphNode } from '../../shared/domain/graph.ts';

/** What one map took, in milliseconds. */
export interface MapTimes {
  readonly nodes: number;
  readonly edges: number;
  readonly layout: number;
  /** Layout, elements, and the first frame drawn. */
  readonly firstMap: number;
}

declare global {
  interface Window {
    bench: typeof bench;
  }
}

function aNode(id: string, kind: GraphNode['kind'], parent: string | null): GraphNode {
  const label = id.replace(/^[a-z]+:/, '');
  return { id, kind, label, parent, members: 1, sessions: 1, order: null };
}

/** A repeatable map of groups of nine workloads. */
function aGraph(nodeCount: number, edgeCount: number): Graph {
  const nodes: GraphNode[] = [];
  const groups = Math.ceil(nodeCount / 10);
  for (let group = 0; group < groups; group++) {
    nodes.push(aNode(`group:G${group}`, 'group', null));
    for (let at = 0; at < 9 && nodes.length < nodeCount; at++)
      nodes.push(
        aNode(`workload:10.${group >> 8}.${group & 255}.${at}`, 'workload', `group:G${group}`),
      );
  }
  const edges = Array.from({ length: edgeCount }, (_, at): GraphEdge => {
    const from = at % groups;
    const step = Math.floor(at / groups);
    // Every second edge leads far away, each pair comes once.
    const reach = step % 2 === 0 ? 1 + step / 2 : groups - 1 - (step - 1) / 2;
    const source = `group:G${from}`;
    const target = `group:G${(from + reach) % groups}`;
    return {
      id: `${source}>${target}`,
      source,
      target,
      sessions: 1 + (at % 900),
      events: 1,
      bytes: 0,
      first: 0,
      last: 0,
      services: ['TCP/443'],
      serviceCount: 1,
      state: at % 11 === 0 ? 'blocked' : 'allowed',
      seen: { vnic: 1, perimeter: 0, both: 0 },
    };
  });
  return { nodes, edges, insideEvents: 0, hasPerimeter: false };
}

const nextFrame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));

let canvas: MapCanvas | undefined;

/** What the bench calls in the page. */
const bench = {
  /** Draws a map; `folds` as the workbench would fold it at first, else everything open. */
  async draw(nodeCount: number, edgeCount: number, folds: boolean): Promise<MapTimes> {
    canvas?.destroy();
    const graph = aGraph(nodeCount, edgeCount);
    const ground = document.getElementById('ground');
    if (ground === null) throw new Error('the page has no ground');
    const begin = performance.now();
    const shown = foldMap(graph, folds ? foldedAtFirst(graph) : new Set());
    const places = layoutMap(shown.graph);
    const laid = performance.now();
    const ignore = () => undefined;
    canvas = new MapCanvas(ground, 'light', {
      onSelect: ignore,
      onOpen: ignore,
      onMoved: ignore,
      onBoxes: ignore,
      onViewport: ignore,
    });
    canvas.patch(elementsOf(shown.graph, [], places, 'state', shown.bundles));
    canvas.fit();
    await nextFrame();
    await nextFrame();
    return {
      nodes: shown.graph.nodes.length,
      edges: shown.graph.edges.length,
      layout: laid - begin,
      firstMap: performance.now() - begin,
    };
  },

  /** Frames that are drawn while the work of the caller goes on, in milliseconds each. */
  async frames(seconds: number): Promise<readonly number[]> {
    const times: number[] = [];
    let last = await nextFrame();
    const end = last + seconds * 1_000;
    while (last < end) {
      const now = await nextFrame();
      times.push(now - last);
      last = now;
    }
    return times;
  },
};

window.bench = bench;
