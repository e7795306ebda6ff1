import { engineContract, type CallName, type Handlers } from '../../../shared/ipc/contract.ts';

/** Handlers that answer some calls as a test says, and fail the test's call for all others. */
export function handlersWith(scripted: Partial<Handlers>): Handlers {
  const names = Object.keys(engineContract) as CallName[];
  const others = names.map((name) => [
    name,
    () => Promise.reject(new Error(`the test has no answer to ${name}`)),
  ]);
  return { ...(Object.fromEntries(others) as Handlers), ...scripted };
}
