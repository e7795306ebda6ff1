/* eslint-disable svelte/prefer-svelte-reactivity -- maps and sets here are replaced as a whole or are not shown */
import { createContext } from 'svelte';
import type { FilterTerm, FlowFilter } from '../../shared/domain/filter.ts';
import type { FlowPage } from '../../shared/domain/flow.ts';
import type { Graph, GraphEdge, GraphNode, ServiceSeen } from '../../shared/domain/graph.ts';
import type { CancelSignal } from '../../shared/ipc/cancel.ts';
import { Latest } from '../app/latest.svelte.ts';
import type { Workbench } from '../app/workbench.svelte.ts';
import type { Viewport } from './canvas/canvas.ts';
import type { Overlay } from './canvas/elements.ts';
import { boxesOf, drawableNodes, type Point } from './canvas/geometry.ts';
import { layoutMap } from './canvas/layout.ts';
import { ruleEdges, type RuleEdge } from './rule-edges.ts';

/** Which rule is being drawn, and where on the map its card stands. */
export interface CardRequest {
  readonly source: string;
  readonly target: string;
  readonly at: Point;
}

/** What is selected on the map. */
export type Selection =
  | { readonly kind: 'node'; readonly node: GraphNode }
  | { readonly kind: 'edge'; readonly edge: GraphEdge }
  | { readonly kind: 'rule'; readonly rule: RuleEdge };

const MOST_KEY = 255;
const MOST_TEXT = 10_000;
const TOP_SERVICES = 8;

/** The name under which the places of a project's nodes are remembered. */
export function layoutKey(projectPath: string): string {
  return `layout:${projectPath.slice(-(MOST_KEY - 7))}`;
}

/** Places as the text that is remembered; the oldest are left out where the text grows too long. */
export function writePlaces(places: ReadonlyMap<string, Point>): string {
  let entries = [...places].map(([id, { x, y }]) => [id, x, y] as const);
  let text = JSON.stringify(entries);
  while (text.length > MOST_TEXT) {
    entries = entries.slice(Math.ceil(entries.length / 10));
    text = JSON.stringify(entries);
  }
  return text;
}

/** Reads what {@link writePlaces} wrote; anything else has no places. */
export function readPlaces(text: string | null): ReadonlyMap<string, Point> {
  const places = new Map<string, Point>();
  let entries: unknown;
  try {
    entries = JSON.parse(text ?? '[]');
  } catch {
    return places;
  }
  if (!Array.isArray(entries)) return places;
  for (const entry of entries as readonly unknown[]) {
    if (!Array.isArray(entry)) continue;
    const [id, x, y] = entry as readonly unknown[];
    if (typeof id === 'string' && typeof x === 'number' && typeof y === 'number')
      places.set(id, { x, y });
  }
  return places;
}

/** The filter value that stands for a node, where one does. */
export function filterValue(node: GraphNode): string | null {
  const match = /^(?:group|workload|address):(.+)$/.exec(node.id);
  return match?.[1] ?? null;
}

/** The map: what it shows, what is selected on it, and what is being drawn. */
export class GraphState {
  readonly graph = new Latest<Graph>();
  readonly services = new Latest<readonly ServiceSeen[]>();
  readonly served = new Latest<FlowPage>();
  readonly used = new Latest<FlowPage>();
  selectedId = $state<string | null>(null);
  card = $state.raw<CardRequest | null>(null);
  /** The node whose target is being chosen from a list. */
  chooserFor = $state<string | null>(null);
  /** Where nodes stand; replaced whenever one moves. */
  positions = $state.raw<ReadonlyMap<string, Point>>(new Map());
  /** Which of the pictures asked for was saved or given up last. */
  pictureShown = $state(0);
  legendOpen = $state(true);
  /** What the user wishes the lines to show. */
  wishedOverlay = $state<Overlay>('state');
  viewport: Viewport | null = null;
  /** Where a step back or forward wants to look; replaced at each. */
  viewportWish = $state.raw<{ readonly viewport: Viewport | null } | null>(null);
  /** Which nodes there are and what lies in what, as a text. */
  shape = '';
  /** Whether most nodes were not there before the map took its shape. */
  isReshaped = false;
  #dragged = new Map<string, Point>();
  #project: string | null = null;
  readonly #workbench: Workbench;

  readonly nodes: readonly GraphNode[] = $derived(
    this.graph.value === null ? [] : drawableNodes(this.graph.value),
  );
  readonly rules: readonly RuleEdge[] = $derived.by(() =>
    ruleEdges(this.#workbench.ruleset.rules, this.nodes),
  );
  /** What the lines show: who logged them only where there is something to compare. */
  readonly overlay: Overlay = $derived(
    this.graph.value?.hasPerimeter === true ? this.wishedOverlay : 'state',
  );
  readonly selection: Selection | null = $derived.by(() => this.#find(this.selectedId));

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
    workbench.trail.keep({ key: () => this.selectedId ?? '', take: () => this.#takeLook() });
  }

  #takeLook(): () => void {
    const { selectedId, viewport } = this;
    return () => {
      this.select(selectedId);
      this.viewport = viewport;
      this.viewportWish = { viewport };
    };
  }

  #find(id: string | null): Selection | null {
    if (id === null) return null;
    const node = this.nodes.find((each) => each.id === id);
    if (node !== undefined) return { kind: 'node', node };
    const edge = this.graph.value?.edges.find((each) => each.id === id);
    if (edge !== undefined) return { kind: 'edge', edge };
    const rule = this.rules.find((each) => each.id === id);
    return rule === undefined ? null : { kind: 'rule', rule };
  }

  /** What a node is called. */
  label(id: string): string {
    return this.nodes.find((node) => node.id === id)?.label ?? id;
  }

  /**
   * Reads the map for a filter. Nodes that were on it before stay where they are, unless others
   * came to them: then all are laid out anew but those the user placed.
   */
  async read(filter: FlowFilter): Promise<void> {
    const { engine, project } = this.#workbench;
    if (project === null) return;
    if (this.#project !== project.path) {
      this.#project = project.path;
      this.positions = new Map();
      this.viewport = null;
      this.selectedId = null;
      this.graph.clear();
      this.#dragged = new Map(await this.#remembered(project.path));
    }
    await this.graph.run(async (signal) => {
      const graph = await engine.call('graph.read', { filter }, { signal });
      if (!signal.aborted) this.#place(graph);
      return graph;
    });
  }

  async #remembered(path: string): Promise<ReadonlyMap<string, Point>> {
    try {
      const { engine } = this.#workbench;
      return readPlaces(await engine.call('setting.read', { key: layoutKey(path) }));
    } catch (thrown) {
      this.#workbench.toasts.fail(thrown);
      return new Map();
    }
  }

  #place(graph: Graph): void {
    const next = new Map(layoutMap(graph));
    const fresh = [...next.keys()].filter((id) => !this.positions.has(id)).length;
    const isGrown = fresh > 0 && this.positions.size > 0;
    for (const id of next.keys()) {
      const kept = this.#dragged.get(id) ?? (isGrown ? undefined : this.positions.get(id));
      if (kept !== undefined) next.set(id, kept);
    }
    for (const [id, place] of this.positions) if (!next.has(id)) next.set(id, place);
    this.positions = next;
    this.isReshaped = fresh * 2 > graph.nodes.length;
    this.shape = graph.nodes.map(({ id, parent }) => `${id}<${parent ?? ''}`).join('\n');
  }

  /** Takes the places the user dragged nodes to, and remembers them. */
  move(moved: ReadonlyMap<string, Point>): void {
    for (const [id, place] of moved) {
      this.#dragged.delete(id);
      this.#dragged.set(id, place);
    }
    this.positions = new Map([...this.positions, ...moved]);
    this.#remember();
  }

  /** Puts every node back to where the layout would have it. */
  tidy(): void {
    const { value } = this.graph;
    if (value === null) return;
    this.#dragged.clear();
    this.positions = layoutMap(value);
    this.#remember();
  }

  #remember(): void {
    const { engine, toasts } = this.#workbench;
    if (this.#project === null) return;
    const key = layoutKey(this.#project);
    const value = writePlaces(this.#dragged);
    engine.call('setting.write', { key, value }).catch((thrown: unknown) => {
      toasts.fail(thrown);
    });
  }

  select(id: string | null): void {
    this.selectedId = id;
    const { selection } = this;
    if (selection?.kind === 'rule') this.#workbench.ruleset.selectedId = selection.rule.ruleId;
  }

  /** Reads what the inspector says about the selection. */
  async inspect(selection: Selection | null, filter: FlowFilter): Promise<void> {
    const { engine } = this.#workbench;
    if (selection?.kind === 'edge') {
      const { source, target } = selection.edge;
      const args = { filter, source, target };
      await this.services.run((signal) => engine.call('graph.services', args, { signal }));
    } else if (selection?.kind === 'node') {
      const value = filterValue(selection.node);
      if (value === null) return;
      const ask = (field: FilterTerm['field']) => (signal: CancelSignal) =>
        engine.call('flow.list', this.#topServices(filter, field, value), { signal });
      await Promise.all([this.served.run(ask('destination')), this.used.run(ask('source'))]);
    }
  }

  #topServices(filter: FlowFilter, field: FilterTerm['field'], value: string) {
    const terms = [...filter.terms, { field, exclude: false, values: [value] }];
    return {
      filter: { terms, window: filter.window },
      by: ['service'],
      order: 'sessions',
      offset: 0,
      limit: TOP_SERVICES,
    } as const;
  }

  /** Opens the card for a rule between two nodes; without a place, it stands near the target. */
  openCard(source: string, target: string, at?: Point): void {
    this.chooserFor = null;
    this.card = { source, target, at: at ?? { x: 60, y: 60 } };
  }

  /** Boxes of the nodes in the map's own coordinates. */
  get boxes() {
    return boxesOf(this.nodes, this.positions);
  }
}

const [getGraphState, setGraphState] = createContext<GraphState>();

/** The state of the map, given by the frame; throws outside of it. */
export const getGraph = getGraphState;

/** Gives the state of the map to the components below; returns it. */
export const setGraph = setGraphState;
