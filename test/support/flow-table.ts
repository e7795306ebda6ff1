import rollup from '../../main/engine/ingest/rollup.sql';
import type { FlowSource } from '../../main/engine/policy/decisions/flow-columns.ts';
import { Database } from '../../main/engine/store/database.ts';
import { fixed, join, sql, u32 } from '../../main/engine/store/sql.ts';
import { formatAddress, type Address } from '../../shared/net/address.ts';
import type { DecidedFlow } from '../../shared/policy/decide.ts';

const FIRST_CODED = 0xf000_0000;

/** The action codes these tables use. */
export const ACTIONS = { PASS: 1, DROP: 2, REJECT: 3 } as const;

/** A line of a log: a flow seen at one place. */
export interface LoggedFlow {
  readonly flow: DecidedFlow;
  /** 0 into the destination, 1 out of the source. */
  readonly direction: 0 | 1;
  readonly action: keyof typeof ACTIONS;
  readonly rule?: number;
  /** True where the line is a reply whose beginning was not logged. */
  readonly isReply?: boolean;
  /** Milliseconds since 1970 UTC. */
  readonly at?: number;
}

/** Codes of addresses as a project gives them. */
export class AddressCodes {
  readonly texts: string[] = [];

  codeOf(address: Address): number {
    if (address.family === 4) return Number(address.value);
    const text = formatAddress(address);
    const known = this.texts.indexOf(text);
    return FIRST_CODED + (known >= 0 ? known : this.texts.push(text) - 1);
  }

  textOf(code: number): string {
    if (code >= FIRST_CODED) return this.texts[code - FIRST_CODED] ?? '';
    return formatAddress({ family: 4, value: BigInt(code) });
  }
}

const STAGED = [
  'source uinteger, line uinteger, seen_at timestamp_ms, rule uinteger, action uinteger',
  'direction utinyint, protocol utinyint, client uinteger, client_port usmallint',
  'server uinteger, server_port usmallint, reply utinyint, icmp usmallint',
].join(', ');

/** What is stored once for all lines that share it, and the lines. */
const PACKING = [
  'insert into origin values (0, 0, 0)',
  `insert into context
    select row_number() over (order by c) - 1, 0, 0, action, 0, rule, direction, protocol, 0, reply, 0, 1
    from (select distinct action, rule, direction, protocol, reply from staged) as c`,
  `insert into manner
    select row_number() over (order by icmp) - 1, 0, 0, icmp, 0
    from (select distinct icmp from staged)`,
  `insert into packed_event
    select source, line, seen_at, 0, context.code, manner.code, client, client_port, server,
      server_port, 0, 0, 0, 0
    from staged
    join context using (action, rule, direction, protocol, reply)
    join manner using (icmp)`,
] as const;

/** A project's tables of lines and flows, holding just these lines. */
export async function aFlowTable(
  file: string,
  lines: readonly LoggedFlow[],
): Promise<FlowSource & { readonly codes: AddressCodes }> {
  const database = await Database.open(file);
  const codes = new AddressCodes();
  await database.write(fixed(`create temp table staged (${STAGED})`));
  for (let from = 0; from < lines.length; from += 200) {
    const rows = lines.slice(from, from + 200).map((line, at) => {
      const { flow, direction, isReply = false } = line;
      const seenAt = fixed(`epoch_ms(${line.at ?? 1_700_000_000_000 + from + at})::timestamp_ms`);
      return sql`(0, ${u32(from + at)}, ${seenAt}, ${u32(line.rule ?? 0)}, ${u32(ACTIONS[line.action])},
        ${u32(isReply ? 1 - direction : direction)}, ${u32(flow.protocol)},
        ${u32(codes.codeOf(flow.source))}, ${u32(flow.sourcePort ?? 0)},
        ${u32(codes.codeOf(flow.destination))}, ${u32(flow.port)},
        ${u32(isReply ? 1 : 0)}, ${u32(flow.icmp ?? 0)})`;
    });
    await database.write(sql`insert into staged values ${join(rows, ', ', '')}`);
  }
  for (const statement of PACKING) await database.write(fixed(statement));
  await database.write(fixed(rollup));
  return { database, codes, addressText: (code) => codes.textOf(code), passing: [ACTIONS.PASS] };
}
