import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { createProgram } from '../src/cli/main.ts';
import { compileSnapshot, readModel } from '../src/network/vpc/model.ts';
import { listFiles, ROOT } from './files.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const pages = listFiles(ROOT).filter((path) => path.endsWith('.md'));

test('every relative link of a page leads to a file of the clone', () => {
  const broken = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)]
      .map((match) => match[1]!)
      .filter((link) => !existsSync(join(ROOT, dirname(page), link)))
      .map((link) => `${page}: ${link}`),
  );
  assert.deepEqual(broken, []);
});

test('the README says in its first line what is needed, and has both commands alone in a block', () => {
  const readme = read('README.md');
  assert.match(readme.split('\n')[0]!, /Node 20 or newer and npm 10 or newer is enough/);
  for (const command of ['npm ci && npm start', 'npm ci && npm test'])
    assert.ok(readme.includes(`\`\`\`sh\n${command}\n\`\`\``), command);
});

test('a decision has at most 40 lines and its four parts, and the status page at most 40 lines', () => {
  for (const path of pages.filter((page) => page.startsWith('docs/adr/'))) {
    const text = read(path);
    assert.ok(text.split('\n').length <= 41, path);
    for (const part of ['**Question.**', '**Choice.**', '**What we gave up.**', '**What would reopen it.**'])
      assert.ok(text.includes(part), `${path}: ${part}`);
  }
  assert.ok(read('docs/status.md').split('\n').length <= 41);
});

test('the model that the model page shows is read, and nothing in it is not understood', () => {
  const json: unknown = JSON.parse(/```json\n([\s\S]*?)```/.exec(read('docs/model.md'))![1]!);
  const snapshot = compileSnapshot(readModel([{ name: 'docs/model.md', json }]), { version: 1, atMicros: 0 });
  assert.deepEqual(snapshot.notUnderstood, []);
  assert.equal(snapshot.interfaces.length, 2);
});

test('every command of a page has a verb and options that the program knows', async () => {
  const verbs = new Map((await createProgram()).commands.map((command) => [command.name(), command]));
  const wrong: string[] = [];
  let commands = 0;
  for (const page of pages)
    for (const [, block] of read(page).matchAll(/```sh\n([\s\S]*?)```/g))
      for (const [, words] of block!.replaceAll(/\s#.*$/gm, '').matchAll(/\bflowgauge ([^|;)\n]*)/g)) {
        const [verb = '', ...rest] = words!.replaceAll(/"[^"]*"|'[^']*'/g, 'TEXT').split(/\s+/);
        const known = verbs.get(verb);
        // `ledger verify` has the options of its second word.
        const options = (known?.commands.find((command) => command.name() === rest[0]) ?? known)?.options ?? [];
        const unknown = rest
          .filter((word) => /^--?[a-z]/.test(word))
          .filter((word) => !options.some(({ short, long }) => short === word || long === word.split('=')[0]));
        if (!verbs.has(verb) || unknown.length > 0) wrong.push(`${page}: flowgauge ${words}: ${unknown.join(' ')}`);
        commands += 1;
      }
  assert.deepEqual(wrong, []);
  assert.ok(commands >= 10, `${commands} commands were found`);
});

/** Options of `capture` that its page shows in examples, not in the table. */
const SOURCES = ['--read', '--interface', '--write'];

test('the table of options of the capture page is that of the verb', async () => {
  const verb = (await createProgram()).commands.find((command) => command.name() === 'capture')!;
  const onPage = [...read('docs/capture.md').matchAll(/^\| `--.*$/gm)].flatMap(([row]) =>
    [...row.split(' | ')[0]!.matchAll(/--[a-z-]+/g)].map(([name]) => name),
  );
  const known = verb.options.map(({ long }) => long ?? '').filter((name) => !SOURCES.includes(name));
  assert.deepEqual(onPage.toSorted(), known.toSorted());
});
