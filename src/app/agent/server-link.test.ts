import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { HttpAnswer } from '../server/http.ts';
import { startHttp } from '../server/http.ts';
import { keySource, readKeyFile } from './agent-key.ts';
import { keepAssignment, readKept } from './kept-assignment.ts';
import { openLink } from './server-link.ts';

const ID = `AKIA${'A'.repeat(16)}`;
const SECRET = 'a-secret-that-nobody-may-read';
const KEY = { accessKeyId: ID, secretAccessKey: SECRET };

function directory(t: TestContext): string {
  const made = mkdtempSync(join(tmpdir(), 'flowgauge-link-'));
  t.after(() => rmSync(made, { recursive: true }));
  return made;
}

/** A link to a server that answers so. */
async function linked(t: TestContext, answer: Partial<HttpAnswer>, patienceMillis = 5000) {
  const seen: string[] = [];
  const server = await startHttp({
    listen: { address: '127.0.0.1', port: 0, tls: null, ownNamesOnly: true },
    failed: () => {},
    handler: (request) => {
      seen.push(JSON.stringify([request.method, request.url, request.headers, Buffer.from(request.body).toString()]));
      if (answer.status === 0) return new Promise(() => {});
      return Promise.resolve({ status: 200, headers: {}, body: '', ...answer });
    },
    limits: { closeMillis: 0 },
  });
  t.after(() => server.close());
  const link = openLink({ url: server.url, key: () => KEY, ca: undefined, allowHttp: false, patienceMillis });
  return { seen, ask: () => link.ask('/api/x', { a: 1 }, 0, new AbortController().signal) };
}

test('what is asked is signed, and no secret leaves', async (t) => {
  const { seen, ask } = await linked(t, { body: '{"b":2}' });
  assert.deepEqual(await ask(), { b: 2 });
  assert.match(seen[0]!, new RegExp(`"POST","/api/x".*${ID}/\\d{8}/us-east-1/flowgauge.*\\{\\\\"a\\\\":1\\}`));
  assert.ok(!seen[0]!.includes(SECRET));
});

test('nothing is null, and what is no answer is told without a secret', async (t) => {
  assert.equal(await (await linked(t, { status: 204 })).ask(), null);
  for (const [answer, code, words] of [
    [{ status: 403, body: '{"message":"no such key"}' }, 'FG_AGENT_REFUSED', /no such key/],
    [{ status: 401 }, 'FG_AGENT_REFUSED', /HTTP 401/],
    [{ status: 503 }, 'FG_AGENT_UNREACHABLE', /HTTP 503/],
    [{ status: 302, headers: { location: 'http://127.0.0.1:1/' } }, 'FG_AGENT_ANSWER', /HTTP 302/],
    [{ body: '<html>' }, 'FG_AGENT_ANSWER', /no JSON/],
  ] as const) {
    const { ask } = await linked(t, answer);
    await assert.rejects(ask, (error: Error & { code?: string }) => {
      assert.equal(error.code, code);
      assert.match(error.message, words);
      return !error.message.includes(SECRET);
    });
  }
  await assert.rejects((await linked(t, { status: 0 }, 50)).ask, { code: 'FG_AGENT_UNREACHABLE', message: /too long/ });
});

test('plain HTTP goes to this machine alone, unless it is allowed; an address is scheme, host and port', () => {
  const open = (url: string, allowHttp = false): string =>
    openLink({ url, key: () => KEY, ca: undefined, allowHttp }).url;
  for (const url of ['http://127.0.0.1:8350', 'http://localhost', 'http://[::1]:1', 'https://flows.example.com'])
    assert.equal(open(url), url);
  for (const url of [
    'http://10.0.0.1:8350',
    'http://localhost.example.com',
    'http://127.0.0.1.example.com',
    'http://0.0.0.0',
  ])
    assert.throws(() => open(url), { code: 'FG_AGENT_PLAIN_HTTP' }, url);
  assert.equal(open('http://10.0.0.1:8350', true), 'http://10.0.0.1:8350');
  for (const url of ['flows:8350', 'ftp://a', 'https://a/b', 'https://a/?b', 'https://a/#b', '', 'https://'])
    assert.throws(() => open(url), { code: 'FG_AGENT_URL' }, url);
  assert.throws(
    () => open('https://me:hidden@a'),
    (error: Error) => !error.message.includes('hidden'),
  );
  assert.throws(() => openLink({ url: 'https://a', key: () => KEY, ca: '/nowhere/ca.pem', allowHttp: false }), {
    code: 'FG_AGENT_CA',
  });
});

test('a key file is its owner’s alone, and has the lines that `keys add` prints', (t) => {
  const path = join(directory(t), 'agent-key');
  const text = `[flowgauge]\naws_access_key_id = ${ID}\naws_secret_access_key = ${SECRET}\n`;
  assert.throws(() => readKeyFile(path), { code: 'FG_AGENT_KEY_MISSING' });
  writeFileSync(path, text, { mode: 0o600 });
  assert.deepEqual(readKeyFile(path), KEY);
  for (const mode of [0o640, 0o604, 0o620, 0o601]) {
    chmodSync(path, mode);
    assert.throws(() => readKeyFile(path), { code: 'FG_AGENT_KEY_OPEN', message: new RegExp(mode.toString(8)) });
  }
  chmodSync(path, 0o400);
  assert.deepEqual(readKeyFile(path), KEY);
  chmodSync(path, 0o600);
  writeFileSync(path, `${text}aws_session_token = t=/+\n`);
  assert.deepEqual(readKeyFile(path), { ...KEY, sessionToken: 't=/+' });
  for (const wrong of ['', '[flowgauge]\n', text.replace(ID, 'AKIA'), text.replace(SECRET, '')]) {
    writeFileSync(path, wrong);
    assert.throws(() => readKeyFile(path), { code: 'FG_AGENT_KEY_SHAPE' });
  }
});

test('the key of the environment is taken out of it; a file that is named is stronger', (t) => {
  const path = join(directory(t), 'key');
  const environment = { FLOWGAUGE_AGENT_KEY: `${ID}:${SECRET}` };
  assert.deepEqual(keySource(undefined, path, environment).read(), KEY);
  assert.deepEqual(environment, {});
  const other = { FLOWGAUGE_AGENT_KEY: `${ID}:${SECRET}` };
  assert.throws(() => keySource(path, 'unused', other).read(), { code: 'FG_AGENT_KEY_MISSING' });
  assert.deepEqual(other, {});
  assert.throws(
    () => keySource(undefined, path, { FLOWGAUGE_AGENT_KEY: SECRET }),
    (error: Error) => !error.message.includes(SECRET),
  );
  assert.throws(() => keySource(undefined, 'unused', { FLOWGAUGE_AGENT_KEY_FILE: path }).read(), {
    code: 'FG_AGENT_KEY_MISSING',
    message: new RegExp(path),
  });
});

test('an assignment is kept whole, and what is none is told', (t) => {
  const path = directory(t);
  const assignment = {
    format: 1,
    version: 'v',
    sinceMicros: 1,
    host: 'web-1',
    devices: [{ device: 'eth0', interfaceId: 'eni-1' }],
    network: { ownVpcId: '', model: { Vpcs: [] }, flowLogs: [{ fromMicros: 0, held: [] }] },
  } as const;
  assert.equal(readKept(path), null);
  keepAssignment(path, { ...assignment, version: 'older' });
  keepAssignment(path, assignment);
  assert.deepEqual(readKept(path), assignment);
  for (const text of [
    '',
    '{',
    '[]',
    JSON.stringify({ ...assignment, format: 2 }),
    JSON.stringify({ ...assignment, network: {} }),
  ]) {
    writeFileSync(join(path, 'assignment.json'), text);
    assert.throws(() => readKept(path), { code: 'FG_AGENT_KEPT' }, text);
  }
});
