import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { failure } from '../model/errors.ts';
import { parseKey } from '../storage/object/keys.ts';
import type { ObjectStore } from '../storage/object/store.ts';
import { directoryStore } from '../storage/object/stores/directory.ts';
import { createSegment } from './segment.ts';
import {
  begin,
  coded,
  filesBelow,
  flowLog,
  linesOf,
  newDirectory,
  numbers,
  PLAIN,
  print,
  recordLine,
  SLOT,
  write,
} from './publisher.fixture.ts';

test('writes one object for a slot, in AWS’s layout, and leaves no spool', async () => {
  const directory = newDirectory();
  const report = await write({ directory }, [numbers(100), numbers(50, 100)]);
  const files = filesBelow(directory);
  assert.equal(files.size, 1);
  const [[key, bytes]] = [...files] as [[string, Buffer]];
  assert.equal(parseKey(key)?.slotSeconds, SLOT);
  assert.equal(parseKey(key)?.prefix, 'team');
  assert.deepEqual(linesOf(bytes), numbers(150));
  assert.deepEqual(
    report.objects.map((object) => [object.key, object.records, object.packets, object.sizeBytes, object.sha256]),
    [[key, 150, 300, bytes.length, createHash('sha256').update(bytes).digest('hex')]],
  );
  assert.deepEqual(report.count, { in: 150, out: 150, held: 0, lost: {}, notes: {} });
  assert.deepEqual(readdirSync(directory), ['team']);
});

test('gives the same names and bytes in a second run, whatever batches and threads', async () => {
  const options = { capBytes: 3000 };
  const [one, two, three] = [newDirectory(), newDirectory(), newDirectory()];
  await write({ ...options, directory: one }, [numbers(700), numbers(300, 700)]);
  await write({ ...options, directory: two, threads: 1 }, [numbers(1000)]);
  await write(
    { ...options, directory: three, threads: 4 },
    Array.from({ length: 40 }, (_, at) => numbers(25, at * 25)),
  );
  const files = filesBelow(one);
  assert.ok(files.size > 3);
  assert.deepEqual(filesBelow(two), files);
  assert.deepEqual(filesBelow(three), files);
  await write({ ...options, directory: one }, [numbers(1000)]);
  assert.deepEqual(filesBelow(one), files);
});

test('stops a capture file’s run at an object with other bytes, and leaves that and no spool', async () => {
  const directory = newDirectory();
  await write({ directory }, [numbers(10)]);
  const before = filesBelow(directory);
  await assert.rejects(write({ directory }, [numbers(11)]), (error: unknown) => {
    assert.ok(coded('FG_OBJECT_DIFFERS')(error));
    assert.match((error as Error).message, /team\/AWSLogs\/.*was not overwritten/);
    return true;
  });
  assert.deepEqual(filesBelow(directory), before);
});

test('gives a host the next number where a name is taken by other bytes', async () => {
  const [one, two] = [newDirectory(), newDirectory()];
  const key = (await write({ directory: one, hostId: 'host-1' }, [numbers(10)])).objects[0]!.key;
  mkdirSync(join(two, key, '..'), { recursive: true });
  writeFileSync(join(two, key), 'other bytes');
  const report = await write({ directory: two, hostId: 'host-1' }, [numbers(10)]);
  assert.notEqual(report.objects[0]!.key, key);
  assert.deepEqual(linesOf(readFileSync(join(two, report.objects[0]!.key))), numbers(10));
});

test('never uses a number of a host twice', async () => {
  const directory = newDirectory();
  const keys = new Set<string>();
  for (let run = 0; run < 3; run++) {
    const { publisher } = await begin({ directory, hostId: 'host-1' });
    for (const half of [0, 1]) {
      print(publisher, numbers(3, half));
      await publisher.windowClosed();
    }
    for (const object of (await publisher.close()).objects) keys.add(object.key);
  }
  assert.equal(keys.size, 6);
});

test('publishes a host’s local bucket at each close of a window, a capture file’s slots when they are over', async () => {
  const host = await begin({ hostId: 'host-1' });
  print(host.publisher, numbers(3));
  await host.publisher.windowClosed();
  print(host.publisher, numbers(3, 3));
  assert.equal((await host.publisher.close()).objects.length, 2);

  const file = await begin();
  for (let slot = 0; slot < 4; slot++) {
    print(file.publisher, numbers(3, slot), SLOT + slot * 300);
    await file.publisher.windowClosed();
  }
  print(file.publisher, numbers(1, 99), SLOT + 600);
  const { objects } = await file.publisher.close();
  assert.deepEqual(
    objects.map((object) => [object.slotSeconds, object.records]).sort(([a], [b]) => a! - b!),
    [
      [SLOT, 3],
      [SLOT + 300, 3],
      [SLOT + 600, 4],
      [SLOT + 900, 3],
    ],
  );
});

test('a crash between two windows takes nothing of the windows that have closed', async () => {
  const { directory, publisher } = await begin({ hostId: 'host-1', isLocal: () => false });
  print(publisher, numbers(3));
  await publisher.windowClosed();
  print(publisher, numbers(4, 3));
  await publisher.windowClosed();
  print(publisher, numbers(5, 7));
  // What a process that dies here leaves.
  const left = newDirectory();
  cpSync(directory, left, { recursive: true });
  rmSync(join(left, '_flowgauge', 'spool', 'lock'));
  await publisher.close();
  const next = await begin({ directory: left, hostId: 'host-1' });
  const { objects, count } = await next.publisher.close();
  assert.deepEqual(
    objects.flatMap(({ key }) => linesOf(readFileSync(join(left, key)))),
    numbers(7),
  );
  assert.deepEqual([count.in, count.out, objects[0]!.packets], [7, 7, 14]);
});

test('keeps segments in the spool when the store is full, and delivers them the next time', async () => {
  const directory = newDirectory();
  const full: ObjectStore = {
    ...directoryStore(directory),
    put: (key) => Promise.reject(failure('FG_DISK_FULL', key)),
  };
  const { publisher } = await begin({ directory, store: full, hostId: 'host-1' });
  print(publisher, numbers(20));
  await publisher.windowClosed();
  print(publisher, numbers(5, 20));
  await assert.rejects(publisher.close(), (error: unknown) => {
    assert.ok(coded('FG_NOT_DELIVERED')(error));
    assert.match((error as Error).message, new RegExp(`25 records .*full.*${directory}/_flowgauge/spool`));
    return true;
  });
  assert.deepEqual(publisher.count, { in: 25, out: 0, held: 25, lost: {}, notes: {} });
  const next = await begin({ directory, hostId: 'host-1' });
  print(next.publisher, numbers(1, 25));
  const { objects, count } = await next.publisher.close();
  const lines = objects.flatMap((object) => linesOf(readFileSync(join(directory, object.key))));
  assert.deepEqual(lines.sort(), numbers(26).sort());
  assert.deepEqual(count, { in: 26, out: 26, held: 0, lost: {}, notes: {} });
});

for (const fileFormat of ['plain-text', 'parquet'] as const) {
  test(`cuts an unsealed segment back to its last whole record and delivers it (${fileFormat})`, async () => {
    const directory = newDirectory();
    const spool = join(directory, '_flowgauge', 'spool');
    mkdirSync(spool, { recursive: true });
    const path = join(spool, `fl-0123456789abcdef0_${SLOT}_0.open`);
    const head = { hostId: 'host-1', flowLog: flowLog({ ...PLAIN, fileFormat }), slotSeconds: SLOT };
    const writer = await createSegment(path, head);
    for (const lines of [numbers(40), numbers(60, 40)]) {
      const text = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      await writer.append({ stream: '', text, records: lines.length, packets: 0, lostPackets: 0 });
    }
    await writer.abandon();
    writeFileSync(join(spool, 'next-number'), '1\n');
    const bytes = readFileSync(path);
    const cut = bytes.subarray(0, bytes.length - 1234);
    writeFileSync(path, cut);
    const whole = cut.toString().split('\n').slice(0, -1);
    const expected = whole.filter((line) => line.startsWith('2 '));
    assert.ok(expected.length > 80 && expected.length < 100);

    const { publisher } = await begin({ directory, hostId: 'host-1', capBytes: 3000 });
    const { objects, count } = await publisher.close();
    assert.equal(
      objects.reduce((sum, object) => sum + object.records, 0),
      expected.length,
    );
    assert.equal(count.out, expected.length);
    if (fileFormat === 'plain-text')
      assert.deepEqual(
        objects.flatMap((object) => linesOf(readFileSync(join(directory, object.key)))),
        expected,
      );
    else assert.ok(objects.length > 1, 'Parquet of so many records is above the cap: it is split');
    assert.deepEqual(readdirSync(spool), ['next-number', 'status.json']);
  });
}

test('makes a missing object again from its segment, with the same bytes', async () => {
  const [one, two] = [newDirectory(), newDirectory()];
  const expected = await write({ directory: one, hostId: 'host-1' }, [numbers(30_000), numbers(5)]);
  const refusing: ObjectStore = { ...directoryStore(two), put: () => Promise.reject(new Error('not now')) };
  await assert.rejects(write({ directory: two, hostId: 'host-1', store: refusing }, [numbers(30_000), numbers(5)]));
  const spool = join(two, '_flowgauge', 'spool');
  for (const name of readdirSync(spool)) if (name.endsWith('.object')) rmSync(join(spool, name));
  const { publisher } = await begin({ directory: two, hostId: 'host-1' });
  const { objects } = await publisher.close();
  assert.deepEqual(
    objects.map((object) => [object.key, object.sha256]),
    expected.objects.map((object) => [object.key, object.sha256]),
  );
});

test('looks at an object again whose delivery failed, and makes it again where it has changed', async () => {
  const directory = newDirectory();
  const there = directoryStore(directory);
  const spool = join(directory, '_flowgauge', 'spool');
  let puts = 0;
  const once: ObjectStore = {
    ...there,
    put(...put) {
      if (puts++ > 0) return there.put(...put);
      const object = readdirSync(spool).find((name) => name.endsWith('.object'))!;
      truncateSync(join(spool, object), 10);
      return Promise.reject(new Error('not now'));
    },
  };
  const { publisher } = await begin({ directory, hostId: 'host-1', store: once });
  print(publisher, numbers(40));
  await publisher.windowClosed();
  const { objects } = await publisher.close();
  assert.deepEqual(linesOf(filesBelow(directory).get(objects[0]!.key)!), numbers(40));
});

test('sets a damaged segment aside with its name, and never deletes it', async () => {
  const directory = newDirectory();
  const refusing: ObjectStore = { ...directoryStore(directory), put: () => Promise.reject(new Error('not now')) };
  await assert.rejects(write({ directory, hostId: 'host-1', store: refusing }, [numbers(30)]));
  const spool = join(directory, '_flowgauge', 'spool');
  const name = readdirSync(spool).find((file) => file.endsWith('.segment'))!;
  const bytes = readFileSync(join(spool, name));
  bytes[bytes.indexOf('ACCEPT')] = 0x58;
  writeFileSync(join(spool, name), bytes);
  const { publisher } = await begin({ directory, hostId: 'host-1' });
  const { objects, problems } = await publisher.close();
  assert.equal(objects.length, 0);
  assert.deepEqual(
    problems.map((problem) => problem.code),
    ['FG_SEGMENT_DAMAGED'],
  );
  assert.match(problems[0]!.message, new RegExp(name));
  assert.deepEqual(readFileSync(join(spool, name.replace('.segment', '.damaged'))), bytes);
});

test('drops what a killed run of a capture file left where another run’s object stands', async () => {
  const directory = newDirectory();
  const refusing: ObjectStore = { ...directoryStore(directory), put: () => Promise.reject(new Error('not now')) };
  await assert.rejects(write({ directory, store: refusing }, [numbers(30)]), coded('FG_NOT_DELIVERED'));
  const elsewhere = newDirectory();
  const { key } = (await write({ directory: elsewhere }, [numbers(31)])).objects[0]!;
  mkdirSync(join(directory, key, '..'), { recursive: true });
  writeFileSync(join(directory, key), readFileSync(join(elsewhere, key)));
  const { publisher } = await begin({ directory });
  const { problems, count } = await publisher.close();
  assert.deepEqual(
    problems.map((problem) => problem.code),
    ['FG_OBJECT_DIFFERS'],
  );
  assert.deepEqual(count, { in: 30, out: 0, held: 0, lost: { superseded: 30 }, notes: {} });
  assert.deepEqual(linesOf(readFileSync(join(directory, key))), numbers(31));
});

test('keeps the order of records when printing goes on while it gathers and cuts', async () => {
  const { directory, publisher } = await begin({ capBytes: 3000, threads: 2 });
  const asked: Promise<void>[] = [];
  for (let batch = 0; batch < 30; batch++) {
    print(publisher, numbers(50, batch * 50));
    asked.push(publisher.gather());
    if (batch % 7 === 0) asked.push(publisher.slotsClosedBefore(SLOT + 300));
    if (batch % 3 === 0) await asked[batch];
  }
  await Promise.all(asked);
  const { objects } = await publisher.close();
  const lines = objects.flatMap((object) => linesOf(readFileSync(join(directory, object.key))));
  assert.deepEqual(lines, numbers(1500));
});

test('counts what the disk of the spool did not take', async () => {
  const { directory, publisher } = await begin({ capBytes: 3000 });
  print(publisher, numbers(100));
  rmSync(join(directory, '_flowgauge', 'spool'), { recursive: true });
  await assert.rejects(publisher.close(), coded('FG_NOT_DELIVERED'));
  assert.deepEqual(publisher.count, { in: 100, out: 0, held: 0, lost: { 'spool-failed': 100 }, notes: {} });
});

test('refuses a spool that another process uses', async () => {
  const { directory, publisher } = await begin();
  await assert.rejects(begin({ directory }), coded('FG_SPOOL_BUSY'));
  await publisher.close();
});

test('waits for a process that is about to give the spool back, where it is told to', async () => {
  const { directory, publisher } = await begin();
  print(publisher, numbers(10));
  const next = begin({ directory, waitMillis: 60_000 });
  let isOpen = false;
  void next.then(() => (isOpen = true));
  await publisher.close();
  assert.equal(isOpen, false);
  await (await next).publisher.close();
  const { publisher: third } = await begin({ directory });
  await assert.rejects(begin({ directory, waitMillis: 1 }), coded('FG_SPOOL_BUSY'));
  await third.close();
});

test('names a spool that cannot be made', async () => {
  const directory = newDirectory();
  mkdirSync(directory);
  writeFileSync(join(directory, '_flowgauge'), 'a file');
  await assert.rejects(begin({ directory }), coded('FG_NOT_A_DIRECTORY'));
});

test('puts every record in exactly one object at or below the cap, whatever blocks and cap', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ lines: fc.array(fc.nat(400), { maxLength: 60 }), slot: fc.nat(2), close: fc.boolean() }), {
        maxLength: 8,
      }),
      fc.integer({ min: 200, max: 4000 }),
      fc.constantFrom('file', 'host-1'),
      async (batches, capBytes, hostId) => {
        const { directory, publisher } = await begin({ capBytes, hostId });
        const printed: string[] = [];
        for (const { lines, slot, close } of batches) {
          const text = lines.map(recordLine);
          printed.push(...text);
          print(publisher, text, SLOT + slot * 300);
          await publisher.gather();
          if (close) await publisher.windowClosed();
        }
        const { objects, count } = await publisher.close();
        const got = objects.flatMap((object) => {
          const bytes = readFileSync(join(directory, object.key));
          assert.ok(bytes.length <= capBytes || object.records === 1, `${bytes.length} > ${capBytes}`);
          const lines = linesOf(bytes);
          assert.equal(lines.length, object.records);
          return lines;
        });
        assert.deepEqual(got.sort(), printed.sort());
        assert.equal(
          objects.reduce((sum, object) => sum + object.packets, 0),
          printed.length * 2,
        );
        assert.deepEqual(count, { in: printed.length, out: printed.length, held: 0, lost: {}, notes: {} });
      },
    ),
    { numRuns: 30 },
  );
});
