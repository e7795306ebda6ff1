import { writeFileSync } from 'node:fs';
import { ASA_LINES, DFW_LINES } from '../support/perimeter.ts';
import { expect, test } from './workbench.ts';

for (const theme of ['light', 'dark'] as const) {
  test(`the map compares perimeter and vNIC in the ${theme} theme`, async ({ workbench }) => {
    const { page } = workbench;
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.emulateMedia({ colorScheme: theme });
    writeFileSync(workbench.file('dfw.log'), DFW_LINES);
    writeFileSync(workbench.file('asa.log'), ASA_LINES);
    await workbench.openPath(workbench.file('dfw.log'));
    await expect(page.getByRole('list', { name: 'Nodes of the map' })).toBeAttached();
    await expect(page.getByRole('radio', { name: 'Perimeter vs vNIC' })).toHaveCount(0);
    await workbench.openPath(workbench.file('asa.log'));
    await workbench.show('Map');
    const choice = page.getByRole('radio', { name: 'Perimeter vs vNIC' });
    await choice.click();
    await expect(choice).toBeChecked();
    const legend = page.getByRole('note', { name: 'Legend' });
    await expect(legend.getByText('Only by vNICs')).toBeVisible();
    const inspector = page.getByRole('complementary');
    await expect(inspector.getByText('Only the perimeter firewall')).toBeVisible();
    await page.keyboard.press('Escape');
    await page.keyboard.press('f');
    await workbench.shoot(`${theme}-map-overlay`);
    await page.getByRole('radio', { name: 'Off' }).click();
    await expect(legend.getByText('Allowed')).toBeVisible();
  });
}
