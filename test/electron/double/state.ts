/** What the double knows besides its objects: set by the test, read back by it. */
import type { BrowserContext } from 'playwright-core';
import type { DialogAnswer, DoubleSetup } from './control.ts';

/** Everything a test may look at. */
export interface RunRecord {
  readonly violations: string[];
  readonly cspReports: string[];
  readonly pageErrors: string[];
  readonly console: string[];
  /** Requests that would have left the machine. */
  readonly blocked: string[];
  readonly dialogs: { readonly kind: string; readonly options: unknown }[];
  readonly permissions: { readonly name: string; readonly granted: boolean }[];
  readonly opened: { readonly url: string; readonly action: string }[];
  readonly calls: string[];
}

/** The one record of a run. */
export const record: RunRecord = {
  violations: [],
  cspReports: [],
  pageErrors: [],
  console: [],
  blocked: [],
  dialogs: [],
  permissions: [],
  opened: [],
  calls: [],
};

/** The answers scripted for dialogs, in their order. */
export const scripted: DialogAnswer[] = [];

let setup: DoubleSetup | undefined;
let context: BrowserContext | undefined;
let ready = false;

/** Called by the runner before the app's entry is loaded. */
export function configure(given: DoubleSetup, browserContext: BrowserContext): void {
  setup = given;
  context = browserContext;
}

/** What the test asked for. */
export function configured(): DoubleSetup {
  if (setup === undefined) throw new Error('The double is not configured.');
  return setup;
}

/** The browser behind all windows. */
export function browserContext(): BrowserContext {
  if (context === undefined) throw new Error('The double has no browser.');
  return context;
}

/** Notes a use that Electron would refuse or that would not work there, and throws it. */
export function violation(text: string): never {
  record.violations.push(text);
  throw new Error(text);
}

/** Whether `ready` has been emitted. */
export function isReady(): boolean {
  return ready;
}

/** Called by the runner right before `ready` is emitted. */
export function becomeReady(): void {
  ready = true;
}

/** Refuses what works only after `ready`. */
export function afterReady(what: string): void {
  if (!ready) violation(`${what} cannot be used before app is ready`);
}

/** Refuses what works only before `ready`. */
export function beforeReady(what: string): void {
  if (ready) violation(`${what} must be called before app is ready`);
}

/** A module of the double. Reading a member it does not have is a violation, not `undefined`. */
export function strict<Module extends object>(name: string, module: Module): Module {
  return new Proxy(module, {
    get(target, key) {
      if (typeof key === 'string' && key !== 'then' && !(key in target))
        violation(`the double does not know ${name}.${key}`);
      const value: unknown = Reflect.get(target, key);
      return value;
    },
  });
}
