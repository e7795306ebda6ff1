import type { FailureCode, FailureDetails } from './codes.ts';

const SENTENCES: Record<FailureCode, string> = {
  'bad-arguments': 'The request "{call}" was refused: {problem}.',
  'unknown-call': 'There is no request named "{call}".',
  'nothing-to-undo': 'There is nothing to undo.',
  'nothing-to-redo': 'There is nothing to redo.',
  'sql-refused': 'This question cannot be answered: {problem}.',
  'sql-too-long':
    'The question took longer than {seconds} seconds and was stopped. Narrow it, or ask "flows" in the place of "events".',
  'rule-incomplete': 'The rule cannot be added: {problem}.',
  'rule-unknown': 'There is no rule "{rule}" in this ruleset. It may have been removed meanwhile.',
  'name-unknown':
    'Nothing in this project is named "{name}". Names are listed by "segwright discover".',
  'correction-impossible': 'The inventory cannot be corrected like that: {problem}.',
  'inventory-known':
    '"{path}" was imported already, as "{known}". Remove that one first to import it again.',
  'inventory-columns': '"{path}": {problem}. Choose the columns that hold addresses and names.',
  'export-empty': 'There is no rule to export yet. Draw one on the map first.',
  'export-impossible': 'Nothing was exported as {format}. {problem}',
  'path-missing': '"{path}" does not exist. Check the spelling and try again.',
  'path-unreadable': '"{path}" cannot be read ({reason}). Check its permissions and try again.',
  'path-unsupported':
    '"{path}" is {what}, which Segwright does not read. Unpack it, or give a log file, a folder, or an archive (.gz, .tgz, .zip, .zst, .xz, .bz2).',
  'archive-damaged': '"{path}" is damaged: {reason}. {kept} before that point were read and kept.',
  'archive-bomb':
    '"{path}" was not read to its end: {reason}, which no log does. What came before was read and kept; if it is genuine, unpack it and give its files.',
  'archive-empty': '"{path}" is empty: there is nothing to open.',
  'no-dfw-lines':
    '"{path}" holds no distributed firewall log lines ({lines} lines looked at). Give a dfwpktlogs file, or an archive that holds one.',
  'project-missing':
    'There is no project "{path}". Load archives with "segwright open PATH" first, or name a project with --project.',
  'project-newer':
    '"{path}" was written by a newer Segwright (schema {found}, this one knows up to {known}). Update Segwright to open it.',
  'project-foreign':
    '"{path}" is not a Segwright project. Choose a .segw file, or another name for a new project.',
  'project-locked':
    '"{path}" is open in another process{holder}. Close it there, or choose another project file.',
  'project-damaged':
    '"{path}" is damaged and cannot be opened ({reason}). Restore it from a copy, or load the archives into a new project.',
  'ruleset-unreadable': '"{path}" is not a Segwright ruleset: {problem}.',
  'inventory-unreadable':
    '"{path}" cannot be imported: {problem}. Give NSX groups as JSON or XML, an RVTools export, or a CSV file.',
  'project-unwritable':
    '"{path}" cannot be written ({reason}). Allow it to be written, or choose another place for the project.',
  'disk-full':
    'The disk of "{path}" is full ({reason}). Free some space and try again; nothing loaded before was lost.',
  'memory-full':
    'There is not enough memory for this ({reason}). Narrow the filter or the time and try again; nothing was lost.',
  'write-failed': '"{path}" could not be written ({reason}). Choose another place.',
  'connection-lost': 'The connection to the engine was lost. Reload the page to connect again.',
  'engine-stopped':
    'The engine stopped and was started again. What was loaded is safe; repeat the last step.',
  'engine-down':
    'The engine stopped {times} times within a minute and is not started again. What was loaded is safe; close Segwright and open it again.',
  internal: 'Something went wrong inside Segwright. What was loaded is safe.',
};

/** The sentence for people that belongs to a failure, its `{names}` filled from the details. */
export function sentenceFor(code: FailureCode, details: FailureDetails): string {
  return SENTENCES[code].replace(/\{(\w+)\}/g, (_, name: string) => String(details[name] ?? ''));
}
