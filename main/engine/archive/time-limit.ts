import { createContext, Script } from 'node:vm';

const sandbox = { run: (): void => undefined };
const context = createContext(sandbox);
const script = new Script('run()');

/**
 * Runs a function that never waits, and stops it from outside when it takes too long. A
 * decompressor written in JavaScript can be brought to loop for hours by bytes made for that.
 *
 * @param milliseconds the longest it may take
 * @throws what the function throws, or an Error when it was stopped
 */
export function withinTime<T>(milliseconds: number, run: () => T): T {
  let result: { readonly value: T } | undefined;
  sandbox.run = () => {
    result = { value: run() };
  };
  try {
    script.runInContext(context, { timeout: milliseconds });
  } catch (thrown) {
    if (isTimeout(thrown)) {
      throw new Error('unpacking it does not come to an end', { cause: thrown });
    }
    throw thrown;
  }
  if (result === undefined) throw new Error('unpacking it gave nothing');
  return result.value;
}

function isTimeout(thrown: unknown): boolean {
  return (
    typeof thrown === 'object' &&
    thrown !== null &&
    'code' in thrown &&
    thrown.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}
