import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureChromium, findChromium } from '../main/tools/chromium.mjs';
import { ensureBuilt, ensurePackages, root, run } from '../main/tools/setup.mjs';

/**
 * How one stage went.
 *
 * @typedef {object} Outcome
 * @property {string} name
 * @property {number} passed
 * @property {number} failed
 * @property {string[]} failures titles of what failed
 * @property {string[]} skipped titles of what was skipped, with the reason where one is given
 */

const RESULTS = path.join(root, 'dist/test-results');
const CHECKS = ['check:format', 'check:lint', 'check:types', 'check:walls'];

/** @param {string} sentence */
const say = (sentence) => process.stdout.write(`${sentence}\n`);

/**
 * A stage that is right or wrong as a whole.
 *
 * @param {string} name
 * @param {boolean} isRight
 * @returns {Outcome}
 */
function whole(name, isRight) {
  const failures = isRight ? [] : [name];
  return { name, passed: isRight ? 1 : 0, failed: isRight ? 0 : 1, failures, skipped: [] };
}

/**
 * Runs a package's program with its JSON report in a file and gives the report.
 *
 * @param {string[]} command
 * @param {string} reportFile
 * @param {NodeJS.ProcessEnv} env
 */
function runWithReport(command, reportFile, env) {
  rmSync(reportFile, { force: true });
  const done = spawnSync('npx', ['--no-install', ...command], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, ...env },
  });
  const report = existsSync(reportFile) ? JSON.parse(readFileSync(reportFile, 'utf8')) : undefined;
  return { report, isRight: done.status === 0 };
}

/**
 * A red run must not look green: where the program failed but its report names no failure, the
 * stage itself is the failure.
 *
 * @param {Outcome} outcome
 * @param {boolean} isRight
 * @returns {Outcome}
 */
function orStageFailed(outcome, isRight) {
  if (isRight || outcome.failed > 0) return outcome;
  const failures = [`${outcome.name} ended with an error outside any test`];
  return { ...outcome, failed: 1, failures };
}

/** @returns {Outcome} */
function runUnit() {
  const file = path.join(RESULTS, 'unit.json');
  const { report, isRight } = runWithReport(
    ['vitest', 'run', '--config', 'test/vitest.config.ts', '--reporter=default'].concat([
      '--reporter=json',
      `--outputFile.json=${file}`,
    ]),
    file,
    {},
  );
  /** @type {Outcome} */
  const outcome = { name: 'unit tests', passed: 0, failed: 0, failures: [], skipped: [] };
  for (const testFile of report?.testResults ?? []) {
    const name = path.relative(root, testFile.name);
    for (const test of testFile.assertionResults) {
      const title = `${name}: ${test.fullName}`;
      if (test.status === 'passed') outcome.passed++;
      else if (test.status === 'failed') outcome.failures.push(title);
      else outcome.skipped.push(title);
    }
    const isUnread = testFile.status === 'failed' && testFile.assertionResults.length === 0;
    if (isUnread) outcome.failures.push(`${name}: the file could not be run`);
  }
  outcome.failed = outcome.failures.length;
  return orStageFailed(outcome, isRight && report !== undefined);
}

/**
 * All tests of a Playwright report, with their titles.
 *
 * @param {any} suite
 * @param {string[]} titles
 * @returns {{ title: string, test: any }[]}
 */
function testsOf(suite, titles) {
  const here = [...titles, suite.title];
  const own = (suite.specs ?? []).flatMap((/** @type {any} */ spec) =>
    spec.tests.map((/** @type {any} */ test) => ({
      title: [...here, spec.title].join(' > '),
      test,
    })),
  );
  return [
    ...own,
    ...(suite.suites ?? []).flatMap((/** @type {any} */ each) => testsOf(each, here)),
  ];
}

/** @returns {Outcome} */
function runEndToEnd() {
  const program = findChromium();
  if (program === undefined) return whole('end-to-end tests (they need Chromium)', false);
  const file = path.join(RESULTS, 'e2e.json');
  const { report, isRight } = runWithReport(
    ['playwright', 'test', '--config', 'test/playwright.config.ts', '--reporter=list,json'],
    file,
    { SEGWRIGHT_CHROMIUM: program, PLAYWRIGHT_JSON_OUTPUT_FILE: file },
  );
  /** @type {Outcome} */
  const outcome = { name: 'end-to-end tests', passed: 0, failed: 0, failures: [], skipped: [] };
  for (const suite of report?.suites ?? []) {
    for (const { title, test } of testsOf(suite, [])) {
      const reason = test.annotations?.find((/** @type {any} */ each) => each.type === 'skip');
      const why = reason?.description === undefined ? '' : ` (${reason.description})`;
      if (test.status === 'skipped') outcome.skipped.push(`${title}${why}`);
      else if (test.status === 'unexpected') outcome.failures.push(title);
      else outcome.passed++;
    }
  }
  outcome.failed = outcome.failures.length;
  return orStageFailed(outcome, isRight && report !== undefined);
}

/** @returns {Promise<Outcome>} */
async function runBuild() {
  try {
    await ensureBuilt();
    return whole('build', true);
  } catch (thrown) {
    process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
    return whole('build', false);
  }
}

/** @param {string} name */
function announce(name) {
  say(`\n== ${name}`);
}

const { values } = parseArgs({ options: { only: { type: 'string' } } });
if (values.only !== undefined && !['check', 'unit', 'e2e'].includes(values.only)) {
  process.stderr.write(`--only takes check, unit or e2e, not "${values.only}".\n`);
  process.exit(2);
}
/** @param {string} stage */
const wanted = (stage) => values.only === undefined || values.only === stage;

ensurePackages();
mkdirSync(RESULTS, { recursive: true });
/** @type {Outcome[]} */
const outcomes = [];
if (values.only !== 'check') {
  announce('browser');
  outcomes.push(whole('browser', ensureChromium() !== undefined));
  announce('build');
  outcomes.push(await runBuild());
}
if (wanted('check')) {
  for (const check of CHECKS) {
    announce(check);
    outcomes.push(whole(check, run('npm', ['run', '--silent', check])));
  }
}
if (wanted('unit')) {
  announce('unit tests');
  outcomes.push(runUnit());
}
if (wanted('e2e')) {
  announce('end-to-end tests');
  outcomes.push(runEndToEnd());
}

announce('summary');
if (values.only !== undefined) say(`Only ${values.only} ran (--only).`);
for (const { name, passed, failed, failures, skipped } of outcomes) {
  const left = skipped.length > 0 ? `, ${skipped.length} skipped` : '';
  say(`${name}: ${passed} passed, ${failed} failed${left}`);
  for (const title of failures) say(`  failed: ${title}`);
  for (const title of skipped) say(`  skipped: ${title}`);
}
const sum = (/** @type {'passed' | 'failed'} */ key) =>
  outcomes.reduce((total, outcome) => total + outcome[key], 0);
process.exitCode = sum('failed') > 0 ? 1 : 0;
say(`${sum('passed')} passed, ${sum('failed')} failed`);
