import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIFO_BYTES, Pace, PAUSE_MILLIS } from './pace.ts';

void test('pauses after each read while little comes', () => {
  const pace = new Pace();
  assert.deepEqual([pace.after(100, 0), pace.after(FIFO_BYTES - 1, 200)], [PAUSE_MILLIS, PAUSE_MILLIS]);
});

void test('reads a full FIFO on until tcpdump had little to put there three times', () => {
  const pace = new Pace();
  const reads = [FIFO_BYTES, FIFO_BYTES, FIFO_BYTES / 2, 100, FIFO_BYTES, 100, FIFO_BYTES / 2, 100, 100, 100, 100];
  assert.deepEqual(
    reads.map((bytes, at) => pace.after(bytes, at)),
    [0, 0, 1, 1, 0, 1, 1, 1, 1, 1, PAUSE_MILLIS],
  );
  assert.equal(pace.after(100, 300), PAUSE_MILLIS);
});

void test('pauses the shorter the more there was', () => {
  const pace = new Pace();
  for (let read = 0; read < 64; read++) assert.equal(pace.after(FIFO_BYTES, 0), 0);
  for (let read = 0; read < 3; read++) assert.equal(pace.after(0, 0), 1);
  assert.equal(pace.after(0, 0), PAUSE_MILLIS / 4);
});

void test('does not pause for ten seconds after a loss', () => {
  const pace = new Pace();
  assert.equal(pace.after(FIFO_BYTES, 0), 0);
  pace.lost(5000);
  assert.deepEqual([pace.after(100, 14_999), pace.after(100, 15_000)], [0, PAUSE_MILLIS]);
});

void test('lets no packet wait for longer than two pauses, at any rate that tcpdump keeps up with', () => {
  const [packetBytes, tcpdumpPerMilli] = [116, 450];
  for (const perMilli of [0.01, 1, 5, 10, 40, 200, 400]) {
    const pace = new Pace();
    // What came and was not read, of which the FIFO has a part.
    let [unread, inFifo, longest] = [0, 0, 0];
    for (let atMillis = 0; atMillis < 5000;) {
      longest = Math.max(longest, unread / perMilli / packetBytes);
      // Reading and decoding take a moment too.
      const wait = Math.max(pace.after(inFifo, atMillis), 0.1);
      unread += perMilli * packetBytes * wait - inFifo;
      inFifo = Math.min(FIFO_BYTES, unread, tcpdumpPerMilli * packetBytes * wait);
      atMillis += wait;
    }
    assert.ok(longest <= 2 * PAUSE_MILLIS, `${perMilli} a millisecond: ${longest} ms`);
  }
});
