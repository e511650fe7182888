import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const FLOWGAUGE = join(import.meta.dirname, '../../bin/flowgauge');
const directory = mkdtempSync(join(tmpdir(), 'flowgauge-watch-'));
after(() => rmSync(directory, { recursive: true }));
/** Nobody answers there: what is wrong with a command line is told before anybody is asked. */
const QUEUE = 'http://127.0.0.1:9/1/new';

function watch(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  const env = { ...process.env, AWS_ACCESS_KEY_ID: 'k', AWS_SECRET_ACCESS_KEY: 's', AWS_REGION: 'eu-west-1' };
  return spawnSync(FLOWGAUGE, ['watch', ...words], { encoding: 'utf8', env, timeout: 60_000 });
}

test('what is wrong with a command line is told before anybody is asked', () => {
  const worker = (...words: string[]): string[] => ['worker', '--queue', QUEUE, ...words];
  const detect = (...words: string[]): string[] => worker('--discard', '--detect', ...words);
  const cases: readonly (readonly [words: string[], told: RegExp])[] = [
    [['worker', '--discard'], /--queue/],
    [['worker', '--queue', 'nonsense', '--discard'], /FG_WATCH_QUEUE_URL/],
    [worker(), /FG_WATCH_SINK/],
    [worker('--discard', '--opensearch', 'http://127.0.0.1:9'), /FG_WATCH_SINK/],
    [worker('--opensearch', 'ftp://x'), /FG_SEARCH_URL/],
    [worker('--opensearch', 'https://me:secret@search'), /FG_SEARCH_URL/],
    [worker('--discard', '--workers', '0'), /--workers.*1 to 64/],
    [worker('--discard', '--hold', '1e9'), /--hold/],
    [worker('--discard', '--port', '70000'), /FG_PORT/],
    [worker('--discard', '--format', '${nothing}'), /FG_FIELD_UNKNOWN/],
    [worker('--discard', '--log-format', 'xml'), /FG_SETTING/],
    [worker('--discard', '--dead-letter', `${QUEUE}/`), /FG_WATCH_SAME_QUEUE/],
    [detect('s3://b'), /there is no --data.*FG_WATCH_DETECT/],
    [detect('s3://b', '--data', ''), /there is no --data/],
    [detect('-', '--data', directory), /"-" is no bucket/],
    [detect('cloudwatch://g', '--data', directory), /FG_WATCH_DETECT/],
    [detect(directory, '--data', directory, '--until-empty'), /--until-empty ends before/],
    [['redrive', '--queue', QUEUE, '--dead-letter', QUEUE], /FG_WATCH_SAME_QUEUE/],
    [['redrive', '--queue', QUEUE, '--only', 'FG_WATCH_REFUSD'], /there is FG_WATCH_REFUSED.*FG_WATCH_CODE/],
    [['template', '--keep', '0'], /--keep.*1 to/],
    [['template', '--put'], /--put needs --opensearch/],
    [['template', '--put', '--opensearch', 'https://s', '--sign', 's3'], /--sign/],
  ];
  for (const [words, told] of cases) {
    const { status, stdout, stderr } = watch(...words);
    assert.equal(status, 2, `${words.join(' ')}: ${stderr}`);
    assert.match(stderr, told, words.join(' '));
    assert.equal(stdout, '');
    assert.ok(!stderr.includes('secret'), stderr);
  }
});

test('a queue that does not answer ends it with 1, and that is said', () => {
  const { status, stderr } = watch('redrive', '--queue', QUEUE, '--list');
  assert.equal(status, 1, stderr);
  assert.match(stderr, /FG_AWS_UNREACHABLE/);
});

test('a search server that does not answer ends it with 1 too', () => {
  const { status, stdout, stderr } = watch('template', '--put', '--opensearch', 'http://127.0.0.1:9');
  assert.deepEqual([status, stdout], [1, '']);
  assert.match(stderr, /FG_SEARCH_UNREACHABLE/);
});

test('templates are printed as the servers take them', () => {
  const { stdout } = watch('template', '--keep', '7');
  const all = JSON.parse(stdout) as Record<string, unknown>;
  assert.deepEqual(Object.keys(all), [
    'PUT /_index_template/flowgauge-flows',
    'PUT /_index_template/flowgauge-findings',
    'PUT /_plugins/_ism/policies/flowgauge-flows',
  ]);
  assert.match(watch('template', '--elasticsearch').stdout, /_ilm\/policy/);
});

test('records are printed as ECS and OCSF, and what is no record is refused', () => {
  const from = join(directory, 'a.log');
  writeFileSync(
    from,
    'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status\n' +
      '2 1 eni-0a 198.51.100.7 10.0.0.5 40000 22 6 1 40 1764504000 1764504060 REJECT OK\n',
  );
  const query = (...words: string[]) => spawnSync(FLOWGAUGE, ['query', '--from', from, ...words], { encoding: 'utf8' });
  const sql = "SELECT * FROM flow_logs WHERE action = 'REJECT'";
  const { stdout } = query(sql, '-o', 'ocsf');
  const event = JSON.parse(stdout) as Record<string, unknown>;
  assert.deepEqual([event['class_uid'], event['action'], event['time']], [4001, 'Denied', 1_764_504_000_000]);
  const document = JSON.parse(query(sql, '-o', 'ecs').stdout) as Record<string, unknown>;
  assert.equal(document['@timestamp'], '2025-11-30T12:01:00.000Z');
  const refused = query('SELECT count(*) AS n FROM flow_logs', '-o', 'ecs');
  assert.deepEqual([refused.status, refused.stdout, /FG_OUTPUT_RECORDS/.test(refused.stderr)], [2, '', true]);
});
