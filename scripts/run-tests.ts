/**
 * Runs a suite of tests: `unit` (beside the code, and test/ without the others), `kernel` (test/e2e: namespaces, root), `servers`
 * (test/servers: against programs of others that it starts), `web` (test/web: the console in Chromium, built before) or, by hand,
 * `terraform`.
 *
 * In:    the suite's name, then words that a file's path must contain (none: all files); `--limit N` seconds that a file
 *        may take, `--at-once N` files. Out: a line for each file, failures in full, and `N passed, N failed` last; exit 1 when one failed.
 * Holds: runs under the Node that runs this script, some files at a time (Terraform: one), those that take long first. How long each took is said on stderr as it ends.
 *        With CI=true a skipped test is a failure: there, everything that a test needs is installed.
 * Fails: exit 2 for a suite that does not exist, and when no file is found.
 */
import { run } from 'node:test';
import type { EventData } from 'node:test';
import { parseArgs, styleText } from 'node:util';
import { join } from 'node:path';
import { listFiles, ROOT } from './files.ts';

type Suite = {
  readonly files: (path: string) => boolean;
  readonly atOnce: number;
  readonly secondsAFile: number;
  /** Words in the paths of files that take long: these begin first, so that none is left alone at the end. */
  readonly slow?: readonly string[];
};

const SUITES: Readonly<Record<string, Suite>> = {
  // Some wait for a second to pass, or for processes that they start.
  unit: {
    files: (path) => !/^test\/(?:e2e|servers|terraform|web)\//.test(path),
    atOnce: 3,
    secondsAFile: 300,
    slow: [
      'lake/same-answers',
      'saved/answers',
      'lake/killed',
      'routes/now',
      'detections.test',
      'test/package',
      'query/cached',
      'query/explore',
      'test/watch',
    ],
  },
  // Most of their time they wait for windows of a minute: by itself a file keeps one core a fifth busy.
  kernel: {
    files: (path) => path.startsWith('test/e2e/'),
    atOnce: 3,
    secondsAFile: 900,
    slow: [
      'enforced-lab',
      'control',
      'up-observe',
      'verdicts',
      'enforce.',
      'up.',
      'replay-in-lab',
      'open-windows',
      '/lab.',
    ],
  },
  // Each file starts servers of its own, and one of both works while the other waits for it.
  servers: {
    files: (path) => path.startsWith('test/servers/'),
    atOnce: 3,
    secondsAFile: 300,
    slow: [
      'servers/s3.',
      'destinations',
      'aws-cli-writes',
      'servers/lake',
      'aws-cli.',
      'servers/watch',
      'import',
      'pyarrow',
      'servers/cache',
      'accounts',
    ],
  },
  web: {
    files: (path) => path.startsWith('test/web/'),
    // A lab's packets, windows and programs are waited for: two files leave a fifth of two cores idle.
    atOnce: 3,
    secondsAFile: 180,
    slow: ['main-path', 'explore', 'flow-logs', 'restart', 'explain', 'sql', 'topology', 'findings'],
  },
  terraform: { files: (path) => path.startsWith('test/terraform/'), atOnce: 1, secondsAFile: 600 },
};
/** On two cores; more than this is said, so that somebody makes it faster. */
const UNIT_BUDGET_SECONDS = 300;

type TestEvent = Pick<EventData.TestPass, 'name' | 'skip' | 'todo' | 'details'>;
type FailEvent = Pick<EventData.TestFail, 'name' | 'details'>;
type FileResult = { passed: number; seconds: number; readonly faults: string[]; output: string };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { limit: { type: 'string' }, 'at-once': { type: 'string' } },
});
const [suiteName = '', ...words] = positionals;
const suite = SUITES[suiteName];
const secondsAFile = Number(values.limit ?? suite?.secondsAFile);
const files = listFiles(ROOT)
  .filter((path) => path.endsWith('.test.ts') && suite?.files(path) === true)
  .filter((path) => words.length === 0 || words.some((word) => path.includes(word)));
if (suite === undefined || files.length === 0) {
  const known = Object.keys(SUITES).join(', ');
  console.error(`run-tests: ${suite ? 'no test file fits' : `"${suiteName}" is no suite; there are ${known}`}`);
  process.exit(2);
}

const strict = process.env['CI'] === 'true';
const from = performance.now();
const results = new Map<string, FileResult>();
const skipped: string[] = [];
const resultOf = (path: string): FileResult => {
  const known = results.get(path) ?? { passed: 0, seconds: 0, faults: [], output: '' };
  results.set(path, known);
  return known;
};
/** The error of a test as a person wants it: the message, what differed, and where in our files. */
const explain = (error: Error): string => {
  const cause = error.cause instanceof Error ? error.cause : error;
  const text = cause.stack ?? cause.message;
  return text.replaceAll(/^\s+at .*\(?node:internal.*\n?/gm, '').trimEnd();
};

/** A test that passed, or was left out. */
function passedOne(path: string, { name, skip, todo, details }: TestEvent): void {
  if (details.type === 'suite') return;
  const left = skip ?? todo;
  if (left === undefined || left === false) {
    resultOf(path).passed += 1;
    return;
  }
  const why = left === true ? 'no reason given' : left;
  skipped.push(`${path}: ${name}: ${why}`);
  if (strict) resultOf(path).faults.push(`skipped, and CI skips nothing: ${name}: ${why}`);
}

/** A test that failed by itself, not through one in it. */
function failedOne(path: string, { name, details: { error } }: FailEvent): void {
  if ('failureType' in error && error.failureType === 'subtestsFailed') return;
  resultOf(path).faults.push(`${name}\n${explain(error)}`);
}

// The children must not believe that they are part of another run (this script is itself run by a test).
delete process.env['NODE_TEST_CONTEXT'];
/** Runs one file in a process of its own, which is killed when it takes longer than it may. */
async function runFile(path: string, seconds: number): Promise<void> {
  const limit = AbortSignal.timeout(seconds * 1000);
  const stream = run({ files: [join(ROOT, path)], cwd: ROOT, signal: limit });
  stream.on('test:pass', (test) => passedOne(path, test));
  stream.on('test:fail', (test) => failedOne(path, test));
  stream.on('test:stderr', ({ message }) => (resultOf(path).output += message));
  stream.on('test:stdout', ({ message }) => (resultOf(path).output += message));
  const from = performance.now();
  // Read to the end: the events above are told on the way.
  for await (const _ of stream);
  resultOf(path).seconds = (performance.now() - from) / 1000;
  console.error(`${resultOf(path).seconds.toFixed(1).padStart(6)} s ${path}`);
  if (limit.aborted) resultOf(path).faults.push(`took more than ${seconds} s and was ended`);
}

/** One of the lanes that share the list of files. */
async function lane(waiting: string[], seconds: number): Promise<void> {
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) await runFile(path, seconds);
}

const placeOf = (path: string): number => {
  const place = suite.slow?.findIndex((word) => path.includes(word)) ?? -1;
  return place < 0 ? Infinity : place;
};
// `sort` keeps the order of those that are equal; Infinity less Infinity is no number.
const waiting = files.toSorted((a, b) => (placeOf(a) === placeOf(b) ? 0 : placeOf(a) - placeOf(b)));
await Promise.all(Array.from({ length: Number(values['at-once'] ?? suite.atOnce) }, () => lane(waiting, secondsAFile)));

let passed = 0;
let failed = 0;
for (const [name, result] of [...results].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
  passed += result.passed;
  failed += result.faults.length;
  const word = result.faults.length === 0 ? styleText('green', 'ok  ') : styleText('red', 'FAIL');
  console.log(`${word} ${result.seconds.toFixed(1).padStart(6)} s ${String(result.passed).padStart(4)}  ${name}`);
}
for (const [name, { faults, output }] of results) {
  if (faults.length === 0) continue;
  for (const fault of faults) console.log(`\n${styleText('red', '==')} ${name}: ${fault}`);
  if (output.trim() !== '') console.log(`\n-- what ${name} printed\n${output.trimEnd()}`);
}
if (skipped.length > 0)
  console.log(`\nskipped here (CI skips nothing):\n${skipped.map((why) => `  ${why}`).join('\n')}`);
const seconds = (performance.now() - from) / 1000;
if (suiteName === 'unit' && seconds > UNIT_BUDGET_SECONDS)
  console.log(
    `\nthe unit tests took ${seconds.toFixed(0)} s, more than the ${UNIT_BUDGET_SECONDS} s they may on two cores`,
  );
console.log(`\n${suiteName}: ${files.length} files, ${skipped.length} skipped, ${seconds.toFixed(1)} s`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
