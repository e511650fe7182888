import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Finding } from '../../api/findings.ts';
import { openAlerts } from '../../storage/state/alerts.ts';
import { openFindings } from '../../storage/state/findings.ts';
import { openState, statePath } from '../../storage/state/state-file.ts';
import { listener } from './listener.fixture.ts';
import type { Receiver } from './receiver.ts';
import { createSender } from './send-due.ts';
import { webhookReceiver } from './webhook.ts';

const signal = new AbortController().signal;

const finding = (id: string, more: Partial<Finding> = {}): Finding => ({
  id,
  series: `ser-${id.slice(4)}`,
  detection: 'port-scan',
  severity: 'medium',
  meaning: 'A meaning.',
  technique: 'T1046',
  subject: { interfaceId: null, client: '198.51.100.7', server: '10.0.0.5', port: 22, protocol: 6, ruleId: null },
  firstSeconds: 1000,
  lastSeconds: 2000,
  rows: 1,
  facts: { ports: 120 },
  evidence: { sql: 'SELECT 1', records: null },
  suppressedUntilSeconds: null,
  ...more,
});

/** An outbox with its clock; `restart` is a new process on the same file, after one that was killed. */
function outbox(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'flowgauge-send-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const clock = { seconds: 5000 };
  const open = (receivers: readonly Receiver[]) => {
    const state = openState(statePath(directory));
    t.after(() => state.close());
    const alerts = openAlerts(state);
    const told = receivers.map(({ name, least }) => ({ name, least }));
    alerts.recover(new Map(receivers.map(({ name, knowsKeysSeconds }) => [name, knowsKeysSeconds])), clock.seconds);
    const sender = createSender({
      alerts,
      receivers,
      linkOf: (id) => `https://f.example/${id}`,
      now: () => clock.seconds * 1000,
    });
    return {
      alerts,
      keep: (...found: Finding[]) => openFindings(state).keep(found, 'up', clock.seconds, told),
      suppress: (series: string) =>
        openFindings(state).suppress(
          { series, detection: null, subject: null, reason: null, expiresSeconds: clock.seconds + 1000 },
          clock.seconds,
        ),
      send: (stop: AbortSignal = signal) => sender.sendDue(stop),
      states: (id: string) => alerts.of(id).map(({ state }) => state),
    };
  };
  return { open, clock };
}

const hook = (url: URL, more: Partial<Parameters<typeof webhookReceiver>[0]> = {}): Receiver =>
  webhookReceiver({ name: 'ops', least: 'low', url, form: 'slack', idempotent: false, ...more });

test('a webhook gets one message for a finding, which names it and harms nobody', async (t) => {
  const { url, came } = await listener(t);
  const { open } = outbox(t);
  const { keep, send, states } = open([hook(url)]);
  const facts = { example: '<!channel> & \u202eevil' };
  keep(finding('fnd-1', { facts }));
  keep(finding('fnd-1', { facts, lastSeconds: 2500 }));
  await send();
  await send();
  assert.equal(came.length, 1);
  const [one] = came;
  assert.equal(one!.headers['idempotency-key'], 'fnd-1-5000');
  const { text, attachments } = JSON.parse(one!.body) as { text: string; attachments: { text: string }[] };
  assert.equal(text, '*<https://f.example/fnd-1|MEDIUM port-scan: 198.51.100.7 to 10.0.0.5:22>*');
  assert.match(attachments[0]!.text, /1970-01-01T00:16:40Z to 1970-01-01T00:41:40Z, MITRE ATT&amp;CK T1046/);
  assert.match(attachments[0]!.text, /example &lt;!channel&gt; &amp; {2}evil/);
  assert.deepEqual(states('fnd-1'), ['sent']);
});

test('what is refused is tried again after pauses that grow, and given up after a day; others wait no longer than it', async (t) => {
  const { url, came } = await listener(t, (response, count) => {
    response.writeHead(count <= 2 ? 503 : 200).end();
  });
  const { open, clock } = outbox(t);
  const { keep, send, states } = open([hook(url)]);
  keep(finding('fnd-1'), finding('fnd-2'));
  await send();
  // The receiver fails: the second alert does not knock too.
  assert.equal(came.length, 1);
  clock.seconds += 29;
  await send();
  assert.equal(came.length, 1);
  clock.seconds += 1;
  await send();
  assert.equal(came.length, 2);
  clock.seconds += 60;
  await send();
  assert.deepEqual([came.length, states('fnd-1'), states('fnd-2')], [4, ['sent'], ['sent']]);
  const keys = new Set(came.map(({ headers }) => headers['idempotency-key']));
  assert.equal(keys.size, 2);
});

test('a receiver that says when to come again is asked then, and one that does not understand is not asked again', async (t) => {
  const { url, came } = await listener(t, (response, count) => {
    if (count === 1) response.writeHead(429, { 'retry-after': '300' }).end();
    else response.writeHead(400).end('invalid_payload');
  });
  const { open, clock } = outbox(t);
  const { keep, send, alerts } = open([hook(url)]);
  keep(finding('fnd-1'));
  await send();
  clock.seconds += 299;
  await send();
  assert.equal(came.length, 1);
  clock.seconds += 1;
  await send();
  clock.seconds += 90_000;
  await send();
  assert.equal(came.length, 2);
  const [alert] = alerts.of('fnd-1');
  assert.deepEqual([alert?.state, alert?.attempts], ['given-up', 2]);
  assert.doesNotMatch(alert?.why ?? '', /secret/);
});

test('where nobody listens the alert waits, and the words do not have the path of the URL', async (t) => {
  const { open, clock } = outbox(t);
  const { keep, send, alerts } = open([hook(new URL('http://127.0.0.1:9/very-secret'))]);
  keep(finding('fnd-1'));
  await send();
  const [alert] = alerts.of('fnd-1');
  assert.deepEqual([alert?.state, alert?.why], ['waiting', '127.0.0.1:9 could not be asked (ECONNREFUSED)']);
  clock.seconds += 86_401;
  await send();
  assert.equal(alerts.of('fnd-1')[0]?.state, 'given-up');
});

test('an alert that may have been received is sent again only to who knows its key', async (t) => {
  const dropped = await listener(t, (response) => void response.socket?.destroy());
  const taken = await listener(t, (response, count) =>
    count === 1 ? void response.socket?.destroy() : response.end(),
  );
  const { open, clock } = outbox(t);
  const { keep, send, states, alerts } = open([
    hook(dropped.url, { name: 'slack' }),
    hook(taken.url, { name: 'own', idempotent: true }),
  ]);
  keep(finding('fnd-1'));
  await send();
  clock.seconds += 3600;
  await send();
  assert.deepEqual([dropped.came.length, taken.came.length], [1, 2]);
  assert.deepEqual(
    alerts.of('fnd-1').map(({ receiver, state }) => [receiver, state]),
    [
      ['own', 'sent'],
      ['slack', 'unsure'],
    ],
  );
  assert.equal(new Set(taken.came.map(({ headers }) => headers['idempotency-key'])).size, 1);
  assert.equal(states('fnd-2').length, 0);
});

test('a process that is killed between sending and writing it down sends nothing twice', async (t) => {
  const { url, came } = await listener(t);
  const { open, clock } = outbox(t);
  const first = open([hook(url, { name: 'slack' }), hook(url, { name: 'own', idempotent: true })]);
  first.keep(finding('fnd-1'));
  // It went out, and the process was gone before it knew.
  for (const receiver of ['slack', 'own']) {
    const { key } = first.alerts.claim(receiver, clock.seconds)!;
    await fetch(url, { method: 'POST', headers: { 'idempotency-key': key, 'x-to': receiver }, body: '{}' });
  }
  const second = open([hook(url, { name: 'slack' }), hook(url, { name: 'own', idempotent: true })]);
  clock.seconds += 60;
  await second.send();
  const told = Map.groupBy(came, ({ headers }) => headers['idempotency-key']);
  assert.equal(came.length, 3);
  assert.equal(told.size, 1);
  assert.deepEqual(
    second.alerts.of('fnd-1').map(({ receiver, state }) => [receiver, state]),
    [
      ['own', 'sent'],
      ['slack', 'unsure'],
    ],
  );
});

test('of what is suppressed nobody is told', async (t) => {
  const { url, came } = await listener(t);
  const { open, clock } = outbox(t);
  const { keep, send, suppress, states } = open([hook(url)]);
  suppress('ser-1');
  keep(finding('fnd-1'), finding('fnd-2'));
  suppress('ser-2');
  await send();
  assert.deepEqual([came.length, states('fnd-1'), states('fnd-2')], [0, [], ['dropped']]);
  // It goes on when the suppression has ended.
  clock.seconds += 1001;
  keep(finding('fnd-1', { lastSeconds: clock.seconds }), finding('fnd-2', { lastSeconds: clock.seconds }));
  await send();
  assert.deepEqual([came.length, states('fnd-1'), states('fnd-2')], [2, ['sent'], ['sent', 'dropped']]);
});
