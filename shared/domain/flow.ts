/**
 * The way a packet crossed a workload's vNIC, into the workload or out of it; THROUGH where no vNIC
 * saw it but a firewall or collector in between. The order is that of the numbers in a project.
 */
export const DIRECTIONS = ['IN', 'OUT', 'THROUGH'] as const;

/** One of the ways. */
export type Direction = (typeof DIRECTIONS)[number];

/** Where packets are seen, in the order of the numbers in a project. */
export const SEEN = ['vnic', 'perimeter', 'collector'] as const;

/**
 * What the DFW did, as the log spells it. The set is open: NSX adds actions.
 * Documented ones: PASS DROP REJECT NAT NONAT RDR NORDR PUNT COPY REDIRECT GOTO_FILTER PBR LB.
 */
export type LoggedAction = string;

/** Events summed over the key side, source, destination, protocol, destination port, action, rule and tag. */
export interface Flow {
  readonly direction: Direction;
  /** The client: the address that opened the session. */
  readonly source: string;
  /** The server. */
  readonly destination: string;
  /** `TCP/443`, or the protocol's name where there are no ports. */
  readonly service: string;
  readonly action: LoggedAction;
  /** The NSX rule number in the log. */
  readonly rule: number;
  /** The rule's log label (tag), empty where it has none. */
  readonly tag: string;
  /** True where only replies were logged, so that client and server are swapped against the log line. */
  readonly reply: boolean;
  readonly events: number;
  /** Sessions opened: the greater of first-packet lines and session-end lines. */
  readonly sessions: number;
  /** Bytes both ways, known only for sessions whose end was logged. */
  readonly bytes: number;
  /** Packets both ways, known only for sessions whose end was logged. */
  readonly packets: number;
  /** First event, milliseconds since 1970 UTC. */
  readonly first: number;
  /** Last event, milliseconds since 1970 UTC. */
  readonly last: number;
}

/** What flows may be summed by. */
export const FLOW_KEYS = [
  'direction',
  'source',
  'destination',
  'service',
  'action',
  'rule',
  'tag',
  'sourceGroup',
  'destinationGroup',
  'sourceApplication',
  'destinationApplication',
  'protocol',
] as const;

/** One of the columns flows may be summed by. */
export type FlowKey = (typeof FLOW_KEYS)[number];

/** What flows may be ordered by, the largest first. */
export const FLOW_ORDERS = ['sessions', 'events', 'bytes', 'packets', 'first', 'last'] as const;

/** One of the columns flows may be ordered by. */
export type FlowOrder = (typeof FLOW_ORDERS)[number];

/**
 * A row of flows summed by some keys; a key that was not asked for is `null`. Groups and applications are
 * ids as filters take them: `group:NAME` or `node:` and a node of the map, `app:NAME`; an address of no
 * application has its group there.
 */
export interface FlowRow {
  readonly direction: Direction | null;
  readonly source: string | null;
  readonly destination: string | null;
  readonly service: string | null;
  readonly action: LoggedAction | null;
  readonly rule: number | null;
  readonly tag: string | null;
  readonly sourceGroup: string | null;
  readonly destinationGroup: string | null;
  readonly sourceApplication: string | null;
  readonly destinationApplication: string | null;
  readonly protocol: string | null;
  readonly reply: boolean;
  readonly events: number;
  readonly sessions: number;
  readonly bytes: number;
  readonly packets: number;
  readonly first: number;
  readonly last: number;
}

/** One page of flows and how many there are in all. */
export interface FlowPage {
  readonly rows: readonly FlowRow[];
  readonly totalRows: number;
  /** Sums over all rows, not only this page. */
  readonly totalEvents: number;
  readonly totalSessions: number;
}

/** Events per time bucket and action. */
export interface Histogram {
  /** Start of the first bucket, milliseconds since 1970 UTC. */
  readonly start: number;
  /** Width of a bucket in milliseconds. */
  readonly bucketMs: number;
  /** Events of one action, one number a bucket. */
  readonly series: readonly { readonly action: LoggedAction; readonly events: readonly number[] }[];
}

/** Events per time bucket and group. */
export interface GroupHits {
  /** Start of the first bucket, milliseconds since 1970 UTC. */
  readonly start: number;
  /** Width of a bucket in milliseconds. */
  readonly bucketMs: number;
  /** The group with the most events first; `id` is that of its node on the map. */
  readonly groups: readonly {
    readonly id: string;
    readonly label: string;
    /** One number a bucket. */
    readonly events: readonly number[];
    readonly total: number;
  }[];
}

/** One logged line behind a flow: where it stands and what it says. */
export interface Evidence {
  /** Number of the source in the project. */
  readonly sourceId: number;
  /** Path of the source. */
  readonly source: string;
  /** Number of the line in its source, from 1. */
  readonly line: number;
  readonly host: string;
  readonly at: number;
  readonly kind: 'match' | 'TERM' | 'other';
  readonly reason: string;
  readonly direction: Direction;
  readonly from: string;
  readonly fromPort: number | null;
  readonly to: string;
  readonly toPort: number | null;
  readonly protocol: string;
  readonly action: LoggedAction;
  readonly rule: number;
  readonly tag: string;
  readonly bytes: number;
}

/** The latest lines behind a sum, and how many there are. */
export interface LinePage {
  readonly lines: readonly Evidence[];
  /** Lines behind the sum that the project holds. */
  readonly listed: number;
  /** Events of the sum; more than the lines where sources hold flows only. */
  readonly events: number;
  /** Flows of the sum whose lines were not looked for, as they are too many: those with the fewest lines. */
  readonly leftOut: number;
}

/** Where a line stands: the number of its source in the project, and of the line in it, from 1. */
export interface LinePlace {
  readonly sourceId: number;
  readonly line: number;
}

/** The text of a line. */
export interface LineText {
  /** Without its line feed. A record of a JSON or CSV file is one line. */
  readonly text: string;
  /** Why the text is not the file's own but was written anew from the stored fields; `null` where it is the file's. */
  readonly rebuilt: string | null;
}
