import { expect, SAMPLE, test } from './workbench.ts';

const SCREENS = ['Open', 'Map', 'Inventory', 'Flows', 'Charts', 'Rules', 'Export'] as const;

for (const theme of ['light', 'dark'] as const) {
  test(`every screen in the ${theme} theme`, async ({ workbench }) => {
    const { page } = workbench;
    await page.emulateMedia({ colorScheme: theme });
    await workbench.shoot(`${theme}-open-empty`);
    await workbench.show('Map');
    await workbench.shoot(`${theme}-map-empty`);
    await workbench.openPath(SAMPLE);
    await expect(workbench.node('group:SGTSWEB')).toBeAttached();
    await workbench.show('Export');
    await expect(page.getByText('Nothing to export yet')).toBeVisible();
    await workbench.shoot(`${theme}-export-empty`);
    await workbench.show('Map');
    await workbench.dragRule('group:SGTSWEB', 'address:192.0.2.102');
    await expect(page.getByRole('dialog', { name: 'New rule' }).getByText('TCP/80')).toBeVisible();
    await workbench.shoot(`${theme}-rule-card`);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog', { name: 'New rule' })).toBeHidden();
    for (const screen of SCREENS) {
      await workbench.show(screen);
      await page.waitForTimeout(500);
      await workbench.shoot(`${theme}-${screen.toLowerCase()}`);
    }
    await page.keyboard.press('Control+k');
    await workbench.shoot(`${theme}-palette`);
    const isDark = await page.evaluate(() => {
      const [red = 255] = (getComputedStyle(document.body).backgroundColor.match(/\d+/g) ?? []).map(
        Number,
      );
      return red < 128;
    });
    expect(isDark).toBe(theme === 'dark');
  });
}

test('a small window shows every screen without a sideways scroll', async ({ workbench }) => {
  const { page } = workbench;
  await page.setViewportSize({ width: 1024, height: 700 });
  await workbench.openPath(SAMPLE);
  await expect(workbench.node('group:SGTSWEB')).toBeAttached();
  for (const screen of SCREENS) {
    await workbench.show(screen);
    await page.waitForTimeout(300);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
    await workbench.shoot(`small-${screen.toLowerCase()}`);
  }
});
