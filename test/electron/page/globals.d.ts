import type { ShellApi } from '../../../shared/ipc/shell-contract.ts';

declare global {
  interface Window {
    /** What the preload script exposes. */
    readonly segwright: ShellApi;
    /** What the test page has seen. */
    readonly seen: {
      readonly commands: readonly string[];
      readonly paths: readonly string[];
      readonly sentences: readonly string[];
      ports: number;
      readonly closes: number;
    };
    /** What the preload script of test/electron/bad-mains exposes. */
    readonly bad: {
      readonly echo: (value: unknown) => unknown;
      readonly fail: () => Promise<unknown>;
      readonly send: (value: unknown) => Promise<unknown>;
    };
    /** Asks the engine over the latest port; gives its raw answer. */
    call(
      name: string,
      args?: unknown,
    ): Promise<{ readonly kind: string; readonly value?: unknown; readonly failure?: unknown }>;
  }
}
