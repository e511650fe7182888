import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { ReplayAnswer } from '../api/replay.ts';
import { buildBucket, SLOT_SECONDS as T } from '../lake/read/build-bucket.ts';
import { network } from '../network/verdict/told-network.ts';
import type { RuleWords } from '../network/verdict/told-network.ts';
import { inOneProcess, start } from './one-process.fixture.ts';
import type { Ended } from './one-process.fixture.ts';

const bucket = buildBucket();
after(() => bucket.remove());
bucket.text([
  'interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status tcp-flags flow-direction',
  `eni-a 198.51.100.7 10.0.1.5 40112 443 6 3 300 ${T} ${T + 20} ACCEPT OK 2 ingress`,
  `eni-a 10.0.1.5 198.51.100.7 443 40112 6 2 200 ${T} ${T + 20} ACCEPT OK 18 egress`,
  `eni-a 198.51.100.7 10.0.1.5 40113 22 6 1 60 ${T} ${T + 20} REJECT OK 2 ingress`,
  `eni-a - - - - - - - ${T + 60} ${T + 119} - NODATA - -`,
]);
const WEB: RuleWords = ['sgr-web', 'sg-a', 'in', 'tcp', 443, 443, '0.0.0.0/0'];
const model = bucket.file('model.json', JSON.stringify(network([WEB])));
const close = bucket.file('close.json', JSON.stringify({ changes: [{ do: 'remove-rule', rule: 'sgr-web' }] }));
const open = bucket.file(
  'open.json',
  JSON.stringify({
    changes: [
      { do: 'add-rule', group: 'sg-a', direction: 'ingress', protocol: 'tcp', ports: '22', peer: '198.51.100.0/24' },
      { do: 'remove-rule', rule: 'sgr-nine' },
    ],
  }),
);

const wideOpen = bucket.file(
  'wide.json',
  JSON.stringify({
    changes: [{ do: 'add-rule', group: 'sg-a', direction: 'ingress', protocol: 'all', peer: '0.0.0.0/0' }],
  }),
);

const flowgauge = inOneProcess(bucket.directory);
const logs = ['--logs', 'AWSLogs'];

test('exits 3 when something is newly blocked, and says what, by which rule, whose', async () => {
  const { code, out } = await start(bucket.directory, 'replay', '--change', close, '--vpc', model, ...logs);
  assert.equal(code, 3);
  assert.match(out, /^The change blocks 1 conversation that passed\.\n/);
  assert.match(
    out,
    / {2}tcp\/443 into eni-a\n {4}1 conversation, 5 packets, 500 bytes, last seen 2026-11-23T12:05:20Z\n/,
  );
  assert.match(
    out,
    / {4}1 peer: 198\.51\.100\.7\n {4}now: {3}ACCEPT by sgr-web \(sg-ingress\)\n {4}after: REJECT: no rule admits it/,
  );
  // eslint-disable-next-line no-control-regex
  assert.doesNotMatch(out, /\u001b/);
});

test('exits 0 when nothing is blocked, and 1 when a step could not be made', async () => {
  assert.equal((await flowgauge('replay', '--change', wideOpen, '--vpc', model, ...logs)).code, 0);
  const { code, out } = await flowgauge('replay', '--change', open, '--vpc', model, ...logs);
  assert.equal(code, 1);
  assert.match(out, /\nOf the change 1 step could not be made: see the end\.\n/);
});

test('JSON has every total, and what the model does not have is said', async () => {
  const { code, out } = await flowgauge('replay', '--change', open, '--vpc', model, ...logs, '--json');
  const answer = JSON.parse(out) as ReplayAnswer;
  assert.equal(code, 1);
  assert.deepEqual(
    [answer.totals.same.conversations, answer.totals['newly-allowed'].conversations, answer.records.nodata],
    [1, 1, 1],
  );
  assert.deepEqual(answer.changeNotes, [{ kind: 'not-in-model', what: 'sgr-nine', step: 1 }]);
  const text = await flowgauge('replay', '--change', open, '--vpc', model, ...logs);
  assert.match(text.out, /Newly allowed\n {2}tcp\/22 into eni-a\n/);
  assert.match(text.out, /Step 2 of the change: the model does not have sgr-nine\./);
});

test('takes two models as before and after', async () => {
  const later = bucket.file('later.json', JSON.stringify(network([])));
  const { code, out } = await flowgauge('replay', '--change', model, later, ...logs);
  assert.deepEqual([code, out.split('\n')[0]], [3, 'The change blocks 1 conversation that passed.']);
});

test('promises nothing where no conversation could be judged', async () => {
  const other = bucket.file('other.json', JSON.stringify({ Vpcs: [{ VpcId: 'vpc-z', CidrBlock: '10.9.0.0/16' }] }));
  const { code, out } = await flowgauge('replay', '--change', other, other, ...logs);
  assert.equal(code, 1);
  assert.match(out, /^No conversation could be judged: is the model that of these records\?\n/);
});

test('takes the network that was imported where no model is given', async () => {
  const none = await flowgauge('replay', '--change', close, ...logs, '--data', 'kept');
  assert.deepEqual([none.code, /FG_STATE_MISSING/.test(none.err)], [1, true]);
  assert.equal((await flowgauge('import', 'aws', model, '--data', 'kept')).code, 0);
  const { code, out } = await flowgauge('replay', '--change', close, ...logs, '--data', 'kept');
  assert.deepEqual([code, out.split('\n')[0]], [3, 'The change blocks 1 conversation that passed.']);
});

test('judges by the network as it was at a time', async () => {
  const later = bucket.file('later-rules.json', JSON.stringify(network([])));
  for (const [file, at] of [
    [model, '2026-11-01'],
    [later, '2026-11-20'],
  ] as const)
    assert.equal((await flowgauge('import', 'aws', file, '--at', at, '--data', 'dated')).code, 0);
  const ask = (...more: string[]) =>
    flowgauge('replay', '--change', wideOpen, ...logs, '--data', 'dated', '--json', ...more);
  const effectOf = ({ out }: Ended): number =>
    (JSON.parse(out) as ReplayAnswer).totals['accepted-unexplained'].conversations;
  assert.deepEqual([effectOf(await ask()), effectOf(await ask('--at', '2026-11-10'))], [1, 0]);
});

test('an option that would say nothing is refused', async () => {
  for (const words of [
    [model, model, '--vpc', model],
    [wideOpen, '--vpc', model, '--at', '2026-11-01'],
    [wideOpen, '--vpc', model, '--known-at', '2026-11-01'],
  ])
    assert.equal((await flowgauge('replay', '--change', ...words, ...logs)).code, 2);
});

test('a wrong command line exits 2, a bad change 1', async () => {
  assert.equal((await flowgauge('replay', ...logs)).code, 2);
  const bad = bucket.file('bad.json', '{"changes": [{"do": "open"}]}');
  const { code, err } = await flowgauge('replay', '--change', bad, '--vpc', model, ...logs);
  assert.equal(code, 1);
  assert.match(err, /FG_CHANGE_VALUE/);
});

test('takes the JSON of a diagnosis, of two ends and of records, and leaves the choice among several to the user', async () => {
  const ends = await flowgauge(
    'diagnose',
    '--vpc',
    model,
    '--from',
    '10.0.1.6',
    '--to',
    '10.0.1.5',
    '--port',
    '22',
    '--json',
  );
  const one = bucket.file('ends.json', ends.out);
  const allowed = async (...words: string[]): Promise<readonly [number | null, number]> => {
    const { code, out, err } = await flowgauge(
      'replay',
      '--vpc',
      model,
      '--logs',
      probes,
      '--json',
      '--change',
      ...words,
    );
    if (out === '') throw new Error(err);
    return [code, (JSON.parse(out) as ReplayAnswer).totals['newly-allowed'].conversations];
  };
  const probes = bucket.file(
    'probes.log',
    [
      'interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status tcp-flags flow-direction',
      `eni-a 10.0.1.6 10.0.1.5 40113 22 6 1 60 ${T} ${T + 20} REJECT OK 2 ingress`,
      `eni-b 10.0.1.6 10.0.2.5 40113 80 6 1 60 ${T} ${T + 20} REJECT OK 2 ingress`,
      '',
    ].join('\n'),
  );
  assert.deepEqual(await allowed(one), [0, 1]);
  const records = await flowgauge('diagnose', '--vpc', model, '--logs', probes, '--json');
  const several = bucket.file('records.json', records.out);
  const { code, err } = await flowgauge('replay', '--vpc', model, '--logs', probes, '--change', several);
  assert.equal(code, 2);
  assert.match(
    err,
    /proposes 2 changes; .*--fix: 1 for aws ec2 authorize-.*; 2 for aws ec2 .*; all .*\(FG_CHANGE_WHICH\)/,
  );
  assert.deepEqual(await allowed(several, '--fix', '2'), [0, 1]);
  assert.deepEqual(await allowed(several, '--fix', 'all'), [0, 2]);
  const wrong = [
    [several, '3', 2, /--fix 3 is none of them/],
    [close, '1', 2, /FG_CHANGE_FIX/],
    [bucket.file('allowed.json', '{"fixes": [], "steps": []}'), null, 1, /proposes no change.*FG_CHANGE_NO_FIX/],
    [bucket.file('address.json', '{"fixes": [{"replay": null}], "steps": []}'), null, 1, /cannot be replayed/],
    [bucket.file('strange.json', '{"Vpcs": []}'), null, 1, /diagnose --json.*FG_CHANGE_FORM/],
  ] as const;
  for (const [file, fix, exit, message] of wrong) {
    const told = await flowgauge('replay', '--vpc', model, '--change', file, ...(fix === null ? [] : ['--fix', fix]));
    assert.equal(told.code, exit, told.err);
    assert.match(told.err, message);
  }
});

test('flow logs are named by --logs, by the other name too, and lie else in the directory of --data', async () => {
  const ask = (...words: string[]) => flowgauge('replay', '--change', close, '--vpc', model, ...words);
  assert.equal((await ask('--from', 'AWSLogs')).code, 3);
  assert.equal((await ask('--data', '.')).code, 3);
  assert.equal(
    (await flowgauge('query', '--logs', 'AWSLogs', 'SELECT count(*) AS n FROM flow_logs', '-o', 'json')).out,
    '{"n":4}\n',
  );
});
