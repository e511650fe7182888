/**
 * The doors for other programs: the examples run in the clone, and as a project that has installed the package.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const examples = join(root, 'docs/examples');
const records = join(root, 'test/fixtures/saved-queries/default-v2.log');
const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-package-'));
const bucket = join(scratch, 'bucket');
const project = join(scratch, 'project');

/** By example: its arguments, and a line that it prints. */
const CASES: Readonly<Record<string, { args: readonly string[]; says: RegExp }>> = {
  'rejected-sources.ts': { args: [records], says: /^203\.0\.113\.66 15 6 2 1 / },
  'bytes-by-interface.ts': { args: [records], says: /^eni-0a1b2c3d4e5f60001 126780$/ },
  'objects-of-a-day.ts': { args: [bucket, '2026-11-23'], says: /_vpcflowlogs_\S+\.log\.gz text \d+ bytes 14 fields$/ },
};

function run(cwd: string, command: string, ...args: readonly string[]): string {
  const done = spawnSync(command, args, { cwd, encoding: 'utf8' });
  assert.equal(done.status, 0, `${command} ${args.join(' ')}: ${done.error?.message ?? done.stderr}`);
  return done.stdout;
}

function assertSays(output: string, says: RegExp): void {
  const lines = output.split('\n');
  assert.ok(
    lines.some((line) => says.test(line)),
    `no line fits ${says}:\n${output}`,
  );
}

before(() => {
  const demo = join(root, 'src/app/server/demo');
  const capture = ['capture', '-r', join(demo, 'capture.pcap.gz'), '--vpc', join(demo, 'model.json'), '-w', bucket];
  run(root, join(root, 'bin/flowgauge'), ...capture);
  // What an installation does, without asking a registry: the package, and what it depends on.
  const packed = run(root, process.execPath, join(root, 'scripts/make-package.ts'), '--out', scratch).trim();
  mkdirSync(join(project, 'node_modules'), { recursive: true });
  run(project, 'tar', '-xzf', packed);
  cpSync(join(project, 'package'), join(project, 'node_modules/flowgauge'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules'))) {
    const link = join(project, 'node_modules', name);
    if (!name.startsWith('.') && !existsSync(link)) symlinkSync(join(root, 'node_modules', name), link);
  }
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }\n');
  cpSync(examples, join(project, 'examples'), { recursive: true });
});
after(() => rmSync(scratch, { recursive: true, force: true }));

test('the console is in the package, where the server looks for it', () => {
  const dist = join(project, 'node_modules/flowgauge/web/dist');
  const files = readFileSync(join(project, 'node_modules/flowgauge/src/app/server/console/static-files.js'), 'utf8');
  assert.match(files, /'\.\.\/\.\.\/\.\.\/\.\.\/web\/dist'/);
  assert.match(readFileSync(join(dist, 'index.html'), 'utf8'), /\/console\/assets\//);
});

test('every example is tried', () => {
  assert.deepEqual(readdirSync(examples).toSorted(), Object.keys(CASES).toSorted());
});

for (const [name, { args, says }] of Object.entries(CASES)) {
  test(`${name} runs in the clone`, () => {
    assertSays(run(root, process.execPath, join(examples, name), ...args), says);
  });

  test(`${name} runs in a project that installed the package`, () => {
    assertSays(run(project, process.execPath, join(project, 'examples', name), ...args), says);
  });
}

test('the package brings types for each door', () => {
  const about = JSON.parse(readFileSync(join(project, 'node_modules/flowgauge/package.json'), 'utf8')) as {
    exports: Record<string, { types: string }>;
  };
  assert.deepEqual(Object.keys(about.exports), ['./record', './lake', './query']);
  for (const { types } of Object.values(about.exports))
    assert.ok(existsSync(join(project, 'node_modules/flowgauge', types)), types);
});

test('the program of the package answers a question and reports a mistake', () => {
  const program = join(project, 'node_modules/flowgauge/bin/flowgauge.cjs');
  const count = 'SELECT count(*) AS n FROM flow_logs';
  const answer = run(project, process.execPath, program, 'query', '-o', 'json', '--from', records, count);
  assert.deepEqual(JSON.parse(answer), { n: 44 });
  const wrong = spawnSync(process.execPath, [program, 'query', '--from', 'nowhere', 'top-talkers'], {
    encoding: 'utf8',
  });
  assert.equal(wrong.status, 1);
  assert.match(wrong.stderr, /nowhere/);
});
