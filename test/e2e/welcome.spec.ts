import { expect, SAMPLE, test } from './workbench.ts';

for (const theme of ['light', 'dark'] as const) {
  test(`a stranger begins with the sample, in the ${theme} theme`, async ({ workbench }) => {
    const { page } = workbench;
    await page.emulateMedia({ colorScheme: theme });
    await expect(page.getByRole('button', { name: /Try the sample/ })).toBeVisible();
    await workbench.shoot(`${theme}-welcome`);
    await page.getByRole('button', { name: /Try the sample/ }).click();
    await expect(workbench.node('group:SGTSWEB')).toBeAttached();
    await expect(page).toHaveTitle(/^sample/);
  });
}

test('what was opened before is offered again and can be forgotten', async ({ workbench }) => {
  const { page } = workbench;
  const empty = workbench.file('second.segw');
  await workbench.openPath(SAMPLE);
  await expect(workbench.node('group:SGTSWEB')).toBeAttached();
  await workbench.openPath(empty);
  const before = page.getByRole('region', { name: 'Opened before' });
  await expect(before.getByRole('listitem')).toHaveCount(2);
  await expect(before.getByText('second.segw').first()).toBeVisible();
  await workbench.shoot('light-welcome-recent');

  await page.reload();
  await expect(before.getByRole('listitem')).toHaveCount(2);
  await before.getByRole('button', { name: 'Forget second.segw' }).click();
  await expect(before.getByRole('listitem')).toHaveCount(1);
  await before.getByRole('button', { name: /^books-small\.tgz/ }).click();
  await expect(workbench.node('group:SGTSWEB')).toBeAttached();
  await expect(page).toHaveTitle(/^second/);
});
