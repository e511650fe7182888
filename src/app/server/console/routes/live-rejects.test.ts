import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConsoleFailure } from '../../../../api/console.ts';
import { LIVE_REJECTS_PATH } from '../../../../api/live-rejects.ts';
import type { LiveRejects } from '../../../../api/live-rejects.ts';
import { addKey } from '../../../../control/keys.ts';
import {
  ALGORITHM,
  canonicalRequest,
  scopeText,
  sha256,
  signatureOf,
  signingKey,
} from '../../../../storage/object/sigv4.ts';
import type { AccessKey } from '../../../../storage/state/keys.ts';
import { reject } from '../../live-rejects.fixture.ts';
import { startConsole } from '../console.fixture.ts';

/** Headers of a request without a body. */
function signed({ id, secret }: AccessKey, host: string, url: string, service: string): Record<string, string> {
  const time = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
  const headers = [
    ['host', host],
    ['x-amz-date', time],
  ] as const;
  const [path = '', query = ''] = url.split('?');
  const canonical = canonicalRequest({ method: 'GET', path, query, headers, bodyHash: sha256('') });
  const scope = { day: time.slice(0, 8), region: 'us-east-1', service };
  const signature = signatureOf(signingKey(secret, scope), scope, time, canonical);
  const authorization = `${ALGORITHM} Credential=${id}/${scopeText(scope)}, SignedHeaders=host;x-amz-date, Signature=${signature}`;
  return { 'x-amz-date': time, authorization };
}

test('a session that may read asks, and so does a script that signs as before; nobody else', async (context) => {
  const { url, context: of, key, addKey: add, browser } = await startConsole(context);
  of.standing.rejects.add([reject(1), reject(2)]);
  const path = `${LIVE_REJECTS_PATH}?after=1`;
  const numbers = ({ rejects }: LiveRejects): number[] => rejects.map(({ number }) => number);
  const reader = await browser(add('read'));
  const { status, json } = await reader.ask<LiveRejects>('GET', path);
  assert.deepEqual([status, numbers(json), json.newest, json.isFed], [200, [2], 2, false]);
  assert.match(json.why!, /nothing is enforced here/);
  const nonsense = await reader.ask<ConsoleFailure>('GET', `${LIVE_REJECTS_PATH}?after=-1`);
  assert.deepEqual([nonsense.status, nonsense.json.error.code], [400, 'FG_REQUEST_QUERY']);
  assert.equal((await reader.ask('POST', LIVE_REJECTS_PATH, {})).status, 405);
  assert.equal((await fetch(url + path)).status, 401);

  const { state } = of.control;
  const agent = addKey(state, { account: key.account, role: 'agent', host: 'web-1', forSeconds: null }, new Date());
  const ask = (by: AccessKey, service: string): Promise<Response> =>
    fetch(url + path, { headers: signed(by, new URL(url).host, path, service) });
  const found = await ask(key, 'flowgauge');
  assert.deepEqual([found.status, numbers((await found.json()) as LiveRejects)], [200, [2]]);
  assert.equal((await ask(key, 'ec2')).status, 403);
  assert.equal((await ask(agent, 'flowgauge')).status, 403);
});
