import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { SAVED_QUERIES } from '../query/saved/list.ts';
import { VERBS } from './list.ts';
import { createProgram } from './main.ts';

const MAIN = join(import.meta.dirname, 'main.ts');
const DEMO = join(import.meta.dirname, '../app/server/demo/capture.pcap.gz');

/** Runs the program as a user does. */
function flowgauge(...words: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...words], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

test('prints its version and its help with exit 0', () => {
  assert.match(flowgauge('--version').stdout, /^\d+\.\d+\.\d+\n$/);
  const help = flowgauge('--help');
  assert.equal(help.status, 0);
  assert.match(help.stdout, /Commands:/);
});

test('every verb has a description and examples in its help', async () => {
  for (const verb of (await createProgram()).commands.filter((command) => command.name() !== 'complete')) {
    let help = '';
    verb.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    assert.notEqual(verb.description(), '', verb.name());
    assert.match(help, /Examples?:\n.*flowgauge /, verb.name());
  }
});

test('each verb of the list is there under its name, alone where it is asked for, and no other', async () => {
  const names = (program: Awaited<ReturnType<typeof createProgram>>): string[] =>
    program.commands.map((command) => command.name());
  assert.deepEqual(names(await createProgram('', false)), Object.keys(VERBS));
  for (const verb of Object.keys(VERBS)) {
    const alone = names(await createProgram(verb));
    assert.deepEqual(alone, alone.length === 2 ? ['attach', 'detach'] : [verb]);
  }
  assert.deepEqual(names(await createProgram('constructor', false)), Object.keys(VERBS));
  const files = readdirSync(import.meta.dirname).filter(
    (name) => /^[a-z-]+\.ts$/.test(name) && name !== 'completion.ts',
  );
  const list = readFileSync(join(import.meta.dirname, 'list.ts'), 'utf8');
  for (const name of files)
    if (
      /^export function \w+Commands?\(program: Command\)/m.test(readFileSync(join(import.meta.dirname, name), 'utf8'))
    )
      assert.ok(list.includes(`'./${name}'`), `${name} is not in list.ts`);
});

test('a word that is no verb, and an option that is none, exit 2 and suggest one', () => {
  const verb = flowgauge('docter');
  assert.equal(verb.status, 2);
  assert.match(
    verb.stderr,
    /^flowgauge: unknown command 'docter'\n\(Did you mean doctor\?\)\nflowgauge: see `flowgauge --help`\n$/,
  );
  for (const words of [
    ['docter', '--help'],
    ['help', 'docter'],
    ['docter', '-h', '--json'],
  ])
    assert.deepEqual(flowgauge(...words), verb, words.join(' '));
  const option = flowgauge('doctor', '--jsno');
  assert.equal(option.status, 2);
  assert.match(option.stderr, /Did you mean --json.*\nflowgauge: see `flowgauge doctor --help`\n$/);
  assert.match(flowgauge('ledger', 'verify', '--form').stderr, /\nflowgauge: see `flowgauge ledger verify --help`\n$/);
});

test('a message shows what a terminal would obey as dots', () => {
  const { status, stderr } = flowgauge('capture', '-r', '/nonexistent/\u001b[31mred\u0007');
  assert.equal(status, 2);
  assert.match(stderr, /\/nonexistent\/·\[31mred·: there is no such file/);
});

test('help and a verb says what the verb with --help says', () => {
  assert.equal(flowgauge('help', 'help').stdout, flowgauge('--help').stdout);
  for (const words of [[], ['capture'], ['query'], ['query', 'top-talkers']]) {
    const asked = flowgauge('help', ...words);
    assert.equal(asked.status, 0);
    assert.equal(asked.stdout, flowgauge(...words, '--help').stdout);
  }
});

test('no verb at all exits 2 and shows the verbs', () => {
  const { status, stderr } = flowgauge();
  assert.equal(status, 2);
  assert.match(stderr, /Commands:/);
});

test('a full disk behind standard output is an error in words', () => {
  const full = openSync('/dev/full', 'w');
  try {
    for (const words of [['fields'], ['capture', '-r', DEMO]]) {
      const child = spawnSync(process.execPath, [MAIN, ...words], {
        encoding: 'utf8',
        stdio: ['ignore', full, 'pipe'],
      });
      assert.equal(child.status, 1);
      assert.match(
        child.stderr,
        /^flowgauge: the disk that holds "(stdout|standard output)" is full.*\(FG_DISK_FULL\)\n$/,
      );
    }
  } finally {
    closeSync(full);
  }
});

test('a reader that goes away is a quiet end with exit 0', async () => {
  const child = spawn(process.execPath, [MAIN, 'completion', 'bash'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (part: Buffer) => (said += part.toString()));
  child.stdout.destroy();
  const [status] = (await once(child, 'close')) as [number | null];
  assert.equal(status, 0);
  assert.equal(said, '');
});

test('bash completes with the script alone, read twice, and falls back to file names', () => {
  const press = (...words: readonly string[]): string => {
    const ask = `COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; compopt() { :; }; __flowgauge_complete`;
    const script = `flowgauge() { "${process.execPath}" "${MAIN}" "$@"; }
      source <(flowgauge completion bash); source <(flowgauge completion bash); complete -p flowgauge; ${ask}
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    const done = spawnSync('bash', ['--norc', '-c', script], { encoding: 'utf8' });
    assert.equal(done.stderr, '');
    return done.stdout;
  };
  assert.equal(press('flowgauge', 'doc'), 'complete -o default -F __flowgauge_complete flowgauge\ndoctor\n');
  assert.match(press('flowgauge', 'doctor', '--js'), /\n--json\n$/);
});

test('completes verbs, options and choices, and leaves file names to the shell', () => {
  const complete = (...words: readonly string[]): string => flowgauge('complete', '--', ...words).stdout;
  assert.match(complete('doc'), /^doctor\t/);
  assert.match(complete('doctor', '--js'), /^--json\t/);
  assert.match(complete('completion', ''), /bash\t\nfish|fish\t/);
  assert.equal(complete('doctor', '--data', ''), ':0\n');
  assert.match(complete('query', 'top-ta'), /^top-talkers\t/);
  assert.equal(complete('query', '').match(/^[a-z0-9-]+\t/gm)?.length, SAVED_QUERIES.length);
  assert.equal(complete('query', '--from', ''), ':0\n');
  for (const shell of ['bash', 'zsh', 'fish'])
    assert.match(flowgauge('completion', shell).stdout, /flowgauge complete --/, shell);
});
