import rollup from '../../main/engine/ingest/rollup.sql';
import type { FlowSource } from '../../main/engine/policy/decisions/flow-columns.ts';
import { Database } from '../../main/engine/store/database.ts';
import { fixed, join, sql, u32 } from '../../main/engine/store/sql.ts';
import { formatAddress, type Address } from '../../shared/net/address.ts';
import type { DecidedFlow } from '../../shared/policy/decide.ts';

const FIRST_CODED = 0xf000_0000;

/** The action codes these tables use. */
export const ACTIONS = { PASS: 1, DROP: 2 } as const;

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

/** A project's tables of lines and flows, holding just these lines. */
export async function aFlowTable(
  file: string,
  lines: readonly LoggedFlow[],
): Promise<FlowSource & { readonly codes: AddressCodes }> {
  const database = await Database.open(file);
  const codes = new AddressCodes();
  for (let from = 0; from < lines.length; from += 200) {
    const rows = lines.slice(from, from + 200).map((line, at) => {
      const { flow, direction, isReply = false } = line;
      const [client, server] = [codes.codeOf(flow.source), codes.codeOf(flow.destination)];
      const [src, dst] = isReply ? [server, client] : [client, server];
      const ports = [flow.sourcePort ?? 0, flow.port] as const;
      const [sport, dport] = isReply ? [ports[1], ports[0]] : ports;
      const seenAt = fixed(`epoch_ms(${line.at ?? 1_700_000_000_000 + from + at})::timestamp_ms`);
      return sql`(0, ${u32(from + at)}, ${seenAt}, 0, 0, 0, 0, ${u32(ACTIONS[line.action])}, 0,
        ${u32(line.rule ?? 0)}, ${u32(isReply ? 1 - direction : direction)}, ${u32(flow.protocol)},
        ${u32(src)}, ${u32(sport)}, ${u32(dst)}, ${u32(dport)}, 0, ${u32(isReply ? 1 : 0)}, 0,
        ${u32(flow.icmp ?? 0)}, 0, 0, 0, 0, 0, 0, 0, 1)`;
    });
    await database.write(sql`insert into event values ${join(rows, ', ', '')}`);
  }
  await database.write(fixed(rollup));
  return { database, codes, addressText: (code) => codes.textOf(code), passing: [ACTIONS.PASS] };
}
