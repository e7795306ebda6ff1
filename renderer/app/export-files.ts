import type { ExportRequest } from '../../shared/domain/export.ts';
import type { EngineClient } from '../../shared/ipc/contract.ts';

/** A document to save: what the engine is asked for, and the names of its files. */
export interface SaveOrder {
  readonly request: ExportRequest;
  readonly baseName: string;
  /** The first is the one to load. */
  readonly files: readonly { readonly name: string; readonly mediaType: string }[];
}

/** The whole text of a file, gathered page by page. */
export async function readWhole(
  engine: EngineClient,
  request: ExportRequest,
  name: string,
): Promise<string> {
  const pages: string[] = [];
  for (let offset: number | null = 0; offset !== null;) {
    const page: { readonly text: string; readonly next: number | null } = await engine.call(
      'export.file',
      { ...request, name, offset },
    );
    pages.push(page.text);
    offset = page.next;
  }
  return pages.join('');
}
