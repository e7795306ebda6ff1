import { expect, SAMPLE, test, type Workbench } from './workbench.ts';

/** Opens the sample, accepts all suggestions and shows their check. */
async function openCheck(workbench: Workbench) {
  const { page } = workbench;
  await page.setViewportSize({ width: 1280, height: 800 });
  await workbench.openPath(SAMPLE);
  await expect(workbench.node('group:SGTSWEB')).toBeAttached();
  await workbench.show('Rules');
  await page.getByRole('button', { name: 'Suggest rules' }).click();
  await page.getByRole('button', { name: /^Accept all/ }).click();
  await expect(page.getByText('Nothing to suggest: the rules permit all needs.')).toBeVisible();
  await page.keyboard.press('k');
  const check = page.getByRole('region', { name: 'Check of the rules' });
  await expect(check).toBeVisible();
  return check;
}

test('the check shows outcomes with the rules that decide, and jumps to them', async ({
  workbench,
}) => {
  const { page } = workbench;
  const check = await openCheck(workbench);
  await expect(check.getByText('of 100')).toBeVisible();
  await check.getByRole('tab', { name: /Still allowed/ }).click();
  const table = check.getByRole('region', { name: 'Still allowed' });
  await expect(table.getByRole('row').nth(1)).toBeVisible();
  await workbench.shoot('check-light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await workbench.shoot('check-dark');
  const rule = table.getByRole('button', { name: / to / }).first();
  const name = await rule.innerText();
  await rule.click();
  await expect(page.getByRole('complementary').getByLabel('Name')).toHaveValue(name);
});

test('deleting a rule under a deny is seen at once, and undo takes it back', async ({
  workbench,
}) => {
  const { page } = workbench;
  const check = await openCheck(workbench);
  const blocked = check.getByRole('tab', { name: /Newly blocked/ });
  await expect(blocked).toContainText('0 flows');
  await workbench.show('Rules');
  const deny = page.locator('[data-rule-id]', { hasText: 'Deny all BOOKS' });
  await deny.click();
  await page.getByLabel('Disabled').uncheck();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(deny).not.toContainText('disabled');
  await page.locator('[data-rule-id]', { hasText: 'SGTSAPP to SGTSDB' }).click();
  await page.getByRole('button', { name: 'Remove' }).click();
  await page.keyboard.press('k');
  await expect(blocked).toBeVisible();
  await expect(blocked).not.toContainText(/^\D*0 flows/);
  await blocked.click();
  const rows = check.getByRole('region', { name: 'Newly blocked' });
  await expect(rows.getByRole('button', { name: 'Deny all BOOKS' }).first()).toBeVisible();
  await workbench.shoot('check-broken');
  await page.keyboard.press('Control+z');
  await expect(check.getByRole('tab', { name: /Newly blocked/ })).toContainText('0 flows');
});

test('a finding is settled by its fix, and undone', async ({ workbench }) => {
  const { page } = workbench;
  const check = await openCheck(workbench);
  const findings = check.getByRole('region', { name: 'Findings' });
  const fixes = findings.locator('.fix').getByRole('button');
  await expect(findings.getByRole('listitem').first()).toBeVisible();
  const before = await fixes.count();
  expect(before).toBeGreaterThan(0);
  await fixes.first().click();
  await expect(page.getByText(/: done\.$/)).toBeVisible();
  await expect.poll(() => fixes.count()).toBeLessThan(before);
  await page.keyboard.press('Control+z');
  await expect.poll(() => fixes.count()).toBe(before);
});

test('a flow that was never logged is tried, end by end, and again after an edit', async ({
  workbench,
}) => {
  const { page } = workbench;
  const check = await openCheck(workbench);
  const box = check.getByRole('region', { name: 'Try a flow' });
  await box.getByLabel('Source').fill('192.0.2.21');
  await box.getByLabel('Destination').fill('192.0.2.31');
  await box.getByLabel('Service').fill('TCP/1433-1440');
  await page.keyboard.press('Enter');
  await expect(box.getByText(/more than one service/)).toBeVisible();
  await box.getByLabel('Service').fill('TCP/1433');
  await box.getByRole('button', { name: 'Decide' }).click();
  await expect(box.getByText(/would\s+pass/)).toBeVisible();
  await expect(box.getByRole('button', { name: 'SGTSAPP to SGTSDB' })).toHaveCount(2);
  await box.scrollIntoViewIfNeeded();
  await workbench.shoot('check-try-light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await workbench.shoot('check-try-dark');
  await box.getByRole('button', { name: 'SGTSAPP to SGTSDB' }).first().click();
  await page.getByRole('button', { name: 'Remove' }).click();
  await page.keyboard.press('k');
  await expect(box.getByText(/would\s+pass/)).toBeVisible();
  await expect(box.getByText('default rule')).toHaveCount(2);
});
