import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { Cancelled, textOf } from '../../shared/failure/failure.ts';
import { createCancelSource, type CancelSignal } from '../../shared/ipc/cancel.ts';
import type { EngineClient } from '../../shared/ipc/contract.ts';
import { loopbackOrigin } from '../host/browser-guard.ts';
import { startBrowserHost } from '../host/browser-host.ts';
import { hasDisplay, openInBrowser } from './desktop.ts';
import { findElectron, runWindow } from './electron.ts';
import { complain, countOf, print, printable } from './output.ts';
import { createProgressLine } from './progress-line.ts';
import { connect, DEFAULT_PROJECT, openEngine } from './project.ts';
import { BadUse, COMMON_OPTIONS, readArguments } from './usage.ts';
import { ROOT, SAMPLE, userFolder } from './user-folder.ts';

const OPTIONS = {
  project: COMMON_OPTIONS.project,
  browser: { type: 'boolean' },
  open: { type: 'boolean' },
  sample: { type: 'boolean' },
  page: { type: 'string' },
} as const;

const PAGE_FOLDER = path.join(ROOT, 'dist', 'renderer');

interface Order {
  readonly project: string;
  readonly paths: readonly string[];
  /** Address of a development server's page that takes the place of the built one. */
  readonly page: string | undefined;
  readonly isBrowserWanted: boolean;
  readonly isOpenWanted: boolean;
}

function checkPage(page: string | undefined): void {
  try {
    if (page !== undefined) loopbackOrigin(page);
  } catch (thrown) {
    throw new BadUse(`--page takes the address of a development server: ${textOf(thrown)}`);
  }
}

function readOrder(args: readonly string[]): Order {
  const { values, positionals } = readArguments(args, OPTIONS);
  checkPage(values.page);
  const paths = values.sample === true ? [SAMPLE, ...positionals] : positionals;
  let { project = DEFAULT_PROJECT } = values;
  if (values.sample === true && values.project === undefined) {
    project = path.join(userFolder(), 'sample.segw');
    mkdirSync(path.dirname(project), { recursive: true });
  }
  return {
    project: path.resolve(project),
    paths: paths.map((each) => path.resolve(each)),
    page: values.page,
    isBrowserWanted: values.browser === true || values.page !== undefined,
    isOpenWanted: values.open === true,
  };
}

/** Opens archives as the page would, with progress and failures on standard error. */
async function openPaths(
  client: EngineClient,
  paths: readonly string[],
  signal: CancelSignal,
): Promise<void> {
  if (paths.length === 0) return;
  const line = createProgressLine();
  try {
    const { sources, totals, failures } = await client.call(
      'archive.open',
      { paths },
      {
        signal,
        onProgress: (progress) => line.show(progress),
      },
    );
    line.clear();
    for (const failure of failures) complain(failure.message);
    const news = `Opened ${countOf(totals.lines, 'line')} of ${countOf(sources.length, 'source')}.\n`;
    await print(sources.length > 0 ? news : 'Nothing new was opened.\n');
  } catch (thrown) {
    line.clear();
    if (!(thrown instanceof Cancelled)) complain(textOf(thrown));
  }
}

/** Resolves with the first wish to end; a second one ends the process at once. */
function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => {
        resolve();
      });
    }
  });
}

async function runBrowserHost(order: Order, why: string): Promise<number> {
  const engine = await openEngine(order.project);
  try {
    const { page } = order;
    const host = await startBrowserHost({
      engine,
      pageFolder: PAGE_FOLDER,
      ...(page === undefined ? {} : { pageOrigin: page }),
    });
    const stopped = untilStopped();
    const address =
      page === undefined
        ? host.address
        : `${page}#token=${host.token}&engine=127.0.0.1:${host.port}`;
    await print(`${why}\nOpen ${address}\nProject ${printable(order.project)}. Ctrl-C ends it.\n`);
    if (order.isOpenWanted && hasDisplay() && (process.env['CI'] ?? '') === '') {
      openInBrowser(address);
    }
    const stop = createCancelSource();
    const client = connect(engine);
    for (const notice of (await client.call('project.read', {})).notices) complain(notice);
    const opening = openPaths(client, order.paths, stop.signal);
    await stopped;
    stop.cancel();
    await opening;
    await host.close();
    return 0;
  } finally {
    await engine.close();
  }
}

const inBrowser = 'so the workbench runs as a page in a browser of this machine.';

/**
 * `segwright ui`: the workbench in an Electron window where that is possible, else in a browser.
 *
 * @returns the exit code
 */
export async function ui(args: readonly string[]): Promise<number> {
  const order = readOrder(args);
  if (order.isBrowserWanted) {
    return runBrowserHost(order, 'The workbench runs as a page in a browser of this machine.');
  }
  const electron = findElectron(ROOT);
  if (!electron.ok) return runBrowserHost(order, `No window: ${electron.why}, ${inBrowser}`);
  if (path.extname(order.project) !== '.segw') {
    return runBrowserHost(
      order,
      `No window: the project's name does not end in .segw, ${inBrowser}`,
    );
  }
  const end = await runWindow(electron.program, ROOT, [order.project, ...order.paths]);
  if (end.started) return end.exitCode;
  return runBrowserHost(order, `No window: Electron did not start, ${inBrowser}`);
}
