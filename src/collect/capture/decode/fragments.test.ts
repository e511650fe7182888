import assert from 'node:assert/strict';
import { test } from 'node:test';
import { icmp, ip4, ip6, udp, type Ip4 } from './build-frames.ts';
import { pcap, type Captured } from './build-captures.ts';
import { FragmentTable } from './fragments.ts';
import { readRows, type Row } from './read-rows.ts';

const A = '10.0.0.1';
const B = '10.0.0.2';
const A6 = 'fd00::1';
const B6 = 'fd00::2';
const DATAGRAM = udp({ srcport: 5000, dstport: 53, payload: new Uint8Array(1000) });
const REST = new Uint8Array(200);

const first = (more: Partial<Ip4> = {}): Uint8Array =>
  ip4({ src: A, dst: B, protocol: 17, payload: DATAGRAM, id: 9, more: true, ...more });
const later = (more: Partial<Ip4> = {}): Uint8Array =>
  ip4({ src: A, dst: B, protocol: 17, payload: REST, id: 9, offset: 1008, ...more });

function read(...packets: readonly (Uint8Array | Captured)[]): Row[] {
  const captured = packets.map((packet) => (packet instanceof Uint8Array ? { bytes: packet } : packet));
  return readRows(pcap(captured, { linkType: 101 })).rows;
}

const portsOf = (row: Row | undefined): unknown[] => [row?.srcport, row?.dstport, row?.flags];

void test('gives a later fragment the ports of its first', () => {
  const rows = read(first(), later(), later({ offset: 1208, more: true }));
  for (const row of rows) assert.deepEqual(portsOf(row), [5000, 53, 0]);
  assert.deepEqual(
    rows.map(({ ipBytes }) => ipBytes),
    [1028, 220, 220],
  );
});

void test('does not know the ports of a later fragment whose first was not seen before it', () => {
  const rows = read(later(), first(), later({ id: 10 }), later({ src: '10.0.0.3' }), later({ protocol: 6 }));
  assert.deepEqual(portsOf(rows[0]), [0, 0, 1]);
  for (const row of rows.slice(2)) assert.deepEqual(portsOf(row), [0, 0, 1]);
});

void test('forgets after 30 s of packet time', () => {
  const at = (atMicros: number, bytes: Uint8Array): Captured => ({ bytes, atMicros });
  const rows = read(at(0, first()), at(30_000_000, later()), at(30_000_001, later()));
  assert.deepEqual(rows.map(portsOf), [
    [5000, 53, 0],
    [5000, 53, 0],
    [0, 0, 1],
  ]);
});

void test('takes the newest first fragment of an identification that came again', () => {
  const again = first({ payload: udp({ srcport: 6000, dstport: 54 }) });
  assert.deepEqual(portsOf(read(first(), again, later())[2]), [6000, 54, 0]);
});

void test('knows nothing of ports that were cut from the first fragment', () => {
  const whole = first();
  const rows = read({ bytes: whole.subarray(0, 22), originalLength: whole.length }, later());
  assert.deepEqual(rows.map(portsOf), [
    [0, 0, 3],
    [0, 0, 1],
  ]);
  const again = read(whole, { bytes: whole.subarray(0, 22), originalLength: whole.length }, later());
  assert.deepEqual(portsOf(again[2]), [0, 0, 1]);
});

void test('gives a later fragment of ICMP type, code and identifier of its first', () => {
  const echo = first({ protocol: 1, payload: icmp({ type: 8, id: 77, payload: new Uint8Array(1000) }) });
  const rows = read(echo, later({ protocol: 1 }), later({ protocol: 1, id: 1 }));
  assert.deepEqual(
    rows.map(({ icmp, icmpId, flags }) => [icmp, icmpId, flags]),
    [
      [2048, 77, 0],
      [2048, 77, 0],
      [-1, 0, 1],
    ],
  );
});

void test('leaves fragments of protocols without ports as they are', () => {
  assert.deepEqual(portsOf(read(later({ protocol: 47 }))[0]), [0, 0, 0]);
});

void test('reads fragments of IPv6, whose first one alone has the headers behind', () => {
  const fragment = { kind: 44, id: 5 } as const;
  const begin = ip6({
    src: A6,
    dst: B6,
    next: 17,
    payload: DATAGRAM,
    extensions: [{ kind: 0 }, { ...fragment, more: true }, { kind: 60 }],
  });
  const rest = ip6({
    src: A6,
    dst: B6,
    next: 60,
    payload: REST,
    extensions: [{ kind: 0 }, { ...fragment, offset: 1016 }],
  });
  const [one, two] = read(begin, rest);
  assert.deepEqual([one?.protocol, ...portsOf(one)], [17, 5000, 53, 0]);
  assert.deepEqual([two?.protocol, ...portsOf(two)], [17, 5000, 53, 0]);
  assert.deepEqual([read(rest)[0]?.protocol, ...portsOf(read(rest)[0])], [60, 0, 0, 1]);
});

void test('takes an IPv6 packet with a fragment header but no fragments as whole', () => {
  const atomic = ip6({ src: A6, dst: B6, next: 17, payload: DATAGRAM, extensions: [{ kind: 44, id: 5 }] });
  assert.deepEqual(portsOf(read(atomic)[0]), [5000, 53, 0]);
});

void test('holds the newest 65,536 datagrams', () => {
  const table = new FragmentTable();
  const total = 65_536 + 1000;
  for (let id = 0; id < total; id += 1) {
    table.key[8] = id;
    table.remember(0, 17, id);
  }
  let found = 0;
  for (let id = 0; id < total; id += 1) {
    table.key[8] = id;
    if (!table.find(0)) continue;
    found += 1;
    assert.equal(table.foundWord, id);
    assert.ok(id >= 1000);
  }
  assert.equal(found, 65_536);
});

void test('stays quick when one identification comes over and over', () => {
  const table = new FragmentTable();
  const started = performance.now();
  for (let i = 0; i < 300_000; i += 1) table.remember(i, 17, i);
  table.key[8] = 1;
  assert.equal(table.find(0), false);
  assert.ok(performance.now() - started < 5000);
});
