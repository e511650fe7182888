import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FlowElements } from './flow-elements.ts';
import { flowTables } from './flow-sets.ts';
import { ListingReader, millisOf } from './read-listing.ts';

const kinds = new Map(flowTables(1).kinds.map((kind) => [kind.name, kind]));
const head = (set: string): string =>
  `table inet flowgauge {\n\tset ${set} {\n\t\ttype mark . ipv4_addr\n\t\tflags dynamic,timeout\n\t\ttimeout 1h\n`;
const COUNTS = `${head('tcp4')}\t\telements = { 0x00000000 . 0.0.0.0 . 0.0.0.0 . 0 . 0 counter packets 0 bytes 0 expires 1h,
\t\t\t     0x00000142 . 10.0.0.1 . 10.0.0.2 . 40000 . 443 counter packets 2 bytes 60 expires 59m57s980ms,
\t\t\t     0x00000148 . 10.0.0.2 . 10.0.0.1 . 443 . 40001 counter packets 1 bytes 60 expires 59m58s,
\t\t\t     0x0000014a . 10.0.0.2 . 10.0.0.1 . 443 . 40000 counter packets 2 bytes 120 expires 59m58s }
\t}
}
`;
/** The number of the first key: see `flowHash`. */
const LASTS = `${head('tcp4_last')}\t\telements = { 0x00000000 expires 1h,
\t\t\t     0xec09ee7b expires 59m59s500ms }
\t}
}
`;
const END = 1_792_000_000_000_000;

function read(text: string, piece: number, kind = 'tcp4'): FlowElements {
  const to = new FlowElements(END);
  const reader = new ListingReader((set) => ({
    to,
    use:
      set === 'over'
        ? { is: 'over' }
        : { is: set.endsWith('_last') ? 'last' : 'flows', kind: kinds.get(kind)!, beganMicros: null },
  }));
  for (let at = 0; at < text.length; at += piece) reader.push(text.slice(at, at + piece));
  reader.end();
  return to;
}

test('reads flows with their times, wherever the text is cut', () => {
  for (const piece of [1, 7, 100, 10_000]) {
    const { rows, packets, odd } = read(COUNTS + LASTS, piece);
    assert.deepEqual([rows.rows, packets, odd], [3, 5, 0], `pieces of ${piece}`);
    assert.deepEqual([...rows.decision.subarray(0, 3)], [5, 5, 5]);
    assert.deepEqual([...rows.tcpFlags.subarray(0, 3)], [2, 16, 18]);
    assert.deepEqual([...rows.ports.subarray(0, 2)], [40000 * 65536 + 443, 443 * 65536 + 40001]);
    assert.deepEqual([...rows.src.subarray(0, 1)], [0x0a000001]);
    assert.equal(rows.firstMicros[0], END - 2_020_000);
    assert.equal(rows.lastMicros[0], END - 500_000);
    assert.deepEqual([rows.firstMicros[1], rows.lastMicros[1]], [END - 2_000_000, END - 2_000_000], 'one packet');
    assert.equal(rows.lastMicros[2], END, 'whose last packet is not known lasts as long as its generation');
  }
});

test('reads protocols without ports, IPv6, and what found no room', () => {
  const rest = read(
    `${head('rest6')}elements = { 0x00000080 . fd00::1 . fd00::2 . 58 counter packets 4 bytes 416 expires 59m }\n`,
    9,
    'rest6',
  );
  assert.deepEqual([rest.rows.protocol[0], rest.rows.ports[0], rest.rows.packets[0]], [58, 0, 4]);
  assert.deepEqual([...rest.rows.dst.subarray(0, 4)], [0xfd000000, 0, 0, 2]);
  const over = read(
    `${head('over')}elements = { 0x000000c0 counter packets 7 bytes 700, 0x00000040 counter packets 1 bytes 9, 0x00000100 counter packets 0 bytes 0 }\n`,
    9,
  );
  assert.deepEqual(
    [...over.lost],
    [
      [3, 7],
      [1, 1],
    ],
  );
  assert.equal(over.packets, 8);
});

test('what cannot be read is counted, and never thrown', () => {
  const odd = [
    '',
    'nonsense',
    '0x00000142 . 10.0.0.1 . 10.0.0.2 . 40000 counter packets 1 bytes 60 expires 1h',
    '0x00000142 . 10.0.0.999 . 10.0.0.2 . 1 . 2 counter packets 1 bytes 60 expires 1h',
    '0x00000142 . 10.0.1 . 10.0.0.2 . 1 . 2 counter packets 1 bytes 60 expires 1h',
    '0x00000142 . fd00::1 . 10.0.0.2 . 1 . 2 counter packets 1 bytes 60 expires 1h',
    '0x00000142 . 10.0.0.1 . 10.0.0.2 . 1 . 2 counter packets x bytes 60 expires 1h',
    '0x00000142 . 10.0.0.1 . 10.0.0.2 . 1 . 2 counter packets 1 bytes 60 expires soon',
    '0x00000142 . 10.0.0.1 . 10.0.0.2 . 1 . 2 counter packets 1 bytes 60 expires 1h more',
    '0x00000142 . 10.0.0.1 . 10.0.0.2 . 1 . 2 expires 1h',
  ];
  const reader = read(`${head('tcp4')}elements = { ${odd.join(', ')} }\n`, 5);
  assert.deepEqual([reader.odd, reader.rows.rows, reader.packets], [odd.length, 0, 0]);
  assert.equal(reader.firstOdd, '');
  for (const text of ['elements = {', 'elements = { 0x', '}}}}', 'elements = { , , }', '\tset ', '\tset x {\n'])
    for (const before of ['', head('tcp4')]) read(before + text, 3);
});

test('reads times as nft prints them', () => {
  assert.equal(millisOf('59m57s980ms'), 3_597_980);
  assert.equal(millisOf('1d2h'), 93_600_000);
  assert.ok(Number.isNaN(millisOf('')));
  assert.ok(Number.isNaN(millisOf('5x')));
});
