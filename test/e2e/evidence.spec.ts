import { copyFileSync, rmSync } from 'node:fs';
import { expect, SAMPLE, test } from './workbench.ts';

const DFW_LINE = /^20\d\d-\S+ .*INET6? (?:match|TERM) .*->/;

test('a line is copied as it stands in the archive, and marked where the archive is gone', async ({
  workbench,
}) => {
  const { page } = workbench;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.setViewportSize({ width: 1280, height: 800 });
  const archive = workbench.file('books.tgz');
  copyFileSync(SAMPLE, archive);
  await workbench.openPath(archive);
  await expect(workbench.node('group:SGTSWEB')).toBeAttached();
  await workbench.show('Flows');
  await page.getByRole('row').nth(1).press('Enter');
  const inspector = page.getByRole('complementary');
  await expect(inspector.getByRole('listitem').first()).toBeVisible();
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());

  await inspector
    .getByRole('button', { name: /^Copy line/ })
    .first()
    .click();
  await expect(page.getByText('1 line copied.')).toBeVisible();
  expect(await clipboard()).toMatch(DFW_LINE);
  await inspector.getByRole('button', { name: 'As logged' }).click();
  await expect(inspector.locator('.logged').first()).toHaveText(DFW_LINE);
  await expect(inspector.getByText('Rebuilt from the stored fields')).toHaveCount(0);
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await workbench.shoot(`${theme}-evidence-as-logged`);
  }

  rmSync(archive);
  await page.getByRole('row').nth(2).press('Enter');
  await expect(inspector.getByText('Rebuilt from the stored fields').first()).toBeVisible();
  await workbench.shoot('dark-evidence-rebuilt');
  await inspector
    .getByRole('button', { name: /^Copy line/ })
    .first()
    .click();
  await expect.poll(clipboard).toMatch(/\[rebuilt by Segwright: the file .* not there any more\]$/);
});
