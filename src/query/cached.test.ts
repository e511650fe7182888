import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  watch,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { ask } from './ask.ts';
import type { AskOptions } from './ask.ts';
import type { Cell } from './engine.ts';
import type { BuiltBucket } from '../lake/read/build-bucket.ts';
import { SLOT_SECONDS, buildBucket } from '../lake/read/build-bucket.ts';
import type { Note } from '../api/note.ts';
import type { TimeRange } from '../lake/read/source.ts';

const HEADER =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
const WIDER = `${HEADER} tcp-flags x-new-thing`;
const DAY = 86_400;
const EVERY = 'SELECT * FROM flow_logs ORDER BY ALL';

const made: { remove(): void }[] = [];
after(() => made.forEach((each) => each.remove()));

function bucket(): BuiltBucket {
  const built = buildBucket();
  made.push(built);
  return built;
}

function place(): string {
  const path = mkdtempSync(join(tmpdir(), 'flowgauge-cache-'));
  made.push({ remove: () => rmSync(path, { recursive: true, force: true }) });
  return path;
}

type Answered = { readonly rows: (readonly Cell[])[]; readonly notes: readonly Note[]; readonly bad: number };

async function answer(from: string, question: string, options: AskOptions = {}): Promise<Answered> {
  const given = await ask(from, question, {}, options);
  const rows: (readonly Cell[])[] = [];
  for await (const batch of given.rows) rows.push(...batch);
  return { rows, notes: given.notes, bad: given.stats().badLines };
}

/** Lines of an object; its number tells it from others. */
function lines(object: number, rows: number, slot: number): string[] {
  return Array.from(
    { length: rows },
    (_, at) =>
      `2 123456789012 eni-${String(at % 7).padStart(17, '0')} 10.0.${object % 9}.${at % 250} 2001:db8::${(at % 99) + 1} ${at} 443 6 ${object + 1} ${at * 40} ${slot + (at % 200)} ${slot + 250} ${at % 3 === 0 ? 'REJECT' : 'ACCEPT'} ${at % 11 === 0 ? '-' : 'OK'}`,
  );
}

function fill(built: BuiltBucket, objects: number, rows: number, apart = 300): void {
  for (let object = 0; object < objects; object++) {
    const slotSeconds = SLOT_SECONDS + object * apart;
    const own = lines(object, rows, slotSeconds);
    if (object % 3 === 2) built.text([WIDER, ...own.map((line) => `${line} 18 -`)], { slotSeconds });
    else built.text([HEADER, ...own], { slotSeconds });
  }
  // Whole seconds can be given back to a file that was changed.
  for (const path of objectsOf(built)) utimesSync(path, SLOT_SECONDS, SLOT_SECONDS);
}

const packs = (directory: string): string[] => readdirSync(join(directory, 'packs'));

/** Other bytes under the same name, length and time: only a cache does not notice. */
function swapBytes(path: string): void {
  const { size } = statSync(path);
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(size, 'x'), 0, size, 0);
  utimesSync(path, SLOT_SECONDS, SLOT_SECONDS);
}

function objectsOf({ directory }: BuiltBucket): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

test('the second question is answered without the objects', async () => {
  const built = bucket();
  fill(built, 6, 50);
  const directory = place();
  const plain = await answer(built.directory, EVERY);
  const first = await answer(built.directory, EVERY, { cache: { directory } });
  for (const path of objectsOf(built)) swapBytes(path);
  const second = await answer(built.directory, EVERY, { cache: { directory } });
  assert.equal(plain.rows.length, 300);
  assert.deepEqual(first, plain);
  assert.deepEqual(second, plain);
  await assert.rejects(answer(built.directory, EVERY), { code: 'FG_SOURCE_NO_RECORDS' });
});

test('only the user may look into it, and nothing is left in use', async () => {
  const built = bucket();
  fill(built, 3, 5);
  const directory = join(place(), 'deeper', 'cache');
  await answer(built.directory, EVERY, { cache: { directory } });
  assert.equal(statSync(directory).mode & 0o777, 0o700);
  assert.equal(statSync(join(directory, 'catalog.sqlite')).mode & 0o777, 0o600);
  for (const name of packs(directory)) assert.equal(statSync(join(directory, 'packs', name)).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(join(directory, 'use')), []);
});

test('what is wrong with an object is said again, and what was not read whole is read again', async () => {
  const built = bucket();
  built.text([HEADER, ...lines(1, 3, SLOT_SECONDS), 'no record', ...lines(2, 2, SLOT_SECONDS)]);
  built.text(lines(3, 4, SLOT_SECONDS));
  built.text([]);
  built.text([HEADER]);
  const whole = gzipSync([HEADER, ...lines(4, 4000, SLOT_SECONDS)].join('\n'), { level: 0 });
  const cut = objectsOf(built)[0]!.replace(/_[0-9a-f]+\.log/u, '_0000cccc.log');
  writeFileSync(cut, whole.subarray(0, 70_000));
  const directory = place();
  const plain = await answer(built.directory, EVERY);
  const sorted = ({ notes, ...rest }: Answered) => ({
    ...rest,
    notes: notes.map((note) => JSON.stringify(note)).toSorted(),
  });
  for (let time = 0; time < 3; time++) {
    const cached = await answer(built.directory, EVERY, { cache: { directory } });
    assert.deepEqual(sorted(cached), sorted(plain));
  }
  assert.deepEqual(
    plain.notes.map(({ kind }) => kind).toSorted(),
    // The line that the cut went through is one.
    ['bad-lines', 'bad-lines', 'no-header', 'unreadable'],
  );
  // Mended, and nothing of the broken one is in the answer.
  writeFileSync(cut, whole);
  assert.equal((await answer(built.directory, EVERY, { cache: { directory } })).rows.length, 9 + 4000);
});

test('an object with another ETag is another object', async () => {
  const built = bucket();
  fill(built, 2, 10);
  const directory = place();
  await answer(built.directory, EVERY, { cache: { directory } });
  writeFileSync(objectsOf(built)[0]!, gzipSync([HEADER, ...lines(77, 3, SLOT_SECONDS)].join('\n')));
  const plain = await answer(built.directory, EVERY);
  assert.equal(plain.rows.length, 13);
  for (let time = 0; time < 2; time++)
    assert.deepEqual(await answer(built.directory, EVERY, { cache: { directory } }), plain);
});

test('a format that was given is part of what an object is', async () => {
  const built = bucket();
  built.text(lines(1, 3, SLOT_SECONDS));
  const cache = { directory: place() };
  const swapped = HEADER.replace('srcaddr dstaddr', 'dstaddr srcaddr')
    .split(' ')
    .map((name) => `\${${name}}`)
    .join(' ');
  const source = { format: swapped };
  const plain = await answer(built.directory, 'SELECT DISTINCT srcaddr FROM flow_logs ORDER BY 1');
  const other = await answer(built.directory, 'SELECT DISTINCT srcaddr FROM flow_logs ORDER BY 1', { source });
  assert.notDeepEqual(other.rows, plain.rows);
  for (let time = 0; time < 2; time++) {
    const question = 'SELECT DISTINCT srcaddr FROM flow_logs ORDER BY 1';
    assert.deepEqual(await answer(built.directory, question, { cache }), plain);
    assert.deepEqual(await answer(built.directory, question, { cache, source }), other);
  }
});

test('a pack that is damaged or gone is read anew, and that is said once', async () => {
  const built = bucket();
  fill(built, 4, 300);
  const directory = place();
  const plain = await answer(built.directory, EVERY, { cache: { directory } });
  const harms: ((path: string) => void)[] = [
    (path) => {
      const bytes = readFileSync(path);
      bytes[bytes.length >> 1]! ^= 1;
      writeFileSync(path, bytes);
    },
    (path) => writeFileSync(path, readFileSync(path).subarray(0, 100)),
    (path) => rmSync(path),
  ];
  for (const harm of harms) {
    const name = packs(directory)[0]!;
    harm(join(directory, 'packs', name));
    const mended = await answer(built.directory, EVERY, { cache: { directory } });
    assert.deepEqual(mended.rows, plain.rows);
    assert.deepEqual(
      mended.notes.filter(({ kind }) => kind.startsWith('cache')).map(({ kind }) => kind),
      ['cache-damaged'],
    );
    assert.ok(!packs(directory).includes(name));
    assert.deepEqual(await answer(built.directory, EVERY, { cache: { directory } }), plain);
  }
});

test('a damaged catalog is begun anew, and packs that nobody knows are removed', async () => {
  const built = bucket();
  fill(built, 4, 30);
  const directory = place();
  const plain = await answer(built.directory, EVERY, { cache: { directory } });
  const before = packs(directory);
  writeFileSync(
    join(directory, 'catalog.sqlite'),
    'this is no database, whatever its name says; not at all'.repeat(99),
  );
  assert.deepEqual(await answer(built.directory, EVERY, { cache: { directory } }), plain);
  assert.equal(packs(directory).length, before.length);
  assert.ok(packs(directory).every((name) => !before.includes(name)));
});

test('a directory that cannot be used is said, and the answer is there', async () => {
  const built = bucket();
  fill(built, 2, 5);
  const file = join(place(), 'file');
  writeFileSync(file, '');
  const shared = place();
  chmodSync(shared, 0o777);
  for (const directory of [file, shared]) {
    const { rows, notes } = await answer(built.directory, EVERY, { cache: { directory } });
    assert.equal(rows.length, 10);
    assert.deepEqual(
      notes.map(({ kind }) => kind),
      ['cache-off'],
    );
  }
  // Others' directories keep their rights.
  assert.equal(statSync(shared).mode & 0o777, 0o777);
});

test('the bound holds, and what was used last stays', async () => {
  const built = bucket();
  // Three days: three packs, for each is asked for by itself.
  for (let day = 0; day < 3; day++)
    built.text([HEADER, ...lines(day, 2000, SLOT_SECONDS + day * DAY)], { slotSeconds: SLOT_SECONDS + day * DAY });
  const range = (day: number): TimeRange => ({
    startSeconds: SLOT_SECONDS + day * DAY,
    endSeconds: SLOT_SECONDS + day * DAY + 300,
  });
  const probe = place();
  await answer(built.directory, EVERY, { cache: { directory: probe }, range: range(0) });
  const one = statSync(join(probe, 'packs', packs(probe)[0]!)).size;
  const directory = place();
  const cache = { directory, sizeBytes: Math.floor(one * 2.5) };
  const asked: string[][] = [];
  for (const day of [0, 1, 0, 2]) {
    assert.equal((await answer(built.directory, EVERY, { cache, range: range(day) })).rows.length, 2000);
    asked.push(packs(directory));
  }
  const [first = [], second = [], , last = []] = asked;
  assert.equal(last.length, 2);
  assert.ok(last.includes(first[0]!), 'day 0 was used last');
  assert.ok(!last.includes(second.find((name) => name !== first[0])!), 'day 1 went');
  // A bound below one pack keeps nothing, and answers.
  const none = place();
  const small = await answer(built.directory, EVERY, { cache: { directory: none, sizeBytes: 100 } });
  assert.equal(small.rows.length, 6000);
  assert.deepEqual(packs(none), []);
});

test('packs that become many and small are merged, and the answer stays', async () => {
  const built = bucket();
  fill(built, 27, 20);
  const directory = place();
  const plain = await answer(built.directory, EVERY);
  for (let object = 0; object < 27; object++) {
    const startSeconds = SLOT_SECONDS + object * 300;
    // Late files are asked for too, so only the first questions bring several.
    const range = { startSeconds: startSeconds - 4200, endSeconds: startSeconds - 4199 };
    await answer(built.directory, 'SELECT count(*) FROM flow_logs', { cache: { directory }, range }).catch(() => null);
  }
  const before = packs(directory).length;
  assert.ok(before >= 20, `${before} packs`);
  for (const path of objectsOf(built)) swapBytes(path);
  for (let time = 0; time < 2; time++) {
    assert.deepEqual(await answer(built.directory, EVERY, { cache: { directory } }), plain);
    assert.ok(packs(directory).length <= 15 + 2, `${packs(directory).length} packs`);
  }
});

test('what one question uses is not removed by another', async () => {
  const built = bucket();
  for (let day = 0; day < 2; day++)
    built.text([HEADER, ...lines(day, 30_000, SLOT_SECONDS + day * DAY)], { slotSeconds: SLOT_SECONDS + day * DAY });
  const range = (day: number): TimeRange => ({
    startSeconds: SLOT_SECONDS + day * DAY,
    endSeconds: SLOT_SECONDS + day * DAY + 300,
  });
  const directory = place();
  await answer(built.directory, EVERY, { cache: { directory }, range: range(0) });
  const size = statSync(join(directory, 'packs', packs(directory)[0]!)).size;
  const cache = { directory, sizeBytes: Math.floor(size * 1.5) };
  const open = await ask(built.directory, 'SELECT srcport, start FROM flow_logs', {}, { cache, range: range(0) });
  const rows = open.rows[Symbol.asyncIterator]();
  await rows.next();
  const [used] = packs(directory);
  await answer(built.directory, EVERY, { cache, range: range(1) });
  assert.deepEqual(packs(directory), [used]);
  let count = 0;
  for (let next = await rows.next(); next.done !== true; next = await rows.next()) count += next.value.length;
  assert.ok(count > 20_000);
  await open.close();
});

const SUMS = 'SELECT count(*) AS n, sum(bytes) AS b, count(DISTINCT srcaddr) AS a FROM flow_logs';
const CHILD = `
const { ask } = await import(${JSON.stringify(new URL('./ask.ts', import.meta.url).href)});
const [from, directory] = process.argv.slice(1);
const answer = await ask(from, ${JSON.stringify(SUMS)}, {}, { cache: { directory } });
const rows = [];
for await (const batch of answer.rows) rows.push(...batch);
console.log(JSON.stringify({ rows: rows.map((row) => row.map(String)), notes: answer.notes }));
`;

function child(from: string, directory: string) {
  const started = spawn(process.execPath, ['--input-type=module', '-e', CHILD, from, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // What a killed one leaves goes with the test.
    env: { ...process.env, TMPDIR: place() },
  });
  let text = '';
  started.stdout.on('data', (data: Buffer) => (text += data.toString()));
  return { started, ended: once(started, 'exit').then(() => text) };
}

test('a process that is killed while it writes leaves nothing that is believed', async () => {
  const built = bucket();
  fill(built, 12, 400, DAY / 3);
  const plain = await answer(built.directory, EVERY);
  const directory = place();
  mkdirSync(join(directory, 'use'), { recursive: true, mode: 0o700 });
  mkdirSync(join(directory, 'packs'), { mode: 0o700 });
  let killed = 0;
  for (const watched of ['use', 'packs']) {
    const { started, ended } = child(built.directory, directory);
    const watcher = watch(join(directory, watched), { recursive: true });
    await Promise.race([ended, packAppears(watcher)]);
    watcher.close();
    started.kill('SIGKILL');
    await ended;
    if (started.signalCode === 'SIGKILL') killed++;
    assert.deepEqual((await answer(built.directory, EVERY, { cache: { directory } })).rows, plain.rows);
    assert.deepEqual(readdirSync(join(directory, 'use')), []);
    for (const path of packs(directory)) rmSync(join(directory, 'packs', path));
    for (const end of ['', '-wal', '-shm']) rmSync(join(directory, `catalog.sqlite${end}`), { force: true });
  }
  assert.ok(killed > 0, 'both were done before they could be killed');
});

async function packAppears(watcher: ReturnType<typeof watch>): Promise<void> {
  for (;;) {
    const [, name] = (await once(watcher, 'change')) as [string, string | null];
    if (name?.endsWith('.parquet') === true) return;
  }
}

test('processes that read the same at once do each other no harm', async () => {
  const built = bucket();
  fill(built, 12, 400);
  const directory = place();
  const several = Array.from({ length: 4 }, () => child(built.directory, directory));
  const texts = await Promise.all(several.map(({ ended }) => ended));
  const expected = (await answer(built.directory, SUMS)).rows;
  for (const text of texts) {
    const { rows, notes } = JSON.parse(text) as { rows: string[][]; notes: Note[] };
    assert.deepEqual(
      rows,
      expected.map((row) => row.map(String)),
    );
    assert.deepEqual(
      notes.filter(({ kind }) => kind !== 'unknown-field'),
      [],
    );
  }
  assert.deepEqual(readdirSync(join(directory, 'use')), []);
  // Two formats: two packs, whoever wrote them.
  assert.equal(packs(directory).length, 2);
  for (const path of objectsOf(built)) swapBytes(path);
  const later = await answer(built.directory, EVERY, { cache: { directory } });
  assert.equal(later.rows.length, 4800);
});

test('a full disk ends the keeping, not the answer', async (t: TestContext) => {
  const built = bucket();
  fill(built, 9, 3000, DAY);
  const directory = place();
  const { execFileSync } = await import('node:child_process');
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=200k', 'tmpfs', directory], { stdio: 'ignore' });
  } catch {
    t.skip('only root may mount a small disk');
    return;
  }
  try {
    const { rows, notes } = await answer(built.directory, EVERY, { cache: { directory, sizeBytes: 1e9 } });
    assert.deepEqual(rows, (await answer(built.directory, EVERY)).rows);
    assert.ok(notes.some(({ kind }) => kind === 'cache-off'));
  } finally {
    execFileSync('umount', [directory]);
  }
});

test('however objects come into packs, the answer is that of the objects', async () => {
  const built = bucket();
  fill(built, 10, 40, DAY / 4);
  built.text([HEADER, ...lines(50, 5, SLOT_SECONDS), 'broken'], { slotSeconds: SLOT_SECONDS + DAY });
  const plain = await answer(built.directory, EVERY);
  const span = fc.tuple(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 4 }));
  await fc.assert(
    fc.asyncProperty(fc.array(span, { maxLength: 4 }), async (asked) => {
      const directory = place();
      for (const [from, long] of asked) {
        const startSeconds = SLOT_SECONDS + (from * DAY) / 4;
        const range = { startSeconds, endSeconds: startSeconds + (long * DAY) / 4 };
        const [here, there] = await Promise.allSettled([
          answer(built.directory, EVERY, { range }),
          answer(built.directory, EVERY, { range, cache: { directory } }),
        ]);
        assert.equal(there.status, here.status);
        if (here.status === 'fulfilled' && there.status === 'fulfilled')
          assert.deepEqual(there.value.rows, here.value.rows);
      }
      const all = await answer(built.directory, EVERY, { cache: { directory } });
      assert.deepEqual(all, plain);
      rmSync(directory, { recursive: true });
    }),
    { numRuns: 8 },
  );
});
