import type { Host, Workload } from './topology.ts';

/** What one DFW line says, before a host spells it. */
export interface DfwEvent {
  readonly host: Host;
  /** The host's clock, milliseconds since 1970 UTC. */
  readonly at: number;
  readonly workload: Workload;
  readonly kind: 'match' | 'TERM';
  readonly action: 'PASS' | 'DROP';
  readonly rule: number;
  readonly tag: string;
  readonly direction: 'IN' | 'OUT';
  /** Length of the first packet in bytes. */
  readonly length: number;
  readonly protocol: number;
  readonly source: string;
  /** `null` for protocols without ports. */
  readonly sourcePort: number | null;
  readonly destination: string;
  readonly destinationPort: number | null;
  /** TCP flags of a match line. */
  readonly flags: string;
  /** Why a TCP session ended. */
  readonly closeReason: '' | 'FIN' | 'RST' | 'TIMEOUT';
  /** Packets of the initiator and of the responder. */
  readonly packets: readonly [number, number];
  /** Bytes of the initiator and of the responder. */
  readonly bytes: readonly [number, number];
}

/** The address whose vNIC logged the event. */
export function vantageOf(event: DfwEvent): string {
  return event.direction === 'IN' ? event.destination : event.source;
}
