import { describe, expect, it } from 'vitest';
import { importRuleset } from '../../../main/engine/exchange/import.ts';
import type { ExportRequest } from '../../../shared/domain/export.ts';
import { rulesetOf, told } from './points.ts';

const UNKNOWN = {
  name: 'WEB',
  id: 'web',
  path: '/infra/domains/default/groups/web',
  kind: 'group' as const,
  addresses: ['192.0.2.11'],
  children: [],
  conditions: [],
  unresolved: true,
};

const FORMATS: readonly ExportRequest[] = [
  { format: 'nsx-t' },
  { format: 'nsx-t', variant: 'draft' },
  { format: 'nsx-v' },
  { format: 'nsx-v', variant: 'objects' },
  { format: 'terraform' },
];

describe('a side that is for everything but a group nobody knows wholly', () => {
  it.each(FORMATS)('is not written as %j, for it would match more', (request) => {
    const world = { definitions: [UNKNOWN] };
    const rule = { appliedTo: [] };
    const said = (change: object) => told(request, rulesetOf({ ...rule, ...change }), world);
    expect(said({ sourcesNegated: true })).toMatch(
      /error: .*everything but group "WEB", whose members were not all read/,
    );
    expect(said({})).not.toMatch(/everything but/);
    const known = { definitions: [{ ...UNKNOWN, unresolved: false }] };
    expect(told(request, rulesetOf({ ...rule, sourcesNegated: true }), known)).not.toMatch(
      /everything but/,
    );
  });

  it('is told when it is read', () => {
    const rule = {
      resource_type: 'Rule',
      id: 'r',
      display_name: 'Not from lab',
      source_groups: ['/infra/domains/default/groups/lab'],
      sources_excluded: true,
      destination_groups: ['ANY'],
      services: ['ANY'],
      scope: ['ANY'],
      action: 'ALLOW',
    };
    const policy = { resource_type: 'SecurityPolicy', id: 'p', rules: [rule] };
    const { problems } = importRuleset([{ name: 'p.json', text: JSON.stringify(policy) }]);
    expect(problems.map(({ message }) => message).join('\n')).toContain(
      'is for everything but group "/infra/domains/default/groups/lab", whose members are not all named',
    );
  });
});
