/** How much went from a source over a service to a destination. */
export interface Way {
  readonly source: string;
  readonly service: string;
  readonly destination: string;
  readonly value: number;
}

/** The columns from left to right. */
export const COLUMNS = ['source', 'service', 'destination'] as const;

/** One of the columns. */
export type Column = (typeof COLUMNS)[number];

/** A block of the picture: everything of one source, service or destination. */
export interface Block {
  readonly column: Column;
  /** `null` where it stands for all that are too small to be drawn. */
  readonly id: string | null;
  /** How many it stands for. */
  readonly count: number;
  readonly value: number;
  readonly y: number;
  readonly height: number;
}

/** What flows from a block to one of the next column. */
export interface Ribbon {
  readonly from: Block;
  readonly to: Block;
  readonly value: number;
  /** Upper edge at either end. */
  readonly fromY: number;
  readonly toY: number;
  readonly height: number;
}

/** A picture of ways, in pixels from the top. */
export interface Sankey {
  readonly blocks: readonly Block[];
  readonly ribbons: readonly Ribbon[];
}

/** How large the picture is. */
export interface SankeySize {
  readonly height: number;
  /** Between blocks. */
  readonly gap: number;
  /** Blocks of a column at most; the others share one. */
  readonly most: number;
}

const OTHERS = '\u0000others';

interface Part {
  readonly id: string;
  value: number;
  count: number;
}

/** The parts of a column, the greatest first, of which those beyond a number are one. */
function partsOf(ways: readonly Way[], column: Column, most: number): ReadonlyMap<string, Part> {
  const sums = new Map<string, number>();
  for (const way of ways) sums.set(way[column], (sums.get(way[column]) ?? 0) + way.value);
  const sorted = [...sums].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const kept = sorted.length > most ? sorted.slice(0, most - 1) : sorted;
  const parts = new Map(kept.map(([id, value]) => [id, { id, value, count: 1 }]));
  const rest = sorted.slice(kept.length);
  if (rest.length > 0) {
    const value = rest.reduce((sum, [, each]) => sum + each, 0);
    parts.set(OTHERS, { id: OTHERS, value, count: rest.length });
  }
  return parts;
}

function key(from: string, to: string): string {
  return JSON.stringify([from, to]);
}

/**
 * Lays ways out as blocks in three columns and ribbons between them, heights by value. The blocks of
 * the two right columns stand near where their ribbons come from, so that few cross.
 */
export function layoutSankey(given: readonly Way[], size: SankeySize): Sankey {
  const ways = given.filter(({ value }) => value > 0);
  if (ways.length === 0) return { blocks: [], ribbons: [] };
  const parts = COLUMNS.map((column) => partsOf(ways, column, size.most));
  const idsOf = (way: Way) =>
    COLUMNS.map((column, at) => (parts[at]?.has(way[column]) === true ? way[column] : OTHERS));
  const total = ways.reduce((sum, { value }) => sum + value, 0);
  const gaps = Math.max(...parts.map((each) => each.size)) - 1;
  const scale = Math.max(1, size.height - gaps * size.gap) / total;

  const links = [0, 1].map((at) => {
    const sums = new Map<string, { from: string; to: string; value: number }>();
    for (const way of ways) {
      const ids = idsOf(way);
      const [from = OTHERS, to = OTHERS] = [ids[at], ids[at + 1]];
      const link = sums.get(key(from, to)) ?? { from, to, value: 0 };
      link.value += way.value;
      sums.set(key(from, to), link);
    }
    return [...sums.values()];
  });

  const placed: Map<string, Block>[] = [];
  COLUMNS.forEach((column, at) => {
    const before = placed[at - 1];
    const middle = (part: Part) => {
      const into = (links[at - 1] ?? []).filter(({ to }) => to === part.id);
      const weighed = into.reduce((sum, { from, value }) => {
        const block = before?.get(from);
        return sum + value * (block === undefined ? 0 : block.y + block.height / 2);
      }, 0);
      return weighed / part.value;
    };
    const own = [...(parts[at]?.values() ?? [])];
    if (before !== undefined) own.sort((a, b) => middle(a) - middle(b));
    const used = total * scale + (own.length - 1) * size.gap;
    let y = Math.max(0, (size.height - used) / 2);
    const blocks = new Map<string, Block>();
    for (const { id, value, count } of own) {
      const height = value * scale;
      blocks.set(id, { column, id: id === OTHERS ? null : id, count, value, y, height });
      y += height + size.gap;
    }
    placed.push(blocks);
  });

  const ribbons = links.flatMap((each, at) => ribbonsOf(each, placed[at], placed[at + 1], scale));
  return { blocks: placed.flatMap((blocks) => [...blocks.values()]), ribbons };
}

function ribbonsOf(
  links: readonly { readonly from: string; readonly to: string; readonly value: number }[],
  left: ReadonlyMap<string, Block> | undefined,
  right: ReadonlyMap<string, Block> | undefined,
  scale: number,
): readonly Ribbon[] {
  const ends = links.flatMap(({ from, to, value }) => {
    const [start, end] = [left?.get(from), right?.get(to)];
    return start === undefined || end === undefined ? [] : [{ from: start, to: end, value }];
  });
  const stack = (side: 'from' | 'to', other: 'from' | 'to') => {
    const filled = new Map<Block, number>();
    return new Map(
      [...ends]
        .sort((a, b) => a[other].y - b[other].y)
        .map((link) => {
          const y = filled.get(link[side]) ?? link[side].y;
          filled.set(link[side], y + link.value * scale);
          return [link, y];
        }),
    );
  };
  const [fromY, toY] = [stack('from', 'to'), stack('to', 'from')];
  return ends.map((link) => ({
    ...link,
    fromY: fromY.get(link) ?? 0,
    toY: toY.get(link) ?? 0,
    height: link.value * scale,
  }));
}

/** The outline of a ribbon between two columns, as the data of an SVG path. */
export function ribbonPath({ fromY, toY, height }: Ribbon, left: number, right: number): string {
  const middle = (left + right) / 2;
  const curve = (y0: number, x1: number, y1: number) =>
    `C${middle} ${y0} ${middle} ${y1} ${x1} ${y1}`;
  return [
    `M${left} ${fromY}`,
    curve(fromY, right, toY),
    `L${right} ${toY + height}`,
    curve(toY + height, left, fromY + height),
    'Z',
  ].join('');
}
