import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readXml } from '../../../main/engine/exchange/read/xml.ts';
import { checkNsxTree } from '../../../main/engine/exchange/nsx-t/check.ts';
import { xmlDocument, element } from '../../../main/engine/exchange/nsx-v/xml.ts';
import { hclText } from '../../../main/engine/exchange/terraform/hcl.ts';
import {
  EXPORT_CHOICES,
  EXPORT_FORMATS,
  type ExportRequest,
} from '../../../shared/domain/export.ts';
import { EMPTY_INVENTORY } from '../../../shared/domain/inventory.ts';
import type { Rule, Ruleset } from '../../../shared/domain/ruleset.ts';
import { exported, type Exported } from '../../support/export.ts';
import { readHcl } from '../../support/hcl.ts';

/** What somebody may have typed, or logged, to break out of a text. */
const hostile = fc.oneof(
  fc.string({ minLength: 1, maxLength: 40, unit: 'binary' }),
  fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }),
  fc.constantFrom(
    '"; drop',
    '</name><action>allow</action><name>',
    ']]>',
    '<!-- -->',
    '&amp;&#10;&lt;',
    '${file("/etc/passwd")}',
    '%{ for x in y }',
    '$${a}',
    '=HYPERLINK("http://192.0.2.1")',
    '+1',
    '@SUM(A1)',
    '-2+3',
    'a\nb\r\nc\td',
    'a,b;c',
    '| x | <script>alert(1)</script>',
    '\\',
    '\u2028\u0000\u000b\ufffe',
  ),
);

const rulesets: fc.Arbitrary<Ruleset> = fc
  .tuple(hostile, hostile, hostile, hostile)
  .map(([name, notes, setName, policy]) => {
    const rule: Rule = {
      id: name,
      name,
      sources: [{ kind: 'ip-set', name: setName, addresses: ['192.0.2.1', '2001:db8::1'] }],
      destinations: [],
      services: ['TCP/8443'],
      appliedTo: [],
      action: 'ALLOW',
      direction: 'IN_OUT',
      ipVersion: 'IPV4_IPV6',
      logged: true,
      tag: 'a',
      notes,
      disabled: false,
    };
    return { policies: [{ id: policy, name: policy, category: 'Application', rules: [rule] }] };
  });

const REQUESTS: readonly ExportRequest[] = EXPORT_FORMATS.flatMap((format) =>
  EXPORT_CHOICES[format].variants
    .filter(({ id }) => id !== 'patch')
    .map(({ id }) => ({ format, variant: id })),
);

const hasTerraform = spawnSync('terraform', ['version']).status === 0;

function check(document: Exported, ruleset: Ruleset): void {
  const rule = ruleset.policies[0]?.rules[0];
  for (const { name, text } of document.files) {
    if (name.endsWith('.json')) {
      const tree: unknown = JSON.parse(text);
      if (name === 'segwright-nsx-t.json') expect(checkNsxTree([tree], '4')).toEqual([]);
    } else if (name.endsWith('.xml')) expect(readXml(text)).toHaveLength(1);
    else if (name.endsWith('.tf')) expect(readHcl(text)['resource']).toBeDefined();
    else if (name.endsWith('.csv')) {
      const rows: string[][] = parse(text);
      for (const cell of rows.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
      if (name === 'segwright-csv.csv')
        expect(JSON.parse(rows[1]?.[17] ?? '')).toEqual(JSON.parse(JSON.stringify(rule)));
    } else if (name.endsWith('.md') && !name.includes('README'))
      expect(text).not.toMatch(/(?<!\\)<(?!br>)/);
  }
}

describe.each(REQUESTS)('%j with hostile names', (request) => {
  it('is well formed, valid, and holds one rule', () => {
    let written = 0;
    fc.assert(
      fc.property(rulesets, (ruleset) => {
        const document = exported(request, { ruleset, inventory: EMPTY_INVENTORY });
        expect(document.counts.rules).toBe(1);
        check(document, ruleset);
        written++;
      }),
      { numRuns: 150 },
    );
    expect(written).toBe(150);
  });
});

describe('escaping', () => {
  it('of XML gives the text back, but for characters no XML can hold', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const [root] = readXml(xmlDocument(element('a', text, { b: text }))) ?? [];
        const possible = text
          .replace(/\p{Surrogate}/gu, '\ufffd')
          // eslint-disable-next-line no-control-regex -- these are the characters meant
          .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd');
        expect(root?.text).toBe(possible);
        expect(root?.attributes['b']).toBe(possible);
      }),
      { numRuns: 500 },
    );
  });

  it('of HCL gives the text back', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(readHcl(`a = ${hclText(text)}`)['a']).toBe(
          text.replace(/\p{Surrogate}/gu, '\ufffd'),
        );
      }),
      { numRuns: 500 },
    );
  });

  it.skipIf(!hasTerraform)('and layout of HCL are what Terraform itself writes', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'segwright-hcl-'));
    try {
      const [first] = fc.sample(rulesets, { numRuns: 1, seed: 7 });
      const nets = Array.from({ length: 30 }, (_, at) => `198.51.100.${at * 2}`);
      const rule = first?.policies[0]?.rules[0];
      if (rule === undefined) throw new Error('no rule');
      const ruleset: Ruleset = {
        policies: [
          {
            id: 'p',
            name: '${x} "y" %{z}',
            category: 'Environment',
            rules: [
              { ...rule, services: ['TCP/443', 'UDP/53', 'ICMP/8', 'PROTO 112', 'TCP/1-3,9'] },
              { ...rule, destinations: [{ kind: 'ip-set', name: '9 lives', addresses: nets }] },
            ],
          },
        ],
      };
      const { text } = exported({ format: 'terraform' }, { ruleset, inventory: EMPTY_INVENTORY });
      writeFileSync(path.join(folder, 'main.tf'), text);
      const output = execFileSync('terraform', ['fmt', '-check', '-diff', folder], {
        encoding: 'utf8',
      });
      expect(output).toBe('');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
