import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { FlowgaugeError } from '../model/errors.ts';
import type { FlowLog } from '../network/vpc/snapshot.ts';
import { DEFAULT_FORMAT } from '../record/format.ts';
import type { WindowAccount } from './account.ts';
import type { RecordBlock } from './destination.ts';
import type { ObjectFacts, RecordRun } from './segment.ts';
import { createSegment, lookAtSegment, readAccounts, readSegment, segmentParts } from './segment.ts';

const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-segment-'));
after(() => rmSync(scratch, { recursive: true }));
let files = 0;

const FLOW_LOG: FlowLog = {
  id: 'fl-0123456789abcdef0',
  accountId: '123456789012',
  region: 'us-east-1',
  resourceId: 'vpc-1',
  interfaces: [1, 2],
  tagKeys: [],
  traffic: 'ALL',
  intervalSeconds: 60,
  format: DEFAULT_FORMAT,
  destination: { type: 'cloud-watch-logs', logGroup: 'flows', roleArn: null },
  tags: {},
  createdSeconds: null,
};
const HEAD = { hostId: 'host-1', flowLog: FLOW_LOG, slotSeconds: 1_795_435_500 };

const line = fc.stringMatching(/^[ -z]{0,40}$/u);
const run: fc.Arbitrary<RecordRun> = fc
  .record({
    stream: fc.constantFrom('', 'eni-1'),
    lines: fc.array(line, { minLength: 1, maxLength: 8 }),
    n: fc.nat(99),
  })
  .map(({ stream, lines, n }) => ({
    stream,
    text: Buffer.from(lines.map((one) => `${one}\n`).join('')),
    records: lines.length,
    packets: n,
    lostPackets: n % 7,
  }));

async function segment(runs: readonly RecordRun[], object: ObjectFacts | null, sealed = true): Promise<string> {
  const path = join(scratch, String(++files));
  const writer = await createSegment(path, HEAD);
  for (const one of runs) await writer.append(one);
  if (sealed) await writer.seal(object);
  else await writer.abandon();
  return path;
}

async function blocksIn(path: string, whole: boolean): Promise<RecordBlock[]> {
  const blocks: RecordBlock[] = [];
  for await (const block of readSegment(path, whole)) blocks.push({ ...block, text: Buffer.from(block.text) });
  return blocks;
}

const damaged = (error: unknown): boolean => error instanceof FlowgaugeError && error.code === 'FG_SEGMENT_DAMAGED';
const textOf = (blocks: readonly { readonly text: Uint8Array }[]): string =>
  blocks.map(({ text }) => Buffer.from(text).toString()).join('');

test('gives back what was written, with its head and end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(run, { maxLength: 6 }), fc.boolean(), async (runs, withObject) => {
      const object = withObject ? { sizeBytes: 12, sha256: 'ab' } : null;
      const path = await segment(runs, object);
      const of = { flowLogId: FLOW_LOG.id, slotSeconds: HEAD.slotSeconds };
      assert.deepEqual(
        await blocksIn(path, true),
        runs.map((one) => ({ ...of, ...one })),
      );
      const { head, end } = await lookAtSegment(path);
      assert.deepEqual([head.hostId, head.flowLog, head.slotSeconds], [HEAD.hostId, FLOW_LOG, HEAD.slotSeconds]);
      const sum = (of: (run: RecordRun) => number): number => runs.reduce((total, one) => total + of(one), 0);
      assert.deepEqual(
        [end?.records, end?.packets, end?.lostPackets, end?.object],
        [sum((one) => one.records), sum((one) => one.packets), sum((one) => one.lostPackets), object],
      );
    }),
    { numRuns: 50 },
  );
});

test('gives the whole records of a segment that was cut anywhere behind its head', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(run, { minLength: 1, maxLength: 4 }), fc.nat(), async (runs, cutAt) => {
      const path = await segment(runs, null, false);
      const bytes = readFileSync(path);
      const head = bytes.indexOf(10) + 1;
      const cut = bytes.subarray(0, head + (cutAt % (bytes.length - head + 1)));
      writeFileSync(path, cut);
      const blocks = await blocksIn(path, false);
      const text = textOf(blocks);
      assert.ok(textOf(runs).startsWith(text));
      assert.equal(
        text.split('\n').length - 1,
        blocks.reduce((sum, block) => sum + block.records, 0),
      );
      // No whole record is left behind: what the file holds of the next one has no end.
      const next = textOf(runs).slice(text.length);
      const record = next.slice(0, next.indexOf('\n') + 1);
      assert.ok(record === '' || !cut.toString().endsWith(record) || record === '\n');
      assert.equal((await lookAtSegment(path)).end, null);
    }),
    { numRuns: 80 },
  );
});

const account: fc.Arbitrary<WindowAccount> = fc
  .record({
    interfaceId: fc.constantFrom('eni-1', 'eni-2', ''),
    counted: fc.option(fc.nat()),
    packets: fc.nat(),
    records: fc.nat(9),
    filtered: fc.nat(3),
    noData: fc.nat(1),
    skipData: fc.nat(1),
    lost: fc.constantFrom({}, { 'table-full': 3 }, { 'spool-full': 4, 'table-full': 1 }),
  })
  .map((of) => ({ ...of, windowSeconds: HEAD.slotSeconds, seconds: 60 }));

/** Records, each with the accounts behind it. */
const parts = fc.array(fc.tuple(run, fc.array(account, { maxLength: 3 })), { minLength: 1, maxLength: 4 });

async function accounted(all: readonly (readonly [RecordRun, readonly WindowAccount[]])[]): Promise<string> {
  const path = join(scratch, String(++files));
  const writer = await createSegment(path, HEAD);
  for (const [records, accounts] of all) {
    await writer.append(records);
    if (accounts.length > 0) await writer.account(accounts);
  }
  await writer.seal(null);
  return path;
}

test('gives accounts behind their records, alone too, and says how many records have none', async () => {
  await fc.assert(
    fc.asyncProperty(parts, async (all) => {
      const path = await accounted(all);
      const found: (number | readonly WindowAccount[])[] = [];
      for await (const part of segmentParts(path, true)) found.push('accounts' in part ? part.accounts : part.records);
      const expected = all.flatMap(([{ records }, accounts]) =>
        accounts.length > 0 ? [records, accounts] : [records],
      );
      assert.deepEqual(found, expected);
      const accounts = all.flatMap(([, some]) => some);
      assert.deepEqual(await readAccounts(path), accounts);
      const { end } = await lookAtSegment(path);
      const last = all.findLastIndex(([, some]) => some.length > 0);
      const after = all.slice(last + 1).reduce((sum, [{ records }]) => sum + records, 0);
      assert.deepEqual([end?.accounts, end?.after], [accounts.length, after]);
    }),
    { numRuns: 50 },
  );
});

test('accounts that a crash cut are none, and those of a sealed segment are as they were written or none is read', async () => {
  await fc.assert(
    fc.asyncProperty(parts, fc.nat(), fc.integer({ min: 1, max: 255 }), async (all, at, flip) => {
      const path = await accounted(all);
      const bytes = readFileSync(path);
      const head = bytes.indexOf(10) + 1;
      const place = head + (at % (bytes.length - head));
      writeFileSync(path, bytes.subarray(0, place));
      const known = all.flatMap(([, some]) => some);
      const found: WindowAccount[] = [];
      for await (const part of segmentParts(path, false)) if ('accounts' in part) found.push(...part.accounts);
      assert.deepEqual(found, known.slice(0, found.length));
      bytes[place]! ^= flip;
      writeFileSync(path, bytes);
      await assert.rejects(blocksIn(path, true), damaged);
    }),
    { numRuns: 100 },
  );
});

test('a segment of the older format is read: its records have no accounts', async () => {
  const path = await segment([{ stream: '', text: Buffer.from('a\n'), records: 1, packets: 2, lostPackets: 0 }], null);
  const [head, block, text] = readFileSync(path, 'latin1').split('\n');
  const body = [
    head!.replace('{"segment":2,', '{"segment":1,'),
    block,
    text,
    '{"sealed":true,"records":1,"packets":2,"lostPackets":0,"object":null}',
    '',
  ].join('\n');
  writeFileSync(path, `${body}{"crc32":${crc32(body)}}\n`);
  assert.equal(textOf(await blocksIn(path, true)), 'a\n');
  const { end } = await lookAtSegment(path);
  assert.deepEqual([end?.records, end?.accounts, end?.after], [1, 0, 1]);
});

test('finds any byte of a sealed segment that changed or went', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(run, { maxLength: 3 }),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      fc.boolean(),
      async (runs, at, flip, cut) => {
        const path = await segment(runs, { sizeBytes: 5, sha256: 'cd' });
        const bytes = readFileSync(path);
        const place = at % bytes.length;
        if (cut) writeFileSync(path, bytes.subarray(0, place));
        else {
          bytes[place]! ^= flip;
          writeFileSync(path, bytes);
        }
        await assert.rejects(blocksIn(path, true), damaged);
      },
    ),
    // A byte of the head, in the name `flowLog`.
    { numRuns: 150, examples: [[[], 67_793_153, 1, false]] },
  );
});
