import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, SAMPLE, SCREENSHOTS, test, type Workbench } from './workbench.ts';

async function savePicture(
  { page }: Workbench,
  format: 'SVG' | 'PNG',
  look: 'light' | 'dark',
): Promise<Buffer> {
  const dialog = page.getByRole('dialog', { name: 'Picture of the map' });
  await expect(dialog).toBeVisible();
  await dialog.getByRole('radio', { name: format }).click();
  await dialog.getByRole('radio', { name: look, exact: true }).click();
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save…' }).click();
  const saved = await download;
  const file = path.join(SCREENSHOTS, `picture-${look}.${format.toLowerCase()}`);
  await saved.saveAs(file);
  await expect(dialog).toBeHidden();
  expect(saved.suggestedFilename()).toBe(`Books before closing.${format.toLowerCase()}`);
  return readFileSync(file);
}

test('the map is saved as a picture, by button and by palette', async ({ workbench }) => {
  const { page } = workbench;
  await page.setViewportSize({ width: 1280, height: 800 });
  await workbench.openPath(SAMPLE);
  await expect(workbench.node('group:SGTSWEB')).toBeAttached();
  await workbench.show('Map');
  await workbench.place('group:SGTSWEB');
  await page.getByRole('button', { name: 'Save a picture of the map' }).click();
  await page.getByLabel('Title').fill('Books before closing');
  await workbench.shoot('light-picture-dialog');
  const svg = (await savePicture(workbench, 'SVG', 'light')).toString('utf8');
  expect(svg).toMatch(/^<\?xml .*\n<svg /);
  for (const text of ['Books before closing', 'All time', 'No filter.', 'SGTSWEB', '192.0.2.102'])
    expect(svg).toContain(text);
  for (const text of ['Other addresses', 'Shared service', 'Some of both'])
    expect(svg).toContain(`>${text}</text>`);
  const heads = svg.match(/<path /g) ?? [];
  expect(heads.length).toBeGreaterThan(40);

  await workbench.show('Flows');
  await page.keyboard.press('/');
  await page.keyboard.type('action:DROP');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('picture');
  await page.keyboard.press('Enter');
  await page.getByLabel('Title').fill('Books before closing');
  const png = await savePicture(workbench, 'PNG', 'dark');
  expect(png.subarray(0, 8).toString('latin1')).toBe('\u0089PNG\r\n\u001a\n');
  expect(png.readUInt32BE(16)).toBeGreaterThan(2_500);
  expect(png.subarray(37, 41).toString('latin1')).toBe('pHYs');
  expect(png.readUInt32BE(41)).toBe(11_811);
});
