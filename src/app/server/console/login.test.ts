import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { LOGIN_PATH, SESSION_PATH } from '../../../api/console.ts';
import { addConsoleLogin } from '../../../control/console-login.ts';
import { addKey, revokeKey } from '../../../control/keys.ts';
import type { Control } from '../control.ts';
import { openControl } from '../control.ts';
import { viewDeliveries } from '../deliveries.ts';
import { startConsole } from './console.fixture.ts';
import { cookieName, cookieOf, createLogin, setCookie } from './login.ts';
import { isOwnOrigin } from './origin.ts';
import { Refusal } from './route.ts';
import { createSessions, IDLE_MILLIS } from './sessions.ts';

const ACCOUNT = '123456789012';

function open(t: TestContext): Control {
  const directory = mkdtempSync(join(tmpdir(), 'flowgauge-login-'));
  const control = openControl({
    directory,
    accountId: ACCOUNT,
    region: 'us-east-1',
    deliveries: viewDeliveries(directory, { aws: {}, writing: {} }, () => null),
    failed: (error) => assert.fail(String(error)),
  });
  t.after(() => {
    control.close();
    rmSync(directory, { recursive: true });
  });
  return control;
}

const failed = (status: number) => (error: unknown) => error instanceof Refusal && error.status === status;

test('failed attempts are answered ever later, few wait, and a minute forgets them', async (t) => {
  const control = open(t);
  const paused: number[] = [];
  const going: (() => void)[] = [];
  const login = createLogin((millis) => {
    paused.push(millis);
    return new Promise<void>((resolve) => going.push(resolve));
  });
  let now = 1_796_000_000_000;
  const wrong = { accessKeyId: 'AKIANONE', secretAccessKey: 'x' };
  for (let attempt = 0; attempt < 6; attempt += 1) await assert.rejects(login.check(control, wrong, now), failed(401));
  assert.deepEqual(paused, []);
  for (let attempt = 0; attempt < 7; attempt += 1) {
    const checked = assert.rejects(login.check(control, wrong, now), failed(401));
    going.shift()!();
    await checked;
  }
  assert.deepEqual(paused, [1000, 2000, 3000, 4000, 5000, 5000, 5000]);
  const waiting = Array.from({ length: 8 }, () => assert.rejects(login.check(control, wrong, now), failed(401)));
  await assert.rejects(login.check(control, wrong, now), failed(429));
  for (const go of going.splice(0)) go();
  await Promise.all(waiting);
  now += 60_001;
  const key = addKey(control.state, { account: ACCOUNT, role: 'read', forSeconds: null }, new Date(now));
  assert.equal((await login.check(control, { accessKeyId: key.id, secretAccessKey: key.secret }, now)).id, key.id);
});

test('keys of agents, revoked and expired ones do not log in, by their secret or by a link', async (t) => {
  const control = open(t);
  const login = createLogin();
  const now = Date.now();
  const at = new Date(now);
  const agent = addKey(control.state, { account: ACCOUNT, role: 'agent', host: 'web', forSeconds: null }, at);
  const revoked = addKey(control.state, { account: ACCOUNT, role: 'read', forSeconds: null }, at);
  const expired = addKey(control.state, { account: ACCOUNT, role: 'read', forSeconds: 1 }, new Date(now - 2000));
  const temporary = addKey(control.state, { account: ACCOUNT, role: 'read', forSeconds: 60 }, at);
  revokeKey(control.state, revoked.id, at);
  for (const key of [agent, revoked, expired]) {
    const secret = { accessKeyId: key.id, secretAccessKey: key.secret, sessionToken: key.token ?? undefined };
    await assert.rejects(login.check(control, secret, now), failed(401), key.role);
    const token = addConsoleLogin(control.state, key.id, now);
    await assert.rejects(login.check(control, { token }, now), failed(401), key.role);
  }
  const given = { accessKeyId: temporary.id, secretAccessKey: temporary.secret };
  await assert.rejects(login.check(control, given, now), failed(401), 'without its session token');
  await login.check(control, { ...given, sessionToken: temporary.token }, now);
});

test('a session id that somebody else chose is none, and a login makes a new one', async (t) => {
  const { url, key } = await startConsole(t);
  const name = cookieName(new URL(url).host, false);
  const logIn = (cookie: string): Promise<Response> =>
    fetch(url + LOGIN_PATH, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url, cookie },
      body: JSON.stringify({ accessKeyId: key.id, secretAccessKey: key.secret }),
    });
  const isGood = async (cookie: string): Promise<boolean> =>
    (await fetch(url + SESSION_PATH, { headers: { cookie } })).status === 200;
  const fixed = `${name}=chosen-by-somebody-else`;
  assert.equal(await isGood(fixed), false);
  const first = (await logIn(fixed)).headers.get('set-cookie')!;
  assert.match(first, /^flowgauge-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  assert.equal(await isGood(fixed), false);
  const cookie = first.split(';')[0]!;
  assert.equal(await isGood(cookie), true);
  const second = (await logIn(cookie)).headers.get('set-cookie')!.split(';')[0]!;
  assert.notEqual(second, cookie);
  assert.deepEqual([await isGood(cookie), await isGood(second)], [false, true], 'the one before has ended');
});

test('a body that is too large is refused, and so is every name that was made to lead here', async (t) => {
  const { url, browser } = await startConsole(t, { limits: { bodyBytes: 10_000 } });
  const { ask, cookie } = await browser();
  assert.equal((await ask('POST', '/api/sql', { sql: 'x'.repeat(20_000), saved: null, parameters: {} })).status, 413);
  for (const path of ['/console/', SESSION_PATH, LOGIN_PATH, '/api/sql/words'])
    assert.equal(await statusWithHost(url + path, 'evil.example', cookie), 421, path);
});

/** What is answered to a browser whose page of another name was led here by its name server. */
function statusWithHost(url: string, host: string, cookie: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers: { host, cookie } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.on('error', reject).end();
  });
}

test('the cookie is of one port, bound to TLS where there is one, and found among others', () => {
  assert.equal(cookieName('127.0.0.1:8350', false), 'flowgauge-8350');
  assert.equal(cookieName('[::1]:99', false), 'flowgauge-99');
  assert.equal(cookieName('flows.example.com', true), '__Host-flowgauge-443');
  assert.equal(setCookie('a', 'id', true), 'a=id; Path=/; HttpOnly; SameSite=Strict; Secure');
  const headers = { cookie: 'x=1; flowgauge-1=one; flowgauge-11=two; flowgauge-1=three' };
  assert.equal(cookieOf(headers, 'flowgauge-11'), 'two');
  assert.equal(cookieOf(headers, 'flowgauge-1'), 'one');
  assert.equal(cookieOf({}, 'flowgauge-1'), null);
});

test('other pages are told apart, by what browsers say', () => {
  const host = 'flows.example.com';
  const of = (headers: Readonly<Record<string, string>>, changes = true) => isOwnOrigin({ host, ...headers }, changes);
  assert.equal(of({ 'sec-fetch-site': 'same-origin' }), true);
  assert.equal(of({ 'sec-fetch-site': 'same-origin', origin: 'https://proxied.example' }), true, 'behind a proxy');
  for (const site of ['same-site', 'cross-site', 'none', 'x'])
    assert.equal(of({ 'sec-fetch-site': site }), false, site);
  assert.equal(of({ 'sec-fetch-site': 'none' }, false), true, 'opened by the user');
  assert.equal(of({ origin: 'https://flows.example.com' }), true);
  for (const origin of ['null', 'https://evil.example', 'https://flows.example.com.evil.example', ''])
    assert.equal(of({ origin }), false, origin);
  assert.deepEqual([of({}), of({}, false)], [false, true]);
});

test('sessions are so many, and those of one key fewer; the one that was used longest ago leaves', () => {
  const sessions = createSessions();
  const first = sessions.begin('k', 0);
  const second = sessions.begin('k', 0);
  sessions.find(first.id, 1);
  for (let more = 0; more < 255; more += 1) sessions.begin(`other ${more}`, 2);
  assert.equal(sessions.find(second.id, 3), null);
  assert.equal(sessions.find(first.id, 3)?.keyId, 'k');
  sessions.endOf('k');
  assert.equal(sessions.find(first.id, 3), null);
  const mine = sessions.begin('k', 4);
  for (let more = 0; more < 300; more += 1) sessions.begin('greedy', 5);
  assert.equal(sessions.isGood(mine.id, 6), true, 'whoever logs in again and again takes the room of nobody else');
});

test('asking whether a session is good does not use it', () => {
  const sessions = createSessions();
  const { id } = sessions.begin('k', 0);
  assert.equal(sessions.isGood(id, IDLE_MILLIS - 1), true);
  assert.equal(sessions.isGood(id, IDLE_MILLIS), false);
  assert.equal(sessions.isGood('another', 0), false);
});
