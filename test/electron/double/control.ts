/** The conversation between a test and the process that runs the app on the double. */

/** A scripted answer of a dialog. */
export interface DialogAnswer {
  readonly kind: 'showOpenDialog' | 'showSaveDialog' | 'showMessageBox';
  readonly value: unknown;
}

/** What a run is started with. */
export interface DoubleSetup {
  /** The app's main entry. */
  readonly entry: string;
  /** The app's folder, `process.argv[1]` of an app that is not packaged. */
  readonly appPath: string;
  readonly args: readonly string[];
  readonly browser: string;
  readonly userData: string;
  readonly version: string;
  readonly packaged: boolean;
  /** `process.resourcesPath`, which Electron sets in every process of its own. */
  readonly resourcesPath: string;
  /** `open-file` events sent before `ready`, as macOS does. */
  readonly openBeforeReady: readonly string[];
  readonly filePaths: Readonly<Record<string, string>>;
  /** How long the entry may take to load, in milliseconds. */
  readonly entryTimeout: number;
}

/** A menu item as a test sees it. */
export interface MenuItemView {
  readonly id: string | null;
  readonly label: string;
  readonly role: string | null;
  readonly accelerator: string | null;
  readonly submenu: readonly MenuItemView[];
}

/** A window as a test sees it. */
export interface WindowView {
  readonly url: string;
  readonly visible: boolean;
  readonly focused: boolean;
  readonly bounds: { readonly width: number; readonly height: number };
}

/** A whole run as a test sees it. */
export interface Report {
  readonly violations: readonly string[];
  readonly cspReports: readonly string[];
  readonly pageErrors: readonly string[];
  readonly console: readonly string[];
  readonly blocked: readonly string[];
  readonly dialogs: readonly { readonly kind: string; readonly options: unknown }[];
  readonly permissions: readonly { readonly name: string; readonly granted: boolean }[];
  readonly opened: readonly { readonly url: string; readonly action: string }[];
  readonly calls: readonly string[];
  readonly windows: readonly WindowView[];
  readonly menu: readonly MenuItemView[];
  readonly enginePids: readonly number[];
}

/** A sender a test makes up; `null` is a frame that is gone. */
export type MadeUpFrame = { readonly url: string; readonly inner: boolean } | null;

/** What a test may ask of a run. */
export type Order =
  | { readonly kind: 'report' }
  | { readonly kind: 'evaluate'; readonly source: string }
  | { readonly kind: 'wait'; readonly source: string; readonly timeout: number }
  | { readonly kind: 'dialog'; readonly answer: DialogAnswer }
  | { readonly kind: 'menu'; readonly id: string }
  | { readonly kind: 'open-file'; readonly path: string }
  | {
      readonly kind: 'invoke-as';
      readonly frame: MadeUpFrame;
      readonly channel: string;
      readonly args: readonly unknown[];
    }
  | { readonly kind: 'send-as'; readonly frame: MadeUpFrame; readonly channel: string }
  | { readonly kind: 'contents-event'; readonly name: string }
  | { readonly kind: 'request'; readonly url: string; readonly method: string }
  | { readonly kind: 'drop-file'; readonly selector: string; readonly name: string }
  | { readonly kind: 'kill-engine' }
  | { readonly kind: 'reload' }
  | { readonly kind: 'close-window' }
  | { readonly kind: 'quit' };

/** From the test to the run. */
export interface OrderMessage {
  readonly id: number;
  readonly order: Order;
}

/** From the run to the test: `booted` once, then one answer for each order. */
export type RunMessage =
  | { readonly kind: 'booted' }
  | { readonly kind: 'failed'; readonly text: string; readonly violations: readonly string[] }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly text: string };
