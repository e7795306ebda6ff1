import { DuckDBConnection } from '@duckdb/node-api';
import { createEngine } from '../../../main/engine/engine.ts';
import { NEVER } from '../../../shared/ipc/cancel.ts';

/** Where the process ends itself: `bytes N` read, or `statement PATTERN NTH`, then milliseconds to wait. */
const [projectPath = '', kind = '', what = '', nth = '1', waitMs = '0', ...paths] =
  process.argv.slice(2);

function die(): void {
  process.stdout.write(`killed\n`);
  const now = () => process.kill(process.pid, 'SIGKILL');
  if (waitMs === '0') now();
  else setTimeout(now, Number(waitMs));
}

let seen = 0;

/** Counts statements, and appenders as `append to TABLE`, that match, and ends the process while the n-th of them runs. */
function watch(statement: string): void {
  if (kind !== 'statement' || !new RegExp(what, 'i').test(statement)) return;
  seen++;
  if (seen === Number(nth)) setImmediate(die);
}

const { prototype } = DuckDBConnection;
// eslint-disable-next-line @typescript-eslint/unbound-method -- each is called with the connection
const { createAppender, run, runAndReadAll } = prototype;
prototype.run = function (...args) {
  watch(args[0]);
  return run.apply(this, args);
};
prototype.createAppender = function (...args) {
  watch(`append to ${args[0]}`);
  return createAppender.apply(this, args);
};
prototype.runAndReadAll = function (...args) {
  watch(args[0]);
  return runAndReadAll.apply(this, args);
};

// A clock that leaps at every look, so that every chunk is reported.
let clock = 0;
const now = () => (clock += 1_000);
const engine = await createEngine({
  projectPath,
  settingsPath: `${projectPath}.json`,
  version: 'test',
  now,
});
process.stdout.write('open\n');
const report = ({ doneBytes }: { readonly doneBytes: number }) => {
  if (kind === 'bytes' && seen === 0 && doneBytes >= Number(what)) {
    seen++;
    die();
  }
};
const keep = process.env['SEGWRIGHT_CRASH_KEEP'] === 'flows' ? 'flows' : 'events';
await engine.handlers['archive.open']({ paths, keep }, { signal: NEVER, report });
await engine.close();
process.stdout.write('done\n');
