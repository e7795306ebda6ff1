import { fork as forkNode, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { app } from './app.ts';
import { PortTunnel, takeEnds } from './ports.ts';
import { afterReady, strict, violation } from './state.ts';
import { cloned } from './wire.ts';

/** From the main process to a utility process, over Node's own channel. */
export type ToUtility =
  | { readonly kind: 'message'; readonly value: unknown; readonly ports: readonly string[] }
  | { readonly kind: 'port'; readonly port: string; readonly value: unknown }
  | { readonly kind: 'port-close'; readonly port: string };

/** From a utility process to the main process. */
export type FromUtility =
  | { readonly kind: 'message'; readonly value: unknown }
  | { readonly kind: 'port'; readonly port: string; readonly value: unknown }
  | { readonly kind: 'port-close'; readonly port: string };

interface ForkOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly execArgv?: readonly string[];
  readonly serviceName?: string;
  readonly stdio?: unknown;
}

const running = new Set<UtilityProcess>();

/** The utility processes alive now. */
export function utilityProcesses(): readonly UtilityProcess[] {
  return [...running];
}

/** https://www.electronjs.org/docs/latest/api/utility-process */
export class UtilityProcess extends EventEmitter {
  pid: number | undefined;
  private readonly child: ChildProcess;
  private readonly tunnel: PortTunnel;

  constructor(entry: string, args: readonly string[], options: ForkOptions) {
    super();
    this.child = forkNode(entry, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      execArgv: [
        '--import',
        new URL('./utility-shim.js', import.meta.url).href,
        ...(options.execArgv ?? []),
      ],
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.tunnel = new PortTunnel({
      message: (port, value) => {
        this.tell({ kind: 'port', port, value });
      },
      close: (port) => {
        this.tell({ kind: 'port-close', port });
      },
    });
    running.add(this);
    this.child.once('spawn', () => {
      this.pid = this.child.pid;
      this.emit('spawn');
    });
    this.child.on('message', (message) => {
      this.hear(message as FromUtility);
    });
    this.child.once('exit', (code, signal) => {
      this.end(code ?? signalNumber(signal), code === 0 ? 'clean-exit' : 'crashed', options);
    });
  }

  postMessage(value: unknown, transfer: readonly unknown[] = []): void {
    const copy = cloned(value);
    const ports = takeEnds(transfer).map((end) => this.tunnel.enter(end));
    this.tell({ kind: 'message', value: copy, ports });
    for (const port of ports) this.tunnel.start(port);
  }

  kill(): boolean {
    return this.child.kill('SIGTERM');
  }

  /** Ends the process the hard way, as a crash or the system's memory guard would. */
  crash(): void {
    this.child.kill('SIGKILL');
  }

  private tell(message: ToUtility): void {
    if (this.child.connected) this.child.send(message);
  }

  private hear(message: FromUtility): void {
    if (message.kind === 'message') this.emit('message', message.value);
    else if (message.kind === 'port') this.tunnel.receive(message.port, message.value);
    else this.tunnel.close(message.port);
  }

  private end(code: number, reason: string, { serviceName }: ForkOptions): void {
    running.delete(this);
    this.pid = undefined;
    this.tunnel.closeAll();
    this.emit('exit', code);
    app.emit('child-process-gone', {}, { type: 'Utility', reason, exitCode: code, serviceName });
  }
}

function signalNumber(signal: NodeJS.Signals | null): number {
  return signal === 'SIGTERM' ? 15 : 9;
}

/** The module `utilityProcess`. */
export const utilityProcess = strict('utilityProcess', {
  fork(entry: string, args: readonly string[] = [], options: ForkOptions = {}): UtilityProcess {
    afterReady('utilityProcess.fork');
    if (typeof entry !== 'string' || entry === '')
      violation('Missing UtilityProcess entry script.');
    if (Array.isArray(options.stdio) && options.stdio[0] !== 'ignore')
      violation('stdin value other than ignore is not supported.');
    return new UtilityProcess(entry, args, options);
  },
});
