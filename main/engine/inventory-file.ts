import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ColumnChoice } from '../../shared/domain/outside.ts';
import { Failure, textOf } from '../../shared/failure/failure.ts';
import { MAX_INVENTORY_BYTES, readInventory } from './inventory/read-inventory.ts';

/** A file to import, what the user calls it, and the columns the user chose. */
export interface InventoryFile {
  readonly path: string;
  readonly name?: string;
  readonly columns?: ColumnChoice;
}

async function bytesOf(file: string): Promise<Buffer> {
  try {
    const { size } = await stat(file);
    if (size > MAX_INVENTORY_BYTES) {
      const problem = `it is larger than ${MAX_INVENTORY_BYTES / 1024 / 1024} MB`;
      throw new Failure('inventory-unreadable', { path: file, problem });
    }
    return await readFile(file);
  } catch (thrown) {
    if (thrown instanceof Failure) throw thrown;
    const isMissing = thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';
    if (isMissing) throw new Failure('path-missing', { path: file }, thrown);
    throw new Failure('path-unreadable', { path: file, reason: textOf(thrown) }, thrown);
  }
}

/**
 * Reads a file that may be imported.
 *
 * @throws Failure `path-missing`, `path-unreadable`, `inventory-unreadable` or `inventory-columns`
 */
export async function readInventoryFile({ path: file, name, columns }: InventoryFile) {
  const bytes = await bytesOf(file);
  const called = path.basename(name ?? file);
  const hash = createHash('sha256').update(bytes).digest('hex');
  return { called, hash, read: await readInventory(bytes, called, columns) };
}
