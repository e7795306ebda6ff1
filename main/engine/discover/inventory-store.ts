import * as v from 'valibot';
import { correctionSchema, outsideInventorySchema } from '../../../shared/ipc/inventory-schema.ts';
import {
  correctInventory,
  problemOf,
  type Corrected,
} from '../../../shared/domain/corrected-inventory.ts';
import { nameOfCorrections, type Correction } from '../../../shared/domain/correction.ts';
import type { OutsideInventory } from '../../../shared/domain/outside.ts';
import { EMPTY_INVENTORY, type Inventory } from '../../../shared/domain/inventory.ts';
import { Failure } from '../../../shared/failure/failure.ts';
import type { DocumentChange, History } from '../store/history.ts';

/** A change to what the analyst stated, worked out but not stored yet. */
export interface InventoryPlan {
  /** What undo and redo call it. */
  readonly label: string;
  readonly changes: readonly DocumentChange[];
  readonly before: Inventory;
  readonly after: Corrected;
}

const DIGITS = 9;

function keyOfNumber(number: number): string {
  return String(number).padStart(DIGITS, '0');
}

function nextNumber(keys: Iterable<string>): number {
  let last = 0;
  for (const key of keys) last = Math.max(last, Number(key));
  return last + 1;
}

/**
 * What was found in the flows, what inventories from outside say, what the analyst corrected, and
 * the inventory in force that comes of them.
 */
export class InventoryStore {
  readonly #history: History;
  #found: Inventory = EMPTY_INVENTORY;
  #corrections: ReadonlyMap<string, Correction> = new Map();
  #imports: ReadonlyMap<string, OutsideInventory> = new Map();
  #corrected: Corrected = correctInventory(EMPTY_INVENTORY, []);

  constructor(history: History) {
    this.#history = history;
  }

  /** The inventory in force. */
  get inventory(): Inventory {
    return this.#corrected.inventory;
  }

  /** Takes what was found in the flows. */
  take(found: Inventory): Inventory {
    this.#found = found;
    this.#corrected = this.#correct();
    return this.inventory;
  }

  /** Reads what the analyst stated, at first and after a step through the history. */
  async read(): Promise<void> {
    const corrections = await this.#history.documents('correction');
    const imports = await this.#history.documents('import');
    this.#corrections = parsed(corrections, (stored) => v.parse(correctionSchema, stored));
    this.#imports = parsed(imports, (stored) => v.parse(outsideInventorySchema, stored));
    this.#corrected = this.#correct();
  }

  /**
   * Works out what corrections do. Each is checked against what the ones before it leave.
   *
   * @throws Failure `correction-impossible`
   */
  planCorrections(added: readonly Correction[]): InventoryPlan {
    const corrections = [...this.#corrections.values()];
    const imports = [...this.#imports.values()];
    let present = this.inventory;
    added.forEach((correction, at) => {
      const problem = problemOf(present, correction);
      if (problem !== null) throw new Failure('correction-impossible', { problem });
      corrections.push(correction);
      const next = added[at + 1];
      if (next !== undefined && !isIndependent(next)) {
        present = correctInventory(this.#found, corrections, imports).inventory;
      }
    });
    const first = nextNumber(this.#corrections.keys());
    const names = new Map(this.#namesById());
    return {
      label: nameOfCorrections(added, (id) => names.get(id) ?? id.slice(id.indexOf(':') + 1)),
      changes: added.map((correction, at) => ({
        part: 'correction',
        key: keyOfNumber(first + at),
        after: JSON.stringify(correction),
      })),
      before: this.inventory,
      after: correctInventory(this.#found, corrections, imports),
    };
  }

  /**
   * Works out what another inventory from outside does. One of the same file's content is refused.
   *
   * @throws Failure `inventory-known`
   */
  planImport(content: Omit<OutsideInventory, 'id'>): InventoryPlan {
    const same = [...this.#imports.values()].find(({ hash }) => hash === content.hash);
    if (same !== undefined) {
      throw new Failure('inventory-known', { path: content.file, known: same.file });
    }
    const key = keyOfNumber(nextNumber(this.#imports.keys()));
    const imported: OutsideInventory = { ...content, id: `import-${Number(key)}` };
    return {
      label: `Import "${content.file}"`,
      changes: [{ part: 'import', key, after: JSON.stringify(imported) }],
      before: this.inventory,
      after: this.#correct([...this.#imports.values(), imported]),
    };
  }

  /**
   * Works out what is left without an inventory from outside.
   *
   * @throws Failure `name-unknown`
   */
  planRemoval(id: string): InventoryPlan {
    const [key, imported] = [...this.#imports].find(([, each]) => each.id === id) ?? [];
    if (key === undefined || imported === undefined)
      throw new Failure('name-unknown', { name: id });
    return {
      label: `Remove import "${imported.file}"`,
      changes: [{ part: 'import', key, after: null }],
      before: this.inventory,
      after: this.#correct([...this.#imports.values()].filter((each) => each.id !== id)),
    };
  }

  #namesById(): readonly (readonly [string, string])[] {
    const { groups, applications, sharedServices, vips, names } = this.inventory;
    return [
      ...[...groups, ...applications, ...sharedServices].map(({ id, name }) => [id, name] as const),
      ...vips.map(({ id, address }) => [id, names[address] ?? address] as const),
    ];
  }

  #correct(imports: readonly OutsideInventory[] = [...this.#imports.values()]): Corrected {
    return correctInventory(this.#found, [...this.#corrections.values()], imports);
  }
}

/** Corrections that can be checked without the ones made with them. */
function isIndependent({ kind }: Correction): boolean {
  return kind === 'accept' || kind === 'reject' || kind === 'move-member';
}

function parsed<T>(
  texts: ReadonlyMap<string, string>,
  parse: (stored: unknown) => T,
): ReadonlyMap<string, T> {
  return new Map([...texts].map(([key, text]) => [key, parse(JSON.parse(text))]));
}
