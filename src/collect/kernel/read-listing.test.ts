import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flowTables } from './flow-sets.ts';
import { ListingReader, millisOf } from './read-listing.ts';

const kinds = new Map(flowTables(1).kinds.map((kind) => [kind.name, kind]));
const HEAD =
  'table inet flowgauge {\n\tset tcp4_a_0 {\n\t\ttype mark . ipv4_addr\n\t\tflags dynamic,timeout\n\t\ttimeout 1h\n';
const COUNTS = `${HEAD}\t\telements = { 0x00000000 . 0.0.0.0 . 0.0.0.0 . 0 . 0 counter packets 0 bytes 0 expires 1h,
\t\t\t     0x00000142 . 10.0.0.1 . 10.0.0.2 . 40000 . 443 counter packets 1 bytes 60 expires 59m57s980ms,
\t\t\t     0x0000014a . 10.0.0.2 . 10.0.0.1 . 443 . 40000 counter packets 2 bytes 120 expires 59m58s }
\t}
}
`;
const LASTS = `${HEAD}\t\telements = { 0x00000000 . 0.0.0.0 . 0.0.0.0 . 0 . 0 expires 1h,
\t\t\t     0x00000142 . 10.0.0.1 . 10.0.0.2 . 40000 . 443 expires 59m59s500ms }
\t}
}
`;
const END = 1_792_000_000_000_000;

function read(counts: string, lasts: string, piece: number): ListingReader {
  const reader = new ListingReader(END);
  for (const [text, last] of [
    [counts, false],
    [lasts, true],
  ] as const) {
    const listing = reader.flows(kinds.get('tcp4')!, last);
    for (let at = 0; at < text.length; at += piece) listing.push(text.slice(at, at + piece));
    listing.end();
  }
  return reader;
}

test('reads flows with their times, wherever the text is cut', () => {
  for (const piece of [1, 7, 100, 10_000]) {
    const { rows, packets, odd } = read(COUNTS, LASTS, piece);
    assert.deepEqual([rows.rows, packets, odd], [2, 3, 0], `pieces of ${piece}`);
    assert.deepEqual([...rows.decision.subarray(0, 2)], [5, 5]);
    assert.deepEqual([...rows.tcpFlags.subarray(0, 2)], [2, 18]);
    assert.deepEqual([...rows.ports.subarray(0, 2)], [40000 * 65536 + 443, 443 * 65536 + 40000]);
    assert.deepEqual([...rows.src.subarray(0, 1)], [0x0a000001]);
    assert.equal(rows.firstMicros[0], END - 2_020_000);
    assert.equal(rows.lastMicros[0], END - 500_000);
    assert.equal(rows.lastMicros[1], END, 'without its twin a flow lasts as long as its generation');
  }
});

test('reads protocols without ports, IPv6, and what found no room', () => {
  const reader = new ListingReader(END);
  const rest = reader.flows(kinds.get('rest6')!, false);
  rest.push('elements = { 0x00000080 . fd00::1 . fd00::2 . 58 counter packets 4 bytes 416 expires 59m }');
  rest.end();
  reader.over().push('elements = { 0x000000c0 counter packets 7 bytes 700, 0x00000040 counter packets 1 bytes 9 }');
  assert.deepEqual([reader.rows.protocol[0], reader.rows.ports[0], reader.rows.packets[0]], [58, 0, 4]);
  assert.deepEqual([...reader.rows.dst.subarray(0, 4)], [0xfd000000, 0, 0, 2]);
  assert.deepEqual(
    [...reader.lost],
    [
      [3, 7],
      [1, 1],
    ],
  );
  assert.equal(reader.packets, 12);
});

test('what cannot be read is counted, and never thrown', () => {
  const odd = [
    '',
    'nonsense',
    '0x00000142 . 10.0.0.1 . 10.0.0.2 . 40000 counter packets 1 bytes 60 expires 1h',
    '0x00000142 . 10.0.0.999 . 10.0.0.2 . 1 . 2 counter packets 1 bytes 60 expires 1h',
    '0x00000142 . fd00::1 . 10.0.0.2 . 1 . 2 counter packets 1 bytes 60 expires 1h',
    '0x00000142 . 10.0.0.1 . 10.0.0.2 . 1 . 2 counter packets x bytes 60 expires 1h',
    '0x00000142 . 10.0.0.1 . 10.0.0.2 . 1 . 2 counter packets 1 bytes 60 expires soon',
    '0x00000142 . 10.0.0.1 . 10.0.0.2 . 1 . 2 expires 1h',
  ];
  const reader = read(`elements = { ${odd.join(', ')} }`, '', 5);
  assert.deepEqual([reader.odd, reader.rows.rows, reader.packets], [odd.length, 0, 0]);
  assert.equal(reader.firstOdd, '');
  for (const text of ['elements = {', 'elements = { 0x', '}}}}', 'elements = { , , }']) read(text, text, 3);
});

test('reads times as nft prints them', () => {
  assert.equal(millisOf('59m57s980ms'), 3_597_980);
  assert.equal(millisOf('1d2h'), 93_600_000);
  assert.ok(Number.isNaN(millisOf('')));
  assert.ok(Number.isNaN(millisOf('5x')));
});
