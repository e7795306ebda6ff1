import type { DuckDBConnection } from '@duckdb/node-api';
import { Failure } from '../../../shared/failure/failure.ts';
import { NEVER } from '../../../shared/ipc/cancel.ts';
import { MIGRATIONS, SCHEMA_VERSION } from './migrations.ts';
import { runOn } from './run.ts';
import { fixed, sql, text } from './sql.ts';
import { storeFailure } from './store-failure.ts';

/** Marks a DuckDB file as a Segwright project, in `meta`. */
const APPLICATION = 'segwright';

/**
 * Brings the schema up to date, step by step.
 *
 * @throws Failure `project-newer`, `project-foreign`, `disk-full`
 */
export async function migrate(writer: DuckDBConnection, file: string): Promise<void> {
  const found = await schemaVersion(writer, file);
  if (found > SCHEMA_VERSION) {
    throw new Failure('project-newer', { path: file, found, known: SCHEMA_VERSION });
  }
  for (const step of MIGRATIONS.filter(({ version }) => version > found)) {
    await writer.run('begin transaction');
    try {
      await writer.run(step.sql);
      if (step.version === 1) {
        await runOn(
          writer,
          sql`insert into meta values ('application', ${text(APPLICATION)}), ('schema-version', '1')`,
          NEVER,
          file,
        );
      } else {
        const version = text(String(step.version));
        await runOn(
          writer,
          sql`update meta set text = ${version} where key = 'schema-version'`,
          NEVER,
          file,
        );
      }
      await writer.run('commit');
    } catch (thrown) {
      await writer.run('rollback').catch(() => undefined);
      throw storeFailure(thrown, file) ?? thrown;
    }
  }
}

/** 0 for a database without any table. */
async function schemaVersion(writer: DuckDBConnection, file: string): Promise<number> {
  const tables = await runOn(writer, fixed('select table_name from duckdb_tables()'), NEVER, file);
  if (tables.length === 0) return 0;
  const isOurs = tables.some((row) => row['table_name'] === 'meta');
  if (!isOurs) throw new Failure('project-foreign', { path: file });
  const rows = await runOn(writer, fixed('select key, text from meta'), NEVER, file).catch(
    () => [],
  );
  const meta = new Map(rows.map((row) => [row['key'], row['text']]));
  const version = Number(meta.get('schema-version'));
  if (meta.get('application') !== APPLICATION || !Number.isInteger(version)) {
    throw new Failure('project-foreign', { path: file });
  }
  return version;
}
