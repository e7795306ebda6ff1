import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { build } from 'esbuild';
import { findChromium } from '../../main/tools/chromium.mjs';
import type { MapTimes } from './map-page.ts';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** Goals: the first map within a second, 30 frames a second while it is moved. */
const GOAL_FIRST_MS = 1_000;
const GOAL_FRAMES = 30;

interface Case {
  readonly nodes: number;
  readonly edges: number;
  /** As the workbench folds it at first, or all open. */
  readonly folds: boolean;
}

const CASES: readonly Case[] = [
  { nodes: 500, edges: 1_000, folds: false },
  { nodes: 2_000, edges: 5_000, folds: false },
  { nodes: 10_000, edges: 5_000, folds: true },
];

/** The frame than which one in twenty is slower. */
function slowFrame(frames: readonly number[]): number {
  return frames.toSorted((a, b) => a - b)[Math.floor(frames.length * 0.95)] ?? 0;
}

/** Drags the ground to and fro for two seconds and counts the frames. */
async function drag(page: Page): Promise<readonly number[]> {
  const frames = page.evaluate(() => window.bench.frames(2));
  await page.mouse.move(40, 40);
  await page.mouse.down();
  const end = Date.now() + 1_900;
  for (let at = 0; Date.now() < end; at++) {
    await page.mouse.move(40 + 300 * Math.abs(Math.sin(at / 20)), 40 + (at % 40));
  }
  await page.mouse.up();
  return frames;
}

function report(wish: Case, times: MapTimes, frames: readonly number[]): void {
  const perSecond = (1_000 * frames.length) / frames.reduce((sum, each) => sum + each, 0);
  const what = `${wish.nodes} / ${wish.edges}${wish.folds ? ' folded at first' : ''}`;
  process.stdout.write(
    `${[
      what.padEnd(30),
      `${times.nodes} / ${times.edges} drawn`.padEnd(22),
      `layout ${times.layout.toFixed(0)} ms`.padEnd(17),
      `first map ${times.firstMap.toFixed(0)} ms (${(times.firstMap / GOAL_FIRST_MS).toFixed(2)} of the goal's time)`,
      `${perSecond.toFixed(0)} frames/s (${(perSecond / GOAL_FRAMES).toFixed(2)} of the goal)`,
      `one frame in twenty over ${slowFrame(frames).toFixed(0)} ms`,
      `longest ${Math.max(...frames).toFixed(0)} ms`,
    ].join('  ')}\n`,
  );
}

const { outputFiles } = await build({
  entryPoints: [path.join(root, 'test/bench/map-page.ts')],
  bundle: true,
  format: 'iife',
  write: false,
  logLevel: 'warning',
});
const executablePath = findChromium();
const browser = await chromium.launch({
  ...(executablePath === undefined ? {} : { executablePath }),
  args: ['--no-sandbox', '--disable-gpu'],
});
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const style = 'html,body{margin:0}#ground{position:absolute;inset:0}';
  await page.setContent(`<style>${style}</style><div id="ground"></div>`);
  await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
  process.stdout.write(
    'Nodes / edges of the map, in headless Chromium with software drawing, 1280×800:\n',
  );
  for (const wish of CASES) {
    const times = await page.evaluate(
      ({ nodes, edges, folds }) => window.bench.draw(nodes, edges, folds),
      wish,
    );
    report(wish, times, await drag(page));
  }
} finally {
  await browser.close();
}
