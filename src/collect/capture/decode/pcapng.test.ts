import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address4, address6, be, cooked2, ethernet, ip4, join, le, mac, tcp } from './build-frames.ts';
import { pcapng, pcapngBlocks, type Option } from './build-captures.ts';
import { readRows } from './read-rows.ts';

const PACKET = ip4({ src: '10.0.0.1', dst: '10.0.0.2', protocol: 6, payload: tcp({ srcport: 1, dstport: 2 }) });
const FRAME = ethernet(PACKET);
const AT = 1_700_000_000_123_456;
const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const little = pcapngBlocks();

void test('reads enhanced, simple and obsolete packet blocks in both byte orders', () => {
  for (const bigEndian of [false, true]) {
    const blocks = pcapngBlocks(bigEndian);
    const capture = join(
      blocks.section(),
      blocks.describe({}),
      blocks.enhanced({ time: AT, bytes: FRAME }),
      blocks.simple({ bytes: FRAME }),
      blocks.obsolete({ time: AT + 5, bytes: FRAME }),
    );
    const { rows, decoder } = readRows(capture);
    assert.deepEqual(
      rows.map(({ atMicros }) => atMicros),
      [AT, AT, AT + 5],
    );
    assert.equal(decoder.problem, null);
    assert.equal(decoder.count.in, 3);
  }
});

void test('knows name, MAC and addresses of interfaces', () => {
  const options: Option[] = [
    [2, text('eni-0a1b2c')],
    [4, join(address4('10.0.0.1'), address4('255.255.255.0'))],
    [5, join(address6('fd00::1:0:0:1'), be(1, 64))],
    [6, mac('02:AB:00:00:00:01')],
  ];
  const { decoder } = readRows(pcapng([{ bytes: FRAME }], { options }));
  assert.deepEqual(decoder.info.devices, [
    { name: 'eni-0a1b2c', ifindex: 0, mac: '02:ab:00:00:00:01', addresses: ['10.0.0.1', 'fd00::1:0:0:1'], linkType: 1 },
  ]);
});

void test('counts time as each interface does', () => {
  const scales: [Option[], number, number][] = [
    [[], AT, AT],
    [[[9, be(1, 6)]], AT, AT],
    [[[9, be(1, 3)]], 1_700_000_000_123, 1_700_000_000_123_000],
    [[[9, be(1, 0)]], 1_700_000_000, 1_700_000_000_000_000],
    [[[9, be(1, 0x80 + 10)]], 1024 * 1_700_000_000 + 512, 1_700_000_000_500_000],
    [[[14, le(8, 1_700_000_000)]], 123, 1_700_000_000_000_123],
    [[[14, le(4, 0xffff_ffff, 0xffff_ffff)]], AT, AT - 1_000_000],
  ];
  for (const [options, time, micros] of scales) {
    const capture = join(little.section(), little.describe({ options }), little.enhanced({ time, bytes: FRAME }));
    assert.equal(readRows(capture).rows[0]?.atMicros, micros);
  }
});

void test('reads nanoseconds to the microsecond exactly, however late', () => {
  const nanos = (value: bigint): Uint8Array => {
    const block = little.enhanced({ time: 0, bytes: FRAME });
    const view = new DataView(block.buffer);
    view.setUint32(12, Number(value >> 32n), true);
    view.setUint32(16, Number(value & 0xffff_ffffn), true);
    return block;
  };
  const head = join(little.section(), little.describe({ options: [[9, be(1, 9)]] }));
  for (const value of [
    0n,
    999n,
    1000n,
    1_700_000_000_123_456_999n,
    4_294_967_295_999_999_999n,
    9_007_199_254_740_991_999n,
  ]) {
    assert.equal(readRows(join(head, nanos(value))).rows[0]?.atMicros, Number(value / 1000n));
  }
});

void test('counts a time that is none as malformed', () => {
  const before1970 = little.describe({ options: [[14, le(4, 0xffff_fff0, 0xffff_ffff)]] });
  const { decoder } = readRows(join(little.section(), before1970, little.enhanced({ time: 5, bytes: FRAME })));
  assert.deepEqual(decoder.count.lost, { malformed: 1 });
});

void test('takes the side from the flags of a packet block, whatever options stand before', () => {
  const of = (options: readonly Option[]): number =>
    readRows(join(little.section(), little.describe({}), little.enhanced({ time: 1, bytes: FRAME, options }))).rows[0]!
      .side;
  assert.equal(of([little.flags(1)]), 1);
  assert.equal(of([[1, text('a comment')], little.flags(2)]), 2);
  assert.equal(of([[1, text('a comment')]]), 0);
  assert.equal(of([]), 0);
});

void test('reads several sections, each in its own byte order and with its own interfaces', () => {
  const big = pcapngBlocks(true);
  const capture = join(
    little.section(),
    little.describe({ options: [[2, text('a')]] }),
    little.describe({ linkType: 101, options: [[2, text('b')]] }),
    little.enhanced({ interface: 1, time: 1, bytes: PACKET }),
    big.section(),
    big.describe({ linkType: 276, options: [[2, text('c')]] }),
    big.enhanced({ time: 2, bytes: cooked2(PACKET, { ifindex: 9 }) }),
    little.section(),
    little.describe({ options: [[2, text('a')]] }),
    little.enhanced({ time: 3, bytes: FRAME }),
  );
  const { rows, decoder } = readRows(capture);
  assert.equal(decoder.problem, null);
  assert.deepEqual(
    rows.map(({ device, atMicros }) => [decoder.info.devices[device]?.name, atMicros]),
    [
      ['b', 1],
      ['ifindex9', 2],
      ['a', 3],
    ],
  );
  assert.equal(decoder.info.devices.length, 4);
});

void test('passes over other blocks, however long', () => {
  const capture = join(
    little.section(),
    little.block(5, new Uint8Array(40)),
    little.describe({}),
    little.block(0x0bad, new Uint8Array(20_000_000)),
    little.block(4, new Uint8Array(0)),
    little.enhanced({ time: AT, bytes: FRAME }),
  );
  const { rows, decoder } = readRows(capture, [100, 5000, 19_999_990, 20_000_160]);
  assert.equal(decoder.problem, null);
  assert.equal(rows.length, 1);
});

void test('counts frames of interfaces it cannot read, reads the others and says so at the end', () => {
  const capture = join(
    little.section(),
    little.describe({ linkType: 127 }),
    little.describe({}),
    little.enhanced({ interface: 0, time: 1, bytes: FRAME }),
    little.enhanced({ interface: 1, time: 2, bytes: FRAME }),
  );
  const { rows, decoder } = readRows(capture);
  assert.equal(rows.length, 1);
  assert.deepEqual(decoder.count.lost, { 'not-ip': 1 });
  assert.equal(decoder.problem?.code, 'FG_CAPTURE_LINK_TYPE');
});

void test('counts a packet of an interface that was not described, or longer than its block, as malformed', () => {
  const long = little.enhanced({ time: 1, bytes: FRAME });
  new DataView(long.buffer).setUint32(20, 4000, true);
  const capture = join(
    little.section(),
    little.describe({}),
    little.enhanced({ interface: 1, time: 1, bytes: FRAME }),
    long,
    little.enhanced({ time: 1, bytes: FRAME }),
  );
  const { rows, decoder } = readRows(capture);
  assert.equal(rows.length, 1);
  assert.deepEqual([decoder.count.lost, decoder.problem], [{ malformed: 2 }, null]);
});

void test('cuts a simple block to the snap length of its interface', () => {
  const capture = join(
    little.section(),
    little.describe({ snapLength: 36 }),
    little.simple({ bytes: FRAME.subarray(0, 36), originalLength: FRAME.length }),
  );
  assert.deepEqual(
    readRows(capture).rows.map(({ ipBytes, flags }) => [ipBytes, flags]),
    [[40, 3]],
  );
});

void test('stops where the two lengths of a block differ, or one is too short, and names the place', () => {
  const good = pcapng([{ bytes: FRAME }]);
  const block = little.enhanced({ time: 1, bytes: FRAME });
  const foot = block.slice();
  new DataView(foot.buffer).setUint32(foot.length - 4, 999, true);
  const short = block.slice();
  new DataView(short.buffer).setUint32(4, 8, true);
  const huge = block.slice();
  new DataView(huge.buffer).setUint32(4, 0x7fff_fff0, true);
  const other = little.block(77, new Uint8Array(8));
  new DataView(other.buffer).setUint32(16, 24, true);
  for (const [bad, at] of [
    [foot, good.length + foot.length - 4],
    [short, good.length],
    [huge, good.length],
    [other, good.length + 16],
  ] as const) {
    const { rows, decoder } = readRows(join(good, bad, good));
    assert.equal(rows.length, 1);
    assert.equal(decoder.problem?.code, 'FG_CAPTURE_CORRUPT');
    assert.match(decoder.problem.message, new RegExp(`at byte ${at} it claims`));
  }
});

void test('keeps what was before the end of a truncated file', () => {
  const whole = pcapng([{ bytes: FRAME }, { bytes: FRAME }]);
  for (const missing of [1, 5, 40]) {
    const { rows, decoder } = readRows(whole.subarray(0, whole.length - missing));
    assert.equal(rows.length, 1);
    assert.match(decoder.problem!.message, /^test ends inside a block at byte \d+; the 1 packets/);
  }
  const cutOther = join(whole, little.block(77, new Uint8Array(100)).subarray(0, 60));
  assert.equal(readRows(cutOther).decoder.problem?.code, 'FG_CAPTURE_TRUNCATED');
});

void test('stops at a section of more interfaces than there can be, though they are all alike', () => {
  const many = join(little.section(), ...Array.from({ length: 65_536 }, () => little.describe({})));
  const { decoder } = readRows(many);
  assert.match(decoder.problem?.message ?? '', /more than 65,535 interfaces/);
});
