import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { once } from './gather.ts';
import type { Gatherer } from './gather.ts';
import { createTextGatherer, headerOf } from './gather-text.ts';
import { createParquetGatherer } from './gather-parquet.ts';
import { flowLog as flowLogFixture, newDirectory, numbers, SLOT } from './publisher.fixture.ts';
import { openSpool } from './spool.ts';

/** Objects of three runs; each run's array is filled with something else once it is kept, where that is asked for. */
async function objectsOf(make: typeof createTextGatherer, capBytes: number, isReused: boolean): Promise<Buffer[]> {
  const objects: Buffer[] = [];
  const spool = await openSpool(newDirectory(), 'host-1');
  const flowLog = flowLogFixture();
  const sealed = ({ object }: { object: { path: string } | null }): number => objects.push(readFileSync(object!.path));
  const gatherer: Gatherer = make({ spool, flowLog, slotSeconds: SLOT, capBytes, sealed, patiently: once }, 2);
  for (const [from, count] of [
    [0, 900],
    [900, 600],
    [1500, 2500],
  ] as const) {
    const text = new Uint8Array(Buffer.from(`${numbers(count, from).join('\n')}\n`));
    await gatherer.add({ stream: '', text, records: count, packets: 0, lostPackets: 0 });
    if (isReused) text.fill(0x78);
  }
  await gatherer.cut();
  await spool.close();
  return objects;
}

for (const [name, make] of Object.entries({ text: createTextGatherer, Parquet: createParquetGatherer }))
  // A cap that holds all, one that splits runs from one another, and one below a single run.
  for (const capBytes of [1_000_000, 30_000, 8000])
    test(`${name} up to ${capBytes} bytes: a run that is kept is not looked at again, so its array may be used for the next`, async () => {
      const objects = await objectsOf(make, capBytes, true);
      const untouched = await objectsOf(make, capBytes, false);
      // Not deepEqual: to say how long buffers differ takes all memory.
      assert.ok(Buffer.concat(objects).equals(Buffer.concat(untouched)));
      if (make !== createTextGatherer) return;
      const header = Buffer.from(headerOf(flowLogFixture().format)).toString();
      const texts = objects.map((bytes) => gunzipSync(bytes).toString());
      assert.ok(texts.every((text) => text.startsWith(header)));
      const lines = texts.map((text) => text.slice(header.length)).join('');
      const expected = numbers(4000).map((line) => `${line}\n`);
      assert.ok(lines === expected.join(''));
    });
