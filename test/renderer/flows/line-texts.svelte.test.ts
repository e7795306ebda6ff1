import { afterEach, expect, it, vi } from 'vitest';
import { LineTexts } from '../../../renderer/flows/line-texts.svelte.ts';
import type { Evidence } from '../../../shared/domain/flow.ts';
import { aWorkbench } from '../support/scripted.ts';

function aLine(line: number): Evidence {
  return {
    sourceId: 3,
    source: 'a.log',
    line,
    host: '',
    at: 0,
    kind: 'match',
    reason: 'match',
    direction: 'IN',
    from: '192.0.2.1',
    fromPort: 40_000,
    to: '192.0.2.9',
    toPort: 443,
    protocol: 'TCP',
    action: 'PASS',
    rule: 1,
    tag: '',
    bytes: 0,
  };
}

afterEach(() => {
  vi.unstubAllGlobals();
});

it('copies lines in their order and marks the ones that are not the file’s own', async () => {
  const writeText = vi.fn((_: string) => Promise.resolve());
  vi.stubGlobal('navigator', { clipboard: { writeText } });
  const workbench = aWorkbench({
    'line.texts': ({ lines }) =>
      Promise.resolve(
        lines.map(({ line }) => ({
          text: `text ${line}`,
          rebuilt: line === 2 ? 'the file is gone' : null,
        })),
      ),
  });
  await new LineTexts(workbench).copy([aLine(1), aLine(2)]);
  expect(writeText.mock.calls).toEqual([
    ['text 1\ntext 2  [rebuilt by Segwright: the file is gone]'],
  ]);
  expect(workbench.toasts.list[0]?.text).toContain('1 rebuilt');
});

it('reads no file before the texts are asked for', async () => {
  const asked: number[] = [];
  const texts = new LineTexts(
    aWorkbench({
      'line.texts': ({ lines }) => {
        asked.push(lines.length);
        return Promise.resolve([]);
      },
    }),
  );
  texts.follow([aLine(1)]);
  texts.shown = true;
  texts.follow([aLine(1), aLine(2)]);
  await vi.waitFor(() => {
    expect(texts.latest.pending).toBe(false);
  });
  expect(asked).toEqual([2]);
});
