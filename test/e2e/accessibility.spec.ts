import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, SAMPLE, test } from './workbench.ts';

const SCREENS = [
  'Open',
  'Map',
  'Inventory',
  'Flows',
  'Charts',
  'Rules',
  'Check',
  'Export',
] as const;

/** What axe finds that keeps people from using the screen, one line for each place. */
async function faults(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}`));
}

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious on any screen in the ${theme} theme`, async ({ workbench }) => {
    const { page } = workbench;
    await page.emulateMedia({ colorScheme: theme });
    const found: Record<string, readonly string[]> = {};
    const look = async (name: string) => {
      const here = await faults(page);
      if (here.length > 0) found[name] = here;
    };
    for (const screen of SCREENS) {
      await workbench.show(screen);
      await look(`${screen} of an empty project`);
    }
    await workbench.openPath(SAMPLE);
    await expect(workbench.node('group:SGTSWEB')).toBeAttached();
    await workbench.dragRule('group:SGTSWEB', 'address:192.0.2.102');
    await expect(page.getByRole('dialog', { name: 'New rule' }).getByText('TCP/80')).toBeVisible();
    await look('the rule card');
    await page.keyboard.press('Enter');
    for (const screen of SCREENS) {
      await workbench.show(screen);
      await page.waitForTimeout(300);
      await look(screen);
    }
    await workbench.show('Rules');
    await page.getByRole('tab', { name: 'Suggestions' }).click();
    await expect(page.getByRole('region', { name: 'Suggested rules' })).toContainText('flow');
    await page.keyboard.press(']');
    await look('the suggestions');
    await workbench.show('Flows');
    await page.getByRole('row').nth(1).press('Enter');
    await expect(page.getByRole('complementary').getByRole('listitem').first()).toBeVisible();
    await look('the evidence of a flow');
    await page.keyboard.press('Control+k');
    await look('the palette');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await look('the keys');
    expect(found).toEqual({});
  });
}
