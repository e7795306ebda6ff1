import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { importRuleset } from '../../../main/engine/exchange/import.ts';
import type { ImportedRuleset } from '../../../shared/domain/imported.ts';
import { EMPTY_INVENTORY } from '../../../shared/domain/inventory.ts';
import type { Rule, Ruleset } from '../../../shared/domain/ruleset.ts';
import { exported, problemsOf } from '../../support/export.ts';

const PATCH = { format: 'nsx-t', variant: 'patch' } as const;

const text = readFileSync(new URL('../../fixtures/rulesets/lab-now.json', import.meta.url), 'utf8');
const LAB = importRuleset([{ name: 'lab-now.json', text }]);

/** The rules of policy Books otherwise. */
function books(change: (rules: readonly Rule[]) => readonly Rule[]): Ruleset {
  return {
    ...LAB.ruleset,
    policies: LAB.ruleset.policies.map((policy) =>
      policy.id === 'books' ? { ...policy, rules: change(policy.rules) } : policy,
    ),
  };
}

const input = (ruleset: Ruleset, base: ImportedRuleset | undefined = LAB) => ({
  ruleset,
  inventory: EMPTY_INVENTORY,
  definitions: LAB.groups,
  base,
});

function patch(ruleset: Ruleset, base?: ImportedRuleset) {
  return exported(PATCH, input(ruleset, base));
}

function sentences(ruleset: Ruleset, base?: ImportedRuleset): string {
  const problems = problemsOf(PATCH, input(ruleset, base));
  return problems.map(({ severity, message }) => `${severity}: ${message}`).join('\n');
}

interface Child {
  readonly resource_type: string;
  readonly id?: string;
  readonly marked_for_delete?: boolean;
  readonly children?: readonly Child[];
  readonly Rule?: Readonly<Record<string, unknown>>;
  readonly Group?: { readonly id: string };
}

/** What a body does inside the domain. */
function changes(body: string): readonly Child[] {
  const { children } = JSON.parse(body) as { readonly children: readonly Child[] };
  return children.find(({ id }) => id === 'default')?.children ?? [];
}

const [webToApp] = LAB.ruleset.policies.find(({ id }) => id === 'books')?.rules ?? [];
if (webToApp === undefined) throw new Error('no rule');

describe('a patch of what a manager has', () => {
  it('writes the changed rule alone, with its id, its place and the groups it had', () => {
    const draft = books(([first, ...others]) =>
      first === undefined ? others : [{ ...first, logged: false }, ...others],
    );
    const document = patch(draft);
    expect(changes(document.text)).toEqual([
      {
        resource_type: 'ChildResourceReference',
        id: 'books',
        target_type: 'SecurityPolicy',
        children: [
          {
            resource_type: 'ChildRule',
            Rule: expect.objectContaining({
              id: 'web-app',
              sequence_number: 10,
              logged: false,
              source_groups: ['/infra/domains/default/groups/web'],
              destination_groups: ['192.0.2.21'],
              services: ['/infra/services/HTTPS'],
            }) as unknown,
          },
        ],
      },
    ]);
    expect(document.counts).toEqual({ groups: 0, services: 0, policies: 0, rules: 1 });
    const [back] = changes(document.file('.rollback.json'))[0]?.children ?? [];
    expect(back?.Rule).toMatchObject({ id: 'web-app', logged: true });
  });

  it('gives a new rule a number between its neighbours, and takes no id that is there', () => {
    const fresh: Rule = {
      ...webToApp,
      id: 'old',
      name: 'Between',
      tag: 'between',
      sources: [{ kind: 'ip-set', name: 'SGTSWEB', addresses: ['192.0.2.99'] }],
    };
    const draft = books(([first, ...others]) =>
      first === undefined ? others : [first, { ...fresh, id: 'between' }, ...others],
    );
    const document = patch(draft);
    const [group, policy] = changes(document.text);
    expect(group?.Group?.id).toBe('segwright-SGTSWEB');
    expect(
      policy?.children?.map(({ Rule: rule }) => [rule?.['id'], rule?.['sequence_number']]),
    ).toEqual([['between', 15]]);
    const undo = changes(document.file('.rollback.json'));
    expect(undo[0]?.children).toEqual([
      {
        resource_type: 'ChildRule',
        marked_for_delete: true,
        Rule: { resource_type: 'Rule', id: 'between' },
      },
    ]);
  });

  it('deletes what the draft has no more, and says so', () => {
    const draft = books((rules) => rules.slice(0, 1));
    const document = patch(draft);
    expect(changes(document.text)[0]?.children).toEqual([
      {
        resource_type: 'ChildRule',
        marked_for_delete: true,
        Rule: { resource_type: 'Rule', id: 'old' },
      },
    ]);
    expect(document.warnings).toContain('Rule "Old access" of policy "Books" is deleted.');
    const gone = { ...LAB.ruleset, policies: LAB.ruleset.policies.slice(1) };
    expect(sentences(gone)).toContain('Policy "Operations" is deleted, with its 1 rules.');
  });

  it('deletes nothing where the draft shares no policy with the manager', () => {
    const own = { id: 'mine', name: 'Mine', category: 'Application' as const, rules: [webToApp] };
    const document = patch({ policies: [own] });
    expect(document.text).not.toContain('marked_for_delete');
    expect(document.warnings.join()).toContain('nothing of the manager is changed or deleted');
    expect(changes(document.text).map(({ resource_type: type }) => type)).toEqual([
      'ChildSecurityPolicy',
    ]);
  });

  it('changes the default rule only where it differs', () => {
    const rules = books((all) => all.slice(0, 1));
    expect(patch(rules).text).not.toContain('default-layer3');
    const open = { ...rules, defaultRule: { action: 'ALLOW' as const, logged: true } };
    const names = patch(open).files.map(({ name }) => name);
    expect(names.filter((name) => name.endsWith('.json'))).toHaveLength(4);
  });

  it.each([
    [
      'nothing was imported',
      books((rules) => rules.slice(1)),
      { ...LAB, format: 'nsx-v' as const },
      /import its ruleset/,
    ],
    ['nothing differs', LAB.ruleset, LAB, /nothing to patch/],
    [
      'a changed rule was not wholly read',
      books((rules) => rules.map((rule) => ({ ...rule, notes: 'x' }))),
      {
        ...LAB,
        problems: [{ severity: 'warning' as const, rule: 'web-app', message: 'It has a profile.' }],
      },
      /Rule "Web to app" was changed, and not all of it was read[^\n]*It has a profile\./,
    ],
    [
      'a policy moved among the others',
      {
        ...LAB.ruleset,
        policies: LAB.ruleset.policies.map((policy) =>
          policy.id === 'books' ? { ...policy, category: 'Environment' as const } : policy,
        ),
      },
      LAB,
      /Policy "Books" cannot be patched: its category is Application/,
    ],
  ])('is refused where %s', (_, draft, base, problem) => {
    expect(sentences(draft, base)).toMatch(problem);
    expect(sentences(draft, base)).toMatch(/^error: /);
  });
});
