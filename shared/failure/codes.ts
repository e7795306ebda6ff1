/**
 * Everything that can go wrong without a bug: the world's fault or the user's.
 *
 * `user` codes stem from what was asked, `input` codes from what was read, `world` codes from the
 * machine. The command line turns them into exit codes: `user` 2, the others 3.
 */
export const FAILURE_CODES = {
  'bad-arguments': 'user',
  'unknown-call': 'user',
  'nothing-to-undo': 'user',
  'nothing-to-redo': 'user',
  'sql-refused': 'user',
  'sql-too-long': 'user',
  'rule-incomplete': 'user',
  'rule-unknown': 'user',
  'name-unknown': 'user',
  'correction-impossible': 'user',
  'inventory-known': 'user',
  'inventory-columns': 'user',
  'export-empty': 'user',
  'export-impossible': 'user',
  'path-missing': 'input',
  'path-unreadable': 'input',
  'path-unsupported': 'input',
  'archive-damaged': 'input',
  'archive-bomb': 'input',
  'archive-empty': 'input',
  'no-dfw-lines': 'input',
  'project-missing': 'input',
  'project-newer': 'input',
  'project-foreign': 'input',
  'project-locked': 'input',
  'project-damaged': 'input',
  'ruleset-unreadable': 'input',
  'inventory-unreadable': 'input',
  'project-unwritable': 'input',
  'disk-full': 'world',
  'memory-full': 'world',
  'write-failed': 'world',
  'connection-lost': 'world',
  'engine-stopped': 'world',
  'engine-down': 'world',
  internal: 'world',
} as const satisfies Record<string, 'user' | 'input' | 'world'>;

/** One of the closed list of failure codes. */
export type FailureCode = keyof typeof FAILURE_CODES;

/** The facts a failure's sentence is made of: paths, line numbers, names. */
export type FailureDetails = Readonly<Record<string, string | number>>;
