import { expect, SAMPLE, test } from './workbench.ts';

for (const theme of ['light', 'dark'] as const) {
  test(`a node is found while its name is typed, in the ${theme} theme`, async ({ workbench }) => {
    const { page } = workbench;
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.emulateMedia({ colorScheme: theme });
    await workbench.openPath(SAMPLE);
    await workbench.show('Map');
    await workbench.place('group:SGTSWEB');
    await page.keyboard.press('Control+f');
    await page.keyboard.type('192.0.2.2');
    const bar = page.getByRole('search', { name: 'Find on the map' });
    await expect(bar.getByRole('status')).toHaveText('1 of 4');
    const heading = page.getByRole('complementary').getByRole('heading', { level: 2 });
    const first = await heading.textContent();
    await page.keyboard.press('Enter');
    await expect(bar.getByRole('status')).toHaveText('2 of 4');
    await expect(heading).not.toHaveText(first ?? '');
    await page.keyboard.press('Shift+Enter');
    await expect(heading).toHaveText(first ?? '');
    const selected = page.locator('[data-node-id][aria-pressed=true]');
    await expect(selected).toHaveCount(1);
    const id = await selected.getAttribute('data-node-id');
    const { x, y } = await workbench.place(id ?? '');
    const ground = await page.getByRole('group', { name: 'Map' }).boundingBox();
    expect(Math.abs(x - (ground?.x ?? 0) - (ground?.width ?? 0) / 2)).toBeLessThan(40);
    expect(Math.abs(y - (ground?.y ?? 0) - (ground?.height ?? 0) / 2)).toBeLessThan(60);
    await workbench.shoot(`${theme}-map-find`);
    await page.keyboard.type('99');
    await expect(bar.getByRole('status')).toHaveText('none');
    await page.keyboard.press('Escape');
    await expect(bar).toBeHidden();
  });
}

test('what was shown before comes back with Alt and an arrow, and with the buttons', async ({
  workbench,
}) => {
  const { page } = workbench;
  await workbench.openPath(SAMPLE);
  await workbench.show('Map');
  await workbench.place('group:SGTSWEB');
  const heading = page.getByRole('complementary').getByRole('heading', { level: 2 }).first();
  const rest = () => page.waitForTimeout(500);
  await rest();
  await workbench.node('group:SGTSWEB').focus();
  await page.keyboard.press('Enter');
  await expect(heading).toHaveText('SGTSWEB');
  await rest();
  await page.getByRole('button', { name: 'Filter on this' }).click();
  await rest();
  await workbench.show('Flows');
  await rest();
  await page.keyboard.press('Alt+ArrowLeft');
  await expect(heading).toHaveText('SGTSWEB');
  await expect(page.locator('#filter-text')).toHaveValue('address:SGTSWEB');
  await page.keyboard.press('Alt+ArrowLeft');
  await expect(page.locator('#filter-text')).toHaveValue('');
  await expect(heading).toHaveText('SGTSWEB');
  await page.keyboard.press('Alt+ArrowLeft');
  await expect(heading).toHaveText('Map');
  await page.getByRole('button', { name: 'Forward again' }).click();
  await expect(heading).toHaveText('SGTSWEB');
  await page.keyboard.press('Alt+ArrowRight');
  await expect(page.locator('#filter-text')).toHaveValue('address:SGTSWEB');
});

for (const theme of ['light', 'dark'] as const) {
  test(`groups are folded and opened where they stand, in the ${theme} theme`, async ({
    workbench,
  }) => {
    const { page } = workbench;
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.emulateMedia({ colorScheme: theme });
    await workbench.openPath(SAMPLE);
    await workbench.show('Map');
    const before = await workbench.place('group:SGTSAPP');
    await expect(workbench.node('address:198.51.100.53')).toHaveCount(0);
    await workbench.shoot(`${theme}-map-at-first`);
    await workbench.node('group:SGTSDB').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('x');
    await expect(workbench.node('workload:192.0.2.31')).toHaveCount(0);
    const after = await workbench.place('group:SGTSAPP');
    expect(Math.hypot(after.x - before.x, after.y - before.y)).toBeLessThan(30);
    const heading = page.getByRole('complementary').getByRole('heading', { level: 2 });
    await expect(heading).toHaveText('SGTSDB');

    const shared = await workbench.place('shared');
    await page.mouse.dblclick(shared.x, shared.y);
    await expect(workbench.node('address:198.51.100.53')).toHaveCount(1);
    await workbench.place('shared');
    await page.keyboard.press('Escape');
    await workbench.shoot(`${theme}-map-opened`);

    const frame = await workbench.place('group:SGTSBOOKS');
    await page.mouse.move(frame.x, frame.y);
    await page.getByRole('button', { name: 'Fold SGTSBOOKS' }).click();
    await expect(workbench.node('group:SGTSAPP')).toHaveCount(0);
    await workbench.place('group:SGTSBOOKS');
    await workbench.shoot(`${theme}-map-folded`);
    await page.reload();
    await expect(workbench.node('group:SGTSBOOKS')).toBeAttached();
    await expect(workbench.node('group:SGTSAPP')).toHaveCount(0);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('open everything');
    await page.keyboard.press('Enter');
    await expect(workbench.node('workload:192.0.2.31')).toHaveCount(1);
  });
}
