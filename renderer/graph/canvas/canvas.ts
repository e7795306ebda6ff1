import cytoscape, {
  type CollectionReturnValue,
  type Core,
  type ElementDefinition,
} from 'cytoscape';
import type { EdgeElement, NodeElement } from './elements.ts';
import type { Measure } from '../picture/picture.ts';
import type { Box, Point } from './geometry.ts';
import { readMap, type DrawnMap } from './read-picture.ts';
import { mapStyle } from './style.ts';

/** How the map is looked at. */
export interface Viewport {
  readonly zoom: number;
  readonly pan: Point;
}

/** What the canvas tells. */
export interface CanvasListener {
  /** A node or an edge was pressed, or the ground (`null`). */
  readonly onSelect: (id: string | null) => void;
  /** A node was pressed twice. */
  readonly onOpen: (id: string) => void;
  /** The user dragged these nodes there. */
  readonly onMoved: (moved: ReadonlyMap<string, Point>) => void;
  /** Where all nodes stand on the canvas now, in pixels from its upper left corner. */
  readonly onBoxes: (boxes: ReadonlyMap<string, Box>) => void;
  /** The user looks at another part; `null` when everything was brought into view. */
  readonly onViewport: (viewport: Viewport | null) => void;
}

const FIT_PADDING = 22;
const MOST_ZOOM_FITTED = 1.25;
const LARGE = 500;

/** The least zoom at which names can be read, and how long it takes to glide to a place. */
const LEGIBLE_ZOOM = 0.75;
const GLIDE_MS = 180;

function definition(element: NodeElement | EdgeElement): ElementDefinition {
  const base = { group: element.group, data: { ...element.data }, classes: element.classes };
  return 'position' in element ? { ...base, position: { ...element.position } } : base;
}

/** Whether the user asked the system for less motion. */
function isStill(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/** The map on the screen: the only owner of the Cytoscape instance. */
export class MapCanvas {
  readonly #cy: Core;
  readonly #listener: CanvasListener;
  readonly #observer: ResizeObserver;
  #theme: 'light' | 'dark';
  #frame = 0;
  #fading: CollectionReturnValue | null = null;
  #fitTimer: ReturnType<typeof setTimeout> | undefined;
  #chosenId: string | null = null;
  /** Whether everything is in view because nobody looked elsewhere since it was fitted. */
  #fitted = false;
  #fitting = false;

  constructor(container: HTMLElement, theme: 'light' | 'dark', listener: CanvasListener) {
    this.#listener = listener;
    this.#theme = theme;
    this.#cy = cytoscape({
      container,
      style: mapStyle(theme),
      minZoom: 0.08,
      maxZoom: 3,
      boxSelectionEnabled: false,
      autounselectify: true,
    });
    this.#listen();
    this.#observer = new ResizeObserver(() => {
      this.#cy.resize();
      if (this.#fitted) this.fit();
      this.#report();
    });
    this.#observer.observe(container);
  }

  #listen(): void {
    this.#cy.on('tap', (event) => {
      const target: unknown = event.target;
      this.#listener.onSelect(
        target === this.#cy ? null : (event.target as cytoscape.SingularData).id(),
      );
    });
    this.#cy.on('dbltap', 'node', (event) => {
      this.#listener.onOpen((event.target as cytoscape.NodeSingular).id());
    });
    this.#cy.on('dragfree', 'node', (event) => {
      const node = event.target as cytoscape.NodeSingular;
      const moved = node.isParent() ? node.descendants('node:childless') : node;
      const places = new Map<string, Point>();
      moved.forEach((each) => {
        const { x, y } = each.position();
        places.set(each.id(), { x: Math.round(x), y: Math.round(y) });
      });
      this.#fitted = false;
      this.#tellViewport();
      this.#listener.onMoved(places);
    });
    this.#cy.on('dragpan scrollzoom pinchzoom', () => {
      this.#fitted = false;
    });
    this.#cy.on('viewport', () => {
      if (!this.#fitting) this.#tellViewport();
    });
    this.#cy.on('viewport position bounds add remove', () => {
      this.#report();
    });
  }

  #tellViewport(): void {
    this.#listener.onViewport({ zoom: this.#cy.zoom(), pan: { ...this.#cy.pan() } });
  }

  /** Tells where the nodes stand, at most once a frame. */
  #report(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      const boxes = new Map<string, Box>();
      this.#cy.nodes().forEach((node) => {
        const { x, y } = node.renderedPosition();
        const width = node.renderedOuterWidth();
        const height = node.renderedOuterHeight();
        boxes.set(node.id(), { x, y, width, height });
      });
      this.#listener.onBoxes(boxes);
    });
  }

  /** Lets new elements fade in. */
  #appear(added: CollectionReturnValue): void {
    this.#fading = added;
    added.style({ opacity: 0 });
    added.animate({ style: { opacity: 1 } }, { duration: GLIDE_MS });
    setTimeout(() => {
      if (this.#fading === added) this.#stopFading();
    }, GLIDE_MS + 30);
  }

  #stopFading(): void {
    this.#fading?.stop(true);
    this.#fading?.removeStyle('opacity');
    this.#fading = null;
  }

  #stopGliding(): void {
    this.#cy.nodes().stop(true, true);
    this.#stopFading();
  }

  /** Makes the map show these elements, changing only what differs. */
  patch(elements: readonly (NodeElement | EdgeElement)[]): void {
    const cy = this.#cy;
    const wanted = new Map(elements.map((element) => [element.data.id, element]));
    const glides = cy.nodes().nonempty() && elements.length <= LARGE && !isStill();
    const ways: (() => void)[] = [];
    this.#stopGliding();
    cy.batch(() => {
      cy.elements()
        .filter((element) => !wanted.has(element.id()))
        .remove();
      const fresh: ElementDefinition[] = [];
      for (const element of elements) {
        const present = cy.getElementById(element.data.id);
        if (present.empty()) {
          fresh.push(definition(element));
          continue;
        }
        present.data({ ...element.data });
        present.classes(element.classes);
        if (element.group !== 'nodes') continue;
        const parent = element.data.parent ?? null;
        const current = present.parent().first().id() as string | undefined;
        if ((current ?? null) !== parent) present.move({ parent });
        const { position } = element;
        if (position === undefined || present.grabbed()) continue;
        const { x, y } = present.position();
        if (Math.hypot(x - position.x, y - position.y) < 0.5) continue;
        if (!glides || present.isParent()) present.position({ ...position });
        else
          ways.push(() => present.animate({ position: { ...position } }, { duration: GLIDE_MS }));
      }
      const added = cy.add(fresh);
      if (glides && added.nonempty())
        ways.push(() => {
          this.#appear(added);
        });
    });
    for (const way of ways) way();
    if (ways.length > 0 && this.#fitted) this.#fitLater();
    const large = cy.nodes().length > LARGE;
    const renderer = cy as Core & { renderer(): { textureOnViewport: boolean } };
    renderer.renderer().textureOnViewport = large;
    this.choose(this.#chosenId);
    this.#report();
  }

  setTheme(theme: 'light' | 'dark'): void {
    this.#theme = theme;
    this.#cy.style(mapStyle(theme));
  }

  /** The whole map as it would look in a theme; what is on the screen stays. */
  read(theme: 'light' | 'dark', measure: Measure): DrawnMap {
    if (theme !== this.#theme) this.#cy.style(mapStyle(theme));
    try {
      return readMap(this.#cy, measure);
    } finally {
      if (theme !== this.#theme) this.#cy.style(mapStyle(this.#theme));
    }
  }

  /** Marks what is selected and what is next to it; everything else steps back. */
  choose(id: string | null): void {
    const cy = this.#cy;
    this.#chosenId = id;
    cy.batch(() => {
      cy.elements().removeClass('chosen near dim');
      if (id === null) return;
      const chosen = cy.getElementById(id);
      if (chosen.empty()) return;
      chosen.addClass('chosen');
      if (!chosen.isNode()) return;
      const family = chosen.union(chosen.descendants());
      const own = family.connectedEdges();
      // A workload has no lines of its own: its group's are the next.
      const edges = own.empty() ? chosen.parent().connectedEdges() : own;
      edges.addClass('near');
      cy.edges('.flow').difference(edges).addClass('dim');
    });
  }

  /** Brings out the lines of the node pointed at. */
  point(id: string | null): void {
    const cy = this.#cy;
    cy.batch(() => {
      cy.edges('.pointed').removeClass('pointed');
      if (id !== null) cy.getElementById(id).connectedEdges().addClass('pointed');
    });
  }

  /** Marks the nodes that were found, and brings the one looked at now into view. */
  markFound(ids: readonly string[], current: string | null): void {
    const found = new Set(ids);
    this.#cy.batch(() => {
      this.#cy.nodes().forEach((node) => {
        node.toggleClass('found', found.has(node.id()));
      });
    });
    if (current !== null) this.lookAt(current);
  }

  /** Brings an element to the middle, large enough to be read. */
  lookAt(id: string): void {
    const element = this.#cy.getElementById(id);
    if (element.empty()) return;
    this.#fitted = false;
    const zoom = Math.max(this.#cy.zoom(), LEGIBLE_ZOOM);
    this.#cy.stop();
    this.#cy.animate({ center: { eles: element }, zoom }, { duration: isStill() ? 0 : GLIDE_MS });
  }

  /** Marks the nodes a rule being drawn may lead to, and the one it would lead to now. */
  markTargets(eligible: readonly string[], target: string | null): void {
    const ids = new Set(eligible);
    this.#cy.batch(() => {
      this.#cy.nodes().forEach((node) => {
        node.toggleClass('eligible', ids.has(node.id()));
        node.toggleClass('target', node.id() === target);
      });
    });
  }

  /** Brings everything into view again when what moves has come to rest. */
  #fitLater(): void {
    clearTimeout(this.#fitTimer);
    this.#fitTimer = setTimeout(() => {
      if (this.#fitted) this.fit();
    }, GLIDE_MS + 30);
  }

  /** Brings everything into view. */
  fit(): void {
    if (this.#cy.elements().empty()) return;
    this.#fitting = true;
    this.#cy.fit(undefined, FIT_PADDING);
    if (this.#cy.zoom() > MOST_ZOOM_FITTED) {
      this.#cy.zoom(MOST_ZOOM_FITTED);
      this.#cy.center();
    }
    this.#fitting = false;
    this.#fitted = true;
    this.#listener.onViewport(null);
  }

  /** Brings a node or an edge to the middle where it is out of sight. */
  reveal(id: string): void {
    const element = this.#cy.getElementById(id);
    const extent = this.#cy.extent();
    if (element.empty()) return;
    const box = element.boundingBox();
    const inside =
      box.x1 >= extent.x1 && box.x2 <= extent.x2 && box.y1 >= extent.y1 && box.y2 <= extent.y2;
    if (inside) return;
    this.#fitted = false;
    this.#cy.center(element);
  }

  /** Zooms around the middle. */
  zoomBy(factor: number): void {
    this.#fitted = false;
    const position = { x: this.#cy.width() / 2, y: this.#cy.height() / 2 };
    this.#cy.zoom({ level: this.#cy.zoom() * factor, renderedPosition: position });
  }

  setViewport({ zoom, pan }: Viewport): void {
    this.#fitted = false;
    this.#cy.viewport({ zoom, pan: { ...pan } });
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#fitTimer);
    this.#observer.disconnect();
    this.#fading = null;
    this.#cy.destroy();
  }
}
