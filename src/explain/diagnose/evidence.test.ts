/** What records add to a diagnosis: agreement, silence and its reasons, and what only they can tell. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Explanation } from '../../api/explanation.ts';
import { snapshotOf } from '../../network/verdict/told-packets.ts';
import type { DiagnoseQuestion } from './diagnose.ts';
import { createDiagnoser } from './diagnose.ts';
import { withEvidence } from './evidence.ts';

const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-evidence-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

const CASES = fileURLToPath(new URL('../../../docs/diagnose/', import.meta.url));
const FIELDS = 'interface-id srcaddr dstaddr srcport dstport protocol packets start end action tcp-flags'.split(' ');
const START = 1_792_000_000;
const [A, B] = ['10.0.1.10', '10.0.2.20'];

/** `eni source:port destination:port action flags second`, and what judged it: `kernel sg-ingress sgr-1`. */
type Line = string;

let files = 0;

function logsOf(lines: readonly Line[], fields: readonly string[] = FIELDS): string {
  const rows = lines.map((line) => {
    const [
      eni = '',
      from = '',
      to = '',
      action = '',
      flags = '0',
      second = '0',
      source = '-',
      stage = '-',
      rule = '-',
    ] = line.split(' ');
    const [srcaddr = '', srcport = ''] = from.split(':');
    const [dstaddr = '', dstport = ''] = to.split(':');
    const at = START + Number(second);
    const row: Record<string, string | number> = {
      'interface-id': eni,
      srcaddr,
      dstaddr,
      srcport,
      dstport,
      protocol: 6,
      packets: 2,
      start: at,
      end: at + 10,
      action,
      'tcp-flags': flags,
      'x-verdict-source': source,
      'x-verdict-stage': stage,
      'x-rule-id': rule,
    };
    return fields.map((field) => row[field]).join(' ');
  });
  const file = join(scratch, `records-${files++}.txt`);
  writeFileSync(file, `${[fields.join(' '), ...rows].join('\n')}\n`);
  return file;
}

async function explain(
  name: string,
  lines: readonly Line[],
  more: Partial<DiagnoseQuestion> = {},
  { fields = FIELDS, model = {} }: { readonly fields?: readonly string[]; readonly model?: object } = {},
): Promise<Explanation> {
  const json = JSON.parse(readFileSync(join(CASES, name, 'model.json'), 'utf8')) as object;
  const diagnoser = createDiagnoser(snapshotOf({ ...json, ...model }));
  const question = { from: 'i-0app', to: 'i-0db', protocol: 6, port: 5432, sourcePorts: null, atMicros: 0, ...more };
  return withEvidence(diagnoser, question, diagnoser.diagnose(question), logsOf(lines, fields), {});
}

const SYN = [`eni-0app ${A}:40112 ${B}:5432 ACCEPT 2`, `eni-0db ${A}:40112 ${B}:5432 ACCEPT 2`];
const OTHER = `eni-0app ${A}:40112 10.0.9.9:80 ACCEPT 2`;
const counts = ({ evidence: [one] }: Explanation): unknown => [one?.agree, one?.disagree, one?.noRecord];

test('a reply that was recorded leaves it allowed, one that is nothing but a reset says that nobody listens', async () => {
  const reply = (flags: number): Line[] => [`eni-0db ${B}:5432 ${A}:40112 ACCEPT ${flags}`];
  const answered = await explain('nobody-listens', [...SYN, ...reply(18)]);
  assert.deepEqual([answered.outcome, answered.deciding, ...(counts(answered) as [])], ['allowed', null, 3, 0, null]);
  const refused = await explain('nobody-listens', [...SYN, ...reply(4)]);
  assert.deepEqual([refused.outcome, refused.cause], ['unanswered', 'nobody-listens']);
  assert.equal(refused.steps[refused.deciding ?? -1]?.reason, 'refused');
});

test('that nobody listens is not said where no record shows the request at the receiver, nor of UDP', async () => {
  const out = await explain('nobody-listens', SYN.slice(0, 1));
  assert.deepEqual([out.outcome, ...(counts(out) as [])], ['allowed', 1, 0, null]);
  const model = JSON.parse(readFileSync(join(CASES, 'nobody-listens', 'model.json'), 'utf8')) as {
    SecurityGroupRules: { IpProtocol: string }[];
  };
  const udp = model.SecurityGroupRules.map((rule) => ({ ...rule, IpProtocol: rule.IpProtocol.replace('tcp', 'udp') }));
  const said = await explain('nobody-listens', SYN, { protocol: 17 }, { model: { SecurityGroupRules: udp } });
  assert.equal(said.outcome, 'allowed');
});

test('records that say otherwise are counted as disagreeing', async () => {
  const said = await explain('group-rule-missing', SYN);
  assert.deepEqual([said.outcome, ...(counts(said) as [])], ['blocked', 1, 1, null]);
  assert.deepEqual(
    said.evidence[0]?.seen.map(({ interfaceId, agrees }) => [interfaceId, agrees]),
    [
      ['eni-0app', true],
      ['eni-0db', false],
    ],
  );
});

test('what the kernel judged in the asked time makes it certain by the kernel, and nothing else does', async () => {
  const fields = [...FIELDS, 'x-verdict-source', 'x-verdict-stage', 'x-rule-id'];
  const left = `eni-0app ${A}:40112 ${B}:5432 ACCEPT 2 0 kernel sg-egress sgr-0app-out`;
  const met = (more: string): Line => `eni-0db ${A}:40112 ${B}:5432 ${more}`;
  const dropped = met('REJECT 2 0 kernel sg-ingress default-deny');
  const said = async (lines: readonly Line[], more: Partial<DiagnoseQuestion> = {}): Promise<unknown> => {
    const { certainty, evidence } = await explain('group-rule-missing', lines, more, { fields });
    return [
      certainty,
      ...evidence.filter(({ source }) => source === 'kernel').flatMap((one) => [one.agree, one.disagree]),
    ];
  };
  assert.deepEqual(await said([left, dropped]), ['kernel', 2, 0]);
  for (const [name, lines] of [
    ['the model judged it', [left, met('REJECT 2 0 model sg-ingress default-deny')]],
    ['another stage dropped it', [left, met('REJECT 2 0 kernel nacl-ingress acl-1/in/100')]],
    ['the firewall of the host dropped it, whatever the groups say', [met('REJECT 2 0 kernel host-firewall -')]],
    ['it has passed too', [left, dropped, met('ACCEPT 2 60 kernel sg-ingress sgr-x')]],
    ['it was not seen where it is dropped', [left]],
  ] as const)
    assert.equal(((await said(lines)) as unknown[])[0], 'certain', name);
  // Of the internet, say, only those were judged that were seen.
  assert.equal(((await said([left, dropped], { from: '10.0.0.0/16' })) as unknown[])[0], 'certain');

  const back = (eni: string, more = 'sg-ingress sgr-0db-app'): Line =>
    `${eni} ${B}:5432 ${A}:40112 ACCEPT 18 0 kernel ${more}`;
  const let_in = met('ACCEPT 2 0 kernel sg-ingress sgr-0db-app');
  const passes = async (lines: readonly Line[]): Promise<unknown> => {
    const { outcome, certainty } = await explain('nobody-listens', lines, {}, { fields });
    return [outcome, certainty];
  };
  assert.deepEqual(await passes([left, let_in, back('eni-0db'), back('eni-0app')]), ['allowed', 'kernel']);
  assert.deepEqual(
    await passes([left, let_in, back('eni-0db')]),
    ['allowed', 'certain'],
    'its reply was not seen at the end',
  );
});

test('a rejected SYN is not taken for a packet of a connection that was closed', async () => {
  const ended = [`eni-0db ${A}:40112 ${B}:5432 ACCEPT 3`, `eni-0db ${B}:5432 ${A}:40112 ACCEPT 19`];
  const late = (flags: number, second: number): Line => `eni-0db ${A}:40112 ${B}:5432 REJECT ${flags} ${second}`;
  const causeOf = async (...lines: readonly Line[]): Promise<string> =>
    (await explain('group-rule-missing', [...ended, ...lines])).cause;
  assert.equal(await causeOf(late(0, 300)), 'closed-connection');
  assert.equal(await causeOf(late(2, 300)), 'group');
  assert.equal(await causeOf(late(0, 300), late(2, 310)), 'group');
  // As long as rule V3 remembers a connection.
  assert.equal(await causeOf(late(0, 610)), 'closed-connection');
  assert.equal(await causeOf(late(0, 611)), 'group');
});

test('another account that answers is one that lets it in', async () => {
  const there = '172.31.5.9';
  const lines = [`eni-0app ${A}:40112 ${there}:443 ACCEPT 2`, `eni-0app ${there}:443 ${A}:40112 ACCEPT 18`];
  const said = await explain('peer-vpc-of-another-account', lines, { to: there, port: 443 });
  assert.deepEqual([said.outcome, ...(counts(said) as [])], ['allowed', 2, 0, null]);
  const silent = await explain('peer-vpc-of-another-account', [OTHER], { to: there, port: 443 });
  assert.deepEqual([silent.outcome, silent.certainty], ['unknown', 'not-explained']);
});

test('of a set each pair of addresses is compared with what is said of that pair', async () => {
  const from = 'internet';
  const lines = ['198.51.100.7 REJECT', '203.0.113.70 ACCEPT', '203.0.113.71 REJECT'].map((line) => {
    const [address, action] = line.split(' ');
    return `eni-0web ${address}:50000 10.0.2.20:443 ${action} 2`;
  });
  const said = await explain('prefix-list', lines, { from, to: 'i-0web', port: 443 });
  assert.deepEqual(counts(said), [2, 1, null]);
});

test('says why there is no record, as far as the model has flow logs', async () => {
  const flowLog = (id: string, more: object): object => ({
    FlowLogId: 'fl-0a1b2c3d4e5f60718',
    ResourceId: id,
    LogDestinationType: 's3',
    LogDestination: 'arn:aws:s3:::logs',
    TrafficType: 'ALL',
    MaxAggregationInterval: 60,
    ...more,
  });
  const why = async (...FlowLogs: readonly object[]): Promise<unknown> =>
    (await explain('nobody-listens', [OTHER], {}, { model: { FlowLogs } })).evidence[0]?.noRecord;
  assert.equal(await why(), 'none-seen');
  assert.equal(await why(flowLog('vpc-0a', {})), 'none-seen');
  assert.equal(await why(flowLog('vpc-0a', { TrafficType: 'REJECT' })), 'filtered');
  const elsewhere = { Subnets: [{ SubnetId: 'subnet-0x', VpcId: 'vpc-0a', CidrBlock: '10.0.7.0/24' }] };
  assert.equal(await why(flowLog('subnet-0x', elsewhere)), 'not-covered');
});

test('records without interface, flags and packets are compared by their addresses', async () => {
  const fields = FIELDS.filter((field) => !/^(interface-id|tcp-flags|packets)$/.test(field));
  const said = await explain('nobody-listens', SYN, {}, { fields });
  assert.deepEqual([said.cause, ...(counts(said) as [])], ['nobody-listens', 2, 0, null]);
});
