import { writeFileSync } from 'node:fs';
import { expect, test } from './workbench.ts';

/** A line of the vNIC of 10.0.0.2, which a rule with the tag WEB logs. */
function line(hour: number, minute: number, source: string, port: number): string {
  const clock = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}:00.000Z`;
  return `2026-03-02T${clock} esx-1 dfwpktlogs: INET match PASS 1001 IN 60 TCP ${source}/40000->10.0.0.2/${port} S WEB\n`;
}

/** 203.0.113.5 stops at noon, 203.0.113.6 begins then, 203.0.113.7 goes on. */
function lines(): string {
  let text = '';
  for (let at = 0; at < 20; at++) {
    text += line(8 + Math.floor(at / 10), at % 10, '203.0.113.5', 443);
    text += line(14 + Math.floor(at / 10), at % 10, '203.0.113.6', 443);
    text += line(8 + Math.floor(at / 2), at, '203.0.113.7', 22);
  }
  return text;
}

for (const theme of ['light', 'dark'] as const) {
  test(`two windows are compared on the map, in the ${theme} theme`, async ({ workbench }) => {
    const { page } = workbench;
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.emulateMedia({ colorScheme: theme });
    writeFileSync(workbench.file('dfw.log'), lines());
    await workbench.openPath(workbench.file('dfw.log'));
    await workbench.show('Map');
    await workbench.place('address:203.0.113.5');
    await page.getByRole('radio', { name: 'New and gone' }).click();
    const told = page.getByRole('group', { name: 'Map' }).getByRole('status').first();
    await expect(told).toHaveText('Choose a window on the timeline to compare.');

    const plot = page.getByRole('slider', { name: /window|time/i }).or(page.locator('.plot svg'));
    const box = await plot.first().boundingBox();
    if (box === null) throw new Error('the timeline has no place');
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width * 0.5, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.8, y, { steps: 6 });
    await page.mouse.move(box.x + box.width - 1, y, { steps: 6 });
    await page.mouse.up();
    await expect(told).toContainText('1 new');
    await expect(told).toContainText('1 gone');
    await expect(told).toContainText('1 in both');
    const legend = page.getByRole('note', { name: 'Legend' });
    await expect(legend.getByText('Gone since')).toBeVisible();

    await workbench.node('address:203.0.113.5').focus();
    await page.keyboard.press('Enter');
    const inspector = page.getByRole('complementary');
    await inspector.getByRole('button', { name: /→/ }).click();
    await expect(inspector.getByText('Seen before the window, and not in it.')).toBeVisible();
    await expect(inspector.getByText('TCP/443')).toBeVisible();
    await expect(inspector.getByText('2026-03-02 09:09:00', { exact: true })).toBeVisible();
    await workbench.shoot(`${theme}-map-compared`);

    await page.getByRole('button', { name: 'Pin window' }).click();
    await expect(page.getByRole('combobox')).toHaveValue('pinned');
    await expect(told).toContainText('0 new');
    await page.getByRole('radio', { name: 'Off' }).click();
    await expect(legend.getByText('Allowed')).toBeVisible();
  });
}
