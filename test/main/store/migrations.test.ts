import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EVENT_COLUMNS } from '../../../main/engine/ingest/event-batch.ts';
import { Database } from '../../../main/engine/store/database.ts';
import { MIGRATIONS, SCHEMA_VERSION } from '../../../main/engine/store/migrations.ts';
import { fixed } from '../../../main/engine/store/sql.ts';
import { aFolder } from '../../support/engine.ts';

const MOST: Readonly<Record<string, number>> = { kind: 2, direction: 2, reply: 1, seen: 2 };

/** Events of a few values, so that many are alike in some columns. */
const events = fc.sample(
  fc.tuple(
    ...EVENT_COLUMNS.map(([name]) => fc.integer({ min: 0, max: MOST[name] ?? 5 })),
    fc.constantFrom(1, 6, 17, 47, 132),
  ),
  { numRuns: 400, seed: 11 },
);

const COLUMNS = EVENT_COLUMNS.map(([name]) => name);
const LOGGED = `select ${COLUMNS.join(', ')} from event order by all`;
const SESSIONS = `select seen_at, source_id, line, direction, source, destination, protocol, port,
  action, ruleset, rule, tag, reply, seen, kind, weight, bytes::double, packets::double
  from session_event order by all`;

it('a project of the first schema keeps every event, as logged and as turned', async () => {
  await using folder = await aFolder();
  const file = folder.file('old.segw');
  const old = await DuckDBInstance.create(file);
  const connection = await old.connect();
  await connection.run(MIGRATIONS[0]?.sql ?? '');
  await connection.run(
    "insert into meta values ('application', 'segwright'), ('schema-version', '1')",
  );
  const at = COLUMNS.indexOf('protocol');
  const rows = events.map((each) => {
    const values = each.slice(0, COLUMNS.length).with(at, each[COLUMNS.length] ?? 0);
    return `(${values.map((v, i) => (COLUMNS[i] === 'seen_at' ? `make_timestamp_ms(${v})` : v)).join(', ')})`;
  });
  await connection.run(`insert into event values ${rows.join(', ')}`);
  const read = async (statement: string) =>
    (await connection.runAndReadAll(statement)).getRowObjectsJS().map((row) => Object.values(row));
  const logged = await read(LOGGED);
  const sessions = await read(SESSIONS);
  connection.closeSync();
  old.closeSync();

  const database = await Database.open(file);
  const values = async (statement: string) =>
    (await database.query(fixed(statement))).map((row) => Object.values(row));
  expect(await values(LOGGED)).toEqual(logged);
  expect(await values(SESSIONS)).toEqual(sessions);
  expect(await values("select text from meta where key = 'schema-version'")).toEqual([
    [String(SCHEMA_VERSION)],
  ]);
  database.close();
});
