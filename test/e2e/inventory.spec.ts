import { writeFileSync } from 'node:fs';
import { readFileSync } from 'node:fs';
import { expect, SAMPLE, test, type Workbench } from './workbench.ts';

async function openInventory(workbench: Workbench): Promise<void> {
  await workbench.openPath(SAMPLE);
  await expect(workbench.node('group:SGTSWEB')).toBeAttached();
  await workbench.page.keyboard.press('v');
  await expect(workbench.inventoryRow('SGTSWEB')).toBeVisible();
}

test('a finding is opened to its lines, renamed, undone, rejected and brought back', async ({
  workbench,
}) => {
  const { page } = workbench;
  await openInventory(workbench);
  await workbench.inventoryRow('SGTSWEB').click();
  const inspector = page.getByRole('complementary', { name: 'Inspector' });
  await expect(inspector.getByRole('heading', { name: 'SGTSWEB' })).toBeVisible();
  await inspector.getByRole('button', { name: 'Show lines' }).first().click();
  await expect(page.getByRole('heading', { name: 'Logged lines' })).toBeVisible();
  await expect(inspector.getByText(/SGTSWEB/).first()).toBeVisible();

  await page.keyboard.press('v');
  await workbench.inventoryRow('SGTSWEB').click();
  await page.keyboard.press('F2');
  const dialog = page.getByRole('dialog', { name: 'Rename "SGTSWEB"' });
  await dialog.getByLabel('Name').fill('Front end');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(workbench.inventoryRow('Front end')).toContainText('edited');
  await workbench.show('Map');
  await expect(workbench.node('group:Front end')).toBeAttached();
  await page.keyboard.press('Control+z');
  await expect(workbench.node('group:SGTSWEB')).toBeAttached();
  await page.keyboard.press('Control+Shift+z');
  await expect(workbench.node('group:Front end')).toBeAttached();
  await page.keyboard.press('Control+z');

  await workbench.show('Inventory');
  await workbench.inventoryRow('SGTSWEB').click();
  await page.keyboard.press('a');
  await expect(workbench.inventoryRow('SGTSWEB')).toContainText('accepted');
  await page.keyboard.press('Delete');
  await expect(workbench.inventoryRow('SGTSWEB')).toBeHidden();
  await page.getByRole('tab', { name: /Rejected/ }).click();
  await workbench.inventoryRow('SGTSWEB').click();
  await inspector.getByRole('button', { name: 'Bring back' }).click();
  await page.getByRole('tab', { name: /Applications/ }).click();
  await expect(workbench.inventoryRow('SGTSWEB')).toBeVisible();
});

test('members are moved, groups merged and split', async ({ workbench }) => {
  const { page } = workbench;
  await openInventory(workbench);
  await workbench.inventoryRow('SGTSWEB').dblclick();
  const member = page.locator('[data-row*="group:SGTSWEB>"]').first();
  const address = await member.locator('.title .cut').first().innerText();
  await member.click();
  await page.getByRole('button', { name: 'Move…' }).click();
  await page.getByLabel('To group').selectOption({ label: 'SGTSDB' });
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText(`Undo: Move ${address} to "SGTSDB"`)).toBeVisible();
  await workbench.inventoryRow('SGTSDB').dblclick();
  await expect(page.locator(`[data-row$="group:SGTSDB>${address}"]`)).toBeVisible();

  await workbench.inventoryRow('SGTSWEB').click();
  await workbench.inventoryRow('SGTSAPP').click({ modifiers: ['Control'] });
  await page.getByRole('button', { name: 'Merge 2 groups…' }).click();
  await page.getByLabel('Name', { exact: true }).fill('FRONT');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(workbench.inventoryRow('FRONT')).toBeVisible();
  await expect(workbench.inventoryRow('SGTSAPP')).toBeHidden();
  await page.keyboard.press('Control+z');
  await expect(workbench.inventoryRow('SGTSAPP')).toBeVisible();

  await workbench.inventoryRow('SGTSAPP').click();
  await page.getByRole('button', { name: 'Split…' }).click();
  const split = page.getByRole('dialog', { name: 'Split "SGTSAPP"' });
  await split.getByLabel('Name', { exact: true }).fill('SGTSAPP2');
  await split.getByRole('checkbox').first().check();
  await split.getByRole('button', { name: 'Save' }).click();
  await expect(workbench.inventoryRow('SGTSAPP2')).toContainText('declared');
});

test('a CSV is imported by its columns and its names appear everywhere', async ({ workbench }) => {
  const { page } = workbench;
  await openInventory(workbench);
  const { groups } = JSON.parse(readFileSync(SAMPLE.replace('.tgz', '.truth.json'), 'utf8')) as {
    groups: { name: string; members: string[] }[];
  };
  const [address = ''] = groups.find(({ name }) => name === 'SGTSWEB')?.members ?? [];
  const file = workbench.file('machines.csv');
  writeFileSync(file, `label;where\nbooks-web-1;${address}\nother;198.51.100.9\n`);
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Import…' }).click();
  await (await chooser).setFiles([file]);
  const dialog = page.getByRole('dialog', { name: 'Import machines.csv' });
  await expect(dialog.getByRole('cell', { name: 'books-web-1' })).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Import' })).toBeDisabled();
  await dialog.getByLabel('Names').selectOption('label');
  await expect(dialog.getByText(/2 names/)).toBeVisible();
  await workbench.shoot('inventory-import');
  await dialog.getByRole('button', { name: 'Import' }).click();
  await expect(dialog).toBeHidden();
  await expect(workbench.inventoryRow('machines.csv')).toContainText('2 names');

  await workbench.show('Map');
  await expect(workbench.node(`workload:${address}`)).toContainText('books-web-1');
  await workbench.show('Flows');
  await page.getByLabel('Filter', { exact: true }).fill('src:books-web-1');
  await expect(page.getByRole('gridcell', { name: /books-web-1/ }).first()).toBeVisible();
  await page.keyboard.press('Escape');
  await workbench.show('Inventory');
  await page.keyboard.press('Control+z');
  await expect(workbench.inventoryRow('machines.csv')).toBeHidden();
  await page.keyboard.press('Control+Shift+z');
  await expect(workbench.inventoryRow('machines.csv')).toBeVisible();
  await workbench.inventoryRow('machines.csv').click();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(workbench.inventoryRow('machines.csv')).toBeHidden();
});

test('a dropped file is imported while the inventory is shown', async ({ workbench }) => {
  const { page } = workbench;
  await openInventory(workbench);
  await workbench.drop(
    'vms.csv',
    Buffer.from('VM,Powerstate,Primary IP Address\nweb,on,192.0.2.11\n'),
  );
  const dialog = page.getByRole('dialog', { name: 'Import vms.csv' });
  await expect(dialog).toContainText('RVTools (CSV)');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

for (const theme of ['light', 'dark'] as const) {
  test(`the inventory in the ${theme} theme`, async ({ workbench }) => {
    const { page } = workbench;
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.emulateMedia({ colorScheme: theme });
    await openInventory(workbench);
    await workbench.inventoryRow('SGTSWEB').dblclick();
    await workbench.inventoryRow('SGTSWEB').click();
    await workbench.shoot(`${theme}-inventory`);
    for (const tab of ['VIPs', 'Shared', 'Spurious', 'Imported']) {
      await page.getByRole('tab', { name: new RegExp(tab) }).click();
      await workbench.shoot(`${theme}-inventory-${tab.toLowerCase().replaceAll(' ', '-')}`);
    }
    const rows = page.getByRole('tab', { name: /Applications/ });
    await rows.click();
    await workbench.inventoryRow('SGTSWEB').click();
    await page.getByRole('button', { name: 'Split…' }).click();
    await workbench.shoot(`${theme}-inventory-split`);
  });
}
