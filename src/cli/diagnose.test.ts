import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Explanation } from '../api/explanation.ts';
import { explanationText } from './explanation-text.ts';
import { inOneProcess, start } from './one-process.fixture.ts';
import type { Ended } from './one-process.fixture.ts';

const MAIN = join(import.meta.dirname, 'main.ts');
const CASES = join(import.meta.dirname, '../../docs/diagnose');

const flowgauge = inOneProcess();

/** The words that ask about a worked case. */
function words(name: string, ...more: readonly string[]): readonly string[] {
  const files = ['--vpc', join(CASES, name, 'model.json'), '--logs', join(CASES, name, 'records.txt')];
  return ['diagnose', ...files, ...more];
}
const diagnose = (name: string, ...more: readonly string[]): Promise<Ended> => flowgauge(...words(name, ...more));

const ENDS = ['--from', 'i-0app', '--to', 'i-0db', '--port', '5432'];

test('says what decides, the way step by step, the nearest rules, the records and what would open it', async () => {
  const { code, out } = await start('.', ...words('group-rule-missing', ...ENDS));
  assert.equal(code, 3);
  const wanted = [
    /^BLOCKED: tcp 5432 from i-0app \(10\.0\.1\.10, eni-0app\) to i-0db/,
    /group, in at eni-0db: no rule of sg-0db fits/,
    /^Request\n {2}ok {4}route/m,
    /STOP {2}group, in .* no rule of sg-0db fits <- decides\n {10}sgr-0db-mysql fits but for the port\n {10}sgr-0db-ops fits but for the source/,
    /^Reply \(to ports 32768-60999, those that Linux clients choose from\)/m,
    /^Records: 4 agree, 0 disagree, last seen 2026-10-14T17:47:52Z/m,
    /SELECT interface_id, .*\n.*FROM flow_logs/s,
    /^To open it\n {2}aws ec2 authorize-security-group-ingress .*\n {2}opens 1 address x 1 port at 1 interface of the model/m,
  ];
  let from = 0;
  for (const part of wanted) {
    const found = part.exec(out.slice(from));
    assert.ok(found, `${String(part)} is not behind ${out.slice(0, from)}`);
    from += found.index;
  }
  assert.ok(!out.includes('\u001b'), 'a pipe gets no colour');
});

test('the SQL that is shown gives the records that are counted', async () => {
  const { out } = await diagnose('nat-path', '--from', 'i-0app', '--to', '198.51.100.7', '--port', '443', '--json');
  const [evidence] = (JSON.parse(out) as Explanation).evidence;
  const logs = join(CASES, 'nat-path', 'records.txt');
  const asked = await flowgauge('query', '--from', logs, evidence?.sql ?? '', '-o', 'json');
  const rows = asked.out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { records: number });
  assert.equal(
    rows.reduce((sum, { records }) => sum + records, 0),
    (evidence?.agree ?? 0) + (evidence?.disagree ?? 0),
  );
});

test('what passes exits 0, what cannot be asked 2 with a message that says what to do', async () => {
  const passes = await diagnose('wrong-source-group', '--from', 'i-0web', '--to', 'i-0db', '--port', '5432');
  assert.equal(passes.code, 0);
  assert.match(passes.out, /^ALLOWED: .*\n.*let the request and its reply pass/);
  for (const [given, told] of [
    [
      ['--from', 'i-none', '--to', 'i-0db', '--port', '1'],
      /--from is "i-none", which is no address.*give one of these/,
    ],
    [['--from', 'i-0app', '--to', 'i-0db'], /tcp needs a port.*--port N/],
    [[...ENDS, '--protocol', 'tpc'], /"tpc" is no protocol/],
    [[...ENDS, '--source-port', '9-1'], /--source-port is "9-1"/],
    [[...ENDS, '--at', 'soon'], /--at "soon"/],
  ] as const) {
    const { code, err } = await diagnose('group-rule-missing', ...given);
    assert.equal(code, 2, given.join(' '));
    assert.match(err, told);
  }
});

test('records up to a time, and why there are none', async () => {
  const early = await diagnose('group-rule-missing', ...ENDS, '--at', '2026-10-14T17:46:50Z', '--json');
  assert.equal((JSON.parse(early.out) as Explanation).evidence[0]?.agree, 2);
  const none = await diagnose('group-rule-missing', ...ENDS, '--at', '2026-10-01');
  assert.match(none.out, /^Records: none in these flow logs and this time/m);
  const dns = await diagnose(
    'dns-never-logged',
    '--from',
    'i-0app',
    '--to',
    '10.0.0.2',
    '--port',
    '53',
    '--protocol',
    'udp',
  );
  assert.match(dns.out, /^NOT LOGGED: .*\n.*the resolver of the VPC/);
  assert.match(dns.out, /^Records: none, and there will be none: AWS does not log this/m);
});

test('a protocol is none for being a name that every object has', async () => {
  for (const name of ['constructor', '__proto__', 'toString']) {
    const { code, err } = await diagnose('group-rule-missing', ...ENDS, '--protocol', name);
    assert.equal(code, 2);
    assert.ok(err.includes(`"${name}" is no protocol`), err);
  }
});

test('on a terminal the words have colour, and what a terminal would obey is shown', async () => {
  const { out } = await diagnose('group-rule-missing', ...ENDS, '--json');
  const explanation = JSON.parse(out) as Explanation;
  const evil = { ...explanation, notUnderstood: ['tag \u001b[31mred'] };
  const text = explanationText(evil, { isTTY: true }, true);
  assert.ok(text.includes('\u001b[1m\u001b[31mSTOP'));
  assert.match(text, /tag ·\[31mred/);
  assert.match(text, /resource "aws_vpc_security_group_ingress_rule" "opened_1" \{/);
});

test('two ports that contradict each other are refused, the same one twice is not', async () => {
  const ask = (port: string) =>
    diagnose('group-rule-missing', '--from', 'i-0app', '--to', '10.0.2.20:5432', '--port', port);
  const { code, err } = await ask('22');
  assert.deepEqual(
    [code, err],
    [2, 'flowgauge: --to names port 5432 and --port 22; give one\nflowgauge: see `flowgauge diagnose --help`\n'],
  );
  assert.equal((await ask('5432')).code, 3);
});

test('an option that would say nothing to what is asked is refused', async () => {
  const vpc = ['diagnose', '--vpc', join(CASES, 'group-rule-missing', 'model.json')];
  const wrong: readonly (readonly [RegExp, ...given: string[]])[] = [
    [/--query is for records/, ...ENDS, '--query', 'top-talkers'],
    [/--limit is for records/, ...ENDS, '--limit', '3'],
    [/--last chooses among records: name flow logs with --logs/, ...ENDS, '--last', '6h'],
    [/--port is for two ends/, '--logs', 'x.log', '--port', '22'],
    [/--at is for two ends/, '--logs', 'x.log', '--at', 'now'],
    [/--logs says nothing beside records that are given/, '--logs', 'x.log', 'a record'],
    [/--learned-since.*cannot be used with.*--vpc/, '--logs', 'x.log', '--learned-since', 'yesterday'],
  ];
  for (const [message, ...given] of wrong) {
    const { code, err } = await flowgauge(...vpc, ...given);
    assert.equal(code, 2, given.join(' '));
    assert.match(err, message);
  }
});

test('flow logs are read as the options say: their format, and of which time', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'flowgauge-diagnose-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const bare = join(directory, 'bare.log');
  const line = (at: number) => `REJECT eni-0db 10.0.1.10 10.0.2.20 40112 5432 6 1 60 ${at} ${at + 10}`;
  writeFileSync(bare, `${line(1_792_000_000)}\n${line(1_792_100_000)}\n`);
  const fields = 'action interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end';
  const format = fields.replaceAll(/\S+/g, (name) => `\${${name}}`);
  const counted = async (...more: string[]): Promise<number | undefined> => {
    const model = join(CASES, 'group-rule-missing', 'model.json');
    const asked = ['diagnose', '--vpc', model, '--logs', bare, '--format', format, ...ENDS, '--json', ...more];
    const { out, err } = await flowgauge(...asked);
    if (out === '') throw new Error(err);
    return (JSON.parse(out) as Explanation).evidence[0]?.agree;
  };
  assert.equal(await counted(), 2);
  assert.equal(await counted('--to-time', '1792050000'), 1);
  assert.equal(await counted('--at', '1792050000'), 1);
  assert.equal(await counted('--at', '1792100020', '--last', '1h'), 1);
});

test('--prove is of a lab alone: without one nothing is sent, and a model has no lab', () => {
  const empty = mkdtempSync(join(tmpdir(), 'flowgauge-diagnose-'));
  const run = (...more: readonly string[]): { status: number | null; stderr: string } =>
    spawnSync(process.execPath, [MAIN, 'diagnose', '--prove', ...more], {
      encoding: 'utf8',
      env: { ...process.env, FLOWGAUGE_LAB: empty },
    });
  const none = run(...ENDS);
  assert.equal(none.status, 1);
  assert.ok(none.stderr.includes(`no lab of "${empty}" runs`), none.stderr);
  const both = run(...ENDS, '--vpc', join(CASES, 'nat-path', 'model.json'));
  assert.deepEqual([both.status, /--prove.*cannot be used with.*--vpc/.test(both.stderr)], [2, true], both.stderr);
  const records = run('--logs', join(CASES, 'nat-path', 'records.txt'));
  assert.equal(records.status, 2);
  rmSync(empty, { recursive: true });
});
