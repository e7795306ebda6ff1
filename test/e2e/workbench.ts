import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, test as base, expect, type Locator, type Page } from '@playwright/test';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The committed small sample archive. */
export const SAMPLE = path.join(root, 'test/fixtures/sample/books-small.tgz');

/** Where screenshots of every screen are kept. */
export const SCREENSHOTS = path.join(root, 'test/artefacts/screens');

/** A running `segwright ui` with its page. */
export class Workbench {
  readonly page: Page;
  readonly folder: string;
  readonly address: string;

  constructor(page: Page, folder: string, address: string) {
    this.page = page;
    this.folder = folder;
    this.address = address;
  }

  /** A path in the folder that is removed after the test. */
  file(name: string): string {
    return path.join(this.folder, name);
  }

  async show(
    screen: 'Open' | 'Map' | 'Inventory' | 'Flows' | 'Charts' | 'Rules' | 'Check' | 'Export',
  ): Promise<void> {
    await this.page
      .getByRole('navigation', { name: 'Screens' })
      .getByRole('button', { name: screen })
      .click();
  }

  /** Opens a path of this machine by the field of the Open screen. */
  async openPath(file: string): Promise<void> {
    await this.show('Open');
    await this.page.getByLabel('Path on this computer').fill(file);
    await this.page.getByRole('button', { name: 'Open path' }).click();
  }

  /** Chooses files in the browser's file dialog. */
  async chooseFiles(...files: readonly string[]): Promise<void> {
    await this.show('Open');
    const dialog = this.page.waitForEvent('filechooser');
    await this.page.getByRole('button', { name: 'Choose archives…' }).click();
    await (await dialog).setFiles([...files]);
  }

  /** Drops a file with the given bytes on the window. */
  async drop(name: string, bytes: Uint8Array): Promise<void> {
    const data = await this.page.evaluateHandle(
      ([fileName, base64]) => {
        const transfer = new DataTransfer();
        const content = Uint8Array.from(atob(base64 ?? ''), (letter) => letter.charCodeAt(0));
        transfer.items.add(new File([content], fileName ?? ''));
        return transfer;
      },
      [name, Buffer.from(bytes).toString('base64')],
    );
    const body = this.page.locator('body');
    await body.dispatchEvent('dragenter', { dataTransfer: data });
    await body.dispatchEvent('dragover', { dataTransfer: data });
    await body.dispatchEvent('drop', { dataTransfer: data });
  }

  /** A row of the inventory by what it is called. */
  inventoryRow(title: string): Locator {
    return this.page.locator('[role=row][data-row]').filter({
      has: this.page.locator('.title .cut', { hasText: new RegExp(`^${title}$`) }),
    });
  }

  /** A node of the map in the list that assistive tools read. */
  node(id: string): Locator {
    return this.page
      .getByRole('list', { name: 'Nodes of the map' })
      .locator(`[data-node-id="${id}"]`);
  }

  /** Where a node stands on the page, once the map stands still. */
  async place(id: string): Promise<{ readonly x: number; readonly y: number }> {
    const node = this.node(id);
    await expect(node).toHaveAttribute('data-x', /\d/);
    let last = '';
    await expect
      .poll(async () => {
        const now = `${await node.getAttribute('data-x')},${await node.getAttribute('data-y')}`;
        const isStill = now === last;
        last = now;
        return isStill;
      })
      .toBe(true);
    const [x, y] = last.split(',').map(Number);
    return { x: x ?? 0, y: y ?? 0 };
  }

  /** Drags with the mouse from a node's handle to another node. */
  async dragRule(from: string, to: string): Promise<void> {
    const start = await this.place(from);
    const end = await this.place(to);
    const { mouse } = this.page;
    await mouse.move(start.x, start.y);
    const handle = this.page.getByTestId('connect-handle');
    await expect(handle).toBeVisible();
    const box = await handle.boundingBox();
    if (box === null) throw new Error('the handle has no place');
    await mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 4 });
    await mouse.down();
    await mouse.move((box.x + end.x) / 2, (box.y + end.y) / 2, { steps: 6 });
    await mouse.move(end.x, end.y, { steps: 6 });
    await mouse.up();
  }

  /** Keeps a screenshot as an artefact. */
  async shoot(name: string): Promise<void> {
    await this.page.waitForTimeout(300);
    const file = path.join(SCREENSHOTS, `${name}.png`);
    await this.page.screenshot({ path: file });
    const picture = path.join(root, 'docs/guide/images', `${name}.png`);
    if (process.env['SEGWRIGHT_GUIDE'] === '1' && existsSync(picture)) copyFileSync(file, picture);
  }
}

/** Starts the built workbench behind the browser host and waits for its address. */
async function startHost(
  project: string,
): Promise<{ readonly address: string; readonly child: ChildProcess }> {
  const child = spawn(
    process.execPath,
    [path.join(root, 'dist/main/cli.js'), 'ui', '--browser', '--project', project],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, XDG_CONFIG_HOME: path.join(path.dirname(project), 'config') },
    },
  );
  const said: string[] = [];
  const address = await new Promise<string>((resolve, reject) => {
    const listen = (part: Buffer) => {
      said.push(part.toString());
      const found = /http:\/\/\S+/.exec(said.join(''))?.[0];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('exit', () => reject(new Error(`the workbench ended: ${said.join('')}`)));
  });
  return { address, child };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

/** Starts a workbench on a new project and gives it to the work. */
export async function withWorkbench(
  browser: Browser,
  work: (workbench: Workbench) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'segwright-e2e-'));
  const { address, child } = await startHost(path.join(folder, 'project.segw'));
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text());
  });
  page.on('request', (request) => {
    const isLocal =
      /^(?:http|ws|blob|data):/.test(request.url()) &&
      !/^https?:\/\/(?!127\.0\.0\.1)/.test(request.url());
    if (!isLocal) troubles.push(`remote request ${request.url()}`);
  });
  try {
    await page.goto(address);
    await expect(page.getByRole('navigation', { name: 'Screens' })).toBeVisible();
    await work(new Workbench(page, folder, address));
    expect(troubles).toEqual([]);
  } finally {
    await context.close();
    await stop(child);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Tests with a workbench of their own on an empty project; any page error or remote request fails them. */
export const test = base.extend<{ workbench: Workbench }>({
  workbench: async ({ browser }, use) => {
    await withWorkbench(browser, use);
  },
});

export { expect };
