import { FAILURE_CODES } from '../../shared/failure/codes.ts';
import { Cancelled, Failure, textOf } from '../../shared/failure/failure.ts';
import { check } from './check.ts';
import { discover } from './discover.ts';
import { exportRuleset } from './export.ts';
import { flows } from './flows.ts';
import { COMMAND_HELP, COMMAND_NAMES, HELP, type CommandName } from './help.ts';
import { inventory } from './inventory.ts';
import { open } from './open.ts';
import { complain, print } from './output.ts';
import { rules } from './rules.ts';
import { suggest } from './suggest.ts';
import { ui } from './ui.ts';
import { BadUse } from './usage.ts';
import { VERSION } from './version.ts';

/** A command takes the arguments after its name and returns the exit code. */
type Command = (args: readonly string[]) => Promise<number>;

const COMMANDS: Record<CommandName, Command> = {
  open,
  flows,
  discover,
  inventory,
  suggest,
  rules,
  check,
  export: exportRuleset,
  ui,
};

/** What shells report for a process that Ctrl-C ended: 128 + SIGINT. */
const EXIT_INTERRUPTED = 130;

function isHelp(word: string): boolean {
  return word === '--help' || word === '-h';
}

function commandOf(name: string): CommandName {
  const found = COMMAND_NAMES.find((each) => each === name);
  if (found !== undefined) return found;
  const what = name.startsWith('-') ? 'option' : 'command';
  throw new BadUse(`there is no ${what} "${name}"; "segwright --help" lists all commands`);
}

async function dispatch(args: readonly string[]): Promise<number> {
  const [first, ...rest] = args;
  if (first === undefined) {
    throw new BadUse(
      `give a command: ${COMMAND_NAMES.join(', ')}; "segwright --help" explains them`,
    );
  }
  if (['--version', '-v', '-V', 'version'].includes(first)) {
    await print(`segwright ${VERSION}\n`);
    return 0;
  }
  if (isHelp(first) || first === 'help') {
    const [topic] = rest;
    await print(topic === undefined || isHelp(topic) ? HELP : COMMAND_HELP[commandOf(topic)]);
    return 0;
  }
  const command = commandOf(first);
  const separator = rest.indexOf('--');
  if (rest.slice(0, separator < 0 ? rest.length : separator).some(isHelp)) {
    await print(COMMAND_HELP[command]);
    return 0;
  }
  return COMMANDS[command](rest);
}

/** Says what went wrong in one line and turns it into an exit code. */
function explain(thrown: unknown): number {
  if (thrown instanceof Cancelled) {
    complain('Stopped. Sources read to their end are kept; open the rest again.');
    return EXIT_INTERRUPTED;
  }
  if (thrown instanceof BadUse) {
    complain(`${thrown.message.charAt(0).toUpperCase()}${thrown.message.slice(1)}.`);
    return 2;
  }
  if (thrown instanceof Failure) {
    const cause = thrown.code === 'internal' && thrown.cause !== undefined;
    complain(cause ? `${thrown.message} (${textOf(thrown.cause)})` : thrown.message);
    return FAILURE_CODES[thrown.code] === 'user' ? 2 : 3;
  }
  complain(`Something went wrong inside Segwright (${textOf(thrown)}).`);
  return 3;
}

/**
 * Runs the command a user typed.
 *
 * @returns the exit code: 0 done, 1 the check found something, 2 bad use, 3 bad input
 */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  try {
    return await dispatch(args);
  } catch (thrown) {
    return explain(thrown);
  }
}
