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
import { compareMaps, type Change, type ComparedMap } from './compare-windows.ts';
import { Comparison } from './comparison.svelte.ts';
import { DraftDecisions } from './draft.svelte.ts';
import { draftMark, draftSums, type DraftMark, type DraftSum } from './draft-marks.ts';
import { boxesOf, drawableNodes, lineage, type Point } from './canvas/geometry.ts';
import { layoutMap } from './canvas/layout.ts';
import { openPlaces } from './canvas/open-places.ts';
import { foldable, foldedAtFirst, foldMap, type FoldedMap } from './fold.ts';
import { foldKey, layoutKey, readFolded, readPlaces, writeFolded, writePlaces } from './places.ts';
import { movedRules, ruleEdges, type RuleEdge } from './rule-edges.ts';

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

const TOP_SERVICES = 8;

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
  #foldedBefore: ReadonlySet<string> | null = null;
  readonly #workbench: Workbench;

  /** Ids of nodes the user or the size of the map folded. */
  folded = $state.raw<ReadonlySet<string>>(new Set());
  /** Every node, folded ones and what lies in them too. */
  readonly allNodes: readonly GraphNode[] = $derived(
    this.graph.value === null ? [] : drawableNodes(this.graph.value),
  );
  /** What is on the map. */
  readonly #now: FoldedMap | null = $derived(
    this.graph.value === null ? null : foldMap(this.graph.value, this.folded),
  );
  readonly #compared: ComparedMap | null = $derived.by(() => {
    const past = this.comparison.before.value;
    if (this.wishedOverlay !== 'change' || this.#now === null || past === null) return null;
    return compareMaps(this.#now.graph, foldMap(past, this.folded).graph);
  });
  /** Where each link was seen, while two windows are compared. */
  readonly changes: ReadonlyMap<string, Change> | null = $derived(this.#compared?.changes ?? null);
  readonly shown: FoldedMap | null = $derived.by(() => {
    if (this.#now === null || this.#compared === null) return this.#now;
    return { ...this.#now, graph: { ...this.#now.graph, edges: this.#compared.edges } };
  });
  readonly nodes: readonly GraphNode[] = $derived(this.shown?.graph.nodes ?? []);
  readonly holders: ReadonlySet<string> = $derived(
    new Set(this.graph.value === null ? [] : foldable(this.graph.value).map(({ id }) => id)),
  );
  readonly rules: readonly RuleEdge[] = $derived.by(() => {
    const all = ruleEdges(this.#workbench.ruleset.rules, this.allNodes);
    return this.shown === null ? [] : movedRules(all, this.shown.standsFor);
  });
  /** What the lines show: who logged them only where there is something to compare. */
  readonly overlay: Overlay = $derived(
    this.wishedOverlay === 'seen' && this.graph.value?.hasPerimeter !== true
      ? 'state'
      : this.wishedOverlay,
  );
  readonly draft: DraftDecisions;
  /** What the draft would do with the flows of each link, while the lines show that. */
  readonly draftSums: ReadonlyMap<string, DraftSum> | null = $derived.by(() => {
    const decided = this.draft.edges.value;
    if (this.overlay !== 'draft' || decided === null || this.shown === null) return null;
    return draftSums(decided, this.shown.standsFor);
  });
  /** The mark of each link that is shown and decided. */
  readonly draftMarks: ReadonlyMap<string, DraftMark> | null = $derived.by(() => {
    const sums = this.draftSums;
    if (sums === null || this.shown === null) return null;
    return new Map(
      this.shown.graph.edges.flatMap(({ id }) => {
        const sum = sums.get(id);
        return sum === undefined ? [] : [[id, draftMark(sum)] as const];
      }),
    );
  });
  /** What the overlay says of each link. */
  readonly marks: ReadonlyMap<string, string> | null = $derived(
    this.overlay === 'draft' ? this.draftMarks : this.changes,
  );
  readonly comparison: Comparison;
  readonly selection: Selection | null = $derived.by(() => this.#find(this.selectedId));

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
    this.comparison = new Comparison(workbench);
    this.draft = new DraftDecisions(workbench);
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
    const edge = this.shown?.graph.edges.find((each) => each.id === id);
    if (edge !== undefined) return { kind: 'edge', edge };
    const rule = this.rules.find((each) => each.id === id);
    return rule === undefined ? null : { kind: 'rule', rule };
  }

  /** What a node is called. */
  label(id: string): string {
    return this.allNodes.find((node) => node.id === id)?.label ?? id;
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
      this.comparison.forget();
      this.draft.forget();
      this.#dragged = new Map(readPlaces(await this.#remembered(layoutKey(project.path))));
      this.#foldedBefore = readFolded(await this.#remembered(foldKey(project.path)));
    }
    await this.graph.run(async (signal) => {
      const graph = await engine.call('graph.read', { filter }, { signal });
      if (!signal.aborted) {
        if (this.graph.value === null || this.graph.value.nodes.length === 0)
          this.folded = this.#foldedBefore ?? foldedAtFirst(graph);
        this.#place(graph);
      }
      return graph;
    });
  }

  async #remembered(key: string): Promise<string | null> {
    try {
      return await this.#workbench.engine.call('setting.read', { key });
    } catch (thrown) {
      this.#workbench.toasts.fail(thrown);
      return null;
    }
  }

  #place(graph: Graph): void {
    const next = new Map(layoutMap(foldMap(graph, this.folded).graph));
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
    const { shown } = this;
    if (shown === null) return;
    this.#dragged.clear();
    this.positions = layoutMap(shown.graph);
    this.#remember();
  }

  /** Folds a node where it stands, or opens it in place. */
  toggleFold(id: string): void {
    const { value } = this.graph;
    if (value === null || !this.holders.has(id)) return;
    const next = new Set(this.folded);
    const positions = new Map(this.positions);
    if (next.delete(id)) {
      const open = foldMap(value, next).graph;
      this.positions = open.nodes.some((node) => node.id === id)
        ? openPlaces(open, id, positions)
        : positions;
    } else {
      next.add(id);
      const box = this.boxes.get(id);
      if (box !== undefined) positions.set(id, { x: Math.round(box.x), y: Math.round(box.y) });
      this.positions = positions;
    }
    this.#setFolded(next);
  }

  /** Folds everything that holds others, or opens it. */
  foldAll(isFolded: boolean): void {
    const { value } = this.graph;
    if (value === null) return;
    const next: ReadonlySet<string> = isFolded ? this.holders : new Set();
    this.positions = new Map([...this.positions, ...layoutMap(foldMap(value, next).graph)]);
    this.#setFolded(next);
  }

  /** Opens what a node is hidden in. */
  uncover(id: string): void {
    const byId = new Map(this.allNodes.map((node) => [node.id, node]));
    const around = lineage(id, byId).slice(1).reverse();
    for (const each of around) if (this.folded.has(each)) this.toggleFold(each);
  }

  #setFolded(next: ReadonlySet<string>): void {
    this.folded = next;
    const value = writeFolded(next);
    if (value !== null && this.#project !== null) this.#write(foldKey(this.#project), value);
    if (this.selectedId !== null && this.selection === null)
      this.selectedId = this.shown?.standsFor(this.selectedId) ?? null;
  }

  #remember(): void {
    if (this.#project !== null) this.#write(layoutKey(this.#project), writePlaces(this.#dragged));
  }

  #write(key: string, value: string): void {
    const { engine, toasts } = this.#workbench;
    engine.call('setting.write', { key, value }).catch((thrown: unknown) => {
      toasts.fail(thrown);
    });
  }

  select(id: string | null): void {
    if (id !== null) this.uncover(id);
    this.selectedId = id;
    const { selection } = this;
    if (selection?.kind === 'rule') this.#workbench.ruleset.selectedId = selection.rule.ruleId;
  }

  /** Reads what the inspector says about the selection. */
  async inspect(selection: Selection | null, filter: FlowFilter): Promise<void> {
    const { engine } = this.#workbench;
    if (selection?.kind === 'edge') {
      const { id, source, target } = selection.edge;
      const isGone = this.changes?.get(id) === 'gone';
      const asked = isGone ? { ...filter, window: this.comparison.window } : filter;
      const args = { filter: asked, source, target };
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
