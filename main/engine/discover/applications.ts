import { add, entry } from './facts.ts';
import { applicationName, isMeaningless } from './stems.ts';
import { orderTiers, type FoundTier } from './tiers.ts';
import type { UnitEdge, UnitGraph } from './units.ts';

/** Units that work together. */
export interface FoundApplication {
  readonly name: string;
  readonly units: readonly string[];
  readonly tiers: readonly FoundTier[];
  readonly evidence: ApplicationEvidence;
}

/** What holds an application together, and what ties it to others. */
export interface ApplicationEvidence {
  /** Units with a tag around them, or a word in the tag, that others of the application have too. */
  readonly named: number;
  readonly units: number;
  /** Sessions between its units. */
  readonly inside: number;
  /** Sessions between its units and those of other applications. */
  readonly across: number;
}

/** Calls into a unit are from elsewhere when outsiders ask it more often than this, and the caller less. */
const ENTRY_SHARE = 0.25;

class Sets {
  readonly #parent = new Map<string, string>();

  find(name: string): string {
    let root = name;
    for (;;) {
      const above = this.#parent.get(root) ?? root;
      if (above === root) return root;
      root = above;
    }
  }

  join(one: string, other: string): void {
    const [a, b] = [this.find(one), this.find(other)];
    if (a !== b) this.#parent.set(a < b ? b : a, a < b ? a : b);
  }
}

class ApplicationFinder {
  readonly #graph: UnitGraph;
  readonly #named = new Sets();
  readonly #incoming = new Map<string, number>();
  /** How many units have the same word in their tag. */
  readonly #sharing = new Map<string, number>();

  constructor(graph: UnitGraph) {
    this.#graph = graph;
    const byParent = new Map<string, string[]>();
    const byStem = new Map<string, string[]>();
    for (const { name, parents, parts } of graph.units.values()) {
      const [parent] = parents;
      if (parent !== undefined) entry(byParent, parent, () => []).push(name);
      const stem = parts === null || parts.tier === null ? '' : parts.stem;
      if (stem.length >= 2) entry(byStem, stem, () => []).push(name);
    }
    for (const names of [...byParent.values(), ...byStem.values()]) {
      for (const name of names) this.#named.join(names[0] ?? name, name);
      for (const name of names)
        this.#sharing.set(name, Math.max(this.#sharing.get(name) ?? 1, names.length));
    }
    for (const mates of graph.mates) {
      const stems = new Set(mates.flatMap((name) => this.#stemOf(name) ?? []));
      if (stems.size <= 1) for (const name of mates) this.#named.join(mates[0] ?? name, name);
    }
    for (const { to, sessions } of graph.edges) add(this.#incoming, to, sessions);
  }

  #stemOf(unit: string): string | null {
    const { parts, parents } = this.#graph.units.get(unit) ?? { parts: null, parents: [] };
    if (parents[0] !== undefined) return `in ${parents[0]}`;
    return parts === null || parts.tier === null || parts.stem === '' ? null : parts.stem;
  }

  /** Whether sessions tie two units to one application, or are a call from one to another. */
  #ties(edge: UnitEdge): boolean {
    const { from, to, sessions } = edge;
    if (this.#named.find(from) === this.#named.find(to)) return true;
    if (!this.#mayTie(edge)) return false;
    return !this.#isEntry(to) || sessions >= (this.#graph.fromOutside.get(to) ?? 0);
  }

  #isEntry(unit: string): boolean {
    const outside = this.#graph.fromOutside.get(unit) ?? 0;
    return outside > 0 && outside >= ENTRY_SHARE * (outside + (this.#incoming.get(unit) ?? 0));
  }

  /**
   * Edges inside applications. A unit that would be left alone is tied to the one it calls most:
   * an entry whose next tier is asked by a balancer too, if only whether it lives.
   */
  #tying(): readonly UnitEdge[] {
    const { edges } = this.#graph;
    const tying = edges.filter((edge) => this.#ties(edge));
    const tied = new Set(tying.flatMap(({ from, to }) => [from, to]));
    const lone = new Map<string, UnitEdge>();
    for (const edge of edges) {
      const { from, sessions } = edge;
      const isFree =
        (this.#sharing.get(from) ?? 1) === 1 && !tied.has(from) && !this.#graph.inner.has(from);
      if (isFree && this.#mayTie(edge) && sessions > (lone.get(from)?.sessions ?? 0)) {
        lone.set(from, edge);
      }
    }
    return [...tying, ...lone.values()];
  }

  /** Whether their names let two units be of one application. */
  #mayTie({ from, to }: UnitEdge): boolean {
    const [caller, called] = [this.#stemOf(from), this.#stemOf(to)];
    return caller === null || called === null || caller === called;
  }

  #components(edges: readonly UnitEdge[], without: ReadonlySet<string>): Sets {
    const sets = new Sets();
    for (const unit of this.#graph.units.keys()) {
      if (!without.has(unit)) sets.join(this.#named.find(unit), unit);
    }
    for (const { from, to } of edges) {
      if (!without.has(from) && !without.has(to)) sets.join(from, to);
    }
    return sets;
  }

  /** Units that several applications use and none owns, such as a common database. */
  #common(edges: readonly UnitEdge[]): ReadonlySet<string> {
    const common = new Set<string>();
    for (const unit of this.#graph.units.keys()) {
      if ((this.#sharing.get(unit) ?? 1) > 1) continue;
      const callers = edges.filter(({ to }) => to === unit).map(({ from }) => from);
      if (callers.length < 2 || edges.some(({ from }) => from === unit)) continue;
      const sets = this.#components(edges, new Set([unit]));
      const roots = new Map<string, string[]>();
      for (const name of this.#graph.units.keys()) {
        if (name !== unit) entry(roots, sets.find(name), () => []).push(name);
      }
      const users = new Set(callers.map((caller) => sets.find(caller)));
      const whole = [...users].filter((root) =>
        (roots.get(root) ?? []).some((name) => this.#isEntry(name)),
      );
      const large = [...users].filter((root) => (roots.get(root) ?? []).length > 1);
      if (users.size >= 2 && whole.length >= 2 && (large.length > 0 || users.size > 2)) {
        common.add(unit);
      }
    }
    return common;
  }

  run(): readonly FoundApplication[] {
    const { graph } = this;
    const tying = this.#tying();
    const common = this.#common(tying);
    const sets = this.#components(tying, common);
    const byRoot = new Map<string, string[]>();
    for (const unit of graph.units.keys()) {
      if (!common.has(unit)) entry(byRoot, sets.find(unit), () => []).push(unit);
    }
    return [...byRoot.values()].map((units): FoundApplication => {
      const own = new Set(units);
      const inside = tying.filter(({ from, to }) => own.has(from) && own.has(to));
      const across = graph.edges.filter(
        ({ from, to }) => own.has(from) !== own.has(to) && !common.has(from) && !common.has(to),
      );
      const sum = (edges: readonly UnitEdge[]) =>
        edges.reduce((total, { sessions }) => total + sessions, 0);
      return {
        name: this.#nameOf(units),
        units: [...units].sort(),
        tiers: orderTiers(units, inside, graph),
        evidence: {
          named: units.filter((unit) => (this.#sharing.get(unit) ?? 1) > 1).length,
          units: units.length,
          inside: sum(inside),
          across: sum(across),
        },
      };
    });
  }

  get graph(): UnitGraph {
    return this.#graph;
  }

  #nameOf(units: readonly string[]): string {
    const counts = new Map<string, number>();
    const members = units.flatMap((unit) => this.#graph.units.get(unit) ?? []);
    for (const { parents } of members) {
      const outermost = parents[0];
      if (outermost !== undefined) add(counts, outermost, 1);
    }
    const parents = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([p]) => p);
    const parsed = members.filter(({ parts }) => parts !== null && parts.stem !== '');
    const tags = (parents.length > 0 ? members : parsed).map(({ name }) => name);
    const named = tags.length === 0 ? null : applicationName(tags, parents);
    if (named !== null) return named;
    const entry = [...units].sort(
      (a, b) =>
        (this.#graph.fromOutside.get(b) ?? 0) - (this.#graph.fromOutside.get(a) ?? 0) ||
        (a < b ? -1 : 1),
    )[0];
    const name = entry ?? '';
    return isMeaningless(name) ? `Application ${name.slice(0, 8)}` : name;
  }
}

/**
 * Sorts units into applications: those with one tag around them or one word in their tags belong
 * together; of the others, those that call each other. A call into the entry of another
 * application is a dependency and joins nothing; what several applications use belongs to none.
 */
export function findApplications(graph: UnitGraph): readonly FoundApplication[] {
  return new ApplicationFinder(graph).run();
}
