import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KeptFinding } from '../../api/findings.ts';
import { listener } from './listener.fixture.ts';
import { searchIndexReceiver } from './search-index.ts';

const signal = new AbortController().signal;
const FINDING: KeptFinding = {
  id: 'fnd-1',
  series: 'ser-1',
  detection: 'port-scan',
  severity: 'high',
  meaning: 'A meaning.',
  technique: 'T1046',
  subject: { interfaceId: null, client: '198.51.100.7', server: '10.0.0.5', port: 22, protocol: 6, ruleId: null },
  firstSeconds: 1000,
  lastSeconds: 2000,
  rows: 1,
  facts: {},
  evidence: { sql: 'SELECT 1', records: null },
  suppressedUntilSeconds: null,
  foundSeconds: 2000,
  seenSeconds: 2000,
  source: 'up',
};

test('a document is created under the key of the alert, and one that is there is as good', async (t) => {
  const statuses = [201, 409, 400, 403];
  const { url, came } = await listener(t, (response, count) =>
    response.writeHead(statuses[count - 1]!).end(JSON.stringify({ error: { type: 'odd', reason: 'because' } })),
  );
  const receiver = searchIndexReceiver({
    name: 'search',
    least: 'low',
    url: url.origin,
    index: 'flowgauge-findings',
    login: { kind: 'basic', user: 'alerts', password: 'very-secret' },
  });
  const alert = { key: 'fnd-1-5000', finding: FINDING, link: 'https://f.example/findings' };
  assert.deepEqual(await receiver.send(alert, signal), { is: 'sent' });
  assert.deepEqual(await receiver.send(alert, signal), { is: 'sent' });
  const refused = await receiver.send(alert, signal);
  assert.deepEqual([refused.is, refused.is === 'refused' && refused.again], ['refused', false]);
  const denied = await receiver.send(alert, signal);
  assert.deepEqual([denied.is, denied.is === 'refused' && denied.again], ['refused', true]);
  assert.doesNotMatch(JSON.stringify([refused, denied]), /secret/);
  assert.equal(came[0]!.path, '/flowgauge-findings/_create/fnd-1-5000');
  const document = JSON.parse(came[0]!.body) as { event: { id: string }; url: { original: string } };
  assert.deepEqual([document.event.id, document.url.original], ['fnd-1', 'https://f.example/findings']);
});
