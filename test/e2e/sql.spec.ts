import { readFileSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, SAMPLE, test } from './workbench.ts';

test('a question in SQL is answered, copied and saved, and nothing else is run', async ({
  workbench,
}) => {
  const { page } = workbench;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.setViewportSize({ width: 1280, height: 800 });
  await workbench.openPath(SAMPLE);
  await expect(workbench.node('group:SGTSWEB')).toBeAttached();
  await page.keyboard.press('q');
  const editor = page.getByLabel('Question in SQL');
  await expect(editor).toBeVisible();
  const tables = page.getByRole('navigation', { name: 'Tables' });
  await tables.getByText('flows', { exact: true }).click();
  await expect(tables.getByRole('button', { name: /^sessions/ })).toBeVisible();
  await editor.focus();
  await page.keyboard.press('Control+Enter');
  const result = page.getByRole('grid', { name: 'Result' });
  await expect(result.getByRole('row').nth(3)).toBeVisible();
  const scan = () => new AxeBuilder({ page }).analyze();
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await workbench.shoot(`${theme}-sql`);
    const { violations } = await scan();
    const serious = violations.filter(
      ({ impact }) => impact === 'serious' || impact === 'critical',
    );
    expect(serious).toEqual([]);
  }

  await editor.fill("select '10' as port, count(*) as n from flows where action = 'DROP'");
  await editor.press('Control+Enter');
  await expect(page.getByText(/^1 row\. \d+ ms$/)).toBeVisible();
  await page.getByRole('button', { name: 'Copy CSV' }).click();
  await expect(page.getByText('1 row copied.')).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^port,n\r?\n10,\d+\r?\n$/);
  for (const [label, start] of [
    ['Save as CSV', 'port,n'],
    ['Save as Parquet', 'PAR1'],
  ] as const) {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: label }).click();
    const file = await (await download).path();
    expect(readFileSync(file, 'latin1').startsWith(start)).toBe(true);
  }

  await editor.fill("copy flow to '/tmp/x.csv'");
  await editor.press('Control+Enter');
  await expect(page.getByText(/cannot be answered: only SELECT is allowed here/)).toBeVisible();
  await workbench.shoot('dark-sql-refused');
  await editor.fill(
    'select count(*) from range(3000000000) a, range(3000) b where a.range % 7 = b.range % 5',
  );
  await editor.press('Control+Enter');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('Asked before').click();
  await page.getByRole('button', { name: /^select '10' as port/ }).click();
  await expect(editor).toHaveValue(/^select '10' as port/);
  await page.getByRole('button', { name: 'Run' }).click();
  await expect(page.getByText(/^1 row\. \d+ ms$/)).toBeVisible();
});
