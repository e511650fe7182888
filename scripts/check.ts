/**
 * `npm run check`: everything that can be known about the code without running it.
 *
 * In:    the clone. Out: one line for each check with its seconds, then what failed in full; exit 1 when one did.
 * Holds: every check runs, also after one failed. The last line is `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listFiles, ROOT } from './files.ts';
import * as importRules from './import-rules.ts';
import { importGraph } from './imports.ts';
import { queriesPage } from './make-queries-doc.ts';
import * as textRules from './text-rules.ts';

/** Empty where all is well, else what to print. */
type Check = { readonly name: string; readonly run: () => string };

/** A tool of node_modules/.bin, run under the Node that runs this script. */
function tool(name: string, ...args: readonly string[]): string {
  const path = `${join(ROOT, 'node_modules', '.bin')}:${join(process.execPath, '..')}:${process.env['PATH']}`;
  const done = spawnSync(join(ROOT, 'node_modules', '.bin', name), args, {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    env: { ...process.env, PATH: path },
  });
  if (done.error) return `${name} did not start: ${done.error.message}; run \`npm ci\``;
  return done.status === 0 ? '' : `${done.stdout}${done.stderr}`.trim() || `${name} ended with ${done.status}`;
}

function queriesAreTold(): string {
  const page = readFileSync(join(ROOT, 'docs/queries.md'), 'utf8');
  return page === queriesPage()
    ? ''
    : 'docs/queries.md is not what is made: run `bin/node scripts/make-queries-doc.ts`';
}

const paths = listFiles(ROOT);
const readAll = (chosen: (path: string) => boolean): Map<string, string> =>
  new Map(paths.filter(chosen).map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]));
const isText = (path: string): boolean => !/\.(pcap|pcapng|gz|zst|parquet|png|webp|ico|generated\.ts)$/.test(path);
const texts = readAll((path) => isText(path) && (!path.startsWith('test/fixtures/') || path.endsWith('.md')));
// Generated files import nothing, but are there to be imported.
const generated = paths.filter((path) => path.endsWith('.generated.ts')).map((path) => [path, ''] as const);
const graph = importGraph(new Map([...[...texts].filter(([path]) => /\.tsx?$/.test(path)), ...generated]));

const checks: readonly Check[] = [
  { name: 'types', run: () => tool('tsc', '-p', 'tsconfig.json') },
  { name: 'types of pure folders', run: () => tool('tsc', '-p', 'tsconfig.pure.json') },
  { name: 'types of web', run: () => tool('tsc', '-p', 'web/tsconfig.json') },
  { name: 'import order', run: () => importRules.noForwardImports(graph).join('\n') },
  { name: 'import the holder', run: () => importRules.onlyTheHolder(graph).join('\n') },
  { name: 'import cycles', run: () => importRules.noCycles(graph).join('\n') },
  { name: 'console stays out', run: () => importRules.consoleStaysOut(graph).join('\n') },
  { name: 'native module in one place', run: () => importRules.duckInOnePlace(graph).join('\n') },
  { name: 'pure folders', run: () => importRules.pureStaysPure(graph).join('\n') },
  { name: 'cloud clients late', run: () => importRules.cloudClientsLate(graph).join('\n') },
  { name: 'light start', run: () => importRules.lightStart(graph).join('\n') },
  { name: 'file length', run: () => textRules.notTooLong(texts).join('\n') },
  { name: 'machine paths', run: () => textRules.noMachinePaths(texts).join('\n') },
  { name: 'left open', run: () => textRules.nothingLeftOpen(texts).join('\n') },
  { name: 'lock without hosts', run: () => textRules.lockNamesNoHost(texts).join('\n') },
  { name: 'page of saved queries', run: () => queriesAreTold() },
  { name: 'lint', run: () => tool('oxlint', '--type-aware', '--deny-warnings') },
  { name: 'format', run: () => tool('oxfmt', '--check', '.') },
  { name: 'dead code and dependencies', run: () => tool('knip', '--no-progress', '--exclude', 'binaries') },
];

const failed: { readonly name: string; readonly why: string }[] = [];
for (const { name, run } of checks) {
  const from = performance.now();
  const why = run();
  const seconds = ((performance.now() - from) / 1000).toFixed(1).padStart(6);
  console.log(`${why === '' ? 'ok  ' : 'FAIL'} ${seconds} s  ${name}`);
  if (why !== '') failed.push({ name, why });
}
for (const { name, why } of failed) console.log(`\n== ${name}\n${why}`);
console.log(`\n${checks.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;
