import { existsSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { Failure, textOf as messageOf } from '../../../shared/failure/failure.ts';
import { copyCutLog, isLogDamage, setLogAside } from './damaged-log.ts';
import { SCHEMA_VERSION } from './migrations.ts';
import { isUnwritable, storeFailure } from './store-failure.ts';

/** Threads that a question is answered with. */
export const THREADS = '2';

/** Makes the folder of a project file. */
export async function makeFolder(file: string): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
  } catch (thrown) {
    throw openFailure(file, thrown);
  }
}

/**
 * Opens the database of a project file.
 *
 * @param notices takes sentences about what was repaired
 * @throws Failure as `Database.open`
 */
export async function openInstance(file: string, notices: string[]): Promise<DuckDBInstance> {
  const options = {
    threads: THREADS,
    memory_limit: '256MB',
    write_buffer_row_group_count: '1',
    preserve_insertion_order: 'false',
    temp_directory: `${file}.tmp`,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  };
  if (existsSync(file) && statSync(file).isDirectory()) {
    throw new Failure('project-foreign', { path: file });
  }
  const cut = copyCutLog(file);
  try {
    const instance = await DuckDBInstance.create(file, options);
    if (cut !== null) notices.push(cut.sentence);
    return instance;
  } catch (thrown) {
    cut?.remove();
    if (!isLogDamage(messageOf(thrown))) throw openFailure(file, thrown);
    const look = { ...options, access_mode: 'READ_ONLY' };
    const replays = () =>
      DuckDBInstance.create(file, look).then(
        (instance) => {
          instance.closeSync();
          return true;
        },
        () => false,
      );
    try {
      notices.push(await setLogAside(file, replays));
    } catch (unmoved) {
      throw openFailure(file, unmoved);
    }
    return DuckDBInstance.create(file, options).catch((again: unknown) => {
      throw openFailure(file, again);
    });
  }
}

function openFailure(file: string, thrown: unknown): Failure {
  const message = messageOf(thrown);
  if (/could not set lock|being used by another process|conflicting lock/i.test(message)) {
    const holder = /PID (\d+)/.exec(message)?.[1];
    const details = { path: file, holder: holder === undefined ? '' : ` (PID ${holder})` };
    return new Failure('project-locked', details, thrown);
  }
  if (/newer (?:duckdb )?version|unsupported version|storage version/i.test(message)) {
    return new Failure(
      'project-newer',
      { path: file, found: 'unknown', known: SCHEMA_VERSION },
      thrown,
    );
  }
  if (/not a valid duckdb database/i.test(message)) {
    return new Failure('project-foreign', { path: file }, thrown);
  }
  if (isUnwritable(file)) {
    return new Failure('project-unwritable', { path: file, reason: firstLine(message) }, thrown);
  }
  const failure = storeFailure(thrown, file);
  if (failure?.code === 'disk-full') return failure;
  if (/permission denied|cannot open file/i.test(message)) return unreadable(file, thrown);
  return new Failure('project-damaged', { path: file, reason: firstLine(message) }, thrown);
}

function unreadable(file: string, thrown: unknown): Failure {
  return new Failure(
    'path-unreadable',
    { path: file, reason: firstLine(messageOf(thrown)) },
    thrown,
  );
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0]?.slice(0, 200) ?? '';
}
