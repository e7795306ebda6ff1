import { bug } from '../../../shared/failure/failure.ts';
import type { CancelSignal } from '../../../shared/ipc/cancel.ts';
import type { Database } from '../store/database.ts';
import { numberOf, textOf } from '../store/rows.ts';
import { fixed, sql, u32s, type Sql } from '../store/sql.ts';
import type { Leg } from './conditions.ts';

/**
 * Balancers' legs as the relation `leg` of a `with` clause: codes of `source` and `destination`,
 * `protocol`, `port`, and the `node` that the leg is drawn from in the place of its source's own.
 */
export function legRelation(legs: readonly Leg[]): Sql {
  return sql`leg as (
      select
        unnest(${u32s(legs.map(({ source }) => source))}) as source,
        unnest(${u32s(legs.map(({ destination }) => destination))}) as destination,
        unnest(${u32s(legs.map(({ protocol }) => protocol))}) as protocol,
        unnest(${u32s(legs.map(({ port }) => port))}) as port,
        unnest(${u32s(legs.map(({ node }) => node))}) as node
    )`;
}

/** Between which nodes of the map flows are drawn; the same as `legRelation` tells statements. */
export class MapEnds {
  readonly #nodeOfAddress: ReadonlyMap<number, string>;
  /** Nodes of legs by the code of their source, then by the rest of the flow. */
  readonly #legs = new Map<number, Map<string, string>>();

  /**
   * @param nodeOfAddress id of the node of each address code
   * @param legs balancers' legs, each with the id of the node it is drawn from
   */
  constructor(
    nodeOfAddress: ReadonlyMap<number, string>,
    legs: readonly (Omit<Leg, 'node'> & { readonly node: string })[],
  ) {
    this.#nodeOfAddress = nodeOfAddress;
    for (const { source, destination, protocol, port, node } of legs) {
      const own = this.#legs.get(source) ?? new Map<string, string>();
      this.#legs.set(source, own.set(`${destination} ${protocol} ${port}`, node));
    }
  }

  /** Ids of all nodes that a flow may be drawn between. */
  nodes(): readonly string[] {
    const legs = [...this.#legs.values()].flatMap((own) => [...own.values()]);
    return [...new Set([...this.#nodeOfAddress.values(), ...legs])];
  }

  /** The node of an address, whatever the flow; absent where the map has none. */
  nodeOf(address: number): string | undefined {
    return this.#nodeOfAddress.get(address);
  }

  /** Whether some flows of a source are drawn from another node than its own. */
  hasLegs(source: number): boolean {
    return this.#legs.has(source);
  }

  /** The node a flow is drawn from: the VIP it stands for, or else its source's own. */
  sourceOf(flow: Omit<Leg, 'node'>): string | undefined {
    const { source, destination, protocol, port } = flow;
    const leg = this.#legs.get(source)?.get(`${destination} ${protocol} ${port}`);
    return leg ?? this.nodeOf(source);
  }
}

/** Reads the nodes of all addresses, as they are stored now. */
export async function readMapEnds(
  database: Database,
  legs: readonly Leg[],
  signal: CancelSignal,
): Promise<MapEnds> {
  const rows = await database.query(
    fixed('select address, node.id as id from address_node join node using (node)'),
    signal,
  );
  const nodes = await database.query(fixed('select node, id from node'), signal);
  const ids = new Map(nodes.map((row) => [numberOf(row, 'node'), textOf(row, 'id')]));
  return new MapEnds(
    new Map(rows.map((row) => [numberOf(row, 'address'), textOf(row, 'id')])),
    legs.map((leg) => ({ ...leg, node: ids.get(leg.node) ?? bug('a leg from nowhere') })),
  );
}
