import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, SAMPLE, test, type Workbench } from './workbench.ts';

const LAB = fileURLToPath(new URL('../fixtures/rulesets/lab-now.json', import.meta.url));

async function openExport(workbench: Workbench): Promise<void> {
  await workbench.openPath(SAMPLE);
  await expect(workbench.node('group:SGTSWEB')).toBeAttached();
  await workbench.show('Export');
}

for (const theme of ['light', 'dark'] as const) {
  test.describe(theme, () => {
    test.use({ colorScheme: theme });

    test('a ruleset is previewed, kept as the current one, and undone', async ({ workbench }) => {
      const { page } = workbench;
      await openExport(workbench);
      const dialog = page.waitForEvent('filechooser');
      await page.getByRole('button', { name: 'Import a ruleset…' }).click();
      await (await dialog).setFiles(LAB);
      const preview = page.getByRole('dialog', { name: 'Import lab-now.json' });
      await expect(preview).toContainText('Read as NSX Policy API: 3 rules in 2 policies');
      await expect(preview).toContainText('The default rule drops and logs');
      await expect(preview.getByRole('row', { name: /Books/ })).toContainText('2, 1 disabled');
      await expect(preview).toContainText('Nobody names the members of Jump hosts');
      await workbench.shoot(`${theme}-import-ruleset`);
      await preview.getByRole('button', { name: 'Import' }).click();
      await expect(preview).toBeHidden();
      const current = page.getByRole('region', { name: 'Current ruleset' });
      await expect(current).toContainText('3 rules and 2 groups from lab-now.json');
      await workbench.shoot(`${theme}-current-ruleset`);
      await current.getByRole('button', { name: 'Compare…' }).click();
      const comparison = page.getByRole('dialog', { name: 'Draft and current ruleset' });
      const allowed = comparison.getByRole('region', { name: 'Newly allowed by the draft' });
      await expect(allowed.getByRole('row').nth(1)).toBeVisible();
      await workbench.shoot(`${theme}-compare-rulesets`);
      await comparison.getByRole('button', { name: 'Close' }).click();
      await page.keyboard.press('Control+z');
      await expect(current).toContainText('Import what the firewall has now');
    });
  });
}

test('a ruleset that is dropped becomes the draft, and undo brings the rules back', async ({
  workbench,
}) => {
  const { page } = workbench;
  await openExport(workbench);
  await workbench.drop(path.basename(LAB), readFileSync(LAB));
  const preview = page.getByRole('dialog', { name: 'Import lab-now.json' });
  await preview.getByRole('radio', { name: /The draft/ }).check();
  await preview.getByRole('button', { name: 'Import' }).click();
  await expect(page.getByText('3 rules imported as the draft.')).toBeVisible();
  await workbench.show('Rules');
  await expect(page.getByRole('row', { name: /Web to app/ })).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(page.getByText('No rule yet')).toBeVisible();
});

test('what is no ruleset is told in the preview and cannot be imported', async ({ workbench }) => {
  const { page } = workbench;
  await openExport(workbench);
  await workbench.drop('notes.txt', new TextEncoder().encode('some notes'));
  const preview = page.getByRole('dialog', { name: 'Import notes.txt' });
  await expect(preview.getByRole('alert')).toContainText('it is no JSON');
  await expect(preview.getByRole('button', { name: 'Import' })).toBeDisabled();
});
