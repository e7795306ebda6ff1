import { Failure } from '../../../shared/failure/failure.ts';
import type { HistoryState } from '../../../shared/domain/history.ts';
import type { Database } from './database.ts';
import { numberOf, type Row, textOf, textOrNull } from './rows.ts';
import { fixed, join, sql, text, u32, type Sql } from './sql.ts';

/** A kind of things the user makes, all of which undo and redo step through together. */
export type Part = (typeof PARTS)[number];

/** One thing put in the place of another; `null` takes it away. */
export interface DocumentChange {
  readonly part: Part;
  readonly key: string;
  readonly after: string | null;
}

interface Step extends DocumentChange {
  readonly before: string | null;
}

/** What a step through the history changed. */
export interface Stepped {
  readonly label: string;
  readonly parts: ReadonlySet<Part>;
}

const ROWS_PER_INSERT = 500;
const PARTS = ['ruleset', 'correction', 'import', 'imported-ruleset', 'suggestion'] as const;

function partOf(row: Row): Part {
  const found = PARTS.find((part) => part === row['part']);
  if (found === undefined) throw new Error(`Bug: a document of part ${String(row['part'])}`);
  return found;
}

/**
 * What the user made, and every change to it. A change stores only the things that it changes, as
 * they were and as they are; undo and redo put the one or the other back. A change after undo
 * forgets what was undone.
 */
export class History {
  readonly #database: Database;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(database: Database) {
    this.#database = database;
  }

  /** What undo and redo would do now. */
  async read(): Promise<HistoryState> {
    const at = await this.#counter('history-at');
    const rows = await this.#database.query(
      sql`select number, label from revision where number between ${u32(at)} and ${u32(at + 1)}`,
    );
    const labelOf = (number: number) => {
      const row = rows.find((each) => numberOf(each, 'number') === number);
      return row === undefined ? null : textOf(row, 'label');
    };
    return {
      revision: await this.#counter('history-changes'),
      undo: labelOf(at),
      redo: labelOf(at + 1),
    };
  }

  /** All things of a part by their keys, in the order of keys. */
  async documents(part: Part): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#database.query(
      sql`select key, text from document where part = ${text(part)} order by key`,
    );
    return new Map(rows.map((row) => [textOf(row, 'key'), textOf(row, 'text')]));
  }

  /** Does some work after all that was asked before, so that no change is made to what is past. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#tail.then(work);
    this.#tail = done.catch(() => undefined);
    return done;
  }

  /** Makes changes as one step that can be undone. To be called in turn. */
  async commit(label: string, changes: readonly DocumentChange[]): Promise<void> {
    const before = new Map<string, string>();
    for (const part of new Set(changes.map((change) => change.part))) {
      const keys = changes.filter((change) => change.part === part).map(({ key }) => key);
      for (const [key, present] of await this.#present(part, keys)) {
        before.set(`${part} ${key}`, present);
      }
    }
    const steps = changes
      .map((change): Step => ({
        ...change,
        before: before.get(`${change.part} ${change.key}`) ?? null,
      }))
      .filter((step) => step.before !== step.after);
    const number = (await this.#counter('history-at')) + 1;
    await this.#database.editor.transaction(async () => {
      await this.#write(sql`delete from revision where number >= ${u32(number)}`);
      await this.#write(sql`delete from revision_step where revision >= ${u32(number)}`);
      await this.#write(sql`insert into revision values (${u32(number)}, ${text(label)})`);
      await this.#insert(
        fixed('revision_step'),
        steps.map(
          ({ part, key, before: was, after }) =>
            sql`(${u32(number)}, ${text(part)}, ${text(key)}, ${text(was)}, ${text(after)})`,
        ),
      );
      await this.#put(steps);
      await this.#moveTo(number);
    });
  }

  /**
   * Takes the last change in force back. To be called in turn.
   *
   * @throws Failure `nothing-to-undo`
   */
  async undo(): Promise<Stepped> {
    const at = await this.#counter('history-at');
    if (at === 0) throw new Failure('nothing-to-undo');
    return this.#step(at, at - 1, (step) => ({ ...step, after: step.before }));
  }

  /**
   * Makes the last change that was undone again. To be called in turn.
   *
   * @throws Failure `nothing-to-redo`
   */
  async redo(): Promise<Stepped> {
    const at = await this.#counter('history-at');
    if ((await this.read()).redo === null) throw new Failure('nothing-to-redo');
    return this.#step(at + 1, at + 1, (step) => step);
  }

  async #step(revision: number, to: number, turn: (step: Step) => Step): Promise<Stepped> {
    const { undo, redo } = await this.read();
    const rows = await this.#database.query(
      sql`select part, key, before, after from revision_step where revision = ${u32(revision)}`,
    );
    const steps = rows.map((row): Step => ({
      part: partOf(row),
      key: textOf(row, 'key'),
      before: textOrNull(row, 'before'),
      after: textOrNull(row, 'after'),
    }));
    await this.#database.editor.transaction(async () => {
      await this.#put(steps.map(turn));
      await this.#moveTo(to);
    });
    const label = (to < revision ? undo : redo) ?? '';
    return { label, parts: new Set(steps.map(({ part }) => part)) };
  }

  async #present(part: Part, keys: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (keys.length > ROWS_PER_INSERT) return this.documents(part);
    const list = join(
      keys.map((key) => sql`${text(key)}`),
      ', ',
      '',
    );
    const rows = await this.#database.query(
      sql`select key, text from document where part = ${text(part)} and key in (${list})`,
    );
    return new Map(rows.map((row) => [textOf(row, 'key'), textOf(row, 'text')]));
  }

  async #put(steps: readonly Step[]): Promise<void> {
    const gone = steps.filter(({ after }) => after === null);
    for (let at = 0; at < gone.length; at += ROWS_PER_INSERT) {
      const some = gone
        .slice(at, at + ROWS_PER_INSERT)
        .map(({ part, key }) => sql`(part = ${text(part)} and key = ${text(key)})`);
      await this.#write(sql`delete from document where ${join(some, ' or ', 'false')}`);
    }
    const there = steps.filter(({ after }) => after !== null);
    for (let at = 0; at < there.length; at += ROWS_PER_INSERT) {
      const some = there
        .slice(at, at + ROWS_PER_INSERT)
        .map(({ part, key, after }) => sql`(${text(part)}, ${text(key)}, ${text(after)})`);
      await this.#write(sql`insert or replace into document values ${join(some, ', ', '')}`);
    }
  }

  async #insert(into: Sql, rows: readonly Sql[]): Promise<void> {
    for (let at = 0; at < rows.length; at += ROWS_PER_INSERT) {
      const some = join(rows.slice(at, at + ROWS_PER_INSERT), ', ', '');
      await this.#write(sql`insert into ${into} values ${some}`);
    }
  }

  async #moveTo(number: number): Promise<void> {
    await this.#setCounter('history-at', number);
    const changes = counterOf(await this.#write(counterQuery('history-changes')));
    await this.#setCounter('history-changes', changes + 1);
  }

  async #counter(key: string): Promise<number> {
    return counterOf(await this.#database.query(counterQuery(key)));
  }

  async #setCounter(key: string, value: number): Promise<void> {
    await this.#write(
      sql`insert or replace into meta values (${text(key)}, ${text(String(value))})`,
    );
  }

  #write(statement: Sql): Promise<readonly Row[]> {
    return this.#database.editor.write(statement);
  }
}

function counterQuery(key: string): Sql {
  return sql`select text from meta where key = ${text(key)}`;
}

function counterOf(rows: readonly Row[]): number {
  return rows[0] === undefined ? 0 : Number(textOf(rows[0], 'text'));
}
