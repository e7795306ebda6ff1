import type { Prng } from '../sample/prng.ts';
import type { Addresses, Application, Edge, Member, MemberMaker, Tier } from './estate.ts';
import type { TagNames, TierKind } from './names.ts';
import { applicationName, tagNames } from './names.ts';
import type { WorldOptions } from './options.ts';

/** Ports a tier's members may listen on. */
const PORTS: Readonly<Record<TierKind, readonly number[]>> = {
  web: [80, 443, 8080, 8443],
  api: [8443, 8081, 443, 3000],
  app: [8080, 8009, 9080, 7001],
  cache: [6379, 11_211],
  mq: [5672, 61_616, 9092],
  batch: [8090],
  db: [1433, 3306, 5432, 1521],
};

const SHAPES: Readonly<Record<number, readonly (readonly TierKind[])[]>> = {
  1: [['app'], ['web']],
  2: [
    ['web', 'db'],
    ['api', 'db'],
    ['web', 'app'],
  ],
  3: [
    ['web', 'app', 'db'],
    ['web', 'app', 'db'],
    ['web', 'api', 'db'],
    ['app', 'cache', 'db'],
  ],
  4: [
    ['web', 'app', 'cache', 'db'],
    ['web', 'app', 'mq', 'db'],
    ['web', 'api', 'app', 'db'],
    ['web', 'app', 'batch', 'db'],
  ],
  5: [
    ['web', 'api', 'app', 'cache', 'db'],
    ['web', 'app', 'mq', 'batch', 'db'],
    ['web', 'api', 'app', 'mq', 'db'],
  ],
};

/** Tiers a request passes one after the other. */
const MAIN: readonly TierKind[] = ['web', 'api', 'app', 'db'];

function edgesOf(tiers: readonly Tier[], shared: Tier | null, prng: Prng): readonly Edge[] {
  const edges: Edge[] = [];
  const at = (kind: TierKind) => tiers.find((tier) => tier.kind === kind);
  const main = tiers.filter(({ kind }) => MAIN.includes(kind));
  if (shared !== null) main.push(shared);
  main.slice(1).forEach((to, index) => {
    const from = main[index];
    if (from === undefined) return;
    const isLongLived = to.kind === 'db' && prng.chance(0.4);
    edges.push({ from, to, isLongLived, chance: 0.4 + prng.next() * 0.5 });
  });
  const caller = main.filter(({ kind }) => kind !== 'db').at(-1);
  const database = main.find(({ kind }) => kind === 'db');
  const link = (from: Tier | undefined, to: Tier | undefined, isLongLived: boolean) => {
    if (from !== undefined && to !== undefined) {
      edges.push({ from, to, isLongLived, chance: 0.3 });
    }
  };
  link(caller, at('cache'), prng.chance(0.3));
  link(caller, at('mq'), prng.chance(0.5));
  link(at('batch'), at('mq'), true);
  link(at('batch'), database, false);
  return edges;
}

/** Draws applications one after the other from one estate's addresses. */
export class ApplicationMaker {
  readonly #options: WorldOptions;
  readonly #addresses: Addresses;
  readonly #maker: MemberMaker;
  readonly #prng: Prng;
  #common: Tier | null = null;

  constructor(options: WorldOptions, addresses: Addresses, maker: MemberMaker, prng: Prng) {
    this.#options = options;
    this.#addresses = addresses;
    this.#maker = maker;
    this.#prng = prng;
  }

  /** The database tier several applications share, once one of them asked for it. */
  get common(): Tier | null {
    return this.#common;
  }

  #commonTier(): Tier {
    const tagged = this.#options.tagging !== 'none';
    const group = tagged ? 'SG-COMMON-SQL' : null;
    const network = this.#addresses.network();
    const members = Array.from({ length: this.#prng.int(2, 4) }, (_, i) =>
      this.#maker.make(this.#addresses.in(network), {
        name: `common-sql-${i + 1}`,
        role: 'common.db',
        group,
        parent: null,
      }),
    );
    const groups = group === null ? [] : [group];
    this.#common ??= { kind: 'db', role: 'common.db', members, groups, port: 1433, vip: null };
    return this.#common;
  }

  #tags(kind: TierKind, names: TagNames, isFirst: boolean): readonly string[] {
    const { tagging, splitPoolShare } = this.#options;
    if (tagging === 'none') return [];
    if (tagging === 'application') return [names.parent];
    if (tagging === 'partly' && !isFirst && this.#prng.chance(0.4)) return [];
    const canSplit = kind === 'web' || kind === 'api' || kind === 'app';
    return canSplit && this.#prng.chance(splitPoolShare)
      ? [names.tag(kind, 'A'), names.tag(kind, 'B')]
      : [names.tag(kind, '')];
  }

  #tier(
    application: string,
    kind: TierKind,
    groups: readonly string[],
    place: { readonly network: string; readonly parent: string | null },
  ): Tier {
    const [least, most] = this.#options.members;
    const count = Math.max(this.#prng.int(least, most), 2 * groups.length - 2, 1);
    const role = `${application}.${kind}`;
    const members = Array.from({ length: count }, (_, i): Member => {
      const group = groups[i % Math.max(1, groups.length)] ?? null;
      return this.#maker.make(this.#addresses.in(place.network), {
        name: `${application.toLowerCase()}-${kind}-${i + 1}`,
        role,
        group,
        parent: group === null ? null : place.parent,
        maySleep: i > 1,
      });
    });
    return { kind, role, members, groups, port: this.#prng.pick(PORTS[kind]), vip: null };
  }

  /** The `index`th application. */
  make(index: number): Application {
    const prng = this.#prng;
    const name = applicationName(index);
    const names = tagNames(this.#options.naming, index, prng);
    const shape = prng.pick(SHAPES[prng.int(...this.#options.tiers)] ?? [['app']]);
    const usesCommon = shape.length > 1 && prng.chance(this.#options.sharedDatabaseShare);
    const kinds = usesCommon ? shape.filter((kind) => kind !== 'db') : shape;
    const tags = kinds.map((kind, i) => this.#tags(kind, names, i === 0));
    const isNested = this.#options.tagging === 'tier-and-parent' && tags.flat().length > 1;
    const parent = isNested ? names.parent : null;
    const isFlat = prng.chance(0.4);
    const network = this.#addresses.network();
    const tiers = kinds.map((kind, i) =>
      this.#tier(name, kind, tags[i] ?? [], {
        network: isFlat ? network : this.#addresses.network(),
        parent,
      }),
    );
    const [entry] = tiers;
    if (entry === undefined) throw new Error('An application has no tier.');
    const edges = edgesOf(tiers, usesCommon ? this.#commonTierOnce() : null, prng);
    return { name, stem: names.stem, parent, tiers, edges, entry };
  }

  #commonTierOnce(): Tier {
    return this.#common ?? this.#commonTier();
  }
}
