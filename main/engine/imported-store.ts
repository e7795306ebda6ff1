import * as v from 'valibot';
import type { GroupDefinition, ImportedRuleset } from '../../shared/domain/imported.ts';
import { Failure } from '../../shared/failure/failure.ts';
import { groupDefinitionsSchema, importedSchema } from '../../shared/ipc/imported-schema.ts';
import type { Database } from './store/database.ts';
import type { DocumentChange, History } from './store/history.ts';
import { readJson } from './store/saved-json.ts';

const PART = 'imported-ruleset';
const CURRENT = 'current-ruleset';
const GROUPS = 'draft-groups';

type Key = typeof CURRENT | typeof GROUPS;

/** A text that was read and checked, so that it is checked once. */
interface Checked<T> {
  readonly text: string;
  readonly value: T;
}

function check<T>(schema: v.GenericSchema<unknown, T>, text: string, what: string): T {
  const checked = v.safeParse(schema, JSON.parse(text));
  if (checked.success) return checked.output;
  const [issue] = checked.issues;
  const problem = `${v.getDotPath(issue) ?? 'it'}: ${issue.message}; import it again`;
  throw new Failure('ruleset-unreadable', { path: what, problem });
}

/**
 * What was imported from other systems, as the project file keeps it: the ruleset a system has now, and the
 * groups the draft brought along. Changes are steps of the project's history.
 */
export class ImportedStore {
  readonly #database: Database;
  readonly #history: History;
  #current: Checked<ImportedRuleset> | null = null;
  #groups: Checked<readonly GroupDefinition[]> | null = null;

  constructor(database: Database, history: History) {
    this.#database = database;
    this.#history = history;
  }

  /**
   * The ruleset that was imported as what the system has now.
   *
   * @throws Failure `ruleset-unreadable` where the project holds something else in its place
   */
  async current(): Promise<ImportedRuleset | undefined> {
    const text = await this.#text(CURRENT);
    if (text === undefined) return undefined;
    if (this.#current?.text !== text) {
      const value = check(importedSchema, text, 'the current ruleset in this project');
      this.#current = { text, value };
    }
    return this.#current.value;
  }

  /**
   * The groups the draft brought along.
   *
   * @throws Failure `ruleset-unreadable` where the project holds something else in their place
   */
  async draftGroups(): Promise<readonly GroupDefinition[]> {
    const text = await this.#text(GROUPS);
    if (text === undefined) return [];
    if (this.#groups?.text !== text) {
      const value = check(groupDefinitionsSchema, text, 'the imported groups in this project');
      this.#groups = { text, value };
    }
    return this.#groups.value;
  }

  /** What must be stored for another current ruleset, or for none. */
  changeOfCurrent(imported: ImportedRuleset | null): DocumentChange {
    return { part: PART, key: CURRENT, after: JSON.stringify(imported) };
  }

  /** What must be stored for other groups of the draft. */
  changeOfGroups(groups: readonly GroupDefinition[]): DocumentChange {
    return { part: PART, key: GROUPS, after: JSON.stringify(groups) };
  }

  /** Projects of early versions keep the text outside the history. */
  async #text(key: Key): Promise<string | undefined> {
    const text = (await this.#history.documents(PART)).get(key);
    if (text !== undefined) return text === 'null' ? undefined : text;
    const early = await readJson(this.#database, key);
    return early === undefined ? undefined : JSON.stringify(early);
  }
}
