import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { importRuleset } from '../../../main/engine/exchange/import.ts';
import { checkSection } from '../../../main/engine/exchange/nsx-v/check.ts';
import { element } from '../../../main/engine/exchange/nsx-v/xml.ts';
import { readXml, type XmlNode } from '../../../main/engine/exchange/read/xml.ts';
import { exported } from '../../support/export.ts';
import { readHcl, type HclBody } from '../../support/hcl.ts';
import { group, INVENTORY, ipSet, policyOf, rulesetOf, told, write } from './points.ts';

const V = { format: 'nsx-v' } as const;
const OBJECTS = { format: 'nsx-v', variant: 'objects' } as const;
const TF = { format: 'terraform' } as const;

/** All elements of a name in a document. */
function all(node: XmlNode, name: string): readonly XmlNode[] {
  return [
    ...(node.name === name ? [node] : []),
    ...node.children.flatMap((child) => all(child, name)),
  ];
}

function elements(text: string, name: string): readonly XmlNode[] {
  return (readXml(text) ?? []).flatMap((root) => all(root, name));
}

const texts = (text: string, name: string) => elements(text, name).map((each) => each.text);

/** The blocks of a type of resource. */
function resources(text: string, type: string): readonly HclBody[] {
  const list = (readHcl(text)['resource'] ?? []) as readonly HclBody[];
  return list.filter((each) => (each['labels'] as readonly string[])[0] === type);
}

const blocks = (body: HclBody | undefined, name: string) =>
  (body?.[name] ?? []) as readonly HclBody[];

/** What the check says of a section of one rule of which a part is otherwise. */
function checked(name: string, text: string, attributes?: Readonly<Record<string, string>>) {
  const applied = element('appliedTo', [
    element('value', 'DISTRIBUTED_FIREWALL'),
    element('type', 'DISTRIBUTED_FIREWALL'),
  ]);
  const fields = { name: 'r', action: 'allow', direction: 'inout', packetType: 'any', tag: 't' };
  const own = Object.entries({ ...fields, [name]: text }).map(([key, each]) => element(key, each));
  const rule = element('rule', [...own, element('appliedToList', [applied])], {
    disabled: 'false',
    logged: 'true',
  });
  return checkSection(element('section', [rule], { name: 's', ...attributes })).join('\n');
}

/** What exports to NSX-v, Terraform and CSV commonly get wrong, by the number the specification gives it. */
const POINTS: readonly (readonly [number, string, () => void])[] = [
  [
    33,
    'an IP set is never a place of enforcement',
    () => {
      const { text } = write(OBJECTS, rulesetOf({ sources: [ipSet('a', '192.0.2.1')] }));
      const types = elements(text, 'appliedTo').flatMap((each) =>
        all(each, 'type').map(({ text: type }) => type),
      );
      expect(new Set(types)).toEqual(new Set(['SecurityGroup']));
    },
  ],
  [
    34,
    'no id is invented: inline needs none, and objects wait for those of the manager',
    () => {
      expect(write(V, rulesetOf({})).text).not.toMatch(/(?:ipset|securitygroup|application)-\d/);
      expect(write(OBJECTS, rulesetOf({})).text).not.toMatch(/(?:ipset|securitygroup)-\d/);
      expect(told(OBJECTS, rulesetOf({}))).toMatch(/have no id yet/);
      const list = `<list><securitygroup><objectId>securitygroup-7</objectId><name>WEB</name></securitygroup></list>`;
      const base = importRuleset([{ name: 'groups.xml', text: list }]);
      const { text } = exported(OBJECTS, { ruleset: rulesetOf({}), inventory: INVENTORY, base });
      expect(texts(text, 'value')).toContain('securitygroup-7');
    },
  ],
  [
    35,
    'the ETag goes with every change of what is there',
    () => {
      expect(write(V, rulesetOf({})).file('.README.md')).toContain('`If-Match`');
    },
  ],
  [
    36,
    'the whole configuration is never put in the place of all sections',
    () => {
      const readme = write(V, rulesetOf({})).file('.README.md');
      expect(readme).toContain('Never PUT a section to that address');
      expect(readme).not.toMatch(/request PUT/);
    },
  ],
  [
    37,
    'a section goes above the default one and below all others',
    () => {
      expect(write(V, rulesetOf({})).file('.README.md')).toContain(
        'operation=insert_before_default',
      );
    },
  ],
  [
    38,
    'a log tag has 30 characters, and those that are cut stay apart',
    () => {
      const tags = ['x'.repeat(31), `${'x'.repeat(31)}y`].map((tag, at) => ({ tag, id: `${at}` }));
      const { text } = write(V, rulesetOf(...tags));
      const written = new Set(texts(text, 'tag'));
      expect(written.size).toBe(2);
      for (const tag of written) expect(tag.length).toBeLessThanOrEqual(30);
      expect(checked('tag', 'x'.repeat(31))).toMatch(/30 safe characters/);
    },
  ],
  [
    39,
    'actions are the words managers answer',
    () => {
      const actions = (['ALLOW', 'DROP', 'REJECT'] as const).map((action, at) => ({
        action,
        id: `${at}`,
        tag: `${at}`,
      }));
      const { text } = write(V, rulesetOf(...actions));
      expect(new Set(texts(text, 'action'))).toEqual(new Set(['allow', 'deny', 'reject']));
      expect(checked('action', 'BLOCK')).toMatch(/action is "BLOCK"/);
    },
  ],
  [
    40,
    'XML is escaped, and characters it cannot hold are told',
    () => {
      const name = `a & <b> "c" 'd'`;
      expect(texts(write(V, rulesetOf({ name, appliedTo: [] })).text, 'name')).toContain(name);
      expect(told(V, rulesetOf({ name: 'bell \u0007' }))).toMatch(
        /characters that XML cannot hold/,
      );
    },
  ],
  [
    41,
    'members are changed in bulk',
    () => {
      expect(write(OBJECTS, rulesetOf({})).file('.README.md')).toContain('securitygroup/bulk/');
    },
  ],
  [
    42,
    'sections of Service Composer are left alone',
    () => {
      expect(checked('name', 'r', { managedBy: 'x' })).toMatch(/Service Composer/);
      const section = `<section id="7" name="s" managedBy="x"><rule id="1"><name>r</name><action>allow</action></rule></section>`;
      const { problems } = importRuleset([{ name: 's.xml', text: section }]);
      expect(problems.map(({ message }) => message).join()).toMatch(/Service Composer/);
    },
  ],
  [
    43,
    'only ICMP has a subProtocol',
    () => {
      const { text } = write(V, rulesetOf({ services: ['TCP/80,443', 'ICMP/8'], appliedTo: [] }));
      const services = elements(text, 'service').map((each) => [
        all(each, 'protocol')[0]?.text,
        all(each, 'subProtocol')[0]?.text,
      ]);
      expect(services).toEqual([
        ['6', undefined],
        ['1', '8'],
      ]);
    },
  ],
  [
    44,
    'a log label is one the provider takes',
    () => {
      expect(told(TF, rulesetOf({ tag: 'a b' }))).toMatch(/error: .*tag/);
      const [policy] = resources(write(TF, rulesetOf({})).text, 'nsxt_policy_security_policy');
      expect(blocks(policy, 'rule')[0]?.['log_label']).toMatch(/^[A-Za-z0-9_-]{0,64}$/);
    },
  ],
  [
    45,
    'every rule has its sequence number, and none is 0',
    () => {
      const { text } = write(TF, rulesetOf({}, { id: 'b', tag: 'b' }));
      const [policy] = resources(text, 'nsxt_policy_security_policy');
      expect(blocks(policy, 'rule').map((each) => each['sequence_number'])).toEqual([10, 20]);
    },
  ],
  [
    46,
    'a policy of more than 1,000 rules becomes several that follow each other',
    () => {
      const rules = Array.from({ length: 1_001 }, (_, at) => ({ id: `r${at}`, tag: '' }));
      const ruleset = { policies: [policyOf(rules), policyOf([{}], { id: 'next' })] };
      const policies = resources(write(TF, ruleset).text, 'nsxt_policy_security_policy');
      expect(policies.map((each) => blocks(each, 'rule').length)).toEqual([1_000, 1, 1]);
      const numbers = policies.map((each) => Number(each['sequence_number']));
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      expect(new Set(numbers).size).toBe(3);
    },
  ],
  [
    47,
    'tcp_strict is written',
    () => {
      const [policy] = resources(write(TF, rulesetOf({})).text, 'nsxt_policy_security_policy');
      expect(policy).toMatchObject({ stateful: true, tcp_strict: true });
    },
  ],
  [
    48,
    'resource names are identifiers, apart, and templates in names are text',
    () => {
      const sets = ['9 lives', '9.lives', '${x} %{y}'].map((name, at) =>
        ipSet(name, `192.0.2.${at}`),
      );
      const { text } = write(TF, rulesetOf({ sources: sets, appliedTo: [] }));
      const groups = resources(text, 'nsxt_policy_group');
      const names = groups.map((each) => (each['labels'] as readonly string[])[1] ?? '');
      for (const name of names) expect(name).toMatch(/^[a-z_][a-z0-9_]*$/);
      expect(new Set(names).size).toBe(names.length);
      expect(groups.map((each) => each['display_name'])).toContain('${x} %{y}');
      expect(text).toContain('$${x} %%{y}');
    },
  ],
  [
    49,
    'what a policy uses is made before it and deleted after it',
    () => {
      const { text } = write(TF, rulesetOf({}));
      for (const type of ['nsxt_policy_security_policy', 'nsxt_policy_group'])
        for (const each of resources(text, type))
          expect(blocks(each, 'lifecycle')).toEqual([{ create_before_destroy: true }]);
    },
  ],
  [
    50,
    'no cell runs as a formula',
    () => {
      const names = ['=1+1', '+1', '-1', '@x', '\t=1'].map((name, at) => ({
        name,
        id: `${at}`,
        tag: `${at}`,
      }));
      const rows: string[][] = parse(write({ format: 'csv' }, rulesetOf(...names)).text);
      for (const cell of rows.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
      expect(rows[1]?.[4]).toBe("'=1+1");
    },
  ],
  [
    51,
    'lists in a cell have one separator, and items that hold it are quoted',
    () => {
      const sources = [ipSet('a; b', '192.0.2.1'), ipSet('say "c"', '192.0.2.2'), group('WEB')];
      const rows: string[][] = parse(write({ format: 'csv' }, rulesetOf({ sources })).text);
      expect(rows[1]?.[12]).toBe('"a; b"; "say ""c"""; WEB');
    },
  ],
];

describe('what exports to NSX-v, Terraform and CSV commonly get wrong', () => {
  it.each(POINTS)('%i: %s', (_number, _name, check) => {
    check();
  });

  it('is checked point by point', () => {
    expect(POINTS.map(([number]) => number)).toEqual(
      Array.from({ length: 19 }, (_, at) => at + 33),
    );
  });
});
