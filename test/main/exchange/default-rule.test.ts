import { describe, expect, it } from 'vitest';
import { importRuleset } from '../../../main/engine/exchange/import.ts';
import { checkNsxTree } from '../../../main/engine/exchange/nsx-t/check.ts';
import type { ExportRequest } from '../../../shared/domain/export.ts';
import type { ImportedRuleset } from '../../../shared/domain/imported.ts';
import { EMPTY_INVENTORY } from '../../../shared/domain/inventory.ts';
import type { DefaultRule, Rule, Ruleset } from '../../../shared/domain/ruleset.ts';
import { exported } from '../../support/export.ts';
import { schemaProblems } from '../../support/nsx-validate.ts';

const rule: Rule = {
  id: 'r',
  name: 'r',
  sources: [{ kind: 'ip-set', name: 'a', addresses: ['192.0.2.1'] }],
  destinations: [],
  services: ['TCP/443'],
  appliedTo: [],
  action: 'ALLOW',
  direction: 'IN_OUT',
  ipVersion: 'IPV4_IPV6',
  logged: true,
  tag: 'r',
  notes: '',
  disabled: false,
};

function rulesetWith(defaultRule: DefaultRule | undefined): Ruleset {
  const policies = [{ id: 'p', name: 'p', category: 'Application' as const, rules: [rule] }];
  return defaultRule === undefined ? { policies } : { policies, defaultRule };
}

const DROP: DefaultRule = { action: 'DROP', logged: true };

function write(request: ExportRequest, defaultRule?: DefaultRule, base?: ImportedRuleset) {
  const ruleset = rulesetWith(defaultRule);
  return exported(request, { ruleset, inventory: EMPTY_INVENTORY, base });
}

const answer = (rules: readonly object[]) =>
  JSON.stringify({
    resource_type: 'SecurityPolicy',
    id: 'default-layer3-section',
    path: '/infra/domains/default/security-policies/default-layer3-section',
    display_name: 'Default Layer3 Section',
    category: 'Application',
    sequence_number: 2_147_483_647,
    is_default: true,
    rules: rules.map((each) => ({
      resource_type: 'Rule',
      source_groups: ['ANY'],
      destination_groups: ['ANY'],
      services: ['ANY'],
      scope: ['ANY'],
      is_default: true,
      ...each,
    })),
  });

describe('the default rule', () => {
  it('stands in no document of a ruleset that names none', () => {
    for (const format of ['nsx-t', 'nsx-v', 'terraform', 'csv', 'markdown'] as const) {
      const { files, warnings } = write({ format });
      expect(files.map(({ name }) => name).filter((name) => /default/.test(name))).toEqual([]);
      expect(files.map(({ text }) => text).join()).not.toMatch(/DefaultRule|## Default rule/);
      expect(warnings.filter((text) => text.startsWith('The default rule'))).toEqual([]);
    }
  });

  it('is a file of its own for NSX-T, valid, and told last', () => {
    const document = write({ format: 'nsx-t' }, DROP);
    const body: unknown = JSON.parse(document.file('.default-rule.json'));
    expect(schemaProblems(body)).toEqual([]);
    expect(checkNsxTree([body], '4')).toEqual([]);
    expect(document.text).not.toContain('default-layer3');
    const readme = document.file('.README.md');
    expect(readme.indexOf('.default-rule.json')).toBeGreaterThan(readme.indexOf('nsx-t.json'));
    expect(document.warnings).toContain(
      'The default rule drops what no other rule is for, and logs it. It is in a file of its own, to load last. Let it allow and log first, and load it when nothing needed appears there any more.',
    );
  });

  it('gets a way back only where it is known what the manager has', () => {
    const names = (base?: ImportedRuleset) =>
      write({ format: 'nsx-t' }, DROP, base)
        .files.map(({ name }) => name)
        .filter((name) => name.includes('default-rule.rollback'));
    expect(names()).toEqual([]);
    const text = answer([{ id: 'default-layer3-rule', action: 'REJECT', sequence_number: 1 }]);
    const base = importRuleset([{ name: 'now.json', text }]);
    expect(base.ruleset.defaultRule).toEqual({ action: 'REJECT', logged: false });
    expect(names(base)).toEqual(['segwright-nsx-t.default-rule.rollback.json']);
    const back = write({ format: 'nsx-t' }, DROP, base).file('.default-rule.rollback.json');
    expect(back).toContain('"action": "REJECT"');
  });

  it('leaves the sequence number of no other rule beyond the limit', () => {
    const tree = JSON.parse(write({ format: 'nsx-t' }, DROP).file('.default-rule.json')) as unknown;
    const other = JSON.stringify(tree).replace('default-layer3-section', 'shop');
    expect(checkNsxTree([JSON.parse(other)], '4').map(({ message }) => message)).toEqual([
      '/infra/domains/default/security-policies/shop, rule default-layer3-rule: its sequence number is too large.',
    ]);
  });

  it('is a section to complete for NSX-v, and part of a saved configuration', () => {
    expect(write({ format: 'nsx-v' }, DROP).file('.default-section.xml')).toContain(
      '<precedence>default</precedence>',
    );
    const draft = write({ format: 'nsx-v', variant: 'draft' }, DROP).text;
    expect(draft.indexOf('Default Section Layer3')).toBeGreaterThan(draft.indexOf('name="p"'));
  });

  it('is the last row of a table, and a sentence to read', () => {
    const rows = write({ format: 'csv' }, DROP).text.trim().split('\r\n');
    expect(rows.at(-1)).toMatch(/^DefaultRule,.*,DROP,/);
    expect(write({ format: 'markdown' }, DROP).text).toContain(
      'The default rule drops what no other rule is for, and logs it.',
    );
    expect(write({ format: 'report' }, DROP).text).toContain('The default rule drops');
  });

  it('does not take the other rules of its policy with it', () => {
    const text = answer([
      { id: 'default-layer3-rule', action: 'DROP', logged: true, sequence_number: 3, rule_id: 2 },
      { id: 'ndp', display_name: 'Default Rule NDP', action: 'ALLOW', sequence_number: 1 },
      { id: 'own', display_name: 'Own', action: 'ALLOW', sequence_number: 2, is_default: false },
    ]);
    const { ruleset } = importRuleset([{ name: 'now.json', text }]);
    expect(ruleset.defaultRule).toEqual({ action: 'DROP', logged: true, logId: 2 });
    expect(ruleset.policies.map(({ rules }) => rules.map(({ id }) => id))).toEqual([
      ['ndp', 'own'],
    ]);
  });

  it('is read from a state of Terraform with the rules beside it', () => {
    const text = JSON.stringify({
      resources: [
        {
          type: 'nsxt_policy_predefined_security_policy',
          name: 'l3',
          instances: [
            {
              attributes: {
                path: '/infra/domains/default/security-policies/default-layer3-section',
                rule: [{ display_name: 'ping', action: 'ALLOW', services: ['/infra/services/x'] }],
                default_rule: [{ action: 'DROP', logged: true, log_label: 'last' }],
              },
            },
          ],
        },
      ],
    });
    const { ruleset } = importRuleset([{ name: 'state.json', text }]);
    expect(ruleset.defaultRule).toEqual({ action: 'DROP', logged: true });
    expect(ruleset.policies[0]?.rules.map(({ name }) => name)).toEqual(['ping']);
  });
});
