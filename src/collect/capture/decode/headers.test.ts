import assert from 'node:assert/strict';
import { test } from 'node:test';
import { icmp, ip4, ip6, join, sctp, tcp, udp, type Extension } from './build-frames.ts';
import { pcap } from './build-captures.ts';
import { readRows, type Row } from './read-rows.ts';

const A = '10.0.0.1';
const B = '10.0.0.2';
const A6 = 'fd00::1';
const B6 = 'fd00::2';
const SEGMENT = tcp({ srcport: 40_000, dstport: 443, flags: 0x12 });
const DATAGRAM = udp({ srcport: 5000, dstport: 53, payload: new Uint8Array(100) });
const RAW = 101;

/** The one packet of a raw IP capture, or what it was counted as. */
function one(packet: Uint8Array, originalLength: number = packet.length): Row | Record<string, number> {
  const { rows, decoder } = readRows(pcap([{ bytes: packet, originalLength }], { linkType: RAW }));
  return rows[0] ?? decoder.count.lost;
}

function given(packet: Uint8Array, originalLength?: number): Row {
  return one(packet, originalLength) as Row;
}

void test('reads addresses, protocol, ports, flags and total length of IPv4', () => {
  const row = given(ip4({ src: A, dst: B, protocol: 6, payload: SEGMENT }));
  assert.equal(row.src, A);
  assert.equal(row.dst, B);
  assert.deepEqual([row.family, row.protocol, row.srcport, row.dstport], [4, 6, 40_000, 443]);
  assert.deepEqual([row.ipBytes, row.tcpFlags, row.flags, row.icmp], [40, 0x12, 0, -1]);
});

void test('finds ports behind IPv4 options', () => {
  for (const words of [1, 5, 10]) {
    const row = given(ip4({ src: A, dst: B, protocol: 17, payload: DATAGRAM, options: new Uint8Array(words * 4) }));
    assert.deepEqual([row.srcport, row.dstport, row.ipBytes], [5000, 53, 128 + words * 4]);
  }
});

void test('takes ports of SCTP and of no other protocol but TCP and UDP', () => {
  const payload = sctp({ srcport: 7, dstport: 9 });
  assert.equal(given(ip4({ src: A, dst: B, protocol: 132, payload })).srcport, 7);
  for (const protocol of [33, 47, 50, 51, 89, 136]) {
    const row = given(ip4({ src: A, dst: B, protocol, payload }));
    assert.deepEqual([row.protocol, row.srcport, row.dstport, row.flags], [protocol, 0, 0, 0]);
  }
});

void test('reads no ports out of the padding behind a short packet', () => {
  const padded = join(ip4({ src: A, dst: B, protocol: 6, payload: new Uint8Array(2) }), new Uint8Array(24).fill(9));
  const row = given(padded);
  assert.deepEqual([row.srcport, row.tcpFlags, row.flags, row.ipBytes], [0, 0, 1, 22]);
});

void test('takes the length on the wire where the total length is 0', () => {
  assert.equal(given(ip4({ src: A, dst: B, protocol: 6, payload: SEGMENT, totalLength: 0 }), 65_000).ipBytes, 65_000);
  assert.equal(given(ip6({ src: A6, dst: B6, next: 6, payload: SEGMENT, payloadLength: 0 }), 99_000).ipBytes, 99_000);
});

void test('walks over hop-by-hop, routing, fragment and destination options to the protocol', () => {
  const walks: Extension[][] = [
    [],
    [{ kind: 0 }],
    [{ kind: 0, words: 3 }, { kind: 43, words: 2 }, { kind: 60 }],
    [{ kind: 60, words: 31 }, { kind: 44, id: 5 }, { kind: 60 }],
  ];
  for (const extensions of walks) {
    const packet = ip6({ src: A6, dst: B6, next: 17, payload: DATAGRAM, extensions });
    const row = given(packet);
    assert.deepEqual([row.protocol, row.srcport, row.dstport, row.ipBytes], [17, 5000, 53, packet.length]);
    assert.equal(row.dst, 'fd000000:00000000:00000000:00000002');
  }
});

void test('ends the walk at AH, ESP and headers that are not in the list', () => {
  const behindAh = ip6({ src: A6, dst: B6, next: 6, payload: SEGMENT, extensions: [{ kind: 0 }, { kind: 51 }] });
  assert.deepEqual([given(behindAh).protocol, given(behindAh).srcport], [51, 0]);
  for (const next of [50, 59, 135, 139]) {
    assert.equal(given(ip6({ src: A6, dst: B6, next, payload: SEGMENT })).protocol, next);
  }
});

void test('gives type, code and identifier of ICMP, and no ports', () => {
  const echo = given(ip4({ src: A, dst: B, protocol: 1, payload: icmp({ type: 8, id: 0xbeef, sequence: 3 }) }));
  assert.deepEqual([echo.icmp, echo.icmpId, echo.srcport, echo.dstport], [0x0800, 0xbeef, 0, 0]);
  const echo6 = given(ip6({ src: A6, dst: B6, next: 58, payload: icmp({ type: 129, code: 0, id: 7 }) }));
  assert.deepEqual([echo6.icmp, echo6.icmpId], [0x8100, 7]);
  const mask = given(ip4({ src: A, dst: B, protocol: 1, payload: icmp({ type: 17, id: 7 }) }));
  assert.deepEqual([mask.icmp, mask.icmpId, mask.flags], [0x1100, 0, 0]);
  assert.equal(given(ip6({ src: A6, dst: B6, next: 1, payload: icmp({ type: 8 }) })).icmp, -1);
});

void test('keeps the header that an ICMP error quotes', () => {
  const quotedUdp = ip4({ src: B, dst: A, protocol: 17, payload: DATAGRAM }).subarray(0, 28);
  const row = given(ip4({ src: A, dst: B, protocol: 1, payload: icmp({ type: 3, code: 3, payload: quotedUdp }) }));
  assert.deepEqual([row.flags, row.icmp, row.quoted], [4, 0x0303, '4 17 10.0.0.2:5000>10.0.0.1:53']);
  const quotedEcho = ip4({ src: B, dst: A, protocol: 1, payload: icmp({ type: 8, id: 77 }) });
  const time = given(ip4({ src: A, dst: B, protocol: 1, payload: icmp({ type: 11, payload: quotedEcho }) }));
  assert.equal(time.quoted, '4 1 10.0.0.2:0>10.0.0.1:0 icmp 2048 77');
  const quoted6 = ip6({ src: B6, dst: A6, next: 6, payload: SEGMENT, extensions: [{ kind: 60 }] });
  const big = given(ip6({ src: A6, dst: B6, next: 58, payload: icmp({ type: 2, payload: quoted6 }) }));
  assert.equal(big.quoted, '6 6 fd000000:00000000:00000000:00000002:40000>fd000000:00000000:00000000:00000001:443');
});

void test('says when a quotation ends before the ports, and quotes nothing where there are no addresses', () => {
  const quoted = ip4({ src: B, dst: A, protocol: 6, payload: SEGMENT });
  const error = (payload: Uint8Array): Row =>
    given(ip4({ src: A, dst: B, protocol: 1, payload: icmp({ type: 3, payload }) }));
  assert.equal(error(quoted.subarray(0, 22)).quoted, '4 6 10.0.0.2:?>10.0.0.1:?');
  assert.equal(error(quoted.subarray(0, 19)).quoted, null);
  assert.equal(error(ip4({ src: B, dst: A, protocol: 6, payload: SEGMENT, offset: 800 })).quoted?.includes('?'), true);
  assert.equal(error(ip4({ src: B, dst: A, protocol: 6, payload: SEGMENT, version: 5 })).quoted, null);
});

void test('gives a packet cut behind its addresses, ports not known', () => {
  const packet = ip4({ src: A, dst: B, protocol: 6, payload: SEGMENT });
  for (const kept of [20, 22, 23]) {
    const row = given(packet.subarray(0, kept), packet.length);
    assert.deepEqual([row.src, row.ipBytes, row.srcport, row.flags], [A, 40, 0, 3]);
  }
  const row = given(packet.subarray(0, 24), packet.length);
  assert.deepEqual([row.srcport, row.tcpFlags, row.flags], [40_000, 0, 0]);
});

void test('names the last header it saw where extension headers were cut away', () => {
  const packet = ip6({
    src: A6,
    dst: B6,
    next: 6,
    payload: SEGMENT,
    extensions: [{ kind: 0, words: 2 }, { kind: 60 }],
  });
  const seen = [40, 44, 56, 64, 68, 72, 76].map((kept) => {
    const row = given(packet.subarray(0, kept), packet.length);
    return [row.protocol, row.flags];
  });
  assert.deepEqual(seen, [
    [0, 3],
    [0, 3],
    [60, 3],
    [60, 3],
    [60, 3],
    [6, 3],
    [6, 0],
  ]);
});

void test('counts a packet cut inside its addresses as cut', () => {
  const packet = ip4({ src: A, dst: B, protocol: 6, payload: SEGMENT });
  for (const kept of [0, 1, 19]) assert.deepEqual(one(packet.subarray(0, kept), packet.length), { cut: 1 });
  const packet6 = ip6({ src: A6, dst: B6, next: 6, payload: SEGMENT });
  for (const kept of [1, 39]) assert.deepEqual(one(packet6.subarray(0, kept), packet6.length), { cut: 1 });
});

void test('counts what headers cannot mean as malformed', () => {
  const bad: Uint8Array[] = [
    ip4({ src: A, dst: B, protocol: 6, payload: SEGMENT, version: 5 }),
    ip4({ src: A, dst: B, protocol: 6, payload: SEGMENT, headerWords: 4 }),
    ip4({ src: A, dst: B, protocol: 6, payload: SEGMENT, totalLength: 19 }),
    ip4({ src: A, dst: B, protocol: 6, payload: SEGMENT, headerWords: 15 }),
    ip4({ src: A, dst: B, protocol: 6, payload: SEGMENT }).subarray(0, 19),
    ip6({ src: A6, dst: B6, next: 6, payload: SEGMENT }).subarray(0, 39),
    ip6({
      src: A6,
      dst: B6,
      next: 6,
      payload: new Uint8Array(0),
      extensions: [{ kind: 0, words: 1 }],
      payloadLength: 8,
    }),
    ip6({ src: A6, dst: B6, next: 0, payload: new Uint8Array(4) }),
  ];
  for (const packet of bad) assert.deepEqual(one(packet), { malformed: 1 });
});

void test('takes a total length above the frame as it is', () => {
  const row = given(ip4({ src: A, dst: B, protocol: 6, payload: SEGMENT, totalLength: 1500 }));
  assert.deepEqual([row.ipBytes, row.srcport, row.flags], [1500, 40_000, 0]);
});
