import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { buildBucket } from '../../../lake/read/build-bucket.ts';
import { FlowgaugeError } from '../../../model/errors.ts';
import { openFindings } from '../../../storage/state/findings.ts';
import { openState, statePath } from '../../../storage/state/state-file.ts';
import { CONFIG_FILE } from '../../config.ts';
import { detectBeside } from './beside-worker.ts';
import { createDetectionStanding } from './standing.ts';
import type { WatchEvent } from './watching.ts';

const NOW = Math.floor(Date.now() / 1000);

function directoryOf(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'flowgauge-beside-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A bucket of somebody else in which an address was scanned a moment ago. */
function scannedBucket(t: TestContext): string {
  const built = buildBucket();
  t.after(() => built.remove());
  const lines = Array.from(
    { length: 120 },
    (_, n) => `2 1 eni-0a 198.51.100.7 10.0.0.5 40000 ${1000 + n} 6 1 40 ${NOW - 60} ${NOW - 50} REJECT OK`,
  );
  const header =
    'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
  built.text([header, ...lines], { slotSeconds: Math.ceil(NOW / 300) * 300 });
  return built.directory;
}

const placeOf = (from: string) => ({ from, access: {}, format: null, vpc: null });
const isCode = (code: string) => (error: unknown) => error instanceof FlowgaugeError && error.code === code;

test('a worker looks at the bucket that it watches, keeps what it finds and tells whom the settings name', async (t) => {
  const data = directoryOf(t);
  const told = Promise.withResolvers<string>();
  const listener = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part));
    request.on('end', () => {
      response.end();
      told.resolve(body);
    });
  }).listen(0, '127.0.0.1');
  t.after(() => listener.close());
  await once(listener, 'listening');
  const url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/hook`;
  const settings = {
    detect: { enabled: false, only: ['port-scan'] },
    alerts: [{ name: 'ops', type: 'webhook', url, form: 'json' }],
  };
  writeFileSync(join(data, CONFIG_FILE), JSON.stringify(settings));
  const standing = createDetectionStanding();
  const events: WatchEvent[] = [];
  const end = await detectBeside(data, placeOf(scannedBucket(t)), standing, (event) => void events.push(event));
  try {
    const { finding } = JSON.parse(await told.promise) as { finding: { detection: string } };
    assert.equal(finding.detection, 'port-scan');
    assert.deepEqual([standing.is, standing.fresh.low], ['looked', 1]);
    assert.deepEqual(
      events.map((event) => event.kind),
      ['found'],
    );
    // One process for a directory: of two that look each would tell.
    await assert.rejects(
      detectBeside(data, placeOf(data), createDetectionStanding(), () => {}),
      isCode('FG_DATA_DIRECTORY_LOCKED'),
    );
  } finally {
    await end();
  }
  const state = openState(statePath(data), false);
  assert.equal(openFindings(state).list(0, NOW).length, 1);
  state.close();
  // The lock went with it.
  const again = await detectBeside(data, placeOf(data), createDetectionStanding(), () => {});
  await again();
});

test('a place that is nowhere, and settings that are none, are told before anything is looked at', async (t) => {
  const data = directoryOf(t);
  const begin = (from: string) => detectBeside(data, placeOf(from), createDetectionStanding(), () => {});
  await assert.rejects(begin(join(data, 'nowhere')), isCode('FG_SOURCE_MISSING'));
  writeFileSync(join(data, CONFIG_FILE), '{"detect":{"only":["port-scam"]}}');
  await assert.rejects(begin(data), isCode('FG_CONFIG'));
  // Neither left the lock behind.
  writeFileSync(join(data, CONFIG_FILE), '{}');
  await (
    await begin(data)
  )();
});
