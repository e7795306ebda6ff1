import { expect, SAMPLE, test } from './workbench.ts';

test('columns are chosen, resized, remembered and copied', async ({ workbench }) => {
  const { page } = workbench;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.setViewportSize({ width: 1280, height: 800 });
  await workbench.openPath(SAMPLE);
  await expect(workbench.node('group:SGTSWEB')).toBeAttached();
  await workbench.show('Flows');
  const header = (name: string) => page.getByRole('columnheader', { name, exact: true });
  await expect(header('Source')).toBeVisible();

  await page.locator('summary', { hasText: 'Columns' }).click();
  for (const key of ['Direction', 'Source', 'Destination', 'Rule', 'Tag'])
    await page.getByRole('checkbox', { name: key, exact: true }).uncheck();
  await page.getByRole('checkbox', { name: 'Source group' }).check();
  await page.getByRole('checkbox', { name: 'Destination group' }).check();
  await page.getByRole('checkbox', { name: 'Packets' }).uncheck();
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await workbench.shoot(`${theme}-flows-columns`);
  }
  await page.keyboard.press('Escape');
  await expect(page.getByRole('checkbox', { name: 'Packets' })).toBeHidden();
  const width = async () => (await header('Source group').boundingBox())?.width ?? 0;
  const before = await width();
  const edge = page.getByRole('separator', { name: 'Width of Source group' });
  for (let press = 0; press < 8; press++) await edge.press('ArrowRight');
  expect(await width()).toBeGreaterThan(before + 20);
  const chosen = await edge.getAttribute('aria-valuenow');

  await page.getByRole('button', { name: 'Copy CSV' }).click();
  await expect(page.getByText(/flows copied\./)).toBeVisible();
  const csv = await page.evaluate(() => navigator.clipboard.readText());
  const [head = '', ...rows] = csv.trimEnd().split('\r\n');
  expect(head).toBe(
    'Service,Action,Source group,Destination group,Sessions,Events,Bytes,First,Last',
  );
  expect(rows.some((row) => row.startsWith('TCP/80,PASS,group:SGTSWEB,'))).toBe(true);

  await page.reload();
  await workbench.show('Flows');
  await expect(header('Source group')).toBeVisible();
  await expect(header('Rule')).toHaveCount(0);
  await expect(edge).toHaveAttribute('aria-valuenow', chosen ?? '');
});

test('a filter is typed, saved in the project, and used again', async ({ workbench }) => {
  const { page } = workbench;
  await workbench.openPath(SAMPLE);
  await expect(workbench.node('group:SGTSWEB')).toBeAttached();
  await workbench.show('Flows');
  const status = page.getByRole('main').getByRole('status');
  await expect(status).toContainText('617 flows');
  await page.getByLabel('Filter', { exact: true }).fill('192.0.2.0/24 !80 tag:SGTSWEB');
  await expect(status).not.toContainText('617 flows');
  const filtered = (await status.textContent()) ?? '';
  await expect(page.getByRole('group', { name: 'Conditions in force' })).toContainText(
    'not service 80',
  );
  const menu = page.locator('summary', { hasText: 'Filters' });
  await menu.click();
  await page.getByLabel('Name to save it under').fill('web but not HTTP');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('list', { name: 'Recent filters' })).toContainText('tag:SGTSWEB');
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await workbench.shoot(`${theme}-filters`);
  }
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Clear', exact: true }).click();
  await expect(status).toContainText('617 flows');

  await page.reload();
  await workbench.show('Flows');
  await menu.click();
  await page.getByRole('button', { name: /^web but not HTTP/ }).click();
  await expect(status).toHaveText(filtered);
  await menu.click();
  await page.getByRole('button', { name: 'Forget web but not HTTP' }).click();
  await expect(page.getByText('None yet. They are kept in the project.')).toBeVisible();
});

test('several rows are marked with mouse or keys and copied together', async ({ workbench }) => {
  const { page } = workbench;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.setViewportSize({ width: 1280, height: 800 });
  await workbench.openPath(SAMPLE);
  await expect(workbench.node('group:SGTSWEB')).toBeAttached();
  await workbench.show('Flows');
  const rows = page.getByRole('grid', { name: 'Flows' }).getByRole('row');
  const lines = async () =>
    (await page.evaluate(() => navigator.clipboard.readText())).trimEnd().split('\n').length;
  const place = { position: { x: 900, y: 10 } };
  await rows.nth(1).click(place);
  await rows.nth(4).click({ ...place, modifiers: ['Shift'] });
  await rows.nth(6).click({ ...place, modifiers: ['Control'] });
  await expect(page.getByText('5 marked')).toBeVisible();
  await workbench.shoot('light-flows-marked');
  await rows.nth(6).press('Control+c');
  await expect(page.getByText('5 flows copied.')).toBeVisible();
  expect(await lines()).toBe(6);

  await rows.nth(2).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(page.getByText('3 marked')).toBeVisible();
  await page.keyboard.press('Control+c');
  await expect(page.getByText('3 flows copied.')).toBeVisible();
});
