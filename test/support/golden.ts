import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';

/** The value of a JSON file. */
export function readJson(url: URL): unknown {
  return JSON.parse(readFileSync(url, 'utf8'));
}

/**
 * The text that was accepted. A missing one is written from `actual`, as are all with
 * `SEGWRIGHT_ACCEPT_GOLDEN=1`; in CI that is an error.
 */
export function expectation(url: URL, actual: string): string {
  const accept = process.env['SEGWRIGHT_ACCEPT_GOLDEN'] === '1';
  if (accept || !existsSync(url)) {
    if (process.env['CI'] !== undefined && process.env['CI'] !== '')
      throw new Error(`${url.pathname} is missing; CI writes no expectation`);
    mkdirSync(new URL('.', url), { recursive: true });
    writeFileSync(url, actual);
  }
  return readFileSync(url, 'utf8');
}
