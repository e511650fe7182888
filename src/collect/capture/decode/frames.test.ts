import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  be,
  cooked,
  cooked2,
  ethernet,
  icmp,
  ip4,
  ip6,
  join,
  loopback,
  MAC_A,
  MAC_B,
  nflog,
  tcp,
  type Tag,
} from './build-frames.ts';
import { pcap, type Captured, type PcapOptions } from './build-captures.ts';
import { readRows, type Row } from './read-rows.ts';

const SEGMENT = tcp({ srcport: 40_000, dstport: 443, flags: 2 });
const FOUR = ip4({ src: '10.0.0.1', dst: '10.0.0.2', protocol: 6, payload: SEGMENT });
const SIX = ip6({ src: 'fd00::1', dst: 'fd00::2', next: 6, payload: SEGMENT });

function read(linkType: number, frames: readonly (Uint8Array | Captured)[], options: PcapOptions = {}) {
  const captured = frames.map((frame) => (frame instanceof Uint8Array ? { bytes: frame } : frame));
  return readRows(pcap(captured, { ...options, linkType }));
}

function given(linkType: number, frame: Uint8Array, options: PcapOptions = {}): Row {
  const { rows } = read(linkType, [frame], options);
  assert.equal(rows.length, 1);
  assert.deepEqual([rows[0]!.srcport, rows[0]!.dstport, rows[0]!.tcpFlags], [40_000, 443, 2]);
  return rows[0]!;
}

void test('reads Ethernet and keeps the outermost VLAN of stacked tags', () => {
  const stacks: [Tag[], number][] = [
    [[], 0],
    [[{ id: 7 }], 7],
    [[{ type: 0x88a8, id: 100 }, { id: 200 }], 100],
    [[{ type: 0x9100, id: 4094 }, { type: 0x88a8, id: 2 }, { id: 3 }], 4094],
    [[{ id: 0xe000 + 5 }], 5],
    [[{ id: 0xe000 }, { id: 8 }], 8],
  ];
  for (const packet of [FOUR, SIX]) {
    for (const [tags, vlan] of stacks) {
      const row = given(1, ethernet(packet, { tags }));
      assert.deepEqual([row.vlan, row.link, row.ipBytes, row.side], [vlan, `${MAC_A}>${MAC_B}`, packet.length, 0]);
    }
  }
});

void test('leaves Ethernet padding out of the length', () => {
  assert.equal(given(1, ethernet(FOUR, { pad: 60 })).ipBytes, 40);
});

void test('counts ARP, other EtherTypes and frames that lie about theirs', () => {
  const arp = ethernet(new Uint8Array(28), { type: 0x0806 });
  const others = [0x8847, 0x88cc, 0x0026, 0x8864].map((type) => ethernet(FOUR, { type }));
  const lies = [ethernet(SIX, { type: 0x0800 }), ethernet(FOUR, { type: 0x86dd })];
  const { decoder } = read(1, [
    arp,
    ...others,
    ...lies,
    ethernet(arp.subarray(14), { type: 0x0806, tags: [{ id: 3 }] }),
  ]);
  assert.deepEqual(decoder.count.lost, { 'never-logged/arp': 2, 'not-ip': 4, malformed: 2 });
  assert.deepEqual([decoder.count.in, decoder.count.out], [8, 0]);
});

void test('tells a frame that was cut from one that was too short on the wire', () => {
  const frame = ethernet(FOUR, { tags: [{ id: 3 }] });
  const { decoder } = read(1, [
    { bytes: frame.subarray(0, 13), originalLength: frame.length },
    { bytes: frame.subarray(0, 16), originalLength: frame.length },
    frame.subarray(0, 13),
    frame.subarray(0, 16),
  ]);
  assert.deepEqual(decoder.count.lost, { cut: 2, malformed: 2 });
  assert.deepEqual(decoder.malformedAt.length, 2);
});

void test('keeps the offsets of the first eight malformed frames', () => {
  const { decoder } = read(1, Array<Uint8Array>(10).fill(ethernet(SIX, { type: 0x0800 })));
  const record = 16 + 14 + SIX.length;
  assert.deepEqual(
    decoder.malformedAt,
    Array.from({ length: 8 }, (_, index) => 24 + index * record),
  );
  assert.equal(decoder.count.lost['malformed'], 10);
});

void test('takes the side of cooked frames from their packet type', () => {
  const sides = [0, 1, 2, 3, 4, 5].map((packetType) => given(113, cooked(FOUR, { packetType })).side);
  assert.deepEqual(sides, [1, 1, 1, 0, 2, 0]);
  const sides2 = [0, 1, 2, 3, 4, 5].map((packetType) => given(276, cooked2(SIX, { packetType })).side);
  assert.deepEqual(sides2, [1, 1, 1, 0, 2, 0]);
});

void test('knows the sender of a cooked frame where it has an address of six bytes', () => {
  assert.equal(given(113, cooked(FOUR)).link, `${MAC_A}>`);
  assert.equal(given(113, cooked(FOUR, { src: null })).link, '');
  assert.equal(given(276, cooked2(FOUR)).link, `${MAC_A}>`);
  assert.equal(given(276, cooked2(FOUR, { src: null })).link, '');
});

void test('reads the VLAN tag that stands inside a cooked frame', () => {
  const tagged = join(be(2, 42, 0x0800), FOUR);
  assert.equal(given(113, cooked(tagged, { type: 0x8100 })).vlan, 42);
  assert.equal(given(276, cooked2(tagged, { type: 0x8100 })).vlan, 42);
});

void test('makes a device of each kernel index of cooked frames', () => {
  const frames = [3, 1, 3, 70_000].map((ifindex) => cooked2(FOUR, { ifindex }));
  const { rows, decoder } = read(276, frames);
  assert.deepEqual(
    rows.map(({ device }) => decoder.info.devices[device]?.ifindex),
    [3, 1, 3, 70_000],
  );
  assert.equal(decoder.info.devices.length, 3);
  assert.equal(decoder.info.devices[0]?.name, 'ifindex3');
});

void test('reads raw IP of every number, and only the version that the number names', () => {
  for (const linkType of [12, 14, 101]) {
    assert.equal(given(linkType, FOUR).family, 4);
    assert.equal(given(linkType, SIX).family, 6);
  }
  assert.equal(given(228, FOUR).family, 4);
  assert.equal(given(229, SIX).family, 6);
  assert.deepEqual(read(228, [SIX]).decoder.count.lost, { malformed: 1 });
  assert.deepEqual(read(229, [FOUR]).decoder.count.lost, { malformed: 1 });
});

void test('reads BSD loopback in both byte orders, with every number of AF_INET6', () => {
  for (const linkType of [0, 108]) {
    for (const bigEndian of [false, true]) {
      assert.equal(given(linkType, loopback(FOUR, 2, bigEndian)).ipBytes, 40);
      for (const family of [10, 23, 24, 28, 30]) {
        assert.equal(given(linkType, loopback(SIX, family, bigEndian)).ipBytes, 60);
      }
      assert.deepEqual(read(linkType, [loopback(FOUR, 7, bigEndian)]).decoder.count.lost, { 'not-ip': 1 });
    }
  }
});

void test('takes mark, time and device of NFLOG frames, in both byte orders', () => {
  for (const bigEndian of [false, true]) {
    const frame = nflog(FOUR, {
      mark: 0xdead_beef,
      atMicros: 1_700_000_000_123_456,
      deviceIn: 4,
      prefix: 'x',
      bigEndian,
    });
    const { rows, decoder } = read(239, [{ bytes: frame, atMicros: 5 }], { bigEndian });
    const [row] = rows;
    assert.equal(row?.mark, 0xdead_beef);
    assert.equal(row?.atMicros, 1_700_000_000_123_456);
    assert.deepEqual([decoder.info.devices[row?.device ?? 0]?.ifindex, row?.side, row?.ipBytes], [4, 1, 40]);
  }
});

void test('takes the side of an NFLOG frame from its devices', () => {
  assert.equal(given(239, nflog(FOUR, { deviceOut: 3 })).side, 2);
  assert.equal(given(239, nflog(SIX, { deviceIn: 2, deviceOut: 3 })).side, 0);
  assert.equal(given(239, nflog(SIX, { family: 7 })).family, 6);
});

void test('takes an NFLOG payload shorter than its packet as cut', () => {
  const row = read(239, [nflog(FOUR.subarray(0, 22))]).rows[0]!;
  assert.deepEqual([row.ipBytes, row.flags], [40, 3]);
  assert.deepEqual(read(239, [nflog(FOUR.subarray(0, 12))]).decoder.count.lost, { cut: 1 });
});

void test('reads an NFLOG frame that the snap length cut in its payload', () => {
  const frame = nflog(FOUR, { mark: 7 });
  const row = read(239, [{ bytes: frame.subarray(0, frame.length - 18), originalLength: frame.length }]).rows[0]!;
  assert.deepEqual([row.ipBytes, row.mark, row.flags], [40, 7, 3]);
  const early = [2, 10, 25].map((kept) => ({ bytes: frame.subarray(0, kept), originalLength: frame.length }));
  assert.deepEqual(read(239, early).decoder.count.lost, { cut: 3 });
});

void test('counts NFLOG frames whose triples run over the end as malformed', () => {
  const frame = nflog(FOUR, { mark: 1 });
  const zero = frame.slice();
  zero.set([0, 0], 4);
  assert.deepEqual(read(239, [frame.subarray(0, frame.length - 1), zero]).decoder.count.lost, { malformed: 2 });
});

void test('flags an ICMP error in every link type alike', () => {
  const error = ip4({ src: '10.0.0.1', dst: '10.0.0.2', protocol: 1, payload: icmp({ type: 3, payload: FOUR }) });
  const frames: [number, Uint8Array][] = [
    [1, ethernet(error)],
    [113, cooked(error)],
    [276, cooked2(error)],
    [239, nflog(error)],
  ];
  for (const [linkType, frame] of frames) {
    const row = read(linkType, [frame]).rows[0]!;
    assert.deepEqual([row.flags, row.quoted], [4, '4 6 10.0.0.1:40000>10.0.0.2:443']);
  }
});
