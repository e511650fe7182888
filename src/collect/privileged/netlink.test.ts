import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { NetlinkAddon } from './netlink.ts';
import { countersByNetlink, Dumper, listByNetlink, loadNetlink } from './netlink.ts';

const { errno } = constants;
const ELEMENTS = (10 << 8) | 12;
const [ERROR, DONE] = [2, 3];

function message(sequence: number, type: number, flags: number, body: Buffer): Buffer {
  const head = Buffer.alloc(16);
  head.writeUInt32LE(16 + body.length);
  head.writeUInt16LE(type, 4);
  head.writeUInt16LE(flags, 6);
  head.writeUInt32LE(sequence, 8);
  return Buffer.concat([head, body]);
}

const code = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
};

/** A kernel that answers each question with pieces, or errors, of a script. */
class Kernel implements NetlinkAddon {
  readonly asked: Buffer[] = [];
  opened = 0;
  #left: readonly (number | ((sequence: number) => Buffer))[] = [];
  readonly #answers: (readonly (number | ((sequence: number) => Buffer))[])[];

  constructor(...answers: (readonly (number | ((sequence: number) => Buffer))[])[]) {
    this.#answers = answers;
  }

  open(): number {
    this.opened++;
    // A descriptor that may be closed.
    return openSync('/dev/null', 'r');
  }

  ask(_fd: number, request: Uint8Array): number {
    this.asked.push(Buffer.from(request));
    this.#left = this.#answers.shift() ?? [];
    return 0;
  }

  read(_fd: number, into: Uint8Array): number {
    const [next = -errno.EAGAIN, ...left] = this.#left;
    this.#left = left;
    if (typeof next === 'number') return next;
    const piece = next(this.asked.at(-1)!.readUInt32LE(8));
    into.set(piece);
    return piece.length;
  }
}

const data =
  (text: string, flags = 0) =>
  (sequence: number): Buffer =>
    message(sequence, ELEMENTS, flags, Buffer.from(text));
const done = (sequence: number): Buffer => message(sequence, DONE, 0, code(0));
const failed =
  (value: number) =>
  (sequence: number): Buffer =>
    message(sequence, ERROR, 0, code(value));
const dumperOf = (kernel: Kernel): Dumper => new Dumper(kernel, () => kernel.open());

test('gives a set when all of it has come', async () => {
  const kernel = new Kernel([data('aaaa'), data('bbbb'), done], [(n) => Buffer.concat([data('cccc')(n), done(n)])]);
  const came: string[] = [];
  await listByNetlink(dumperOf(kernel))(['one_a', 'two_a'], {
    text: () => assert.fail('no text'),
    messages: (piece) =>
      came.push(
        Buffer.from(piece)
          .toString('latin1')
          .replaceAll(/[^a-z]+/g, ' ')
          .trim(),
      ),
  });
  assert.deepEqual(came, ['aaaa bbbb', 'cccc']);
  assert.equal(kernel.opened, 1);
  assert.match(kernel.asked[0]!.toString('latin1'), /flowgauge\0.*one_a\0/s);
  assert.equal(kernel.asked[0]!.readUInt32LE(0), kernel.asked[0]!.length);
});

test('what was not kept together is asked for again', () => {
  const whole = [data('good'), done];
  for (const bad of [
    [data('part', 0x10), done],
    [data('part'), -errno.ENOBUFS],
    [data('part'), -errno.EAGAIN],
    [-errno.EINTR],
    [failed(-errno.EBUSY)],
    [() => Buffer.alloc(16)],
    [() => message(0x7777, ELEMENTS, 0, Buffer.from('else')), done],
    [() => message(1, ELEMENTS, 0, Buffer.alloc(64)).subarray(0, 40)],
  ]) {
    const kernel = new Kernel(bad, whole);
    assert.match(Buffer.from(dumperOf(kernel).dump('x_a')).toString('latin1'), /good/);
    assert.equal(kernel.asked.length, 2);
  }
});

test('says what it cannot read, and as nft does where a table has gone', () => {
  const gone = new Kernel([failed(-errno.ENOENT)]);
  assert.throws(() => dumperOf(gone).dump('x_a'), /set x_a: No such file or directory/);
  const never = new Kernel();
  assert.throws(() => dumperOf(never).dump('x_a'), { code: 'FG_NFT_FAILED' });
  assert.equal(never.asked.length, 5);
  const closed = new Dumper(never, () => -errno.EPERM);
  assert.equal(closed.isOpen(), false);
  assert.throws(() => closed.dump('x_a'), /not permitted/);
});

const [NEW_OBJECT, NESTED] = [(10 << 8) | 18, 0x8000];

function attribute(type: number, ...parts: readonly Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  const head = Buffer.alloc(4);
  head.writeUInt16LE(4 + value.length);
  head.writeUInt16LE(type, 2);
  return Buffer.concat([head, value, Buffer.alloc(-value.length & 3)]);
}

/** A counter as the kernel tells it. */
const counter =
  (name: string, packets: bigint, bytes: bigint, flags = 0) =>
  (sequence: number): Buffer => {
    const u64 = (value: bigint): Buffer => {
      const made = Buffer.alloc(8);
      made.writeBigUInt64BE(value);
      return made;
    };
    const counts = attribute(4 | NESTED, attribute(1, u64(bytes)), attribute(2, u64(packets)));
    const text = (word: string): Buffer => Buffer.from(`${word}\0`);
    const body = [Buffer.from([1, 0, 0, 0]), attribute(1, text('flowgauge')), attribute(2, text(name)), counts];
    return message(sequence, NEW_OBJECT, flags, Buffer.concat(body));
  };

test('counters are told as nft prints them', async () => {
  const kernel = new Kernel([counter('n_tcp4_a', 7n, 420n), counter('n_udp6_b', 2n ** 40n, 0n), done]);
  let told = '';
  await countersByNetlink(dumperOf(kernel))((text) => (told += text));
  assert.equal(told, 'counter n_tcp4_a { packets 7 bytes 420 }\ncounter n_udp6_b { packets 1099511627776 bytes 0 }\n');
  assert.match(kernel.asked[0]!.toString('latin1'), /flowgauge\0/);
});

test('what counters had before the kernel changed something is told too, for they are 0 since', () => {
  const kernel = new Kernel(
    [counter('n_a', 7n, 70n, 0x10), done],
    [failed(-errno.EBUSY)],
    [counter('n_a', 1n, 10n), counter('n_b', 2n, 20n), done],
  );
  assert.equal(
    dumperOf(kernel).resetCounters(),
    'counter n_a { packets 7 bytes 70 }\ncounter n_a { packets 1 bytes 10 }\ncounter n_b { packets 2 bytes 20 }\n',
  );
});

test('a table without counters is one that is not there, and attributes that do not fit are none', async () => {
  assert.throws(() => dumperOf(new Kernel([done])).resetCounters(), /counters: No such file or directory/);
  const cut = (n: number): Buffer => {
    const whole = counter('n_a', 7n, 70n)(n);
    // The nested attributes say that they are longer than they are.
    whole.writeUInt16LE(200, whole.length - 28);
    return whole;
  };
  await assert.rejects(countersByNetlink(dumperOf(new Kernel([cut, done])))(), { code: 'FG_NFT_FAILED' });
  await assert.rejects(countersByNetlink(dumperOf(new Kernel()))(), { code: 'FG_NFT_FAILED' });
});

test('an addon that was not built, or is none, is told in words', () => {
  assert.equal(loadNetlink('/nonexistent/netlink.node'), 'not built');
  const folder = mkdtempSync(join(tmpdir(), 'flowgauge-addon-'));
  const path = join(folder, 'netlink.node');
  writeFileSync(path, 'no addon');
  assert.match(loadNetlink(path) as string, /cannot be loaded/);
  rmSync(folder, { recursive: true });
});

test(
  'the addon refuses what is no descriptor, buffer or path',
  { skip: typeof loadNetlink() === 'string' && 'not built: npm run native' },
  () => {
    const addon = loadNetlink() as NetlinkAddon;
    const untyped = addon as unknown as Record<'open' | 'ask' | 'read', (...args: unknown[]) => number>;
    for (const wrong of [[], [1], [{}], ['x'.repeat(5000)]]) assert.throws(() => untyped.open(...wrong), TypeError);
    for (const wrong of [[], [1], ['1', Buffer.alloc(40_000)], [1, 'text'], [1, new Float64Array(9000)]])
      for (const call of [untyped.ask, untyped.read]) assert.throws(() => call(...wrong), TypeError);
    assert.throws(() => addon.read(0, Buffer.alloc(32_767)), TypeError);
    assert.equal(addon.open('/nonexistent'), -errno.ENOENT);
    assert.equal(addon.open('/dev/null'), -errno.EINVAL);
    const fd = addon.open(null);
    assert.ok(fd > 0);
    closeSync(fd);
    assert.equal(addon.ask(fd, Buffer.alloc(20)), -errno.EBADF);
    assert.equal(addon.read(fd, Buffer.alloc(32_768)), -errno.EBADF);
  },
);
