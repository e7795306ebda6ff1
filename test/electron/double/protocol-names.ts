/** The name of the world the preload script runs in. */
export const ISOLATED_WORLD = 'electron-isolated-context';

/** The function that world calls to reach the main process. */
export const HOST_BINDING = 'electronDoubleHost';

/** The function the main process calls in that world. */
export const DELIVER = 'electronDoubleDeliver';

/** What the page's world sends to the main process. */
export type FromPage =
  | {
      readonly kind: 'invoke';
      readonly id: number;
      readonly channel: string;
      readonly args: readonly unknown[];
    }
  | { readonly kind: 'send'; readonly channel: string; readonly args: readonly unknown[] }
  | { readonly kind: 'port'; readonly port: string; readonly value: unknown }
  | { readonly kind: 'port-close'; readonly port: string }
  | { readonly kind: 'preload-error'; readonly text: string }
  | { readonly kind: 'window-open'; readonly url: string }
  | {
      readonly kind: 'permission';
      readonly id: number;
      readonly name: string;
      readonly check: boolean;
    }
  | { readonly kind: 'csp'; readonly text: string };

/** What the main process sends to the page's world. */
export type ToPage =
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly text: string }
  | {
      readonly kind: 'message';
      readonly channel: string;
      readonly args: readonly unknown[];
      readonly ports: readonly string[];
    }
  | { readonly kind: 'port'; readonly port: string; readonly value: unknown }
  | { readonly kind: 'port-close'; readonly port: string }
  | { readonly kind: 'permission'; readonly id: number; readonly granted: boolean };

/** What the isolated world is started with. */
export interface IsolatedSetup {
  /** Names the events between the two worlds; the page cannot guess it. */
  readonly secret: string;
  readonly platform: string;
  readonly argv: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
  /** The path of a file of this name, as the system would know it. */
  readonly filePaths: Readonly<Record<string, string>>;
}
