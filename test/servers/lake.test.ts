/**
 * A lake in S3: compacted from a bucket into another one, asked, and its objects removed, on servers that nobody made for us.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { createRandom } from '../../bench/generate/random.ts';
import { SLOT_SECONDS, buildBucket } from '../../src/lake/read/build-bucket.ts';
import { ask } from '../../src/query/ask.ts';
import type { S3Store } from '../../src/storage/object/stores/s3.ts';
import { startMoto } from './moto.ts';
import { proxiedServer } from './proxied-server.ts';
import { makeBucket, upload } from './s3-place.ts';
import { startSwift } from './swift.ts';

/** More by hand: FLOWGAUGE_LAKE_ROUNDS=50. */
const ROUNDS = Number(process.env['FLOWGAUGE_LAKE_ROUNDS'] ?? 6);
const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');
const HEADER =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
const never = new AbortController().signal;

/** Objects of two days. */
function records(objects: number, lines: number): ReturnType<typeof buildBucket> {
  const bucket = buildBucket();
  const random = createRandom(7);
  for (let object = 0; object < objects; object++) {
    const slotSeconds = SLOT_SECONDS + (object % 2) * 86_400 + (object >> 1) * 300;
    const text = Array.from({ length: lines }, (_, at) => {
      const [start, near] = [slotSeconds + (at % 200), `10.0.${random.below(4)}.${random.below(250)}`];
      const far = `203.${random.below(250)}.${random.below(250)}.${random.below(250)}`;
      const [from, to] = at % 2 === 0 ? [near, far] : [far, near];
      return `2 123456789012 eni-0a1b2c3d4e5f600${10 + (at % 9)} ${from} ${to} ${1024 + random.below(60_000)} 443 6 ${at % 50} ${random.below(9_999_999)} ${start} ${start + 20} ${at % 5 === 0 ? 'REJECT' : 'ACCEPT'} OK`;
    });
    bucket.text([HEADER, ...text], { slotSeconds });
  }
  return bucket;
}

const QUESTIONS: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['SELECT count(*), sum(bytes), sum(packets), count(DISTINCT (srcaddr, dstaddr, start, srcport)) FROM flow_logs', {}],
  ['top-talkers', {}],
  ['rejected-traffic', {}],
  ['traffic-frm-src-addr', { address: '10.0.1.7' }],
];

async function answersOf(from: string, endpoint: string): Promise<unknown[]> {
  const all: unknown[] = [];
  for (const [question, parameters] of QUESTIONS) {
    const answer = await ask(from, question, parameters, { source: { access: { endpoint } } });
    for await (const batch of answer.rows) all.push(...batch);
    assert.deepEqual(answer.notes, []);
  }
  return all;
}

/** Compacts in a process; gives its exit code, null where it was killed, and what it printed. */
async function compact(
  endpoint: string,
  words: readonly string[],
  killAfterMillis: number | null = null,
): Promise<{ code: number | null; out: string }> {
  const always = ['--endpoint-url', endpoint, '--by', 'hour', '--settle', '0s', '--json'];
  const child = spawn(process.execPath, [MAIN, 'compact', ...words, ...always], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  const ended = once(child, 'close') as Promise<[number | null]>;
  if (killAfterMillis !== null) await Promise.race([ended, pause(killAfterMillis)]).then(() => child.kill('SIGKILL'));
  return { code: (await ended)[0], out };
}

async function objectsIn(store: S3Store): Promise<number> {
  let count = 0;
  for await (const { key } of store.list('AWSLogs/', null, never)) count += key.endsWith('.log.gz') ? 1 : 0;
  return count;
}

for (const [name, start] of [
  ['Swift', startSwift],
  ['moto', startMoto],
] as const)
  suite(name, () => {
    const world = proxiedServer(start);
    const { ready } = world;

    test('a bucket is compacted into another one, of which questions fetch what they need, and its objects are removed', async (t) => {
      const on = ready(t);
      if (on === null) return;
      const built = records(6, 50_000);
      const logs = await makeBucket(on, 'logs');
      await makeBucket(on, 'lake');
      await upload(logs, built.directory);
      built.remove();
      const wanted = await answersOf('s3://logs', on.endpoint);
      const { code, out } = await compact(on.endpoint, ['s3://logs', 's3://lake/here']);
      assert.equal(code, 0);
      const report = JSON.parse(out) as Record<'objects' | 'records' | 'fileBytes', number>;
      assert.equal(report.objects, 6);
      assert.equal(report.records, 300_000);
      assert.deepEqual(await answersOf('s3://lake/here', on.endpoint), wanted);

      world.proxy.seen.length = 0;
      const access = { endpoint: world.proxy.endpoint };
      const answer = await ask('s3://lake/here', 'SELECT interface_id, sum(bytes) AS bytes FROM flow_logs GROUP BY interface_id ORDER BY bytes', {}, { source: { access } }); // prettier-ignore
      let rows = 0;
      for await (const batch of answer.rows) rows += batch.length;
      assert.equal(rows, 9);
      assert.ok(
        answer.stats().bytesRead < report.fileBytes * 0.5,
        `${answer.stats().bytesRead} of ${report.fileBytes}`,
      );
      // It can lie in the last of a file's row groups only.
      const one = await ask(
        's3://lake/here',
        'traffic-frm-src-addr',
        { address: '203.99.1.1' },
        { source: { access } },
      );
      for await (const _ of one.rows);
      assert.ok(one.stats().bytesRead < report.fileBytes * 0.6, `${one.stats().bytesRead} of ${report.fileBytes}`);
      const ofRecords = world.proxy.seen.filter(({ method, path }) => method === 'GET' && path.includes('/records/'));
      assert.ok(ofRecords.length > 0 && ofRecords.every(({ headers }) => headers.range !== undefined));

      const again = await compact(on.endpoint, ['s3://logs', 's3://lake/here', '--expire', '0s']);
      assert.equal(again.code, 0);
      assert.equal((JSON.parse(again.out) as { expired: { objects: number } }).expired.objects, 6);
      assert.equal(await objectsIn(logs), 0);
      assert.deepEqual(await answersOf('s3://lake/here', on.endpoint), wanted);
    });

    test(`killed ${ROUNDS} times anywhere, no record is lost or doubled, and every question is answered right`, async (t) => {
      const on = ready(t);
      if (on === null) return;
      const built = records(8, 60);
      try {
        const logs = await makeBucket(on, 'killed');
        await upload(logs, built.directory);
        const wanted = await answersOf('s3://killed', on.endpoint);
        const began = performance.now();
        assert.equal((await compact(on.endpoint, ['s3://killed', '--expire', '0s'])).code, 0);
        const whole = performance.now() - began;
        assert.equal(await objectsIn(logs), 0);
        assert.deepEqual(await answersOf('s3://killed', on.endpoint), wanted);
        let bucket = 'killed';
        for (let round = 0; round < ROUNDS; round++) {
          const store = round % 3 === 0 ? await makeBucket(on, (bucket = `killed-${round}`)) : null;
          if (store !== null) await upload(store, built.directory);
          // The first third of a run loads programs.
          await compact(on.endpoint, [`s3://${bucket}`, '--expire', '0s'], whole * (0.3 + ((round * 0.618) % 1) * 0.7));
          assert.deepEqual(await answersOf(`s3://${bucket}`, on.endpoint), wanted, `round ${round}`);
        }
        assert.equal((await compact(on.endpoint, [`s3://${bucket}`, '--expire', '0s'])).code, 0);
        assert.deepEqual(await answersOf(`s3://${bucket}`, on.endpoint), wanted);
      } finally {
        built.remove();
      }
    });
  });
