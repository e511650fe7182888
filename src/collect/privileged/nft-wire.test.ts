import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { test } from 'node:test';
import { failure } from '../../model/errors.ts';
import { onFrames, sendFrame } from './nft-wire.ts';
import { nftOver } from './remote-nft.ts';
import { DISARM, holdTable, serveNft } from './serve-nft.ts';

const HOLDER = `\0flowgauge-test-${process.pid}`;

/** Two ends of one stream. */
async function pair(): Promise<readonly [Socket, Socket]> {
  const server = createServer().listen({ path: `\0flowgauge-test-${process.pid}-${Math.random()}` });
  await once(server, 'listening');
  const here = connect({ path: server.address() as string });
  const [there] = (await once(server, 'connection')) as [Socket];
  server.close();
  return [here, there];
}

test('frames arrive whole, wherever the stream is cut', async () => {
  const [here, there] = await pair();
  const came: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  onFrames(there, (kind, said) => {
    came.push(`${kind} ${said.length} ${said.toString('latin1').slice(0, 9)}`);
    if (kind === 9) resolve();
  });
  for (const [kind, text] of [
    [1, 'one'],
    [2, ''],
    [2, 'x'.repeat(300_000)],
    [9, 'end'],
  ] as const)
    sendFrame(here, kind, Buffer.from(text));
  await promise;
  assert.deepEqual(came, ['1 3 one', '2 0 ', '2 300000 xxxxxxxxx', '9 3 end']);
  const bytes: Buffer[] = [];
  const fake = { write: (piece: Buffer) => bytes.push(piece) } as unknown as Socket;
  sendFrame(fake, 7, Buffer.from('byte by byte'));
  const whole: string[] = [];
  onFrames(
    {
      on: (_: string, take: (piece: Buffer) => void) => {
        for (const byte of Buffer.concat(bytes)) take(Buffer.from([byte]));
      },
    } as unknown as Socket,
    (kind, said) => whole.push(`${kind} ${said.toString()}`),
  );
  assert.deepEqual(whole, ['7 byte by byte']);
  here.destroy();
});

test('scripts are run in their order, with what they print or why they fail', async () => {
  const [here, there] = await pair();
  const ran: string[] = [];
  const serving = serveNft(
    there,
    (script, hear) => {
      ran.push(script);
      if (script === 'bad') return Promise.reject(failure('FG_NFT_FAILED', 'here', 'no such thing'));
      hear?.(`printed ${script}`);
      return Promise.resolve();
    },
    HOLDER,
  );
  const nft = nftOver(here);
  let text = '';
  const [, bad] = await Promise.allSettled([nft('one', (piece) => (text += piece)), nft('bad'), nft('two')]);
  assert.equal(text, 'printed one');
  assert.match(String((bad as PromiseRejectedResult).reason), /no such thing/);
  // Whoever had it run is gone: what stands judges nothing any more.
  here.destroy();
  await serving;
  assert.deepEqual(ran, ['one', 'bad', 'two', DISARM]);
  await assert.rejects(nft('three'), { code: 'FG_KERNEL_SIDE_GONE' });
});

test('a network namespace has one holder of the table', async () => {
  const first = await holdTable(HOLDER);
  assert.ok(first !== null);
  assert.equal(await holdTable(HOLDER), null);
  const [here, there] = await pair();
  const serving = serveNft(there, () => Promise.reject(new Error('not to be run')), HOLDER, 0);
  await assert.rejects(nftOver(here)('script'), { code: 'FG_KERNEL_TAKEN' });
  here.destroy();
  await serving;
  // One that gives it back while another waits.
  const [mine, other] = await pair();
  const patient = serveNft(other, () => Promise.resolve(), HOLDER, 60_000);
  const ran = nftOver(mine)('script');
  first.close();
  await ran;
  mine.destroy();
  await patient;
  (await holdTable(HOLDER))?.close();
});
