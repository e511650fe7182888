import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConsoleFailure } from '../../../../api/console.ts';
import type { ProvableAnswer, ProveRequest } from '../../../../api/proof.ts';
import { failure } from '../../../../model/errors.ts';
import { startConsole } from '../console.fixture.ts';
import type { Prover } from '../prover.ts';

const HOSTS = [{ name: 'i-web', interfaceIds: ['eni-0web'], addresses: ['10.0.1.10'] }];
const BODY = { from: '10.0.1.10', to: 'i-db', protocol: 'tcp', port: 5432, sourcePorts: null };

/** A prover that keeps what it is asked. */
function prover(asked: ProveRequest[], hosts: ReturnType<Prover['hosts']> = HOSTS): Prover {
  return {
    hosts: () => hosts,
    async prove(request) {
      asked.push(request);
      if (request.to === 'nobody') throw failure('FG_PROVE_FAILED', 'i-db', 'it has gone');
      return '{"agree":true}';
    },
  };
}

test('whoever may operate has a packet sent, by the page with its token alone', async (context) => {
  const asked: ProveRequest[] = [];
  const { browser, addKey } = await startConsole(context, { context: { prover: prover(asked) } });
  const own = await browser();
  const answer = await own.ask('POST', '/api/prove', BODY);
  assert.deepEqual([answer.status, answer.json], [200, { agree: true }]);
  assert.deepEqual(asked, [BODY]);
  const lines = await own.ask('POST', '/api/prove?progress=1', BODY);
  assert.equal(lines.text, '{"answer":{"agree":true}}\n');
  assert.equal((await own.ask('POST', '/api/prove', BODY, { 'x-flowgauge-csrf': 'none' })).status, 403);
  assert.equal((await own.ask('POST', '/api/prove', BODY, { origin: 'http://127.0.0.1:1' })).status, 403);
  const reader = await browser(addKey('read'));
  assert.equal((await reader.ask('POST', '/api/prove', BODY)).status, 403);
  assert.deepEqual((await reader.ask<ProvableAnswer>('GET', '/api/provable')).json, { hosts: HOSTS });
  assert.equal(asked.length, 2);
});

test('what cannot be proved is said with its code', async (context) => {
  const { browser } = await startConsole(context, { context: { prover: prover([]) } });
  const own = await browser();
  const codeOf = async (body: unknown): Promise<[number, string]> => {
    const { status, json } = await own.ask<ConsoleFailure>('POST', '/api/prove', body);
    return [status, json.error.code];
  };
  assert.equal((await codeOf({ ...BODY, to: 'nobody' }))[1], 'FG_PROVE_FAILED');
  assert.deepEqual(await codeOf({ ...BODY, port: 70_000 }), [400, 'FG_REQUEST_BODY']);
  assert.deepEqual(await codeOf({ ...BODY, command: 'rm' }), [400, 'FG_REQUEST_BODY']);
});

test('where no lab is there are no hosts, and nothing is sent', async (context) => {
  const asked: ProveRequest[] = [];
  for (const none of [null, prover(asked, null)]) {
    const { browser } = await startConsole(context, { context: { prover: none } });
    const own = await browser();
    assert.deepEqual((await own.ask('GET', '/api/provable')).json, { hosts: null });
    assert.equal((await own.ask('POST', '/api/prove', BODY)).status, 404);
  }
  assert.deepEqual(asked, []);
});
