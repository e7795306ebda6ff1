import { expect, SAMPLE, test } from './workbench.ts';

for (const theme of ['light', 'dark'] as const) {
  test(`a stranger begins with the sample, in the ${theme} theme`, async ({ workbench }) => {
    const { page } = workbench;
    await page.emulateMedia({ colorScheme: theme });
    await expect(page.getByRole('button', { name: /Try the sample/ })).toBeVisible();
    await workbench.shoot(`${theme}-welcome`);
    await page.getByRole('button', { name: /Try the sample/ }).click();
    await expect(workbench.node('group:SGTSWEB')).toBeAttached();
    await expect(page).toHaveTitle(/^sample/);
  });
}

test('what was opened before is offered again and can be forgotten', async ({ workbench }) => {
  const { page } = workbench;
  const empty = workbench.file('second.segw');
  await workbench.openPath(SAMPLE);
  await expect(workbench.node('group:SGTSWEB')).toBeAttached();
  await workbench.openPath(empty);
  const before = page.getByRole('region', { name: 'Opened before' });
  await expect(before.getByRole('listitem')).toHaveCount(2);
  await expect(before.getByText('second.segw').first()).toBeVisible();
  await workbench.shoot('light-welcome-recent');

  await page.reload();
  await expect(before.getByRole('listitem')).toHaveCount(2);
  await before.getByRole('button', { name: 'Forget second.segw' }).click();
  await expect(before.getByRole('listitem')).toHaveCount(1);
  await before.getByRole('button', { name: /^books-small\.tgz/ }).click();
  await expect(workbench.node('group:SGTSWEB')).toBeAttached();
  await expect(page).toHaveTitle(/^second/);
});

test('times are shown in UTC or in the zone of this computer, and stay so', async ({
  workbench,
}) => {
  const { page } = workbench;
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setTimezoneOverride', { timezoneId: 'Asia/Kathmandu' });
  await workbench.openPath(SAMPLE);
  await expect(workbench.node('group:SGTSWEB')).toBeAttached();
  const status = page.getByRole('contentinfo');
  await expect(status).toContainText('2026-03-02 00:00:26 – 2026-03-03 23:59:55 UTC');
  await page.keyboard.press('Control+,');
  const dialog = page.getByRole('dialog', { name: 'Preferences' });
  await dialog.getByRole('radio', { name: 'local' }).click();
  await expect(status).toContainText('2026-03-02 05:45:26 – 2026-03-04 05:44:55 Asia/');
  await workbench.shoot('light-preferences');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await page.reload();
  await expect(status).toContainText('2026-03-02 05:45:26');
});

test('the about box names what is shipped, with its licences', async ({ workbench }) => {
  const { page } = workbench;
  await page.keyboard.press('Control+k');
  await page.keyboard.type('licences');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'About Segwright' });
  await expect(dialog).toContainText(/Version \d+\.\d+\.\d+ · DuckDB v\d/);
  await dialog.getByText('cytoscape', { exact: true }).click();
  await expect(
    dialog.locator('details[open]').getByText(/Permission is hereby granted/),
  ).toBeVisible();
  await workbench.shoot('light-about');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});
