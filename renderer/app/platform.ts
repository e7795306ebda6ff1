import type { EngineClient } from '../../shared/ipc/contract.ts';
import type { Port } from '../../shared/ipc/port.ts';
import type { SaveOrder } from './export-files.ts';
import type { MenuCommand } from '../../shared/ipc/shell-contract.ts';

/** Something the user chose or dropped: a path of this machine, or a file that must be uploaded. */
export type Chosen = (
  { readonly kind: 'path'; readonly path: string } | { readonly kind: 'file'; readonly file: File }
) & {
  /** What the user calls it, where that is not its path or file name. */
  readonly name?: string;
};

/** What was dropped, or the sentence that says why it cannot be taken. */
export type Dropped =
  | { readonly ok: true; readonly chosen: readonly Chosen[] }
  | { readonly ok: false; readonly problem: string };

/** How an upload is watched and stopped. */
export interface UploadOptions {
  readonly signal: AbortSignal;
  /** Bytes sent so far. */
  readonly onProgress: (sentBytes: number) => void;
}

/** The address of the page has no valid key, so that the engine cannot be reached. */
export class NoKey extends Error {
  override readonly name = 'NoKey';

  constructor() {
    super(
      'This address has no valid key. Open the address that Segwright printed in the terminal.',
    );
  }
}

/** What the page needs from what is around it: Electron's shell, or a browser. */
export interface Platform {
  readonly host: 'electron' | 'browser';
  /** Whether the user may type a path of the engine's machine. */
  readonly takesTypedPaths: boolean;
  /**
   * Connects to the engine.
   *
   * @throws NoKey
   * @throws Failure `connection-lost`
   */
  connect(): Promise<Port>;
  /** Asks for archives; empty when the user cancelled. */
  chooseArchives(): Promise<readonly Chosen[]>;
  /** Asks for a project file; absent where the platform has no such dialog. */
  readonly chooseProject?: () => Promise<string | null>;
  /** Reads what was dropped. Must be called while the drop's event is handled. */
  readDrop(transfer: DataTransfer): Promise<Dropped>;
  /** Brings a file to the engine's machine; returns its path there. */
  upload(file: File, options: UploadOptions): Promise<string>;
  /** Saves all files of a document; returns a sentence that says where, `null` when the user cancelled. */
  save(engine: EngineClient, order: SaveOrder): Promise<string | null>;
  /** Saves what the page made; returns a sentence that says where, `null` when the user cancelled. */
  saveFile(fileName: string, content: Blob): Promise<string | null>;
  onMenuCommand(listener: (command: MenuCommand) => void): void;
  onOpenPaths(listener: (paths: readonly string[]) => void): void;
  onEngineRestarted(listener: (sentence: string) => void): void;
}
