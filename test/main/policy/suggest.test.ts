import { copyFileSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acceptanceOf } from '../../../shared/domain/acceptance.ts';
import { DEFAULT_LEVEL, SUGGESTION_LEVELS } from '../../../shared/domain/suggestion.ts';
import { anEngine, fixture, SAMPLE, type TestEngine } from '../../support/engine.ts';

interface Truth {
  readonly scanners: readonly string[];
  readonly vips: readonly { readonly address: string; readonly name: string }[];
}

const truth = JSON.parse(readFileSync(fixture('sample/books-small.truth.json'), 'utf8')) as Truth;

let test: TestEngine;
beforeAll(async () => {
  test = await anEngine();
  await test.client.call('archive.open', { paths: [SAMPLE] });
}, 60_000);
afterAll(async () => {
  await test[Symbol.asyncDispose]();
});

const ask = (level = DEFAULT_LEVEL, isClosed = true) =>
  test.client.call('ruleset.suggest', { applications: null, level, isClosed });

describe('suggestions for the sample', () => {
  it('are the rules of the post', async () => {
    const { suggestions } = await ask();
    const lines = suggestions.map(({ policy, rule }) => {
      const side = (objects: typeof rule.sources) =>
        objects
          .map((object) => (object.kind === 'group' ? object.name : object.addresses.join('+')))
          .join(',') || 'any';
      return `${policy}: ${side(rule.sources)} > ${side(rule.destinations)} ${rule.services.join(' ')} @${rule.appliedTo.join(',')} ${rule.action}`;
    });
    expect(lines.some((l) => /SGTSWEB > 192.0.2.102 TCP\/80 @SGTSWEB ALLOW/.test(l))).toBe(true);
    expect(lines.some((l) => /SGTSAPP > SGTSDB TCP\/1433 @SGTSAPP,SGTSDB ALLOW/.test(l))).toBe(
      true,
    );
    expect(lines.some((l) => /> SGTSAPP TCP\/8080 @SGTSAPP ALLOW/.test(l))).toBe(true);
    expect(lines.slice(-7).map((line) => line.replace(/^BOOKS: .* > /, ''))).toEqual([
      '192.0.2.101 TCP/80 @ ALLOW',
      'SGTSWEB TCP/80 @SGTSWEB ALLOW',
      'SGTSWEB TCP/443 @SGTSWEB ALLOW',
      '192.0.2.102 TCP/80 @SGTSWEB ALLOW',
      'SGTSAPP TCP/8080 @SGTSAPP ALLOW',
      'SGTSDB TCP/1433 @SGTSAPP,SGTSDB ALLOW',
      'any  @SGTSBOOKS DROP',
    ]);
    expect(suggestions.at(-1)).toMatchObject({
      isClosing: true,
      rule: { appliedTo: ['SGTSBOOKS'], action: 'DROP', logged: true },
    });
    expect(suggestions.every(({ rule }) => rule.logged && rule.tag !== '')).toBe(true);
    expect(new Set(suggestions.map(({ rule }) => rule.tag)).size).toBe(suggestions.length);
    expect(suggestions.filter(({ isClosing, gain }) => !isClosing && gain.flows === 0)).toEqual([]);
  });

  it('leave the closing deny disabled unless it is asked for', async () => {
    const { suggestions } = await ask(DEFAULT_LEVEL, false);
    expect(
      suggestions.filter(({ rule }) => rule.disabled).map(({ isClosing }) => isClosing),
    ).toEqual([true]);
  });

  it('permit every need at every level, and draw rules together from level to level', async () => {
    const { curve } = await ask();
    expect(curve.map(({ level }) => level)).toEqual(SUGGESTION_LEVELS.map((_, at) => at));
    for (const { level } of curve) {
      const { legitimate, suggestions } = await ask(level);
      expect(legitimate.permitted, `level ${level}`).toBe(legitimate.flows);
      expect(suggestions).toHaveLength(curve[level]?.rules ?? -1);
    }
    const rules = curve.map((point) => point.rules);
    expect(rules).toEqual(rules.toSorted((a, b) => b - a));
    expect(curve[0]?.overPermission).toBe(0);
    expect(curve.at(-1)?.overPermission).toBeGreaterThan(0);
    const losses = curve.map((point) => point.holdOutLoss);
    expect(losses).toEqual(losses.toSorted((a, b) => b - a));
  });

  it('block nothing that passed but the scanners, and are not made again once accepted', async () => {
    const { client } = test;
    const { suggestions, spurious } = await ask();
    expect(spurious).toEqual(expect.arrayContaining([...truth.scanners]));
    await client.call('ruleset.change', { change: acceptanceOf(suggestions) });
    const page = { window: null, offset: 0, limit: 1_000 };
    const allowed = await client.call('decision.flows', {
      ...page,
      outcomes: ['still-allowed', 'newly-allowed'],
    });
    expect(allowed.rows.filter(({ source }) => truth.scanners.includes(source))).toEqual([]);
    const blocked = await client.call('decision.flows', { ...page, outcomes: ['newly-blocked'] });
    const others = blocked.rows.filter(
      ({ source, destination }) =>
        !truth.scanners.includes(source) && !/^224\.|\.255$/.test(destination),
    );
    expect(others).toEqual([]);
    expect((await ask()).suggestions).toEqual([]);
    await client.call('history.undo', {});
    expect((await ask()).suggestions).toHaveLength(suggestions.length);
  });

  it('are not made again once rejected, until the rejection is undone or taken back', async () => {
    const { client, engine, folder } = test;
    const before = await ask();
    const [chosen] = before.suggestions.filter(({ isClosing }) => !isClosing);
    if (chosen === undefined) throw new Error('nothing is suggested');
    const { key, policy, rule } = chosen;
    const rejected = { key, policy, name: rule.name };
    let news = 0;
    engine.onNews((each) => (news += each === 'ruleset' ? 1 : 0));
    const state = await client.call('suggestion.reject', { suggestions: [rejected] });
    expect(state.undo).toBe(`Reject suggestion "${rule.name}"`);
    expect(news).toBe(1);
    const after = await ask();
    expect(after).toMatchObject({ rejected: [rejected], rejectedNow: 1 });
    expect(after.suggestions.map((each) => each.key)).toEqual(
      before.suggestions.map((each) => each.key).filter((each) => each !== key),
    );
    expect(after.legitimate.permitted).toBeLessThan(before.legitimate.permitted);
    expect(after.coveredAfter.flows).toBe(before.coveredAfter.flows - chosen.gain.flows);

    await client.call('history.undo', {});
    expect((await ask()).suggestions).toHaveLength(before.suggestions.length);
    await client.call('history.redo', {});
    expect((await ask()).rejectedNow).toBe(1);

    const copy = folder.file('copy.segw');
    await engine.close();
    copyFileSync(test.projectPath, copy);
    test = await anEngine(copy);
    expect(await ask()).toMatchObject({ rejected: [rejected], rejectedNow: 1 });
    const restored = await test.client.call('suggestion.restore', { keys: null });
    expect(restored.undo).toBe(`Bring back suggestion "${rule.name}"`);
    expect(await ask()).toMatchObject({ rejected: [], rejectedNow: 0 });
    const none = await test.client.call('suggestion.restore', { keys: [key] });
    expect(none.revision).toBe(restored.revision);
    await test.client.call('history.undo', {});
    await test.client.call('history.undo', {});
  });

  it('are kept while nothing changes, and made anew after every change', async () => {
    const { client } = test;
    const first = await ask();
    expect(await ask()).toEqual(first);
    await ask(0);
    expect(await ask()).toEqual(first);
    const [chosen] = first.suggestions;
    if (chosen === undefined) throw new Error('nothing is suggested');
    await client.call('ruleset.change', { change: acceptanceOf([chosen]) });
    const second = await ask();
    expect(second.suggestions.map(({ key }) => key)).not.toContain(chosen.key);
    expect(second.legitimate.permittedNow).toBe(chosen.gain.flows);
    await client.call('history.undo', {});
    expect((await ask()).suggestions.map(({ key }) => key)).toContain(chosen.key);
  });

  it('heed the applications asked for', async () => {
    const none = await test.client.call('ruleset.suggest', {
      applications: ['no such application'],
      level: DEFAULT_LEVEL,
    });
    expect(none.suggestions).toEqual([]);
    const books = await test.client.call('ruleset.suggest', {
      applications: ['SGTSBOOKS'],
      level: DEFAULT_LEVEL,
    });
    expect(books.suggestions.some(({ isClosing }) => isClosing)).toBe(true);
  });
});
