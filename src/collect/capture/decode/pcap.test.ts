import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ethernet, ip4, tcp } from './build-frames.ts';
import { pcap } from './build-captures.ts';
import { readRows } from './read-rows.ts';

const FRAME = ethernet(
  ip4({ src: '10.0.0.1', dst: '10.0.0.2', protocol: 6, payload: tcp({ srcport: 1, dstport: 2 }) }),
);
const AT = 1_700_000_000_123_456;

/** The bytes with a u32 in the file's little-endian order put in. */
function patched(capture: Uint8Array, at: number, value: number): Uint8Array {
  const copy = capture.slice();
  new DataView(copy.buffer).setUint32(at, value, true);
  return copy;
}

void test('reads microseconds and nanoseconds in both byte orders', () => {
  for (const bigEndian of [false, true]) {
    for (const nanos of [false, true]) {
      const { rows, decoder } = readRows(pcap([{ bytes: FRAME, atMicros: AT }], { bigEndian, nanos, snapLength: 96 }));
      assert.deepEqual(
        rows.map(({ atMicros }) => atMicros),
        [AT],
      );
      assert.equal(decoder.problem, null);
      assert.equal(decoder.info.snapLength, 96);
      assert.deepEqual(decoder.info.devices, []);
    }
  }
});

void test('cuts nanoseconds to the microsecond they lie in', () => {
  const { rows } = readRows(pcap([{ bytes: FRAME, atMicros: 59_999_999.999 }], { nanos: true }));
  assert.equal(rows[0]?.atMicros, 59_999_999);
});

void test('reads seconds beyond 2038', () => {
  assert.equal(readRows(pcap([{ bytes: FRAME, atMicros: 4_294_967_295e6 }])).rows[0]?.atMicros, 4_294_967_295e6);
});

void test('reads on behind a header in place of a record, wherever the bytes are cut', () => {
  const [one, two] = [1, 2].map((port) => {
    const payload = tcp({ srcport: port, dstport: 2 });
    return { bytes: ethernet(ip4({ src: '10.0.0.1', dst: '10.0.0.2', protocol: 6, payload })), atMicros: AT + port };
  });
  for (const options of [{}, { nanos: true }, { bigEndian: true }]) {
    const [first, second] = [pcap([one!, two!], options), pcap([two!], options)];
    const both = new Uint8Array([...first, ...second, ...second]);
    for (let cut = 0; cut <= both.length; cut++) {
      const { rows, decoder } = readRows(both, [cut]);
      assert.deepEqual(
        rows.map(({ atMicros }) => atMicros - AT),
        [1, 2, 2, 2],
        `cut at ${cut}`,
      );
      assert.equal(decoder.problem, null);
    }
  }
});

void test('takes device and side of the modified form', () => {
  for (const bigEndian of [false, true]) {
    const modified = { ifindex: 5, packetType: 4 };
    const { rows, decoder } = readRows(pcap([{ bytes: FRAME, atMicros: AT }], { bigEndian, modified }));
    assert.deepEqual([rows[0]?.atMicros, rows[0]?.side, decoder.info.devices[0]?.ifindex], [AT, 2, 5]);
  }
});

void test('reads a file without packets', () => {
  const { rows, decoder } = readRows(pcap([]));
  assert.deepEqual(rows, []);
  assert.equal(decoder.problem, null);
});

void test('keeps what was before the end of a truncated file and names its place', () => {
  const whole = pcap([{ bytes: FRAME }, { bytes: FRAME }]);
  const record = 16 + FRAME.length;
  for (const end of [24 + record + 1, 24 + record + 16, 24 + record * 2 - 1]) {
    const { rows, decoder } = readRows(whole.subarray(0, end));
    assert.equal(rows.length, 1);
    assert.equal(decoder.problem?.code, 'FG_CAPTURE_TRUNCATED');
    assert.match(
      decoder.problem.message,
      new RegExp(`^test ends inside a packet at byte ${end}; the 1 packets before`),
    );
  }
  for (const end of [5, 23]) {
    assert.match(readRows(whole.subarray(0, end)).decoder.problem!.message, /ends inside its file header at byte/);
  }
});

void test('stops at a record that no capture can hold', () => {
  const whole = pcap([{ bytes: FRAME }, { bytes: FRAME }], { snapLength: 65_535 });
  const second = 24 + 16 + FRAME.length;
  const { rows, decoder } = readRows(patched(whole, second + 8, 262_145));
  assert.equal(rows.length, 1);
  assert.equal(decoder.problem?.code, 'FG_CAPTURE_CORRUPT');
  assert.match(decoder.problem.message, new RegExp(`at byte ${second} it claims a packet of 262145 bytes`));
});

void test('believes a longer record where the snap length is longer', () => {
  const bytes = new Uint8Array(300_000);
  bytes.set(FRAME);
  assert.equal(readRows(pcap([{ bytes }], { snapLength: 524_288 })).rows.length, 1);
});

void test('says which link type it cannot read', () => {
  const { decoder } = readRows(pcap([{ bytes: FRAME }], { linkType: 127 }));
  assert.equal(decoder.problem?.code, 'FG_CAPTURE_LINK_TYPE');
  assert.match(decoder.problem.message, /link type 127 \(said at byte 20\)/);
});

void test('passes over the length of the frame check sequence beside the link type', () => {
  assert.equal(readRows(patched(pcap([{ bytes: FRAME }]), 20, 0x2400_0001)).rows.length, 1);
});

void test('refuses a version that is not 2', () => {
  const { decoder } = readRows(patched(pcap([{ bytes: FRAME }]), 4, 3));
  assert.match(decoder.problem!.message, /at byte 4 it claims version 3/);
});

void test('says what an unknown file begins with, and that an empty one is empty', () => {
  assert.match(
    readRows(new TextEncoder().encode('hello world')).decoder.problem!.message,
    /begins with the bytes 68656c6c/,
  );
  assert.match(readRows(Uint8Array.of(1, 2)).decoder.problem!.message, /begins with the bytes 0102/);
  assert.equal(readRows(new Uint8Array(0)).decoder.problem?.code, 'FG_CAPTURE_EMPTY');
});
