/**
 * The events of *Now*, over HTTP, from a server of open windows that stands for the collector's.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { NowMissed, NowPackets, NowStanding } from '../../../../api/now.ts';
import { OPEN_WINDOWS_SOCKET } from '../../../../lake/read/open-windows.ts';
import { startConsole } from '../console.fixture.ts';
import { liveEvents } from '../live.ts';

const HEADER = 'srcaddr dstport packets bytes start end action';

/** A data directory whose open windows are what `text` gives. */
async function dataDirectory(
  test: TestContext,
  text: () => string,
): Promise<{ directory: string; looks: () => number }> {
  const directory = mkdtempSync(join(tmpdir(), 'flowgauge-now-'));
  const socket = join(directory, OPEN_WINDOWS_SOCKET);
  mkdirSync(dirname(socket));
  let looks = 0;
  const server = createServer((_, answer) => {
    looks++;
    answer.end(text());
  }).listen(socket);
  await once(server, 'listening');
  test.after(() => {
    server.closeAllConnections();
    server.close();
    rmSync(directory, { recursive: true });
  });
  return { directory, looks: () => looks };
}

/** Events as they come. */
async function* eventsOf(answer: Response): AsyncGenerator<readonly [name: string, data: unknown]> {
  let text = '';
  for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const [, name, data] = /^event: (\w+)\n(?:id: .*\n)?data: (.*)$/u.exec(text.slice(0, end)) ?? [];
      text = text.slice(end + 2);
      if (name !== undefined) yield [name, JSON.parse(data!)];
    }
  }
}

test('packets of open windows are told as they come, with who was refused, and nobody is asked when nobody looks', async (test) => {
  let packets = 1;
  const { directory, looks } = await dataDirectory(
    test,
    () =>
      `${HEADER}\n10.0.0.1 443 ${packets} ${packets * 60} 1200 1201 ACCEPT\n10.0.0.2 22 ${(packets += 2)} - 1200 1205 REJECT\n`,
  );
  const { browser } = await startConsole(test, { directory });
  const { open } = await browser();
  const over = new AbortController();
  const seen: NowPackets[] = [];
  for await (const [name, data] of eventsOf(await open('GET', '/api/now', undefined, over.signal))) {
    if (name === 'standing') assert.equal((data as NowStanding).capture, 'starting');
    if (name === 'packets' && seen.push(data as NowPackets) === 2) break;
  }
  over.abort();
  const [, second] = seen;
  assert.deepEqual(second!.fields, HEADER.split(' '));
  assert.deepEqual(
    [second!.accepted.packets, second!.rejected, second!.open],
    [2, { packets: 2, bytes: 0, flows: 0 }, 2],
  );
  assert.deepEqual(second!.records[0]!.slice(0, 2), ['10.0.0.2', 22]);
  assert.equal(second!.records[0]![3], null);
  // The loop ends within a look.
  let before = -1;
  for (let round = 0; round < 20 && before !== looks(); round++) {
    before = looks();
    await wait(1100);
  }
  assert.equal(looks(), before);
});

test('where nothing runs, and where too much is open, it is said why there are no records', async (test) => {
  const huge = `${HEADER}\n${'10.0.0.1 443 1 60 1200 1201 ACCEPT\n'.repeat(150_000)}`;
  const { directory } = await dataDirectory(test, () => huge);
  for (const [at, quiet] of [
    [directory, 'too-many'],
    [mkdtempSync(join(tmpdir(), 'flowgauge-now-')), 'not-running'],
  ] as const) {
    const { browser } = await startConsole(test, { directory: at });
    const { open } = await browser();
    const over = new AbortController();
    for await (const [name, data] of eventsOf(await open('GET', '/api/now', undefined, over.signal)))
      if (name === 'standing' && (data as NowStanding).quiet === quiet) break;
    over.abort();
  }
});

test('whoever reads slowly misses events, is told how many, and holds up nobody', async (test) => {
  let packets = 1;
  const { directory } = await dataDirectory(test, () => `${HEADER}\n10.0.0.1 443 ${packets++} 60 1200 1201 ACCEPT\n`);
  const { context } = await startConsole(test, { directory });
  const over = new AbortController();
  const slow = liveEvents(context, over.signal);
  await slow.next();
  const quick = liveEvents(context, over.signal);
  // So many that the other's queue is full.
  for (let events = 0; events < 14; events++) assert.equal((await quick.next()).done, false);
  const first = await slow.next();
  assert.equal(first.value?.event, 'missed');
  assert.ok((first.value!.data as NowMissed).events > 0);
  assert.equal((await slow.next()).value?.event === 'missed', false);
  over.abort();
  assert.equal((await quick.return(undefined)).done, true);
  await slow.return(undefined);
});
