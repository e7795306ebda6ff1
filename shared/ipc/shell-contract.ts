/** A menu command the shell passes on to the page. */
export const MENU_COMMANDS = [
  'open-archive',
  'open-project',
  'export',
  'export-picture',
  'undo',
  'redo',
  'show-open',
  'show-map',
  'show-inventory',
  'show-flows',
  'show-charts',
  'show-rules',
  'show-check',
  'show-export',
  'toggle-theme',
  'palette',
  'preferences',
  'tour',
  'keys',
  'about',
] as const;

/** One of the commands of the menu. */
export type MenuCommand = (typeof MENU_COMMANDS)[number];

/** What the platform around the page is. */
export interface ShellInfo {
  readonly host: 'electron' | 'browser';
  readonly platform: string;
  readonly version: string;
}

/**
 * The verbs the Electron preload exposes to the page as `window.segwright`. The page's own
 * platform layer offers the same verbs in the browser host by other means.
 */
export interface ShellApi {
  readonly info: ShellInfo;
  /** The native open dialog for archives and folders; an empty list when it was cancelled. */
  chooseArchives(): Promise<readonly string[]>;
  /** The native open dialog for a project file; `null` when it was cancelled. */
  chooseProject(): Promise<string | null>;
  /** The native save dialog; `null` when it was cancelled. */
  chooseSavePath(fileName: string): Promise<string | null>;
  /**
   * Writes what the page made to a place chosen in the native save dialog, and only there; the
   * path, or `null` when it was cancelled.
   */
  saveFile(fileName: string, content: Uint8Array): Promise<string | null>;
  /** The path of a dropped file. */
  pathOf(file: unknown): string;
  /**
   * Asks for a port to the engine. It arrives as a window message whose data is
   * `{ segwright: 'engine-port' }` and whose first port is the engine's.
   */
  connectEngine(): void;
  onMenuCommand(listener: (command: MenuCommand) => void): void;
  /** Paths handed over by the system: the command line, a double click, a second instance. */
  onOpenPaths(listener: (paths: readonly string[]) => void): void;
  /** The engine died and was started again: one sentence for the user. */
  onEngineRestarted(listener: (sentence: string) => void): void;
}

/** The data of the window message that brings the engine's port. */
export const ENGINE_PORT_MESSAGE = { segwright: 'engine-port' } as const;
