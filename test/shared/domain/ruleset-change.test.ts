import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type {
  Rule,
  RuleDraft,
  Ruleset,
  RulesetChange,
  SingleChange,
} from '../../../shared/domain/ruleset.ts';
import {
  applyChange,
  EMPTY_RULESET,
  freeName,
  nameOfChange,
  rulesOf,
  slug,
} from '../../../shared/domain/ruleset-change.ts';
import { Failure } from '../../../shared/failure/failure.ts';

function draftOf(name: string, tag = 'tag', change: Partial<RuleDraft> = {}): RuleDraft {
  return {
    name,
    sources: [{ kind: 'group', name: 'SGTSWEB' }],
    destinations: [{ kind: 'ip-set', name: 'VIP', addresses: ['203.0.113.10'] }],
    services: ['TCP/80'],
    appliedTo: ['SGTSWEB'],
    action: 'ALLOW',
    direction: 'IN_OUT',
    ipVersion: 'IPV4_IPV6',
    logged: true,
    tag,
    notes: '',
    disabled: false,
    ...change,
  };
}

const draft = fc
  .tuple(
    fc.oneof(
      fc.constantFrom('Web to app', 'web/to/app', '*', 'x'.repeat(80)),
      fc.string({ minLength: 1, maxLength: 70 }).filter((name) => name.trim() !== ''),
    ),
    fc.oneof(fc.constantFrom('tag', 'x'.repeat(32)), fc.stringMatching(/^[A-Za-z0-9_-]{1,32}$/)),
  )
  .map(([name, tag]) => draftOf(name, tag));

/** A change as a person would make it: rules are chosen by their place. */
type Step =
  | { readonly kind: 'add'; readonly policy: string; readonly draft: RuleDraft }
  | { readonly kind: 'update' | 'remove'; readonly place: number }
  | { readonly kind: 'move'; readonly place: number; readonly to: number };

const place = fc.nat(20);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('add' as const),
      policy: fc.constantFrom('SHOP', 'shop', 'Base services', 'base/services'),
      draft,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('update' as const, 'remove' as const), place }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('move' as const), place, to: fc.nat(30) }),
  },
);

function changeOf(ruleset: Ruleset, each: Step): RulesetChange | undefined {
  if (each.kind === 'add') return { kind: 'add-rule', policy: each.policy, rule: each.draft };
  const rules = rulesOf(ruleset);
  const rule = rules[each.place % Math.max(rules.length, 1)];
  if (rule === undefined) return undefined;
  switch (each.kind) {
    case 'update':
      return { kind: 'update-rule', rule: { ...rule, name: `${rule.name} edited` } };
    case 'remove':
      return { kind: 'remove-rule', id: rule.id };
    case 'move':
      return { kind: 'move-rule', id: rule.id, to: each.to };
  }
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(freeze);
    Object.freeze(value);
  }
  return value;
}

function build(...drafts: readonly (readonly [policy: string, rule: RuleDraft])[]): Ruleset {
  return drafts.reduce<Ruleset>(
    (ruleset, [policy, rule]) => applyChange(ruleset, { kind: 'add-rule', policy, rule }),
    EMPTY_RULESET,
  );
}

function failureOf(ruleset: Ruleset, change: RulesetChange): Failure {
  try {
    applyChange(ruleset, change);
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}

function idsOf(ruleset: Ruleset): readonly (readonly string[])[] {
  return ruleset.policies.map((policy) => policy.rules.map((rule) => rule.id));
}

describe('any run of changes', () => {
  it('leaves what it was given alone, keeps ids and tags unique, and no policy empty', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        let ruleset = freeze<Ruleset>(EMPTY_RULESET);
        for (const each of steps) {
          const change = changeOf(ruleset, each);
          if (change === undefined) continue;
          const before = rulesOf(ruleset).length;
          ruleset = freeze(applyChange(ruleset, freeze(change)));
          const more = new Map([
            ['add-rule', 1],
            ['remove-rule', -1],
          ]);
          const rules = rulesOf(ruleset);
          expect(rules).toHaveLength(before + (more.get(change.kind) ?? 0));
          expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
          expect(new Set(rules.map(({ tag }) => tag)).size).toBe(rules.length);
          for (const { id, tag } of rules) {
            expect(tag).toMatch(/^[A-Za-z0-9_-]{1,32}$/);
            expect(id).toMatch(/^[A-Za-z0-9_-]{1,60}$/);
          }
          const { policies } = ruleset;
          expect(new Set(policies.map(({ id }) => id)).size).toBe(policies.length);
          expect(new Set(policies.map(({ name }) => name)).size).toBe(policies.length);
          for (const policy of policies) expect(policy.rules).not.toEqual([]);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('moves a rule within its policy and leaves the others in their order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(7), fc.nat(20), (count, from, to) => {
        const names = Array.from({ length: count }, (_, at) => `rule ${at}`);
        const other = ['Other', draftOf('other', 'other')] as const;
        const ruleset = build(
          other,
          ...names.map((name) => ['SHOP', draftOf(name, slug(name, 32))] as const),
        );
        const id = ruleset.policies[1]?.rules[from % count]?.id ?? '';
        const after = applyChange(ruleset, { kind: 'move-rule', id, to });
        const [untouched, ids = []] = idsOf(after);
        expect(untouched).toEqual(['other']);
        expect(ids.indexOf(id)).toBe(Math.min(to, count - 1));
        const without = (list: readonly string[] = []) => list.filter((each) => each !== id);
        expect(without(ids)).toEqual(without(idsOf(ruleset)[1]));
      }),
    );
  });
});

describe('applyChange', () => {
  it('makes a policy for the first rule, and lets the next join it', () => {
    const ruleset = build(['SHOP', draftOf('one', 'a')], ['SHOP', draftOf('two', 'b')]);
    expect(ruleset.policies).toHaveLength(1);
    expect(ruleset.policies[0]).toMatchObject({
      id: 'SHOP',
      name: 'SHOP',
      category: 'Application',
    });
    expect(idsOf(ruleset)).toEqual([['one', 'two']]);
  });

  it('numbers ids and tags that are taken', () => {
    const tag = 'x'.repeat(32);
    const ruleset = build(
      ['A', draftOf('one', tag)],
      ['B', draftOf('one', tag)],
      ['B', draftOf('one', tag)],
    );
    expect(idsOf(ruleset)).toEqual([['one'], ['one-2', 'one-3']]);
    expect(rulesOf(ruleset).map((rule) => rule.tag)).toEqual([
      tag,
      `${'x'.repeat(30)}-2`,
      `${'x'.repeat(30)}-3`,
    ]);
  });

  it('puts an edited rule in the place of the old one', () => {
    const ruleset = build(['A', draftOf('one', 'a')], ['A', draftOf('two', 'b')]);
    const rule: Rule = { ...draftOf('uno', 'c', { disabled: true }), id: 'one' };
    const after = applyChange(ruleset, { kind: 'update-rule', rule });
    expect(after.policies[0]?.rules[0]).toEqual(rule);
    expect(after.policies[0]?.rules[1]).toEqual(ruleset.policies[0]?.rules[1]);
  });

  it('drops a policy with its last rule', () => {
    const ruleset = build(['A', draftOf('one', 'a')], ['B', draftOf('two', 'b')]);
    const after = applyChange(ruleset, { kind: 'remove-rule', id: 'one' });
    expect(after.policies.map(({ name }) => name)).toEqual(['B']);
  });

  it.each<RulesetChange>([
    { kind: 'remove-rule', id: 'nobody' },
    { kind: 'move-rule', id: 'nobody', to: 0 },
    { kind: 'update-rule', rule: { ...draftOf('one'), id: 'nobody' } },
  ])('fails for a rule that is not there: $kind', (change) => {
    const failure = failureOf(build(['A', draftOf('one')]), change);
    expect(failure.code).toBe('rule-unknown');
    expect(failure.message).toContain('There is no rule "nobody"');
  });

  it('refuses a rule without a name, and an IP set without an address', () => {
    const empty = [{ kind: 'ip-set', name: 'VIP', addresses: [] }] as const;
    const changes = [
      draftOf('  '),
      draftOf('a', 'a', { sources: empty }),
      draftOf('a', 'a', { destinations: empty }),
    ];
    for (const rule of changes) {
      const failure = failureOf(EMPTY_RULESET, { kind: 'add-rule', policy: 'A', rule });
      expect(failure.code).toBe('rule-incomplete');
    }
    const ruleset = build(['A', draftOf('one')]);
    const rule: Rule = { ...draftOf('', 'a'), id: 'one' };
    expect(failureOf(ruleset, { kind: 'update-rule', rule }).code).toBe('rule-incomplete');
  });
});

describe('the names of changes', () => {
  it('say what is done to which rule', () => {
    const ruleset = build(['A', draftOf('One')]);
    const rule: Rule = { ...draftOf('Uno'), id: 'One' };
    const changes: readonly RulesetChange[] = [
      { kind: 'add-rule', policy: 'A', rule: draftOf('Two') },
      { kind: 'update-rule', rule },
      { kind: 'remove-rule', id: 'One' },
      { kind: 'move-rule', id: 'One', to: 0 },
      { kind: 'remove-rule', id: 'gone' },
    ];
    expect(changes.map((change) => nameOfChange(ruleset, change))).toEqual([
      'Add rule "Two"',
      'Edit rule "One"',
      'Remove rule "One"',
      'Move rule "One"',
      'Remove rule "gone"',
    ]);
  });
});

describe('slug and freeName', () => {
  it('keep to safe characters and to the length asked for', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 1, max: 60 }),
        (text, most) => {
          expect(slug(text, most)).toMatch(new RegExp(`^[A-Za-z0-9_-]{1,${most}}$`));
        },
      ),
    );
    expect(slug('SGTSWEB to "app VIP" / 80', 60)).toBe('SGTSWEB-to-app-VIP-80');
    expect(slug('///', 60)).toBe('x');
  });

  it('find a name that is free and not too long', () => {
    const name = fc.stringMatching(/^[ab]{1,6}(-\d)?$/).map((text) => text.slice(0, 6));
    fc.assert(
      fc.property(name, fc.array(name, { maxLength: 20 }), (wanted, taken) => {
        const free = freeName(wanted, new Set(taken), 6);
        expect(taken).not.toContain(free);
        expect(free.length).toBeLessThanOrEqual(6);
        if (!taken.includes(wanted)) expect(free).toBe(wanted);
      }),
    );
  });
});

describe('what belongs to the whole', () => {
  const two = build(['SHOP', draftOf('a', 'a')], ['BASE', draftOf('b', 'b')]);
  const closing = { action: 'DROP', logged: true, logId: 2 } as const;

  it('stays through changes of rules', () => {
    const closed = applyChange(two, { kind: 'set-default', rule: closing });
    const scoped = applyChange(closed, {
      kind: 'update-policy',
      policy: {
        id: 'SHOP',
        name: 'Shop',
        category: 'Environment',
        appliedTo: ['SGSHOP'],
        locked: true,
      },
    });
    const changes: readonly SingleChange[] = [
      { kind: 'add-rule', policy: 'Shop', rule: draftOf('c', 'c') },
      { kind: 'move-rule', id: 'c', to: 0 },
      { kind: 'remove-rule', id: 'b' },
      { kind: 'add-rule', policy: 'NEW', rule: draftOf('d', 'd') },
      { kind: 'move-policy', id: 'NEW', to: 0 },
    ];
    const label = 'Tidy up';
    const after = applyChange(freeze(scoped), { kind: 'several', label, changes });
    expect(after.defaultRule).toEqual(closing);
    expect(idsOf(after)).toEqual([['d'], ['c', 'a']]);
    expect(after.policies[1]).toMatchObject({ name: 'Shop', appliedTo: ['SGSHOP'], locked: true });
    expect(nameOfChange(scoped, { kind: 'several', label, changes })).toBe('Tidy up');
  });

  it('is refused where the policy is not there', () => {
    const policy = { id: 'GONE', name: 'x', category: 'Application' } as const;
    expect(failureOf(two, { kind: 'update-policy', policy }).code).toBe('rule-unknown');
    expect(failureOf(two, { kind: 'move-policy', id: 'GONE', to: 0 }).code).toBe('rule-unknown');
  });
});
