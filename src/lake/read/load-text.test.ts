import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { after, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { BLOCKS_AT } from '../../record/duckdb-frame.ts';
import { BLOCK_BYTES } from '../../record/duckdb-places.ts';
import { parseLogFormat } from '../../record/format.ts';
import { openDuck } from '../../storage/duck/duck.ts';
import { directoryStore } from '../../storage/object/stores/directory.ts';
import { readPacks } from './cache/pack-file.ts';
import { beginDatabase, endDatabase } from './database-file.ts';
import { streamSource } from './file.ts';
import { loadText } from './load-text.ts';
import type { LoadGroup, LoadedGroup, Loading } from './load-text.ts';
import type { Note } from '../../api/note.ts';
import type { TablePart } from './source.ts';
import { openTextFile } from './text-file.ts';
import { bytesOfRange, rangesOf } from './text-range.ts';
import { startTextThreads } from './text-thread.ts';
import type { TextThreads } from './text-thread.ts';

const directory = mkdtempSync(join(tmpdir(), 'flowgauge-load-'));
const duck = await openDuck({ directories: [directory] });
let shared: TextThreads | null = null;
after(async () => {
  await shared?.close();
  await duck.close();
  rmSync(directory, { recursive: true });
});
/** Threads of all tests that leave them whole. */
function threads(): TextThreads {
  shared ??= startTextThreads(2);
  return { ...shared, close: async () => {} };
}

const HEADER = 'srcaddr dstport bytes action';
const COLUMNS = ['srcaddr', 'dstport', 'bytes', 'action'].map((name) => ({ name, stored: name }));
const signal = new AbortController().signal;
let files = 0;
let loads = 0;

function write(bytes: Uint8Array | string): TablePart {
  const path = join(directory, `${++files}.log`);
  writeFileSync(path, bytes);
  const ref = { key: basename(path), sizeBytes: bytes.length, etag: '' };
  return { ref, store: directoryStore(directory), kind: 'text', format: null, path };
}

type Loaded = { readonly lines: readonly string[]; readonly notes: readonly Note[]; readonly badLines: number };

/** Loads files as one table. */
async function loadFiles(opened: LoadGroup['files'], how: Partial<Loading>): Promise<LoadedGroup> {
  const group = { table: 't', files: opened, columns: COLUMNS };
  const stats = { bytesRead: 0, badLines: 0 };
  const loading = { notes: [], stats, signal, onProgress: () => {}, others: 0, ...how };
  const { groups } = await loadText(join(directory, `rows-${++loads}`), [group], loading);
  return groups[0]!;
}

/** Loads parts; gives their rows as lines in any order. */
async function load(parts: readonly TablePart[], how: Partial<Loading>): Promise<Loaded> {
  const notes: Note[] = [];
  const stats = { bytesRead: 0, badLines: 0 };
  const opened = await Promise.all(parts.map((part) => openTextFile(part, signal)));
  const known = opened.filter((file) => file.format !== null);
  const { paths, rows: counts } = await loadFiles(known, { notes, stats, ...how });
  const rows = paths.length === 0 ? [] : await duck.all(`SELECT * FROM ${readPacks(paths)}`);
  assert.equal(
    counts.reduce((sum, count) => sum + count, 0),
    rows.length,
  );
  return {
    lines: rows.map((row) => row.map((value) => value ?? '-').join(' ')).sort(),
    notes,
    badLines: stats.badLines,
  };
}

const line = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(fc.ipV4(), fc.nat(65_535), fc.nat(), fc.constantFrom('ACCEPT', 'REJECT', '-')) },
  { weight: 1, arbitrary: fc.constant(['10.0.0.1', 'many', '5', 'ACCEPT']) },
  { weight: 1, arbitrary: fc.constantFrom(['nonsense'], [''], ['a', 'b', 'c', 'd', 'e']) },
  // Files that were put one behind the other.
  { weight: 1, arbitrary: fc.constantFrom([HEADER], ['dstport srcaddr bytes action'], ['bytes srcaddr packets']) },
);
const file = fc.record({
  lines: fc.array(
    line.map((parts) => parts.join(' ')),
    { maxLength: 120 },
  ),
  packed: fc.boolean(),
  cut: fc.option(fc.double({ min: 0.5, max: 1, noNaN: true })),
  ends: fc.constantFrom('\n', ''),
});

test('threads read what one thread reads: rows, notes with file and line, and counts', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(file, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 50, max: 3000 }),
      async (all, size) => {
        const parts = all.map(({ lines, packed, cut, ends }) => {
          const text = Buffer.from([HEADER, ...lines].join('\n') + ends);
          const stored = packed ? gzipSync(text) : text;
          return write(cut === null ? stored : stored.subarray(0, Math.ceil(stored.length * cut)));
        });
        const here = await load(parts, { threads: 1 });
        const there = await load(parts, { threads: 2, start: threads, rangeBytes: size });
        assert.deepEqual(there, here);
      },
    ),
    { numRuns: 60 },
  );
});

test('a header of another format makes a file that was read in ranges be read as one', async () => {
  const lines = Array.from({ length: 2000 }, (_, at) => `10.0.0.1 ${at} 7 ACCEPT`);
  const other = lines.map((each) => each.split(' ').toReversed().join(' '));
  const text = [HEADER, ...lines, HEADER.split(' ').toReversed().join(' '), ...other, HEADER, ...lines, ''].join('\n');
  const { lines: rows, notes, badLines } = await load([write(text)], { threads: 2, start: threads, rangeBytes: 1000 });
  assert.equal(rows.length, 4000);
  assert.equal(badLines, 2001);
  assert.deepEqual(
    notes.map((note) => note.kind === 'bad-lines' && [note.count, note.first.line]),
    [[2001, 2002]],
  );
});

test('rows go into a database instead, from one thread or several, and once where a file has to be read again', async () => {
  const lines = Array.from(
    { length: 20_000 },
    (_, at) => `10.0.${at >> 8}.${at & 255} ${at % 7 === 0 ? '-' : at} ${at * 7} ACCEPT`,
  );
  const other = lines.map((each) => each.split(' ').toReversed().join(' '));
  const whole = write([HEADER, ...lines, 'nonsense', ''].join('\n'));
  const few = Array.from({ length: 100 }, (_, at) =>
    write(gzipSync([HEADER, ...lines.slice(at, at + 20), ''].join('\n'))),
  );
  const twice = write([HEADER, ...lines, HEADER.split(' ').toReversed().join(' '), ...other, ''].join('\n'));
  for (const [parts, rows] of [
    [[whole], 20_000],
    [few, 2000],
    [[...few, whole], 22_000],
    [[twice], 20_000],
  ] as const) {
    const group = {
      table: 't',
      files: await Promise.all(parts.map((part) => openTextFile(part, signal))),
      columns: COLUMNS,
    };
    for (const how of [{ threads: 1 }, { threads: 2, start: threads, rangeBytes: 100_000 }]) {
      const path = join(directory, `database-${++loads}.duckdb`);
      const database = beginDatabase(path, [
        { name: 'action', type: 'VARCHAR' },
        { name: 'bytes', type: 'BIGINT' },
        { name: 'dstport', type: 'INTEGER' },
        { name: 'srcaddr', type: 'VARCHAR' },
        { name: 'not there', type: 'INTEGER' },
      ]);
      const stats = { bytesRead: 0, badLines: 0 };
      const loading = { notes: [], stats, signal, onProgress: () => {}, others: 0, database, ...how };
      const loaded = await loadText(join(directory, `rows-${loads}`), [group], loading);
      endDatabase(database, loaded.places);
      assert.deepEqual(loaded.groups[0]!.paths, []);
      assert.equal(
        loaded.groups[0]!.rows.reduce((a, b) => a + b),
        rows,
      );
      await duck.run(`ATTACH '${path}' AS d (READ_ONLY)`);
      const sums = `count(*), sum(bytes), count(dstport), bit_xor(hash(srcaddr, dstport, bytes, action)), count("not there")`;
      const found = await duck.all(`SELECT ${sums} FROM d.records`);
      // Of what was read before it was read again, nothing is left.
      const [[used] = []] = await duck.all(
        "SELECT count(DISTINCT block_id) FROM pragma_storage_info('d.records') WHERE block_id >= 0",
      );
      assert.equal((statSync(path).size - BLOCKS_AT) / BLOCK_BYTES, Number(used) + 1);
      await duck.run('DETACH d');
      const { paths } = await loadFiles(group.files, how);
      assert.deepEqual(found, await duck.all(`SELECT ${sums.replace('"not there"', 'NULL')} FROM ${readPacks(paths)}`));
    }
  }
});

test('threads take the bytes of what has no path as they come', async () => {
  const lines = Array.from({ length: 30_000 }, (_, at) => `10.0.${at >> 8}.${at & 255} ${at} ${at * 7} ACCEPT`);
  const text = Buffer.from([HEADER, ...lines, 'nonsense', ''].join('\n'));
  const loaded: Loaded[] = [];
  for (const count of [1, 2]) {
    const source = streamSource(
      'input',
      Readable.from([text.subarray(0, 7), text.subarray(7, 400_000), text.subarray(400_000)]),
    );
    const parts: TablePart[] = [];
    for await (const part of source.plan({ startSeconds: 0, endSeconds: 0 }, signal)) parts.push(part);
    loaded.push(await load(parts, { threads: count, start: threads }));
  }
  const [here, there] = loaded;
  assert.equal(there!.lines.length, 30_000);
  assert.deepEqual(there, here);
});

test('one broken file among many is named, and the others are read', async () => {
  const good = gzipSync(`${HEADER}\n10.0.0.1 1 2 ACCEPT\n`);
  const damaged = Buffer.from(gzipSync(`${HEADER}\n${'10.0.0.2 1 2 ACCEPT\n'.repeat(5000)}`));
  damaged.fill(0x5a, damaged.length >> 1);
  const parts = Array.from({ length: 40 }, (_, at) => write(at === 17 ? damaged : good));
  const { lines, notes } = await load(parts, { threads: 2, start: threads });
  assert.equal(lines.filter((each) => each === '10.0.0.1 1 2 ACCEPT').length, 39);
  const [first] = notes;
  assert.equal(first?.kind === 'unreadable' && first.file, parts[17]!.ref.key);
  assert.deepEqual({ lines, notes, badLines: 0 }, { ...(await load(parts, { threads: 1 })), badLines: 0 });
});

test('a file that has gone since is named', async () => {
  const parts = [write(`${HEADER}\n10.0.0.1 1 2 ACCEPT\n`), write(`${HEADER}\n10.0.0.1 1 2 ACCEPT\n`)];
  const opened = await Promise.all(parts.map((part) => openTextFile(part, signal)));
  rmSync(parts[1]!.path!);
  const notes: Note[] = [];
  for (const count of [1, 2]) {
    const { rows } = await loadFiles(opened, { notes, threads: count, start: threads });
    assert.deepEqual(rows, [1, 0]);
    const why = 'it was there when it was listed, and was gone when it was read';
    assert.deepEqual(notes.pop(), { kind: 'unreadable', file: parts[1]!.ref.key, why });
  }
});

test('ends at once when the signal says so, with its reason', async () => {
  const text = gzipSync(`${HEADER}\n${'10.0.0.2 1 2 ACCEPT\n'.repeat(50_000)}`);
  const parts = Array.from({ length: 20 }, () => write(text));
  const stop = new AbortController();
  const why = new Error('enough');
  const loading = load(parts, { threads: 2, signal: stop.signal, onProgress: () => stop.abort(why) });
  await assert.rejects(loading, why);
});

test('a thread that breaks or ends is an error, and nobody waits for it', async () => {
  const parts = [write(`${HEADER}\n10.0.0.1 1 2 ACCEPT\n`), write(`${HEADER}\n10.0.0.1 1 2 ACCEPT\n`)];
  const run = (code: string): Promise<Loaded> =>
    load(parts, { threads: 2, start: (count) => startTextThreads(count, () => new Worker(code, { eval: true })) });
  const onMessage = 'require("node:worker_threads").parentPort.on("message", () => ';
  await assert.rejects(run('process.exit(3)'), /a thread that read files ended with 3/);
  await assert.rejects(run(`${onMessage} process.exit(4))`), /ended with 4/);
  await assert.rejects(run(`${onMessage} { throw new Error("out of order") })`), /out of order/);
});

test('rows that cannot be written are the error of loading', async () => {
  const parts = Array.from({ length: 6 }, () =>
    write(gzipSync(`${HEADER}\n${'10.0.0.2 1 2 ACCEPT\n'.repeat(50_000)}`)),
  );
  const opened = await Promise.all(parts.map((part) => openTextFile(part, signal)));
  for (const [count, name] of [
    [1, 't-here-0'],
    [2, 't-0-0'],
  ] as const) {
    // What cannot be opened stands for a disk that is full.
    mkdirSync(join(directory, `rows-${loads + 1}`, `${name}.parquet`), { recursive: true });
    await assert.rejects(loadFiles(opened, { threads: count }), { code: 'FG_ROWS_NO_PLACE' });
  }
});

test('each line of a file is in one range, whole, wherever it is cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: 'grapheme', maxLength: 30 })),
      fc.integer({ min: 1, max: 60 }),
      async (lines, size) => {
        const text = Buffer.from(['start action', ...lines].join('\n'));
        const { path } = write(text);
        const ranges = (await rangesOf(path!, text.length, parseLogFormat('start action'), size)) ?? [];
        const parts: Buffer[] = [];
        for (const range of ranges) {
          for (const chunk of bytesOfRange(path!, range)) parts.push(Buffer.from(chunk));
        }
        if (ranges.length > 0) assert.deepEqual(Buffer.concat(parts), text);
      },
    ),
    { numRuns: 200 },
  );
});
