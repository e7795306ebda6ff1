import { expect, SAMPLE, test, type Workbench } from './workbench.ts';

async function openSuggestions(workbench: Workbench) {
  const { page } = workbench;
  await page.setViewportSize({ width: 1280, height: 800 });
  await workbench.openPath(SAMPLE);
  await expect(workbench.node('group:SGTSWEB')).toBeAttached();
  await workbench.show('Rules');
  await page.getByRole('button', { name: 'Suggest rules' }).click();
  const panel = page.getByRole('region', { name: 'Suggested rules' });
  await expect(panel.getByRole('group').first()).toBeVisible();
  return panel;
}

test('suggestions are rejected, accepted by key and all at once, and undone', async ({
  workbench,
}) => {
  const { page } = workbench;
  const panel = await openSuggestions(workbench);
  const items = panel.getByRole('group');
  await expect(items.first()).toContainText(/\+\d+ flow/);
  await workbench.shoot('suggestions-light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await workbench.shoot('suggestions-dark');
  await page.emulateMedia({ colorScheme: 'light' });

  const before = await items.count();
  await items.last().getByRole('button', { name: 'Reject' }).click();
  await expect(items).toHaveCount(before - 1);
  await expect(page.getByRole('button', { name: /^Accept all/ })).toBeEnabled();
  await page.getByRole('button', { name: 'Bring back 1 rejected' }).click();
  await expect(page.getByRole('button', { name: /^Bring back \d+ rejected/ })).toHaveCount(0);
  await expect(items).toHaveCount(before);
  await expect(page.getByRole('button', { name: /^Accept all/ })).toBeEnabled();

  const rows = page.locator('[data-rule-id]');
  await page.keyboard.press(']');
  await page.keyboard.press('a');
  await expect(rows).toHaveCount(1);
  await expect(items).toHaveCount(before - 1);
  await page.getByRole('button', { name: /^Accept all/ }).click();
  await expect(page.getByText('Nothing to suggest: the rules permit all needs.')).toBeVisible();
  expect(await rows.count()).toBeGreaterThanOrEqual(before);
  await workbench.shoot('suggestions-accepted');
  await page.keyboard.press('Control+z');
  await expect(rows).toHaveCount(1);
  await page.keyboard.press('Control+z');
  await expect(rows).toHaveCount(0);
  await expect(items).toHaveCount(before);
});

test('the slider changes how many rules there are, and a suggestion opens its lines', async ({
  workbench,
}) => {
  const { page } = workbench;
  const panel = await openSuggestions(workbench);
  const items = panel.getByRole('group');
  const before = await items.count();
  const slider = page.getByRole('slider', { name: 'How far rules are drawn together' });
  await slider.press('Home');
  await slider.press('ArrowRight');
  await expect.poll(() => items.count()).toBeGreaterThan(before);
  await items
    .first()
    .getByRole('button', { name: /lines?$/ })
    .click();
  await expect(page.getByRole('heading', { name: 'Logged lines' })).toBeVisible();
  await expect(page.getByRole('dialog').getByRole('listitem').first()).toBeVisible();
});
