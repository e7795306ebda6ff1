import * as v from 'valibot';
import { rulesetSchema } from '../../../shared/ipc/contract.ts';
import type { Ruleset, RulesetChange, RulesetState } from '../../../shared/domain/ruleset.ts';
import { applyChange, EMPTY_RULESET, nameOfChange } from '../../../shared/domain/ruleset-change.ts';
import { Failure } from '../../../shared/failure/failure.ts';
import type { Database } from '../store/database.ts';
import { numberOf, type Row, textOf } from '../store/rows.ts';
import { sql, text, u32 } from '../store/sql.ts';

interface Revision {
  readonly number: number;
  readonly label: string;
  readonly ruleset: Ruleset;
}

/**
 * The ruleset with every state it ever had, kept in the project file. A change adds a state after
 * the present one and forgets the states that were undone; undo and redo step between states.
 */
export class RulesetStore {
  readonly #database: Database;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(database: Database) {
    this.#database = database;
  }

  /** The ruleset, and what undo and redo would do. */
  async read(): Promise<RulesetState> {
    const present = await this.#present();
    const rows = await this.#database.query(
      sql`select number, label from ruleset_revision
          where number between ${u32(present.number)} and ${u32(present.number + 1)}`,
    );
    const next = rows.find((row) => numberOf(row, 'number') === present.number + 1);
    return {
      ruleset: present.ruleset,
      revision: await this.#counter('ruleset-changes'),
      undo: present.number === 0 ? null : present.label,
      redo: next === undefined ? null : textOf(next, 'label'),
    };
  }

  /**
   * Makes a change.
   *
   * @throws Failure `rule-unknown` or `rule-incomplete`; the ruleset then stays as it was
   */
  change(change: RulesetChange): Promise<RulesetState> {
    return this.#inTurn(async () => {
      const { ruleset } = await this.#present();
      await this.#append(nameOfChange(ruleset, change), applyChange(ruleset, change));
    });
  }

  /** Puts a whole ruleset in the place of the present one. */
  replace(ruleset: Ruleset, label: string): Promise<RulesetState> {
    return this.#inTurn(() => this.#append(label, ruleset));
  }

  /** @throws Failure `nothing-to-undo` */
  undo(): Promise<RulesetState> {
    return this.#inTurn(async () => {
      const at = await this.#counter('ruleset-at');
      if (at === 0) throw new Failure('nothing-to-undo');
      await this.#database.editor.transaction(() => this.#step(at - 1));
    });
  }

  /** @throws Failure `nothing-to-redo` */
  redo(): Promise<RulesetState> {
    return this.#inTurn(async () => {
      const { redo } = await this.read();
      if (redo === null) throw new Failure('nothing-to-redo');
      const at = await this.#counter('ruleset-at');
      await this.#database.editor.transaction(() => this.#step(at + 1));
    });
  }

  /** Changes wait for each other, so that none is made to a state that is already past. */
  #inTurn(work: () => Promise<void>): Promise<RulesetState> {
    const done = this.#tail.then(work).then(() => this.read());
    this.#tail = done.catch(() => undefined);
    return done;
  }

  async #present(): Promise<Revision> {
    const at = await this.#counter('ruleset-at');
    const rows = await this.#database.query(
      sql`select number, label, document from ruleset_revision where number = ${u32(at)}`,
    );
    const [row] = rows;
    return row === undefined
      ? { number: 0, label: '', ruleset: EMPTY_RULESET }
      : { number: at, label: textOf(row, 'label'), ruleset: rulesetOf(row) };
  }

  async #append(label: string, ruleset: Ruleset): Promise<void> {
    const next = (await this.#counter('ruleset-at')) + 1;
    const document = text(JSON.stringify(ruleset));
    await this.#database.editor.transaction(async () => {
      await this.#database.editor.write(
        sql`delete from ruleset_revision where number >= ${u32(next)}`,
      );
      await this.#database.editor.write(
        sql`insert into ruleset_revision values (${u32(next)}, ${text(label)}, ${document})`,
      );
      await this.#step(next);
    });
  }

  async #step(to: number): Promise<void> {
    await this.#setCounter('ruleset-at', to);
    await this.#setCounter('ruleset-changes', (await this.#counterNow('ruleset-changes')) + 1);
  }

  async #counter(key: string): Promise<number> {
    return counterOf(
      await this.#database.query(sql`select text from meta where key = ${text(key)}`),
    );
  }

  async #counterNow(key: string): Promise<number> {
    return counterOf(
      await this.#database.editor.write(sql`select text from meta where key = ${text(key)}`),
    );
  }

  async #setCounter(key: string, value: number): Promise<void> {
    await this.#database.editor.write(
      sql`insert or replace into meta values (${text(key)}, ${text(String(value))})`,
    );
  }
}

function counterOf(rows: readonly Row[]): number {
  return rows[0] === undefined ? 0 : Number(textOf(rows[0], 'text'));
}

function rulesetOf(row: Row): Ruleset {
  const stored: unknown = JSON.parse(textOf(row, 'document'));
  return v.parse(rulesetSchema, stored);
}
