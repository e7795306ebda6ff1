import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { aLog } from '../support/archives.ts';
import { expect, SAMPLE, test, type Workbench } from './workbench.ts';

async function loadSample(workbench: Workbench): Promise<void> {
  await workbench.openPath(SAMPLE);
  await expect(workbench.node('group:SGTSWEB')).toBeAttached();
}

async function expectSampleIntact(workbench: Workbench): Promise<void> {
  await workbench.show('Map');
  await expect(workbench.node('group:SGTSWEB')).toBeAttached();
  await expect(workbench.page.getByText('11,946 events').first()).toBeVisible();
}

const cases: readonly (readonly [string, (workbench: Workbench) => string, RegExp])[] = [
  ['a path that does not exist', (w) => w.file('nowhere.log'), /does not exist/],
  ['an empty file', (w) => put(w, 'empty.log', ''), /is empty: there is nothing to open/],
  [
    'a file that is no log',
    (w) => put(w, 'notes.txt', 'dear diary\n'),
    /holds no distributed firewall log lines/,
  ],
  [
    'a 7z archive',
    (w) => put(w, 'a.7z', Buffer.from('377abcaf271c0004', 'hex')),
    /is a 7z archive, which Segwright does not read/,
  ],
  [
    'a damaged zip archive',
    (w) => put(w, 'a.zip', Buffer.from('504b030400', 'hex')),
    /a\.zip" is damaged/,
  ],
];

function put(workbench: Workbench, name: string, bytes: string | Uint8Array): string {
  const file = workbench.file(name);
  writeFileSync(file, bytes);
  return file;
}

for (const [what, make, sentence] of cases) {
  test(`${what} gets one sentence and harms nothing`, async ({ workbench }) => {
    await loadSample(workbench);
    await workbench.openPath(make(workbench));
    await expect(workbench.page.getByRole('alert').filter({ hasText: sentence })).toHaveCount(1);
    await expectSampleIntact(workbench);
  });
}

test('a truncated gzip keeps what came before the cut and says so', async ({ workbench }) => {
  await loadSample(workbench);
  const whole = gzipSync(aLog(4_000, 77));
  await workbench.drop('cut.gz', whole.subarray(0, whole.length / 2));
  await expect(workbench.page.getByRole('alert').filter({ hasText: /is damaged/ })).toHaveCount(1);
  await workbench.show('Open');
  const account = workbench.page.getByRole('region', { name: 'Account of what was loaded' });
  await expect(account).toContainText('cut.gz');
  await expect(account).toContainText(/damaged/i);
});

test('a long opening can be cancelled and leaves the project as it was', async ({ workbench }) => {
  await loadSample(workbench);
  const { page } = workbench;
  const big = workbench.file('big.log');
  writeFileSync(big, aLog(60, 77).repeat(40_000));
  await workbench.openPath(big);
  const task = page.getByRole('region', { name: /Opening big\.log/ });
  await expect(task).toBeVisible();
  await workbench.shoot('open-progress');
  await task.getByRole('button', { name: 'Cancel' }).click();
  await expect(task).toBeHidden();
  await workbench.show('Open');
  await expect(page.getByRole('region', { name: 'Account of what was loaded' })).not.toContainText(
    'big.log',
  );
  await expectSampleIntact(workbench);
});

test('an address without its key shows one sentence instead of the workbench', async ({
  workbench,
  browser,
}) => {
  const page = await browser.newPage();
  await page.goto(new URL('/', workbench.address).href);
  await expect(page.getByText(/no valid key/)).toBeVisible();
  await page.close();
});
