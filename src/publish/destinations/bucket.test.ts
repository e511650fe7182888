import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { ObjectStore } from '../../storage/object/store.ts';
import type { SealedSegment } from '../destination.ts';
import { flowLog, SLOT } from '../publisher.fixture.ts';
import { bucketDestination } from './bucket.ts';

test('a store that refuses before it reads leaves nothing open, and no error that nobody catches', async () => {
  const refusing = { name: 'x', put: () => Promise.reject(new Error('not now')) } as unknown as ObjectStore;
  const segment = {
    id: '0123456789abcdef',
    flowLog: flowLog(),
    slotSeconds: SLOT,
    records: 1,
    object: { path: '/nonexistent/object', sizeBytes: 1, sha256: '' },
  } as unknown as SealedSegment;
  const opened = (): number => process.getActiveResourcesInfo().filter((kind) => /FS/.test(kind)).length;
  const before = opened();
  await assert.rejects(bucketDestination(refusing).deliver(segment, new AbortController().signal), /not now/);
  assert.equal(opened(), before);
  for (let i = 0; i < 20; i++) await turn();
});
