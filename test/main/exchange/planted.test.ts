import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkNsxTree } from '../../../main/engine/exchange/nsx-t/check.ts';
import { SPECS } from '../../support/specs.ts';

type Node = Record<string, unknown>;

/** The errors of the list, read out of its program text: a name, and what spoils a body. */
function plantedErrors(program: string): readonly (readonly [string, (tree: unknown) => void])[] {
  const helpers = /^const dom = .*$/m.exec(program)?.[0] ?? '';
  const cases = /^const cases = (\{[\s\S]*?\n?.*\}\s*\}?);\s*$/m.exec(program)?.[1] ?? '';
  const more = /^const pol = .*$/m.exec(program)?.[0] ?? '';
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- the list is a program
  const list = new Function(`${helpers}\n${more}\nreturn ${cases}`)() as Record<
    string,
    (tree: unknown) => void
  >;
  return Object.entries(list);
}

describe.skipIf(SPECS === undefined)('with the published specifications at hand', () => {
  const folder = SPECS ?? '';
  const read = (name: string) => readFileSync(path.join(folder, name), 'utf8');

  it('refuses every planted error, and not the body they are planted in', () => {
    const base = read('own-examples/policy-hapi.json');
    expect(checkNsxTree([JSON.parse(base)], '4')).toEqual([]);
    const errors = plantedErrors(read('tools/planted-errors.mjs'));
    expect(errors).toHaveLength(34);
    const missed = errors.filter(([, spoil]) => {
      const tree = JSON.parse(base) as Node;
      spoil(tree);
      return checkNsxTree([tree], '4').length === 0;
    });
    expect(missed.map(([name]) => name)).toEqual([]);
  });
});
