import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const guide = path.join(root, 'docs/guide');
const chapters = readdirSync(guide).filter((name) => name.endsWith('.md'));

const linked = chapters.flatMap((name) =>
  [...readFileSync(path.join(guide, name), 'utf8').matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^https?:/.test(target)),
);

it('every picture and page the guide links to is there', () => {
  expect(linked.length).toBeGreaterThan(20);
  for (const target of linked)
    expect(() => readFileSync(path.join(guide, target)), target).not.toThrow();
});

it('every picture is one the end-to-end walk makes, and none is left over', () => {
  const walk = readFileSync(path.join(root, 'test/e2e/walk.spec.ts'), 'utf8');
  const made = [...walk.matchAll(/shoot\('([^']+)'\)/g)].map(([, name = '']) => `${name}.png`);
  const used = linked.flatMap((target) => /^images\/(.+)$/.exec(target)?.[1] ?? []);
  expect(readdirSync(path.join(guide, 'images')).toSorted()).toEqual(used.toSorted());
  expect(used.filter((name) => !made.includes(name))).toEqual([]);
});
