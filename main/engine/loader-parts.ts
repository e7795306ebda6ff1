import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Database } from './store/database.ts';
import { EventWriter } from './store/event-writer.ts';
import { PACKED_COLUMNS } from './ingest/packed-events.ts';
import type { Names } from './ingest/names.ts';
import { InlineParsing, type Parsing } from './ingest/parsing.ts';
import type { LoaderParts } from './ingest/source-loader.ts';
import { WorkerParsing } from './ingest/worker-parsing.ts';

/** The parsing thread's script stands beside the bundle; from the sources there is none. */
function workerScript(): string | undefined {
  const script = fileURLToPath(new URL('./parse-worker.js', import.meta.url));
  return existsSync(script) ? script : undefined;
}

/** Puts together what loading works with: parsing in a thread where the bundled script is there. */
export function makeLoader(database: Database, names: Names): LoaderParts {
  const script = workerScript();
  const parsing: Parsing =
    script === undefined ? new InlineParsing(names) : new WorkerParsing(script, names);
  const writer = EventWriter.open(database.writer, 'packed_event', PACKED_COLUMNS, (batch) => {
    parsing.release(batch);
  });
  return { database, names, parsing, writer };
}
