import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { nsxProblems } from '../support/nsx-validate.ts';
import { firstOfZip } from '../support/stored-zip.ts';
import { expect, SAMPLE, test, type Workbench } from './workbench.ts';

const golden = fileURLToPath(new URL('../golden/e2e/web-to-app-vip.json', import.meta.url));

const APP_VIP = 'address:192.0.2.102';

/** The document accepted before; a missing one is written, but never in CI. */
function accepted(actual: string): string {
  const mayWrite = process.env['CI'] === undefined || process.env['CI'] === '';
  if (process.env['SEGWRIGHT_ACCEPT_GOLDEN'] === '1' || (!existsSync(golden) && mayWrite)) {
    mkdirSync(path.dirname(golden), { recursive: true });
    writeFileSync(golden, actual);
  }
  return readFileSync(golden, 'utf8');
}

async function drawAndExport(workbench: Workbench): Promise<string> {
  const { page } = workbench;
  await workbench.show('Map');
  await workbench.dragRule('group:SGTSWEB', APP_VIP);
  const card = page.getByRole('dialog', { name: 'New rule' });
  await expect(card).toBeVisible();
  await expect(card.getByText('TCP/80')).toBeVisible();
  await expect(card.getByRole('checkbox', { name: /TCP\/80/ })).toBeChecked();
  await workbench.shoot('rule-card');
  await page.keyboard.press('Enter');
  await expect(card).toBeHidden();
  await workbench.show('Export');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save…' }).click();
  const file = workbench.file('export.zip');
  await (await download).saveAs(file);
  return firstOfZip(readFileSync(file));
}

test('from an archive chosen in the dialog to an exported ruleset', async ({ workbench }) => {
  const { page } = workbench;
  await workbench.shoot('open-empty');
  await workbench.chooseFiles(SAMPLE);
  await expect(workbench.node('group:SGTSWEB')).toBeAttached();
  await workbench.show('Open');
  await expect(page.getByRole('region', { name: 'Account of what was loaded' })).toContainText(
    /12,038 lines\s+=\s+11,946 events\s+\+\s+28 rejects\s+\+\s+56 of other programs\s+\+\s+8 blank/,
  );
  const text = await drawAndExport(workbench);
  expect(nsxProblems(text)).toEqual([]);
  expect(text).toBe(accepted(text));

  await workbench.show('Rules');
  const rules = page.getByRole('table', { name: 'Rules' });
  await expect(rules).toContainText('SGTSWEB to 192.0.2.102');
  await page.keyboard.press('Control+z');
  await expect(rules).toBeHidden();
  await page.keyboard.press('Control+Shift+z');
  await expect(rules).toContainText('TCP/80');
});

test('from a dropped archive to the same ruleset', async ({ workbench }) => {
  await workbench.drop('books-small.tgz', readFileSync(SAMPLE));
  await expect(workbench.node('group:SGTSWEB')).toBeAttached();
  expect(await drawAndExport(workbench)).toBe(readFileSync(golden, 'utf8'));
});

test('a rule is drawn without a mouse', async ({ workbench }) => {
  const { page } = workbench;
  await workbench.openPath(SAMPLE);
  await expect(workbench.node('group:SGTSWEB')).toBeAttached();
  await workbench.show('Map');
  await workbench.node('group:SGTSWEB').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('c');
  const chooser = page.getByLabel('Search destinations');
  await chooser.fill('192.0.2.102');
  await page.keyboard.press('Enter');
  const card = page.getByRole('dialog', { name: 'New rule' });
  await expect(card.getByText('TCP/80')).toBeVisible();
  await expect(card.getByRole('button', { name: 'Add rule' })).toBeEnabled();
  await page.keyboard.press('Enter');
  await expect(card).toBeHidden();
  await workbench.show('Rules');
  await expect(page.getByRole('table', { name: 'Rules' })).toContainText('192.0.2.102');
});

test('Esc leaves the rule card and nothing was added', async ({ workbench }) => {
  const { page } = workbench;
  await workbench.openPath(SAMPLE);
  await expect(workbench.node('group:SGTSWEB')).toBeAttached();
  await workbench.show('Map');
  await workbench.dragRule('group:SGTSAPP', 'group:SGTSDB');
  const card = page.getByRole('dialog', { name: 'New rule' });
  await expect(card.getByText('TCP/1433')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(card).toBeHidden();
  await workbench.show('Rules');
  await expect(page.getByRole('table', { name: 'Rules' })).toBeHidden();
});

test('a filter and a time window narrow the flows, and the map with them', async ({
  workbench,
}) => {
  const { page } = workbench;
  await workbench.openPath(SAMPLE);
  await expect(workbench.node('group:SGTSWEB')).toBeAttached();
  await workbench.show('Flows');
  await expect(page.getByText('11,946 of 11,946 events')).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type('action:DROP');
  await expect(page.getByText(/\b(\d{3}) of 11,946 events/)).toBeVisible();
  await workbench.show('Map');
  await expect(workbench.node('blocked')).toBeAttached();
  await page.getByLabel('Filter', { exact: true }).fill('nonsense:1');
  await expect(page.getByText(/"nonsense" is no field/)).toBeVisible();
});

test('a reload keeps the page connected, and the address bar keeps no key', async ({
  workbench,
}) => {
  const { page } = workbench;
  await workbench.openPath(SAMPLE);
  await expect(workbench.node('group:SGTSWEB')).toBeAttached();
  expect(page.url()).not.toContain('token');
  await page.reload();
  await workbench.show('Map');
  await expect(workbench.node('group:SGTSWEB')).toBeAttached();
});
