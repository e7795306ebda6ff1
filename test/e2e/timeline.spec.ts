import type { Locator } from '@playwright/test';
import { expect, SAMPLE, test, type Workbench } from './workbench.ts';

async function open(workbench: Workbench): Promise<{ plot: Locator; brush: Locator }> {
  await workbench.openPath(SAMPLE);
  await expect(workbench.node('group:SGTSWEB')).toBeAttached();
  const plot = workbench.page.getByRole('application', { name: /^Timeline/ });
  await expect(plot).toBeVisible();
  return { plot, brush: plot.locator('rect.brush') };
}

async function drag(workbench: Workbench, plot: Locator, from: number, to: number): Promise<void> {
  const box = await plot.boundingBox();
  if (box === null) throw new Error('the timeline is not drawn');
  const { mouse } = workbench.page;
  const y = box.y + 20;
  await mouse.move(box.x + box.width * from, y);
  await mouse.down();
  await mouse.move(box.x + box.width * ((from + to) / 2), y, { steps: 4 });
  await mouse.move(box.x + box.width * to, y, { steps: 4 });
  await mouse.up();
}

async function edges(brush: Locator): Promise<readonly [number, number]> {
  const box = await brush.boundingBox();
  if (box === null) throw new Error('no window is drawn');
  return [box.x, box.x + box.width];
}

test('a window is dragged out, moved, stretched, and cleared by a double click', async ({
  workbench,
}) => {
  const { plot, brush } = await open(workbench);
  await drag(workbench, plot, 0.2, 0.4);
  const [left, right] = await edges(brush);

  await drag(workbench, plot, 0.3, 0.5);
  const [movedLeft, movedRight] = await edges(brush);
  expect(movedRight - movedLeft).toBeCloseTo(right - left, -1);
  expect(movedLeft).toBeGreaterThan(left + 100);

  const box = await plot.boundingBox();
  const end = (movedRight - (box?.x ?? 0)) / (box?.width ?? 1);
  await drag(workbench, plot, end, 0.9);
  const [stretchedLeft, stretchedRight] = await edges(brush);
  expect(stretchedLeft).toBeCloseTo(movedLeft, -1);
  expect(stretchedRight).toBeGreaterThan(movedRight + 100);
  await workbench.shoot('timeline-window');

  await plot.dblclick({ position: { x: 30, y: 20 } });
  await expect(brush).toBeHidden();
});

test('the wheel zooms around the pointer, and all time comes back', async ({ workbench }) => {
  const { page } = workbench;
  const { plot } = await open(workbench);
  const back = page.getByRole('button', { name: 'All time' });
  await expect(back).toBeHidden();
  await plot.hover({ position: { x: 300, y: 20 } });
  const before = await plot.locator('text').allTextContents();
  await page.mouse.wheel(0, -300);
  await page.mouse.wheel(0, -300);
  await expect(back).toBeVisible();
  await expect.poll(() => plot.locator('text').allTextContents()).not.toEqual(before);
  await workbench.shoot('timeline-zoomed');
  await back.click();
  await expect.poll(() => plot.locator('text').allTextContents()).toEqual(before);
});

test('a click on a bar shows its lines', async ({ workbench }) => {
  const { page } = workbench;
  const { plot, brush } = await open(workbench);
  const box = await plot.boundingBox();
  await plot.click({ position: { x: (box?.width ?? 0) / 2, y: 50 } });
  await expect(page.getByRole('heading', { name: 'All flows of the filter' })).toBeVisible();
  await expect(brush).toBeVisible();
  const lines = page.getByRole('complementary').getByRole('listitem');
  await expect(lines.first()).toBeVisible();
  await workbench.shoot('timeline-lines');
});

test('the keys do what the mouse does', async ({ workbench }) => {
  const { page } = workbench;
  const { plot, brush } = await open(workbench);
  await plot.focus();
  await page.keyboard.press('+');
  const [left] = await edges(brush);
  await page.keyboard.press('ArrowRight');
  await expect.poll(async () => (await edges(brush))[0]).toBeGreaterThan(left + 10);
  await page.keyboard.press('Space');
  await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible();
  const [playing] = await edges(brush);
  await expect.poll(async () => (await edges(brush))[0]).toBeGreaterThan(playing + 10);
  await page.keyboard.press('Space');
  await page.keyboard.press('z');
  await expect(page.getByRole('button', { name: 'All time' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(brush).toBeHidden();
  await page.keyboard.press('Home');
  await expect(page.getByRole('button', { name: 'All time' })).toBeHidden();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'All flows of the filter' })).toBeVisible();
});
