import { describe, expect, it } from 'vitest';
import { importRuleset } from '../../../main/engine/exchange/import.ts';
import { Failure } from '../../../shared/failure/failure.ts';

interface Parts {
  readonly rule?: object;
  readonly unknown?: object;
  readonly written?: object;
  readonly module?: boolean;
}

/** A plan of one policy with one rule, and the group it names. */
function plan({ rule = {}, unknown = {}, written = {}, module = false }: Parts): string {
  const prefix = module ? 'module.shop["a"].' : '';
  const group = {
    address: `${prefix}nsxt_policy_group.web`,
    type: 'nsxt_policy_group',
    values: {
      display_name: 'WEB',
      criteria: [{ ipaddress_expression: [{ ip_addresses: ['192.0.2.1'] }] }],
    },
  };
  const policy = {
    address: `${prefix}nsxt_policy_security_policy.p`,
    type: 'nsxt_policy_security_policy',
    values: {
      display_name: 'P',
      category: 'Application',
      rule: [{ display_name: 'r', action: 'ALLOW', direction: 'IN_OUT', ...rule }],
    },
  };
  const resources = [group, policy];
  const configuration = {
    resources: [
      { address: 'nsxt_policy_group.web', expressions: {} },
      { address: 'nsxt_policy_security_policy.p', expressions: { rule: [written] } },
    ],
  };
  return JSON.stringify({
    format_version: '1.2',
    planned_values: {
      root_module: module ? { child_modules: [{ resources }] } : { resources },
    },
    resource_changes: [
      { address: group.address, change: { after_unknown: { id: true, path: true } } },
      {
        address: policy.address,
        change: { after_unknown: { id: true, rule: [{ rule_id: true, ...unknown }] } },
      },
    ],
    configuration: {
      root_module: module ? { module_calls: { shop: { module: configuration } } } : configuration,
    },
  });
}

function read(parts: Parts) {
  const { ruleset, groups, problems } = importRuleset([{ name: 'plan.json', text: plan(parts) }]);
  return { rule: ruleset.policies[0]?.rules[0], groups, problems };
}

function refusal(parts: Parts): string {
  try {
    read(parts);
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.code === 'ruleset-unreadable') return thrown.message;
    throw thrown;
  }
  throw new Error('It was read.');
}

const TO_WEB = {
  references: ['nsxt_policy_group.web.path', 'nsxt_policy_group.web'],
};
const WEB = { kind: 'ip-set', name: 'WEB', addresses: ['192.0.2.1'] };

describe('a plan whose references are known only after it was applied', () => {
  it.each([false, true])('follows a group of the plan, in a module: %s', (module) => {
    const { rule, problems } = read({
      module,
      unknown: { source_groups: true, scope: true },
      written: { source_groups: TO_WEB, scope: TO_WEB },
    });
    expect(rule).toMatchObject({ sources: [WEB], destinations: [], appliedTo: ['WEB'] });
    expect(problems).toEqual([]);
  });

  it('keeps what is known beside it', () => {
    const { rule } = read({
      rule: { source_groups: ['192.0.2.7', null] },
      unknown: { source_groups: [false, true] },
      written: { source_groups: TO_WEB },
    });
    expect(rule?.sources).toEqual([
      { kind: 'ip-set', name: '192.0.2.7', addresses: ['192.0.2.7'] },
      WEB,
    ]);
  });

  it('gives rules and policies without ids names of their own', () => {
    expect(read({}).rule?.id).toBe('nsxt_policy_security_policy.p-1');
  });

  it.each([
    ['a variable', { source_groups: { references: ['var.sources'] } }],
    [
      'a condition',
      { source_groups: { references: [...TO_WEB.references, 'local.is_open', 'local'] } },
    ],
    [
      'an attribute that is no path',
      { source_groups: { references: ['nsxt_policy_group.web.id', 'nsxt_policy_group.web'] } },
    ],
    [
      'a resource of another file',
      { source_groups: { references: ['nsxt_policy_group.no.path'] } },
    ],
    ['nothing that can be found', {}],
  ])('is refused where the source is %s, instead of read as any', (_what, written) => {
    expect(refusal({ unknown: { source_groups: true }, written })).toMatch(
      /rule\[0\]\.source_groups of nsxt_policy_security_policy\.p is known only after/,
    );
  });

  it.each([['action'], ['direction'], ['sources_excluded'], ['disabled']])(
    'is refused where %s is open',
    (field) => {
      expect(refusal({ unknown: { [field]: true } })).toContain(`rule[0].${field}`);
    },
  );

  it('is refused where all rules are open', () => {
    const document = JSON.parse(plan({})) as { resource_changes: { change: object }[] };
    const [, policy] = document.resource_changes;
    if (policy !== undefined) policy.change = { after_unknown: { rule: true } };
    expect(() => importRuleset([{ name: 'plan.json', text: JSON.stringify(document) }])).toThrow(
      /rule of nsxt_policy_security_policy\.p is known only after/,
    );
  });

  it('is refused without its changes, which tell what is open', () => {
    const { planned_values } = JSON.parse(plan({})) as { planned_values: object };
    expect(() =>
      importRuleset([{ name: 'plan.json', text: JSON.stringify({ planned_values }) }]),
    ).toThrow(/does not tell its changes/);
  });
});
