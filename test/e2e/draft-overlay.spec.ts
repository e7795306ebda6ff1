import { expect, SAMPLE, test } from './workbench.ts';

test('the map shows what the draft would do, and at once what a removed rule breaks', async ({
  workbench,
}) => {
  const { page } = workbench;
  await page.setViewportSize({ width: 1280, height: 800 });
  await workbench.openPath(SAMPLE);
  await expect(workbench.node('group:SGTSWEB')).toBeAttached();
  await page.getByRole('radio', { name: 'Draft' }).click();
  const told = page.getByRole('group', { name: 'Map' }).getByRole('status').first();
  await expect(told).toContainText('0 would be blocked');
  await expect(told).not.toContainText(/\b0 unprotected/);
  await expect(page.getByRole('note', { name: 'Legend' }).getByText('Unprotected')).toBeVisible();

  await workbench.show('Rules');
  await page.getByRole('button', { name: 'Suggest rules' }).click();
  const panel = page.getByRole('region', { name: 'Suggested rules' });
  await expect(panel.getByRole('group').first()).toBeVisible();
  await page.getByRole('button', { name: /^Accept all/ }).click();
  await expect(page.getByText('Nothing to suggest: the rules permit all needs.')).toBeVisible();

  await workbench.show('Map');
  await page.getByRole('checkbox', { name: 'Put the closing denies in force' }).check();
  await expect(told).not.toContainText(/\b0 allowed/);
  const closed = await told.innerText();
  await page.keyboard.press('f');
  await workbench.shoot('light-map-draft');
  await page.emulateMedia({ colorScheme: 'dark' });
  await workbench.shoot('dark-map-draft');
  await page.emulateMedia({ colorScheme: 'light' });

  await workbench.show('Rules');
  await page.locator('[data-rule-id]').first().click();
  await page.keyboard.press('Delete');
  await workbench.show('Map');
  await expect(told).toHaveText(/[1-9]\d* would be blocked/);
  await expect.poll(() => told.innerText()).not.toBe(closed);
  await workbench.shoot('light-map-draft-broken');
  await page.keyboard.press('Control+z');
  await expect.poll(() => told.innerText()).toBe(closed);
});
