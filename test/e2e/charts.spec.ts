import { AxeBuilder } from '@axe-core/playwright';
import { expect, SAMPLE, test } from './workbench.ts';

test('charts count what the filter keeps, and a click filters', async ({ workbench }) => {
  const { page } = workbench;
  await page.setViewportSize({ width: 1280, height: 800 });
  await workbench.openPath(SAMPLE);
  await expect(workbench.node('group:SGTSWEB')).toBeAttached();
  await page.keyboard.press('h');
  const ways = page.getByRole('region', { name: 'Source → service → destination' });
  await expect(ways.getByRole('button', { name: /^source SGTSWEB/ })).toBeVisible();
  await expect(page.getByRole('list', { name: 'Hits per security group' })).toContainText('SGTSDB');
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await workbench.shoot(`${theme}-charts`);
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations.filter(
      ({ impact }) => impact === 'serious' || impact === 'critical',
    );
    expect(serious.map(({ id }) => id)).toEqual([]);
  }
  await page.getByRole('list', { name: 'Verdicts' }).scrollIntoViewIfNeeded();
  await workbench.shoot('dark-charts-lists');

  const status = page.getByRole('region', { name: 'Charts' }).getByRole('status');
  await expect(status).toContainText('11,946 events');
  await page.getByRole('list', { name: 'Verdicts' }).getByRole('button', { name: /^DROP/ }).click();
  await expect(page.getByLabel('Filter', { exact: true })).toHaveValue('action:DROP');
  await expect(status).not.toContainText('11,946 events');
  await page.getByRole('button', { name: 'Clear', exact: true }).click();

  await ways.getByRole('button', { name: /^service TCP\/1433/ }).press('Enter');
  await expect(page.getByLabel('Filter', { exact: true })).toHaveValue('service:TCP/1433');
  await expect(ways.getByRole('button', { name: /^service/ })).toHaveCount(1);
  await page.getByRole('button', { name: 'Clear', exact: true }).click();

  const choice = page.getByLabel('Application');
  const name = (await choice.locator('option').nth(1).textContent()) ?? '';
  await choice.selectOption({ index: 1 });
  await expect(page.getByLabel('Filter', { exact: true })).toHaveValue(`address:app:${name}`);
  await expect(status).not.toContainText('11,946 events');
  await choice.selectOption({ index: 0 });
  await expect(status).toContainText('11,946 events');
});
