import { EventEmitter } from 'node:events';
import { violation } from './state.ts';
import { cloned } from './wire.ts';

interface Parcel {
  readonly value: unknown;
  readonly ends: readonly PortEnd[];
}

/** What a port's owner does with what arrives. */
export interface PortSink {
  message(value: unknown, ends: readonly PortEnd[]): void;
  close(): void;
}

/** One end of a pipe. Its owner may change when it is transferred; parcels wait meanwhile. */
export class PortEnd {
  peer: PortEnd | undefined;
  private sink: PortSink | undefined;
  private started = false;
  private closed = false;
  private readonly parcels: Parcel[] = [];

  own(sink: PortSink): void {
    this.sink = sink;
    this.started = false;
  }

  start(): void {
    this.started = true;
    for (const parcel of this.parcels.splice(0)) this.sink?.message(parcel.value, parcel.ends);
  }

  send(value: unknown, ends: readonly PortEnd[] = []): void {
    if (this.closed) return;
    const { peer } = this;
    queueMicrotask(() => peer?.receive({ value, ends }));
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    const { peer } = this;
    queueMicrotask(() => peer?.closeByPeer());
  }

  private receive(parcel: Parcel): void {
    if (this.closed) return;
    if (this.started) this.sink?.message(parcel.value, parcel.ends);
    else this.parcels.push(parcel);
  }

  private closeByPeer(): void {
    if (this.closed) return;
    this.closed = true;
    this.sink?.close();
  }
}

/** https://www.electronjs.org/docs/latest/api/message-port-main */
export class MessagePortMain extends EventEmitter {
  private end: PortEnd | undefined;

  constructor(end: PortEnd) {
    super();
    this.end = end;
    end.own({
      message: (value, ends) => {
        this.emit('message', { data: value, ports: ends.map((each) => new MessagePortMain(each)) });
      },
      close: () => {
        this.emit('close');
      },
    });
  }

  postMessage(value: unknown, transfer: readonly unknown[] = []): void {
    const ends = takeEnds(transfer, this);
    this.living().send(cloned(value), ends);
  }

  start(): void {
    this.living().start();
  }

  close(): void {
    this.living().close();
  }

  /** Takes the end out for a transfer; the port is of no use any more. */
  neuter(): PortEnd {
    const end = this.living();
    this.end = undefined;
    return end;
  }

  private living(): PortEnd {
    return this.end ?? violation('the port was transferred and cannot be used any more');
  }
}

/** https://www.electronjs.org/docs/latest/api/message-channel-main */
export class MessageChannelMain {
  readonly port1: MessagePortMain;
  readonly port2: MessagePortMain;

  constructor() {
    const ends = [new PortEnd(), new PortEnd()] as const;
    ends[0].peer = ends[1];
    ends[1].peer = ends[0];
    this.port1 = new MessagePortMain(ends[0]);
    this.port2 = new MessagePortMain(ends[1]);
  }
}

/** The ends of a transfer list. Anything but distinct, usable ports is refused, as Electron does. */
export function takeEnds(transfer: readonly unknown[], from?: MessagePortMain): readonly PortEnd[] {
  if (!Array.isArray(transfer)) return violation('a transfer list must be an array');
  const ports = transfer.map((port: unknown) =>
    port instanceof MessagePortMain ? port : violation('only ports can be transferred'),
  );
  if (new Set(ports).size !== ports.length)
    return violation('a port is in the transfer list twice');
  if (from !== undefined && ports.includes(from))
    return violation('a port cannot be sent through itself');
  return ports.map((port) => port.neuter());
}

/** Connects transferred ends to another process, which knows them by a name. */
export class PortTunnel {
  private readonly ends = new Map<string, PortEnd>();
  private lastName = 0;
  private readonly far: {
    message(name: string, value: unknown): void;
    close(name: string): void;
  };

  constructor(far: { message(name: string, value: unknown): void; close(name: string): void }) {
    this.far = far;
  }

  /** Takes over an end; returns its name. Start it with {@link start} once the name was told. */
  enter(end: PortEnd): string {
    const name = `port-${(++this.lastName).toString()}`;
    this.ends.set(name, end);
    end.own({
      message: (value, ends) => {
        if (ends.length > 0)
          violation('the double cannot send ports through a port of another process');
        this.far.message(name, value);
      },
      close: () => {
        this.ends.delete(name);
        this.far.close(name);
      },
    });
    return name;
  }

  start(name: string): void {
    this.ends.get(name)?.start();
  }

  receive(name: string, value: unknown): void {
    this.ends.get(name)?.send(value);
  }

  close(name: string): void {
    this.ends.get(name)?.close();
    this.ends.delete(name);
  }

  closeAll(): void {
    for (const name of [...this.ends.keys()]) this.close(name);
  }
}
