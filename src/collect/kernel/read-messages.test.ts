import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FlowElements } from './flow-elements.ts';
import { flowTables } from './flow-sets.ts';
import { MessageReader } from './read-messages.ts';

const kinds = new Map(flowTables(1).kinds.map((kind) => [kind.name, kind]));
const END = 1_792_000_000_000_000;

function attribute(type: number, ...parts: readonly (Buffer | string)[]): Buffer {
  const inside = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(`${part}\0`) : part)));
  const head = Buffer.alloc(4);
  head.writeUInt16LE(4 + inside.length);
  head.writeUInt16LE(type, 2);
  return Buffer.concat([head, inside, Buffer.alloc(-inside.length & 3)]);
}

const u64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
};
const NESTED = 0x8000;

/** An element as the kernel sends it: key, what is left of its life, counts. */
function element(key: string, left: number | null, counts: [packets: number, bytes: number] | null): Buffer {
  return attribute(
    1 | NESTED,
    attribute(1 | NESTED, attribute(1, Buffer.from(key.replaceAll(' ', ''), 'hex'))),
    ...(left === null ? [] : [attribute(5, u64(left))]),
    ...(counts === null
      ? []
      : [
          attribute(
            7 | NESTED,
            attribute(1, 'counter'),
            attribute(2 | NESTED, attribute(1, u64(counts[1])), attribute(2, u64(counts[0]))),
          ),
        ]),
  );
}

function message(set: string, elements: readonly Buffer[], type = (10 << 8) | 12): Buffer {
  const body = Buffer.concat([
    Buffer.from([1, 0, 0, 0]),
    attribute(1, 'flowgauge'),
    attribute(2, set),
    attribute(3 | NESTED, ...elements),
  ]);
  const head = Buffer.alloc(16);
  head.writeUInt32LE(16 + body.length);
  head.writeUInt16LE(type, 4);
  return Buffer.concat([head, body]);
}

/** Pieces as a reader gets them; `over` and what ends with `_last` are what they are called. */
function read(...pieces: readonly Uint8Array[]): FlowElements {
  const to = new FlowElements(END);
  const reader = new MessageReader((set) => {
    const kind = kinds.get(set.replace('_last', ''));
    if (set === 'over') return { to, use: { is: 'over' } };
    if (kind === undefined) return null;
    return { to, use: { is: set.endsWith('_last') ? 'last' : 'flows', kind, beganMicros: null } };
  });
  for (const piece of pieces) reader.push(piece);
  reader.end();
  return to;
}

const ONE = '42010000 0a000001 0a000002 9c400000 01bb0000';
const OTHER = '4a010000 0a000002 0a000001 01bb0000 9c410000';
const ZERO = '00000000 00000000 00000000 00000000 00000000';
const SETS = [
  message('tcp4', [element(ZERO, 3_600_000, [0, 0]), element(ONE, 3_597_980, [2, 120])]),
  message('tcp4', [element(OTHER, 3_598_000, [1, 60])]),
  // The number of the first key: see `flowHash`.
  message('tcp4_last', [element('00000000', 3_600_000, null), element('7bee09ec', 3_599_500, null)]),
  message('over', [element('c0000000', null, [7, 700]), element('40000000', null, [1, 9])]),
];

test('reads flows with their times, and what found no room', () => {
  const { rows, packets, odd, lost } = read(Buffer.concat(SETS.slice(0, 1)), Buffer.concat(SETS.slice(1)));
  assert.deepEqual([rows.rows, packets, odd], [2, 11, 0]);
  assert.deepEqual([...rows.decision.subarray(0, 2)], [5, 5]);
  assert.deepEqual([...rows.tcpFlags.subarray(0, 2)], [2, 18]);
  assert.deepEqual([...rows.src.subarray(0, 1)], [0x0a000001]);
  assert.deepEqual([...rows.ports.subarray(0, 2)], [40000 * 65536 + 443, 443 * 65536 + 40001]);
  assert.deepEqual([rows.packets[0], rows.bytes[0]], [2, 120]);
  assert.deepEqual([rows.firstMicros[0], rows.lastMicros[0]], [END - 2_020_000, END - 500_000]);
  assert.deepEqual([rows.firstMicros[1], rows.lastMicros[1]], [END - 2_000_000, END - 2_000_000]);
  assert.deepEqual(
    [...lost],
    [
      [3, 7],
      [1, 1],
    ],
  );
});

test('reads protocols without ports, and IPv6', () => {
  const key = `80000000 fd00${'00'.repeat(13)}01 fd00${'00'.repeat(13)}02 3a000000`;
  const { rows, odd } = read(message('rest6', [element(key, 3_600_000, [4, 416])]));
  assert.deepEqual([odd, rows.protocol[0], rows.ports[0], rows.packets[0]], [0, 58, 0, 4]);
  assert.deepEqual([...rows.dst.subarray(0, 4)], [0xfd000000, 0, 0, 2]);
  const ports = `80000000 fd00${'00'.repeat(13)}01 fd00${'00'.repeat(13)}02 00350000 ffff0000`;
  assert.equal(read(message('udp6', [element(ports, 1, [1, 48])])).rows.ports[0], 53 * 65536 + 65535);
});

test('what is none is odd: keys of another length, no counts, no life', () => {
  const wrong = [
    element(ONE.slice(0, -8), 1, [1, 60]),
    element(`${ONE}00000000`, 1, [1, 60]),
    element(ONE, null, [1, 60]),
    element(ONE, 1, null),
    attribute(1, attribute(5, u64(1))),
  ];
  const { odd, firstOdd, rows } = read(message('tcp4', wrong));
  assert.deepEqual([odd, rows.rows], [wrong.length, 0]);
  assert.match(firstOdd!, /^an element of netlink: [0-9a-f]+/);
  assert.equal(read(message('tcp4_last', [element('01000000', 1, [1, 60])])).odd, 1);
  assert.equal(read(message('over', [element('01000000', 1, null)])).odd, 1);
  assert.equal(read(message('tcp4', wrong, 3), message('theirs', wrong)).odd, 0, 'other messages, sets not asked for');
});

test('elements of one form and of others by turns are each read as they are', () => {
  const key = (n: number): string => `42010000 0a00${n.toString(16).padStart(4, '0')} 0a000002 9c400000 01bb0000`;
  const padded = (n: number): Buffer => {
    // With an attribute that nobody asked for in front.
    const whole = element(key(n), 3_599_000, [n, n * 60]);
    return attribute(1 | NESTED, attribute(9, Buffer.from([0, 0, 0, 1])), whole.subarray(4));
  };
  const swapped = (n: number): Buffer =>
    attribute(
      1 | NESTED,
      attribute(5, u64(3_599_000)),
      attribute(1 | NESTED, attribute(1, Buffer.from(key(n).replaceAll(' ', ''), 'hex'))),
      attribute(
        7 | NESTED,
        attribute(1, 'counter'),
        attribute(2 | NESTED, attribute(2, u64(n)), attribute(1, u64(n * 60))),
      ),
    );
  const plain = (n: number): Buffer => element(key(n), 3_599_000, [n, n * 60]);
  const forms = [plain, plain, padded, padded, swapped, plain, swapped, swapped, padded, plain];
  const elements = Array.from({ length: 200 }, (_, n) => forms[n % forms.length]!(n + 1));
  const { rows, odd } = read(
    message('tcp4', [element(ZERO, 3_600_000, [0, 0]), ...elements.slice(0, 90)]),
    message('tcp4', [...elements.slice(90), element(ONE, 1, null), plain(201)]),
  );
  assert.deepEqual([rows.rows, odd], [201, 1]);
  for (let row = 0; row < 201; row++) {
    const found = [rows.src[row * 4], rows.dst[row * 4], rows.ports[row], rows.packets[row], rows.bytes[row]];
    assert.deepEqual(found, [0x0a000001 + row, 0x0a000002, 40_000 * 65_536 + 443, row + 1, (row + 1) * 60]);
    assert.equal(rows.firstMicros[row], END - 1_000_000);
  }
});

test('whatever comes, nothing is thrown, and no flow is made of what is not there', () => {
  const whole = Buffer.concat(SETS);
  const all = read(whole).rows.rows;
  for (let cut = 0; cut <= whole.length; cut++) assert.ok(read(whole.subarray(0, cut)).rows.rows <= all);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
      fc.nat(whole.length),
      (changes, cut) => {
        const bytes = Buffer.from(whole);
        for (const [at, value] of changes) bytes[at] = value;
        read(bytes.subarray(0, cut), bytes);
      },
    ),
    { numRuns: 3000 },
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void read(whole.subarray(0, 4), bytes)));
});
