import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FAILURE_CODES,
  type FailureCode,
  type FailureDetails,
} from '../../../shared/failure/codes.ts';
import {
  bug,
  Cancelled,
  Failure,
  fromRecord,
  textOf,
  toRecord,
} from '../../../shared/failure/failure.ts';
import { sentenceFor } from '../../../shared/failure/messages.ts';

/** The details each code is raised with; a code added to the list has to be added here. */
const DETAILS: Record<FailureCode, FailureDetails> = {
  'bad-arguments': { call: 'flow.list', problem: 'limit: too many' },
  'unknown-call': { call: 'flow.lost' },
  'nothing-to-undo': {},
  'nothing-to-redo': {},
  'sql-refused': { problem: 'only SELECT is allowed here' },
  'sql-too-long': { seconds: 60 },
  'rule-incomplete': { problem: 'it has no name' },
  'rule-unknown': { rule: 'web-app' },
  'name-unknown': { name: 'SGTNONE' },
  'correction-impossible': { problem: 'there is a group "WEB" already' },
  'inventory-known': { path: 'vms.csv', known: 'vms-old.csv' },
  'inventory-columns': { path: 'vms.csv', problem: 'no column holds addresses' },
  'inventory-unreadable': { path: 'vms.csv', problem: 'it is empty' },
  'export-empty': {},
  'export-impossible': { format: 'NSX-T', problem: 'Its tag is missing.' },
  'path-missing': { path: 'logs.tgz' },
  'project-missing': { path: 'a.segw' },
  'engine-down': { times: 3 },
  'path-unreadable': { path: 'logs.tgz', reason: 'permission denied' },
  'path-unsupported': { path: 'logs.zip', what: 'a ZIP file' },
  'archive-damaged': { path: 'logs.tgz', reason: 'unexpected end', kept: 'The 12 lines' },
  'archive-bomb': { path: 'logs.gz', reason: 'it unpacks to more than 1,000 times its size' },
  'archive-empty': { path: 'logs.tgz' },
  'no-dfw-lines': { path: 'syslog.log', lines: 0 },
  'project-newer': { path: 'a.segw', found: 9, known: 1 },
  'project-foreign': { path: 'a.segw' },
  'project-locked': { path: 'a.segw', holder: ' (process 12)' },
  'project-damaged': { path: 'a.segw', reason: 'bad magic' },
  'ruleset-unreadable': { path: 'rules.json', problem: 'it is no JSON' },
  'project-unwritable': { path: 'a.segw', reason: 'permission denied' },
  'disk-full': { path: 'a.segw', reason: 'no space left on device' },
  'memory-full': { reason: 'out of memory' },
  'write-failed': { path: 'out.json', reason: 'read-only file system' },
  'connection-lost': {},
  'engine-stopped': {},
  internal: {},
};

const CASES = Object.entries(DETAILS) as [FailureCode, FailureDetails][];

describe('the sentence of a failure', () => {
  it.each(CASES)('%s holds every detail it is given, and no gap', (code, details) => {
    const sentence = sentenceFor(code, details);
    for (const detail of Object.values(details)) expect(sentence).toContain(String(detail));
    expect(sentence).not.toMatch(/[{}]| {2}|undefined|""/);
    expect(sentence).toMatch(/^["A-Z].*\.$/);
  });

  it('exists for every code of the list', () => {
    expect(Object.keys(DETAILS).toSorted()).toEqual(Object.keys(FAILURE_CODES).toSorted());
  });

  it('leaves out a detail that is not there, rather than naming it', () => {
    expect(sentenceFor('project-locked', { path: 'a.segw' })).toBe(
      '"a.segw" is open in another process. Close it there, or choose another project file.',
    );
  });

  it('takes details as they are, whatever signs they hold', () => {
    const path = '$& {reason} $1';
    expect(sentenceFor('path-unreadable', { path, reason: 'r' })).toContain(`"${path}"`);
  });
});

describe('a failure that crosses a boundary', () => {
  it('is the same on the other side', () => {
    const details = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer()));
    const code = fc.constantFrom(...CASES.map(([each]) => each));
    fc.assert(
      fc.property(code, details, fc.option(fc.string()), (each, given, cause) => {
        const failure = new Failure(each, given, cause === null ? undefined : new Error(cause));
        const record = toRecord(failure);
        const copy = fromRecord(JSON.parse(JSON.stringify(record)) as typeof record);
        expect(copy).toBeInstanceOf(Failure);
        expect(copy.message).toBe(failure.message);
        expect(toRecord(copy)).toEqual(record);
        expect(record.cause).toBe(cause ?? undefined);
      }),
    );
  });

  it('is internal where it was no Failure, with the text of what was thrown', () => {
    const internal = { code: 'internal', message: sentenceFor('internal', {}), details: {} };
    expect(toRecord(new TypeError('x is undefined'))).toEqual({
      ...internal,
      cause: 'x is undefined',
    });
    expect(toRecord('just text')).toEqual({ ...internal, cause: 'just text' });
    expect(toRecord(undefined)).toEqual({ ...internal, cause: 'undefined' });
  });

  it('has a cause only where it was given one', () => {
    expect(new Failure('internal')).not.toHaveProperty('cause');
    expect(toRecord(new Failure('internal'))).not.toHaveProperty('cause');
  });
});

describe('other errors', () => {
  it('say that they are bugs, or that work was cancelled', () => {
    expect(() => bug('no such node')).toThrow('Bug: no such node');
    expect(new Cancelled().name).toBe('Cancelled');
    expect(textOf(new Cancelled())).toBe('Cancelled.');
  });
});
