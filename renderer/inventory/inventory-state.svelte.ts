/* eslint-disable svelte/prefer-svelte-reactivity -- sets here are replaced as a whole */
import { createContext } from 'svelte';
import type { Correction } from '../../shared/domain/correction.ts';
import { EMPTY_INVENTORY, type Inventory } from '../../shared/domain/inventory.ts';
import type { Chosen } from '../app/platform.ts';
import type { Workbench } from '../app/workbench.svelte.ts';
import { plural } from '../ui/format.ts';
import { countOf, rowsOf, type Row, type Section } from './rows.ts';

/** A form that asks for what a correction needs. */
export type Form = 'rename' | 'move' | 'merge' | 'split' | 'tier' | 'application' | 'group' | 'vip';

/** What the inventory screen shows and what is selected on it. */
export class InventoryState {
  section = $state<Section>('applications');
  search = $state('');
  /** Keys of rows whose inside is shown. */
  open = $state.raw<ReadonlySet<string>>(new Set());
  /** Keys of the selected rows. */
  selected = $state.raw<ReadonlySet<string>>(new Set());
  /** The row the keyboard is at. */
  at = $state<string | null>(null);
  form = $state<Form | null>(null);
  /** The file that is about to be imported, on the engine's machine. */
  file = $state.raw<{ readonly path: string; readonly name: string } | null>(null);
  readonly #workbench: Workbench;
  readonly #outlined = new Set<string>();
  readonly inventory: Inventory = $derived.by(
    () => this.#workbench.inventory.value ?? EMPTY_INVENTORY,
  );
  readonly rows: readonly Row[] = $derived(
    rowsOf(this.inventory, this.section, this.open, this.search),
  );
  readonly chosen: readonly Row[] = $derived(this.rows.filter((row) => this.selected.has(row.key)));
  /** The row the inspector shows. */
  readonly shown: Row | null = $derived(
    this.rows.find((row) => row.key === this.at) ?? this.chosen[0] ?? null,
  );

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  show(section: Section): void {
    this.section = section;
    this.selected = new Set();
    this.at = null;
  }

  count(section: Section): number {
    return countOf(this.inventory, section);
  }

  /** Selects a row alone, adds it or takes it out, or selects all from the last one to it. */
  select(row: Row, how: 'alone' | 'toggle' | 'range' = 'alone'): void {
    if (how === 'alone') this.selected = new Set([row.key]);
    else if (how === 'toggle') {
      const next = new Set(this.selected);
      if (!next.delete(row.key)) next.add(row.key);
      this.selected = next;
    } else {
      const from = this.rows.findIndex((each) => each.key === this.at);
      const to = this.rows.indexOf(row);
      const [first, last] = from < to ? [Math.max(0, from), to] : [to, from];
      this.selected = new Set(this.rows.slice(first, last + 1).map(({ key }) => key));
    }
    this.at = row.key;
  }

  /** Moves the selection by so many rows; returns the row's place. */
  step(by: number, extend: boolean): number {
    const present = this.rows.findIndex((row) => row.key === this.at);
    const next = Math.min(this.rows.length - 1, Math.max(0, present < 0 ? 0 : present + by));
    const row = this.rows[next];
    if (row === undefined) return -1;
    if (extend) {
      this.selected = new Set([...this.selected, row.key]);
      this.at = row.key;
    } else this.select(row);
    return next;
  }

  toggle(row: Row, open = !this.open.has(row.key)): void {
    const next = new Set(this.open);
    if (open && row.hasChildren) next.add(row.key);
    else next.delete(row.key);
    this.open = next;
  }

  /** Opens rows down to the groups, each once, so that an application's shape is seen at first. */
  openOutline(): void {
    const { applications } = this.inventory;
    const all = applications.flatMap(({ id, tiers }) => [
      id,
      ...tiers.map(({ name }) => `${id}>tier:${name}`),
    ]);
    const fresh = all.filter((key) => !this.#outlined.has(key));
    for (const key of fresh) this.#outlined.add(key);
    if (fresh.length > 0) this.open = new Set([...this.open, ...fresh]);
  }

  async correct(corrections: readonly Correction[], said: string): Promise<boolean> {
    const { history, inventory, toasts } = this.#workbench;
    const done = await inventory.correct(...corrections);
    if (done) {
      const action = { label: 'Undo', run: () => void history.undo() };
      toasts.say(said, { topic: 'history', tone: 'good', action });
    }
    return done;
  }

  /** Findings among the selected rows. */
  get #findings(): readonly Row[] {
    return this.chosen.filter(
      (row) => row.id !== null && (row.finding !== null || row.kind === 'rejected'),
    );
  }

  async accept(): Promise<void> {
    const rows = this.#findings.filter((row) => row.finding?.standing !== 'accepted');
    const corrections = rows.map((row) => ({ kind: 'accept' as const, id: row.id ?? '' }));
    if (corrections.length > 0)
      await this.correct(corrections, `${plural(rows.length, 'finding')} accepted.`);
  }

  async reject(): Promise<void> {
    const rows = this.#findings.filter((row) => row.kind !== 'rejected');
    const corrections = rows.map((row) => ({ kind: 'reject' as const, id: row.id ?? '' }));
    if (corrections.length > 0)
      await this.correct(corrections, `${plural(rows.length, 'finding')} rejected.`);
  }

  /** Findings of all kinds at a confidence or above that the analyst said nothing about. */
  above(confidence: number): readonly string[] {
    const { groups, vips, applications, sharedServices, spurious } = this.inventory;
    return [...groups, ...vips, ...applications, ...sharedServices, ...spurious]
      .filter((finding) => finding.standing === 'inferred' && finding.confidence >= confidence)
      .map(({ id }) => id);
  }

  async acceptAbove(confidence: number): Promise<void> {
    const ids = this.above(confidence);
    const corrections = ids.map((id) => ({ kind: 'accept' as const, id }));
    if (ids.length > 0)
      await this.correct(corrections, `${plural(ids.length, 'finding')} accepted.`);
  }

  /** Brings a chosen file to the engine and opens the preview. */
  async bring(chosen: readonly Chosen[]): Promise<void> {
    const [first] = chosen;
    if (first === undefined) return;
    try {
      if (first.kind === 'path') this.file = { path: first.path, name: first.path };
      else {
        const { signal } = new AbortController();
        const path = await this.#workbench.platform.upload(first.file, {
          signal,
          onProgress: () => undefined,
        });
        this.file = { path, name: first.file.name };
      }
    } catch (thrown) {
      this.#workbench.toasts.fail(thrown);
    }
  }

  async chooseFile(): Promise<void> {
    await this.bring(await this.#workbench.platform.chooseArchives());
  }

  async removeImport(id: string): Promise<void> {
    const { engine, history, inventory, toasts } = this.#workbench;
    if (await inventory.change(engine.call('inventory.remove', { id }))) {
      const action = { label: 'Undo', run: () => void history.undo() };
      toasts.say('Imported inventory removed.', { topic: 'history', action });
    }
  }
}

const [getState, setState] = createContext<InventoryState>();

/** The state of the inventory screen, given by the frame; throws outside of it. */
export const getInventory = getState;

/** Gives the state of the inventory screen to the components below; returns it. */
export const setInventory = setState;
