import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, SAMPLE, test } from './workbench.ts';

/** Opens the lines behind a number; says what is told of them, and closes them again. */
async function linesBehind(page: Page, number: RegExp): Promise<string> {
  await page.getByRole('button', { name: number }).first().click();
  const dialog = page.getByRole('dialog', { name: /^Lines of / });
  await expect(dialog.getByRole('listitem').first()).toBeVisible();
  const said = await dialog.getByText(/^(?:The latest .* of .*|[\d,]+) lines?\.$/).innerText();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  return said;
}

test('numbers on every screen open the lines behind them', async ({ workbench }) => {
  const { page } = workbench;
  await page.setViewportSize({ width: 1280, height: 800 });
  await workbench.openPath(SAMPLE);
  await expect(workbench.node('group:SGTSWEB')).toBeAttached();
  await workbench.dragRule('group:SGTSWEB', 'address:192.0.2.102');
  await expect(page.getByRole('dialog', { name: 'New rule' }).getByText('TCP/80')).toBeVisible();
  await page.keyboard.press('Enter');

  await workbench.show('Open');
  expect(await linesBehind(page, /the lines of all sources$/)).toBe(
    'The latest 200 of 11,946 lines.',
  );
  expect(await linesBehind(page, /the lines of all that was logged$/)).toMatch(/^The latest 200/);
  expect(await linesBehind(page, /the lines of .*\.log/)).toMatch(/lines\.$/);

  await workbench.show('Flows');
  await linesBehind(page, /the lines of all flows of the filter$/);

  await workbench.show('Charts');
  await linesBehind(page, /the lines of TCP\/80/);
  await linesBehind(page, /the lines of DROP$/);
  const hits = page.getByRole('button', { name: /the lines of hits of SGTSWEB$/ });
  const shown = (await hits.innerText()).trim();
  expect(await linesBehind(page, /the lines of hits of SGTSWEB$/)).toContain(shown);

  await workbench.show('Check');
  await page.getByRole('tab', { name: /Still allowed/ }).click();
  const allowed = page.getByRole('button', { name: /the lines of still allowed$/ });
  const count = (await allowed.innerText()).replace(' lines', '').trim();
  expect(await linesBehind(page, /the lines of still allowed$/)).toContain(count);
  await linesBehind(page, /the lines of needed flows no rule permits$/);
  await linesBehind(page, /the lines of 192\.0\.2\.\d+ → /);

  await workbench.show('Rules');
  await page.locator('[data-rule-id]').first().click();
  await linesBehind(page, /the lines of what .* decides$/);

  await page.getByRole('button', { name: /the lines of what .* decides$/ }).click();
  const dialog = page.getByRole('dialog', { name: /^Lines of / });
  await expect(dialog.getByRole('listitem').first()).toBeVisible();
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await workbench.shoot(`${theme}-lines-of-a-rule`);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(
      violations.filter(({ impact }) => impact === 'serious' || impact === 'critical'),
    ).toEqual([]);
  }
  await page.keyboard.press('Escape');
  for (const screen of ['Charts', 'Check'] as const) {
    await workbench.show(screen);
    await workbench.shoot(`dark-lines-${screen.toLowerCase()}`);
  }
});

test('lines of a filter lead to its flows', async ({ workbench }) => {
  const { page } = workbench;
  await workbench.openPath(SAMPLE);
  await expect(workbench.node('group:SGTSWEB')).toBeAttached();
  await workbench.show('Charts');
  await page.getByRole('button', { name: /the lines of TCP\/1433/ }).click();
  await page.getByRole('button', { name: 'Show the flows' }).click();
  await expect(page.getByLabel('Filter', { exact: true })).toHaveValue('service:TCP/1433');
  await expect(
    page.getByRole('grid', { name: 'Flows' }).getByText('TCP/1433').first(),
  ).toBeVisible();
});
