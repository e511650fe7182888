import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { FLOW_BATCH_ROWS, flowBatchBytes, flowBatchOver } from '../model/batch.ts';
import { linearCopy, loopsOver, PlainMemory } from '../model/linear-memory.ts';
import type { Views } from '../model/linear-memory.ts';
import { theGroup } from './group.ts';
import { ADDRESS_WIDTH } from './print-address.ts';
import { PRINT_LOOPS_CODE } from './print-loops.generated.ts';
import {
  BYTES,
  COUNT,
  FAMILY,
  FOUR_DIGITS,
  GROUP_LINES,
  IN_DST,
  IN_SRC,
  LEFT_OUT,
  LINES,
  NOT_SEEN,
  PACKETS,
  printLoops,
  ROW,
  SHOWN_SRC,
  SLACK,
  SRCPORT,
  START,
  STAMP_WORDS,
} from './print-loops.ts';
import type { PrintLoops } from './print-loops.ts';
import { NUMBER_WIDTH } from './print-number.ts';

const STRIDE = STAMP_WORDS + 2;
const STAMPS = 8;

/** A group whose loops run as they are written, or as WebAssembly. */
type Printing = { readonly batch: Views; readonly group: Views; readonly loops: PrintLoops };

function plain(): Printing {
  const [batch, group] = [theGroup().batch, theGroup().memory].map((memory) => {
    const copy = new PlainMemory(memory.u8.length);
    copy.u8.set(memory.u8);
    return copy;
  });
  return { batch: batch!, group: group!, loops: printLoops(group!, batch!, stamps, known, texts) };
}

function made(): Printing {
  const memories = {
    batch: linearCopy(theGroup().batch),
    group: linearCopy(theGroup().memory),
    stamps: linearCopy(stamps),
    known: linearCopy(known),
    texts: linearCopy(texts),
  };
  return { ...memories, loops: loopsOver(PRINT_LOOPS_CODE, memories) as PrintLoops };
}

const stamps = new PlainMemory(64);
const known = new PlainMemory(STRIDE * STAMPS * 4);
const texts = new PlainMemory(4096);
theGroup().widen(400);
// Stamps with texts of many lengths; decisions of each of them, one that is left out, one not seen.
stamps.i32.set([1, 2, 3, 4, 5, 6, 7, LEFT_OUT, NOT_SEEN]);
texts.u8.fill(97);
for (let n = 1; n < STAMPS; n++)
  known.i32.set(
    [n % 2 === 0 ? 0 : -1, n * 1e6, n % 3 === 0 ? 0 : -1, n * 77, 0, n % 3, n, 0, n * 5, n * 19],
    n * STRIDE,
  );
/** Decisions: one that has no stamp yet, and one that has no place. */
const UNSEEN = 8;
const BEYOND = 1 << 30;
const HEAD = { snapshotVersion: 1, windowStartSeconds: 0, intervalSeconds: 60, open: false };

const READINGS = { 'as they are written': plain(), 'as WebAssembly': made() };

/** What lines of one column are, without their newlines. */
function column(
  { group, loops }: Printing,
  width: number,
  count: number,
  write: (loops: PrintLoops) => void,
): string[] {
  // What a wider group left is in the way.
  group.u8.fill(63, LINES);
  group.i32[COUNT] = count;
  group.i32.fill(0, ROW, ROW + count);
  loops.fill(STRIDE, width + 1 + SLACK);
  write(loops);
  const out = LINES + (width + 1 + SLACK) * GROUP_LINES;
  const bytes = loops.give(0, count, width + 1 + SLACK, out);
  return new TextDecoder()
    .decode(group.u8.subarray(out, out + bytes))
    .split('\n')
    .slice(0, -1);
}

const counter = fc.oneof(
  fc.nat(20_000),
  fc.maxSafeNat(),
  fc.integer({ min: 0, max: 53 }).map((bits) => 2 ** bits - 1),
  fc.integer({ min: 0, max: 15 }).map((digits) => 10 ** digits),
);

/** Writes addresses of records, IPv4 where `words` has one. */
function addressesOf(printing: Printing, addresses: readonly (readonly number[])[]): string[] {
  return column(printing, ADDRESS_WIDTH, addresses.length, (loops) => {
    for (const [i, words] of addresses.entries()) {
      printing.group.i32[FAMILY + i] = words.length === 1 ? 4 : 6;
      printing.group.i32[SHOWN_SRC + i] = words[0]!;
      printing.group.i32[ROW + i] = i;
      printing.batch.i32.set(words, IN_DST + i * 4);
    }
    loops.addresses(SHOWN_SRC, IN_DST);
  });
}

const wordsOf = (groups: readonly number[]): number[] =>
  [0, 1, 2, 3].map((i) => groups[i * 2]! * 65_536 + groups[i * 2 + 1]!);

for (const [name, printing] of Object.entries(READINGS)) {
  const { group } = printing;

  describe(`the loops of printing, ${name}`, () => {
    it('write columns of counters and seconds as String does, and `-` for a counter that is not known', () => {
      const near = fc
        .tuple(fc.nat(2_000_000_000), fc.array(fc.nat(20_000)))
        .map(([n, steps]) => steps.map((k) => n + k));
      const values = fc.oneof(fc.array(counter), near).filter((one) => one.length <= GROUP_LINES);
      const write = (numbers: readonly number[], at: number, loop: (loops: PrintLoops) => void): string[] =>
        column(printing, NUMBER_WIDTH, numbers.length, (loops) => {
          group.f64.set(numbers, at);
          loop(loops);
        });
      fc.assert(
        fc.property(values, (numbers) => {
          const wanted = numbers.map(String);
          assert.deepEqual(
            write(numbers, PACKETS, (loops) => loops.counters(PACKETS)),
            wanted,
          );
          assert.deepEqual(
            write(numbers, START, (loops) => loops.seconds(START)),
            wanted,
          );
        }),
        { numRuns: 500 },
      );
      assert.deepEqual(
        write([7, -1], PACKETS, (loops) => loops.counters(PACKETS)),
        ['7', '-'],
      );
      const times = [
        1_700_000_000,
        1_700_000_001,
        1_700_009_999,
        1_700_010_000,
        0,
        9999,
        10_000,
        1.7e9,
        1e12,
        1e12 - 1,
      ];
      assert.deepEqual(
        write(times, START, (loops) => loops.seconds(START)),
        times.map(String),
      );
    });

    it('write every port as String does', () => {
      for (let from = 0; from < 65_536; from += GROUP_LINES) {
        const ports = Array.from({ length: GROUP_LINES }, (_, i) => from + i);
        const written = column(printing, 5, GROUP_LINES, (loops) => {
          group.i32.set(ports, SRCPORT);
          loops.small(SRCPORT);
        });
        assert.deepEqual(written, ports.map(String));
      }
    });

    it('write IPv4 addresses as ipaddr.js does', () => {
      const octets = fc.array(fc.nat(255), { minLength: 4, maxLength: 4 });
      fc.assert(
        fc.property(fc.array(octets, { maxLength: GROUP_LINES }), (list) => {
          const words = list.map((one) => [one.reduce((sum, octet) => sum * 256 + octet, 0)]);
          assert.deepEqual(
            addressesOf(printing, words),
            list.map((one) => one.join('.')),
          );
        }),
      );
    });

    it('write IPv6 addresses by RFC 5952, as ipaddr.js does', () => {
      const hextet = fc.oneof(fc.constant(0), fc.nat(0xffff), fc.nat(0xf));
      const address = fc.array(hextet, { minLength: 8, maxLength: 8 });
      fc.assert(
        fc.property(fc.array(address, { maxLength: GROUP_LINES }), (list) => {
          for (const [i, written] of addressesOf(printing, list.map(wordsOf)).entries()) {
            if (!written.includes('.')) assert.equal(written, new ipaddr.IPv6([...list[i]!]).toRFC5952String());
            else assert.match(written, /^::ffff:/);
          }
        }),
        { numRuns: 500 },
      );
      const cases = {
        '::': [0, 0, 0, 0, 0, 0, 0, 0],
        '::1': [0, 0, 0, 0, 0, 0, 0, 1],
        '1::': [1, 0, 0, 0, 0, 0, 0, 0],
        '2001:db8:0:1:1:1:1:1': [0x2001, 0xdb8, 0, 1, 1, 1, 1, 1],
        '2001:0:0:1::1': [0x2001, 0, 0, 1, 0, 0, 0, 1],
        '2001:db8::1:0:0:1': [0x2001, 0xdb8, 0, 0, 1, 0, 0, 1],
        '::ffff:192.0.2.1': [0, 0, 0, 0, 0, 0xffff, 0xc000, 0x0201],
      };
      const mixed = [[0x0a00_00ff], ...Object.values(cases).map(wordsOf)];
      assert.deepEqual(addressesOf(printing, mixed), ['10.0.0.255', ...Object.keys(cases)]);
    });
  });
}

/** A group for each memory to see that both do the same. */
function compared<T>(work: (printing: Printing) => T): T {
  const [a, b] = Object.values(READINGS) as [Printing, Printing];
  const [ofA, ofB] = [work(a), work(b)];
  assert.deepEqual(ofB, ofA);
  assert.ok(Buffer.from(a.group.u8.buffer).equals(Buffer.from(b.group.u8.buffer)), 'the memories differ');
  return ofA;
}

describe('the loops of printing', () => {
  it('do in WebAssembly what they do as they are written', () => {
    let records = 0;
    let stops = 0;
    const sources = { maxLength: 40, minLength: 40 };
    fc.assert(
      fc.property(fc.array(fc.nat(0xffff_ffff), sources), fc.nat(1000), (words, seed) => {
        const pick = (n: number, most: number): number =>
          ((words[n % 40]! ^ Math.imul(n, 0x9e3779b1 + seed)) >>> 3) % (most + 1);
        const rows = 150;
        for (const { batch, group } of Object.values(READINGS)) {
          group.i32.fill(0, 0, FOUR_DIGITS);
          group.u8.fill(32, LINES);
          const flows = flowBatchOver(batch.u8.buffer, HEAD);
          for (let row = 0; row < rows; row++) {
            flows.status[row] = pick(row, 60) === 7 ? 1 : 0;
            flows.joins[row] = pick(row + 1, 60) === 7 ? 1 : 0;
            flows.family[row] = pick(row, 1) === 0 ? 4 : 6;
            flows.protocol[row] = pick(row + 2, 255);
            flows.tcpFlags[row] = pick(row + 3, 255);
            flows.decision[row] =
              pick(row, 99) === 0 ? BEYOND : pick(row + 4, 99) === 0 ? UNSEEN : pick(row, UNSEEN - 1);
            flows.ports[row] = words[row % 40]!;
            for (let k = 0; k < 4; k++) {
              flows.src[row * 4 + k] = words[(row + k) % 40]!;
              flows.dst[row * 4 + k] = pick(row + k, 2) === 0 ? 0 : words[(row * 3 + k) % 40]!;
            }
            flows.packets[row] = pick(row, 30_000);
            flows.bytes[row] = pick(row + 5, 1e9) * (pick(row, 9) === 0 ? 1e6 : 1);
            flows.firstMicros[row] = 1.7e15 + pick(row + 6, 600e6);
            flows.lastMicros[row] = 1.7e15 + pick(row + 7, 600e6);
          }
        }
        const width = 400;
        for (let row = 0; row < rows; row++) {
          row = compared(({ loops }) => loops.take(row, rows, UNSEEN + 1));
          stops++;
          compared(({ loops }) => loops.fill(STRIDE, width));
          compared(({ loops }) => loops.stamped(STRIDE, STAMP_WORDS));
          compared(({ loops }) => loops.addresses(SHOWN_SRC, IN_SRC));
          compared(({ loops }) => loops.small(SRCPORT));
          compared(({ loops }) => loops.counters(PACKETS));
          compared(({ loops }) => loops.counters(BYTES));
          compared(({ loops }) => loops.seconds(START));
          compared(({ loops }) => loops.placed());
          const count = READINGS['as WebAssembly'].group.i32[COUNT]!;
          for (let from = 0; from < count;) {
            const begin = 1.7e9 + pick(from, 600);
            compared(({ loops }) => loops.run(from, begin, begin + 300, pick(from, 1) === 0 ? -1 : 3));
            const to = Math.min(count, from + 1 + pick(from, 20));
            compared(({ loops }) => loops.give(from, to, width, LINES + width * GROUP_LINES));
            from = to;
          }
          records += count;
          for (const { group } of Object.values(READINGS)) group.i32[COUNT] = 0;
        }
      }),
      { numRuns: 30 },
    );
    assert.ok(records > 1000, `only ${records} records were taken`);
    assert.ok(stops > 100, `only ${stops} groups were taken`);
  });

  it('refuse a batch with more rows than they have room for', () => {
    const rows = FLOW_BATCH_ROWS + 8;
    const batch = flowBatchOver(new ArrayBuffer(flowBatchBytes(rows)), HEAD, rows, rows);
    assert.throws(() => theGroup().load(batch), RangeError);
  });
});
