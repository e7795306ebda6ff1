import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { nsxProblems } from '../support/nsx-validate.ts';
import { firstOfZip } from '../support/stored-zip.ts';
import { expect, test } from './workbench.ts';

/** Most presses of a button or key from launch to a valid exported ruleset. */
const MOST_INPUTS = 15;

/** Counts what a person does: presses of a mouse button and of keys. */
async function countInputs(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    let count = 0;
    const add = (): void => {
      count++;
      document.documentElement.dataset['inputs'] = String(count);
    };
    window.addEventListener('pointerdown', add, true);
    window.addEventListener('keydown', add, true);
  });
  return () => page.evaluate(() => Number(document.documentElement.dataset['inputs'] ?? 0));
}

test('the guided tour leads from launch to a valid exported ruleset in at most fifteen inputs', async ({
  workbench,
}) => {
  const { page } = workbench;
  const inputs = await countInputs(page);
  const tour = page.getByRole('region', { name: 'Guided tour' });
  const step = tour.locator('[aria-current=step]');
  await page.setViewportSize({ width: 1280, height: 800 });

  await page.getByRole('button', { name: /Try the sample/ }).click();
  await expect(step).toHaveText(/See the tiers/);
  await expect(tour).toContainText('SGTSWEB, SGTSAPP and SGTSDB');
  await expect(workbench.node('group:SGTSWEB')).toBeAttached();
  await workbench.shoot('tour-1-tiers');
  await tour.getByRole('button', { name: 'Next' }).click();

  await expect(tour).toContainText('SGTSWEB talks to 192.0.2.102');
  const vip = await workbench.place('address:192.0.2.102');
  await page.mouse.click(vip.x, vip.y);

  await expect(step).toHaveText(/Draw a rule/);
  await workbench.shoot('tour-2-vip');
  await workbench.dragRule('group:SGTSWEB', 'address:192.0.2.102');
  const card = page.getByRole('dialog', { name: 'New rule' });
  await expect(card.getByText('TCP/80')).toBeVisible();
  await workbench.shoot('tour-3-draw');
  await page.keyboard.press('Enter');

  await expect(step).toHaveText(/Suggest the rest/);
  await tour.getByRole('button', { name: 'Show the suggestions' }).click();
  await expect(step).toHaveText(/Close with a deny-all/);
  await page.getByRole('checkbox', { name: 'Put the closing denies in force' }).click();
  await workbench.shoot('tour-4-suggest');
  await page.getByRole('button', { name: /^Accept all/ }).click();

  await expect(step).toHaveText(/Check/);
  await tour.getByRole('button', { name: 'Show the check' }).click();
  await expect(step).toHaveText(/Export/);
  await expect(page.getByRole('tab', { name: /Newly blocked/ })).toContainText('0 flows');
  await workbench.shoot('tour-5-check');
  await tour.getByRole('button', { name: 'Show the export' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save…' }).click();
  const file = workbench.file('export.zip');
  await (await download).saveAs(file);
  await expect(tour).toContainText('That is the whole method.');
  await workbench.shoot('tour-6-export');

  expect(nsxProblems(firstOfZip(readFileSync(file)))).toEqual([]);
  expect(await inputs()).toBeLessThanOrEqual(MOST_INPUTS);
});

test('the tour is left and taken again, back and forth, without a mouse', async ({ workbench }) => {
  const { page } = workbench;
  const tour = page.getByRole('region', { name: 'Guided tour' });
  await page.keyboard.press('Control+k');
  await page.keyboard.type('guided tour');
  await page.keyboard.press('Enter');
  await expect(tour).toContainText('See the tiers');
  await tour.getByRole('button', { name: 'Next' }).press('Enter');
  await expect(tour).toContainText('Find the VIP');
  await page.keyboard.press('l');
  await expect(tour.getByRole('button', { name: 'Show the map' })).toBeVisible();
  await tour.getByRole('button', { name: 'Back' }).press('Enter');
  await expect(tour).toContainText('See the tiers');
  await tour.getByRole('button', { name: 'End the tour' }).press('Enter');
  await expect(tour).toBeHidden();
});
