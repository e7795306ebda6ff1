import * as v from 'valibot';
import {
  MOST_CONSOLE_ROWS,
  type ConsoleResult,
  type ConsoleTable,
  type ResultFormat,
} from '../../shared/domain/console.ts';
import { csvRecord } from '../../shared/domain/csv.ts';
import { asFailure, Latest } from '../app/latest.svelte.ts';
import type { Workbench } from '../app/workbench.svelte.ts';
import { plural } from '../ui/format.ts';

const KEY = 'sql-history';

/** Questions remembered at most. */
const MOST_REMEMBERED = 30;

/** What a setting may hold, in characters. */
const MOST_STORED = 10_000;

/** The question that stands there first. */
export const FIRST_QUESTION = `select source, destination, protocol, port, sum(sessions) as sessions
from flows
where action = 'PASS'
group by all
order by sessions desc`;

const TYPES = { csv: 'text/csv', parquet: 'application/vnd.apache.parquet' } as const;

const listSchema = v.array(v.string());

/** Reads the questions remembered; anything else counts as none. */
export function parseQuestions(text: string | null): readonly string[] {
  try {
    const read = v.safeParse(listSchema, JSON.parse(text ?? '[]'));
    return read.success ? read.output : [];
  } catch {
    return [];
  }
}

/** The list with a question at its head, as long as it may be stored. */
export function withQuestion(list: readonly string[], question: string): readonly string[] {
  const next = [question, ...list.filter((each) => each !== question)].slice(0, MOST_REMEMBERED);
  while (JSON.stringify(next).length > MOST_STORED) next.pop();
  return next;
}

/** Bytes of base64 (RFC 4648 §4). */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

/** Questions in SQL: what is typed, what was answered, and what was asked before. */
export class ConsoleState {
  text = $state(FIRST_QUESTION);
  readonly result = new Latest<{ readonly question: string; readonly answer: ConsoleResult }>();
  readonly tables = new Latest<readonly ConsoleTable[]>();
  history = $state.raw<readonly string[]>([]);
  /** Whether a result is being saved. */
  saving = $state(false);
  #startedAt: number | null = null;
  readonly #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  /** Reads the tables and the questions remembered, once for the state of the data. */
  async start(revision: number): Promise<void> {
    if (this.#startedAt === revision) return;
    this.#startedAt = revision;
    const { engine } = this.#workbench;
    const stored = engine.call('setting.read', { key: KEY }).catch(() => null);
    await this.tables.run((signal) => engine.call('sql.tables', {}, { signal }));
    this.history = parseQuestions(await stored);
  }

  /** Asks what is typed. */
  async ask(): Promise<void> {
    const question = this.text.trim();
    if (question === '') return;
    this.#remember(question);
    await this.result.run(async (signal) => ({
      question,
      answer: await this.#workbench.engine.call('sql.ask', { question }, { signal }),
    }));
  }

  /** Puts text where the caret is; returns where the caret belongs then. */
  insert(name: string, from: number, to: number): number {
    this.text = this.text.slice(0, from) + name + this.text.slice(to);
    return from + name.length;
  }

  /** Copies the rows shown as CSV; cells that a spreadsheet would run are defused. */
  async copyCsv(): Promise<void> {
    const answer = this.result.value?.answer;
    if (answer === undefined) return;
    const head = csvRecord(answer.columns.map(({ name }) => name));
    const numbers = answer.columns.map(({ type }) => isNumber(type));
    const rows = answer.rows.map((row) =>
      csvRecord(row.map((cell, at) => asCell(cell, numbers[at] === true))),
    );
    const note = answer.hasMore ? `, the first of more,` : '';
    await this.#workbench.copy(head + rows.join(''), `${plural(answer.rows.length, 'row')}${note}`);
  }

  /** Saves all rows of the question that was answered last. */
  async save(format: ResultFormat): Promise<void> {
    const question = this.result.value?.question;
    if (question === undefined || this.saving) return;
    const { engine, platform, toasts } = this.#workbench;
    this.saving = true;
    try {
      const { base64 } = await engine.call('sql.save', { question, format });
      const content = new Blob([bytesOf(base64)], { type: TYPES[format] });
      const said = await platform.saveFile(`result.${format}`, content);
      if (said !== null) toasts.say(said, { tone: 'good' });
    } catch (thrown) {
      toasts.fail(asFailure(thrown));
    } finally {
      this.saving = false;
    }
  }

  #remember(question: string): void {
    this.history = withQuestion(this.history, question);
    const value = JSON.stringify(this.history);
    this.#workbench.engine.call('setting.write', { key: KEY, value }).catch((thrown: unknown) => {
      this.#workbench.toasts.fail(thrown);
    });
  }
}

/** Whether values of a type are numbers. */
export function isNumber(type: string): boolean {
  return /^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|FLOAT|DOUBLE|DECIMAL.*)$/.test(type);
}

function asCell(cell: string | null, isNumeric: boolean): string | number | bigint {
  if (cell === null) return '';
  if (!isNumeric) return cell;
  return /^-?\d+$/.test(cell) ? BigInt(cell) : Number(cell);
}

/** What is said of a result, in one line. */
export function resultNote({ rows, hasMore, milliseconds }: ConsoleResult): string {
  const took =
    milliseconds < 1_000
      ? `${Math.round(milliseconds)} ms`
      : `${(milliseconds / 1_000).toFixed(1)} s`;
  const count = hasMore
    ? `The first ${MOST_CONSOLE_ROWS.toLocaleString('en-US')} rows; there are more. Narrow the question, or save all of them.`
    : `${plural(rows.length, 'row')}.`;
  return `${count} ${took}`;
}
