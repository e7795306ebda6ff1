import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FAILURE_CODES, type FailureCode } from '../../shared/failure/codes.ts';
import { sentenceFor } from '../../shared/failure/messages.ts';

const GUIDE = readFileSync(new URL('../../docs/guide/troubleshooting.md', import.meta.url), 'utf8');
const CODES = Object.keys(FAILURE_CODES) as FailureCode[];

/** The sentence with its placeholders, as the guide shows it. */
function template(code: FailureCode): string {
  const names = new Proxy({}, { get: (_, name) => `{${String(name)}}` });
  return sentenceFor(code, names);
}

it.each(cases())('the guide explains %s with its sentence as it is said', (code, sentence) => {
  const row = GUIDE.split('\n').find((line) => line.startsWith(`| \`${code}\``));
  const cells = row?.split('|').map((cell) => cell.trim());
  expect(cells?.[2]).toBe(sentence);
  expect(cells?.[3]).toMatch(/\w.*\.$/);
});

it('the guide explains no code that is not there any more', () => {
  const explained = [...GUIDE.matchAll(/^\| `([a-z-]+)`/gm)].map((match) => match[1]);
  expect(explained.toSorted()).toEqual(CODES.toSorted());
});

function cases(): [FailureCode, string][] {
  return CODES.map((code) => [code, template(code)]);
}
