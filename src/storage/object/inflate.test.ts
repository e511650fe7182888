import assert from 'node:assert/strict';
import { test } from 'node:test';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import type { ZlibOptions } from 'node:zlib';
import { createInflater } from './inflate.ts';

const MOST_BYTES = 1 << 22;
const inflater = createInflater();

function inflated(packed: Uint8Array): Uint8Array | null {
  inflater.input(packed.length).set(packed);
  return inflater.inflate(MOST_BYTES);
}

function same(packed: Uint8Array, text: Uint8Array, what: string): void {
  const found = inflated(packed);
  assert.ok(found !== null, `${what}: not taken`);
  assert.ok(Buffer.from(text).equals(found), `${what}: another text`);
}

/** A generator of numbers in [0, 1), the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) / 2 ** 32;
}

/** Bytes of a random alphabet, random skew, with repetitions of all distances and lengths. */
function randomText(random: () => number, most: number): Buffer {
  const text = Buffer.alloc(Math.floor(random() ** 3 * most));
  const alphabet = 1 + Math.floor(random() * 256);
  const skew = 1 + random() * 6;
  for (let at = 0; at < text.length; at++) {
    text[at] = Math.floor(random() ** skew * alphabet);
    if (at === 0 || random() > 0.05) continue;
    const distance = 1 + Math.floor(random() ** 3 * Math.min(at, 32_768));
    const end = Math.min(text.length, at + 3 + Math.floor(random() * 300));
    for (; at < end; at++) text[at] = text[at - distance]!;
  }
  return text;
}

const STRATEGIES = [
  constants.Z_DEFAULT_STRATEGY,
  constants.Z_FILTERED,
  constants.Z_HUFFMAN_ONLY,
  constants.Z_RLE,
  constants.Z_FIXED,
];

test('what zlib packs at any level and by any strategy comes out', () => {
  const random = randomFrom(1);
  for (let round = 0; round < 300; round++) {
    const text = randomText(random, 200_000);
    const options: ZlibOptions = {
      level: Math.floor(random() * 10),
      strategy: STRATEGIES[Math.floor(random() * STRATEGIES.length)]!,
      memLevel: 1 + Math.floor(random() * 9),
      windowBits: 9 + Math.floor(random() * 7),
    };
    same(gzipSync(text, options), text, `round ${round}, ${JSON.stringify(options)}`);
  }
});

test('every distance and length, overlapping or not', () => {
  const random = randomFrom(2);
  for (let distance = 1; distance < 40; distance++) {
    for (const length of [3, 4, 7, 8, 9, 15, 16, 17, 31, 33, 257, 258]) {
      const period = Buffer.from(Array.from({ length: distance }, () => Math.floor(random() * 256)));
      const text = Buffer.concat([period, Buffer.alloc(length, period), Buffer.from('end')]);
      same(gzipSync(text), text, `distance ${distance}, length ${length}`);
    }
  }
});

test('codes longer than the first table', () => {
  // The k-th byte occurs as often as the k-th Fibonacci number: its code is as long as one can be.
  const counts = [1, 1];
  while (counts.length < 22) counts.push(counts.at(-1)! + counts.at(-2)!);
  const random = randomFrom(3);
  const bytes = counts.flatMap((count, byte) => Array.from({ length: count }, () => byte));
  for (let at = bytes.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [bytes[at], bytes[other]] = [bytes[other]!, bytes[at]!];
  }
  const text = Buffer.from(bytes);
  same(gzipSync(text, { strategy: constants.Z_HUFFMAN_ONLY, memLevel: 9 }), text, 'literals');
});

test('a memory that grows keeps its tables', () => {
  const fresh = createInflater();
  const random = randomFrom(4);
  for (const size of [10, 3_000_000, 10]) {
    const text = Buffer.from(Array.from({ length: size }, () => 65 + Math.floor(random() * 20)));
    const packed = gzipSync(text);
    fresh.input(packed.length).set(packed);
    assert.ok(text.equals(fresh.inflate(MOST_BYTES) ?? Buffer.alloc(0)), String(size));
  }
});

test('a file name in the header, and nothing in the file', () => {
  const text = Buffer.from('a b c\n'.repeat(9));
  const packed = gzipSync(text);
  const named = Buffer.concat([packed.subarray(0, 10), Buffer.from('name.log\0'), packed.subarray(10)]);
  named[3] = 8;
  same(named, text, 'named');
  same(gzipSync(''), Buffer.alloc(0), 'empty');
});

test('what is not one whole right member is left to zlib', () => {
  const text = randomText(randomFrom(5), 100_000);
  const packed = gzipSync(text);
  const changed = (at: number, value: number): Buffer => {
    const copy = Buffer.from(packed);
    copy[at < 0 ? packed.length + at : at] = value;
    return copy;
  };
  const cases: Readonly<Record<string, Uint8Array>> = {
    nothing: Buffer.alloc(0),
    'a head alone': packed.subarray(0, 10),
    'cut by one': packed.subarray(0, -1),
    'cut in the middle': packed.subarray(0, packed.length >> 1),
    'two members': Buffer.concat([packed, packed]),
    'bytes behind': Buffer.concat([packed, Buffer.from('x')]),
    'another checksum': changed(-8, packed.at(-8)! ^ 1),
    'told one longer': changed(-4, packed.at(-4)! + 1),
    'told one shorter': changed(-4, packed.at(-4)! - 1),
    'told four gigabytes': changed(-1, 255),
    'another method': changed(2, 7),
    'a header with extra fields': changed(3, 4),
    'a block of no kind': changed(10, 7),
    'plain text': Buffer.from('version account-id interface-id\n2 - -\n'),
  };
  for (const [name, bytes] of Object.entries(cases)) assert.equal(inflated(bytes), null, name);
  assert.equal(inflated(gzipSync(Buffer.alloc(MOST_BYTES + 1))), null, 'too large');
  same(packed, text, 'and the right one again');
});

test('bytes that were changed anywhere give the text that zlib gives, or nothing', () => {
  const random = randomFrom(6);
  for (let round = 0; round < 3000; round++) {
    const packed = gzipSync(randomText(random, 3000), { level: 1 + Math.floor(random() * 9) });
    for (let change = 0; change < 1 + (round % 3); change++)
      packed[10 + Math.floor(random() * (packed.length - 10))] = Math.floor(random() * 256);
    if (random() < 0.2) packed.fill(Math.floor(random() * 256), 10 + Math.floor(random() * (packed.length - 10)));
    const found = inflated(packed);
    if (found !== null) assert.ok(gunzipSync(packed).equals(found), `round ${round}`);
  }
});
