import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, SCREENSHOTS, test } from './workbench.ts';

const REST = 'esx-birch dfwpktlogs: 20411 INET match PASS domain-c8/1006 OUT 60 TCP';
const line = (second: number, ends = '192.0.2.11/40000->192.0.2.20/80') =>
  `<144>Mar  2 08:00:${String(second).padStart(2, '0')} ${REST} ${ends} S SGTSWEB`;

/** Drops files and folders of this machine on the window, as the browser itself would. */
async function dropPaths(page: Page, ...files: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: 600, y: 300, data });
  }
}

test('a guessed year is marked, and the source is loaded again with another', async ({
  workbench,
}) => {
  const { page } = workbench;
  const file = workbench.file('guessed.log');
  const other = workbench.file('dfw-2026-03-02.log');
  const lines = [line(1), line(2, '192.0.2.11/40000->192.0.2.20/70000'), line(3), line(4, 'a->b')];
  writeFileSync(file, [...lines, line(5), line(6).slice(0, 60), line(7)].join('\n'));
  writeFileSync(other, [line(8), line(9, '192.0.2.300/1->192.0.2.20/80')].join('\n'));
  utimesSync(file, new Date('2026-04-01'), new Date('2026-04-01'));
  await workbench.openPath(other);
  await expect(page.getByText('1 event loaded from 1 source.')).toBeVisible();
  await workbench.openPath(file);
  await expect(page.getByText('4 events loaded from 1 source.')).toBeVisible();
  await workbench.show('Open');
  const account = page.getByRole('region', { name: 'Account of what was loaded' });
  await expect(account.getByText('year guessed: 2026')).toHaveCount(1);

  const rejects = page.getByRole('region', { name: 'Rejects' });
  await expect(rejects.getByRole('heading', { name: '4 rejects' })).toBeVisible();
  await rejects.getByRole('button', { name: /^bad port/ }).click();
  await expect(rejects.getByRole('listitem')).toHaveCount(1);
  await expect(rejects.locator('mark')).toHaveText('192.0.2.20/70000');
  await rejects.getByRole('button', { name: /^All/ }).click();
  await rejects
    .getByLabel('Source of the rejects')
    .selectOption({ label: 'dfw-2026-03-02.log (1)' });
  await expect(rejects.getByRole('listitem')).toHaveCount(1);
  await rejects.getByLabel('Source of the rejects').selectOption({ index: 0 });
  await expect(rejects.getByRole('listitem')).toHaveCount(4);

  await page.setViewportSize({ width: 1280, height: 800 });
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.screenshot({ path: path.join(SCREENSHOTS, `open-rejects-${scheme}.png`) });
  }
  await account.getByText('year guessed: 2026').click();
  const dialog = page.getByRole('dialog', { name: 'Year of the lines' });
  await dialog.getByLabel('Year of the first line').fill('2024');
  await page.screenshot({ path: path.join(SCREENSHOTS, 'open-year-dark.png') });
  await dialog.getByRole('button', { name: 'Load again' }).click();
  await expect(account.getByText('year given: 2024')).toHaveCount(1);
  await expect(account.getByRole('row')).toHaveCount(4);
});

test('a folder dropped on the browser is read file by file', async ({ workbench }) => {
  const { page } = workbench;
  const folder = workbench.file('logs');
  mkdirSync(path.join(folder, 'esx-1'), { recursive: true });
  writeFileSync(path.join(folder, 'a.log'), `${line(1)}\n`);
  writeFileSync(path.join(folder, 'esx-1', 'b.log'), `${line(2)}\n`);
  await workbench.show('Open');
  await dropPaths(page, folder);
  await expect(page.getByText('2 events loaded from 2 sources.')).toBeVisible();
  await workbench.show('Open');
  const account = page.getByRole('region', { name: 'Account of what was loaded' });
  await expect(account.locator('td.path').nth(0)).toHaveAttribute('title', 'logs/a.log');
  await expect(account.locator('td.path').nth(1)).toHaveAttribute('title', 'logs/esx-1/b.log');
});
