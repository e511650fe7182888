import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Suggestion } from '../api/suggestion.ts';
import { buildBucket, SLOT_SECONDS as T } from '../lake/read/build-bucket.ts';
import { network } from '../network/verdict/told-network.ts';
import { inOneProcess, start } from './one-process.fixture.ts';
import type { Ended } from './one-process.fixture.ts';

const bucket = buildBucket();
after(() => bucket.remove());
const both = (client: string, port: number, source: number): string[] => [
  `eni-a ${client} 10.0.1.5 ${source} ${port} 6 6 900 ${T} ${T + 20} ACCEPT OK 3 ingress`,
  `eni-a 10.0.1.5 ${client} ${port} ${source} 6 5 4000 ${T} ${T + 20} ACCEPT OK 19 egress`,
];
bucket.text([
  'interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status tcp-flags flow-direction',
  ...both('198.51.100.7', 443, 40112),
  ...both('10.0.2.5', 443, 40113),
  `eni-a 203.0.113.9 10.0.1.5 40114 22 6 1 60 ${T} ${T + 20} ACCEPT OK 2 ingress`,
  `eni-a 203.0.113.9 10.0.1.5 40115 23 6 1 60 ${T} ${T + 20} REJECT OK 2 ingress`,
]);
const model = bucket.file(
  'model.json',
  JSON.stringify(
    network([
      ['sgr-all', 'sg-a', 'in', 'tcp', 0, 65535, '0.0.0.0/0'],
      ['sgr-b', 'sg-b', 'out', '-1', -1, -1, '0.0.0.0/0'],
    ]),
  ),
);

const flowgauge = inOneProcess(bucket.directory);
const suggest = (...words: string[]): Promise<Ended> =>
  flowgauge('suggest', 'sg-a', '--vpc', model, '--logs', 'AWSLogs', ...words);

test('prints the rules with what they rest on, and what was left out', async () => {
  const { code, out } = await start(bucket.directory, 'suggest', 'sg-a', '--vpc', model, '--logs', 'AWSLogs');
  assert.equal(code, 0);
  assert.match(out, /^sg-a needs 2 rules for what was recorded\.\n/);
  assert.match(out, / {2}tcp\/443 {2}sg-b {13}1 conversation {2}1 of 1 member {2}last 2026-11-23T12:05:20Z {2}new\n/);
  assert.match(out, /Not needed, and left out: sgr-all\n/);
  assert.match(
    out,
    /Left out: 1 conversation that nobody answered, of 203\.0\.113\.9\.\nLeft out: 1 conversation that was rejected\.\n/,
  );
  assert.match(out, /these rules block 1 conversation that passed, all of them left out on purpose/);
});

test('a form to be kept and the whole answer are not asked for at once', async () => {
  const { code, err } = await suggest('-o', 'json', '--json');
  assert.deepEqual([code, /--output.*cannot be used with.*--json/.test(err)], [2, true]);
});

test('prints commands and Terraform, and a change that replay takes back', async () => {
  const commands = await suggest('-o', 'aws-cli');
  assert.equal(
    commands.out,
    `#!/bin/sh -e
aws ec2 authorize-security-group-ingress --group-id sg-a --ip-permissions '[{"IpProtocol":"tcp","FromPort":443,"ToPort":443,"UserIdGroupPairs":[{"GroupId":"sg-b"}]},{"IpProtocol":"tcp","FromPort":443,"ToPort":443,"IpRanges":[{"CidrIp":"198.51.100.7/32"}]}]'
aws ec2 revoke-security-group-ingress --group-id sg-a --security-group-rule-ids sgr-all
`,
  );
  const terraform = await suggest('-o', 'terraform');
  assert.match(
    terraform.out,
    /resource "aws_vpc_security_group_ingress_rule" "ingress_tcp_443_sg_b" \{\n {2}security_group_id {12}= "sg-a"\n {2}ip_protocol {18}= "tcp"\n {2}from_port {20}= 443\n/,
  );
  const change = bucket.file('tighter.json', (await suggest('-o', 'json')).out);
  const replayed = await flowgauge('replay', '--change', change, '--vpc', model, '--logs', 'AWSLogs', '--json');
  const { totals, causes } = JSON.parse(replayed.out) as {
    totals: Record<string, { conversations: number }>;
    causes: { port: number }[];
  };
  assert.deepEqual([totals['newly-blocked']?.conversations, causes[0]?.port, replayed.code], [1, 22, 3]);
});

test('exits 3 where the limit cannot be held, and 2 for what is no group or no value', async () => {
  const tight = await suggest('--limit', '1', '--json');
  const answer = JSON.parse(tight.out) as Suggestion;
  assert.deepEqual([tight.code, answer.fits, answer.widenWith], [3, false, null]);
  const unknown = await flowgauge('suggest', 'sg-aa', '--vpc', model, '--logs', 'AWSLogs');
  assert.deepEqual([unknown.code, /it has sg-a/.test(unknown.err)], [2, true]);
  assert.equal((await suggest('--widen', '40')).code, 2);
});
