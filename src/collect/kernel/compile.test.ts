import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileSnapshot, readModel } from '../../network/vpc/model.ts';
import { createDecisionTable } from '../../network/verdict/decisions.ts';
import { refusedLine } from '../privileged/nft-script.ts';
import { DecisionBook } from './book.ts';
import { compileRules, notFollowed } from './compile.ts';
import { flowTables, swapScript } from './flow-sets.ts';
import type { Ruleset } from './ruleset.ts';
import { scriptOf } from './ruleset.ts';

const MODEL = {
  Vpcs: [{ VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' }],
  Subnets: [{ SubnetId: 'subnet-1', VpcId: 'vpc-1', CidrBlock: '10.0.1.0/24' }],
  NetworkInterfaces: [
    {
      NetworkInterfaceId: 'eni-1',
      VpcId: 'vpc-1',
      SubnetId: 'subnet-1',
      PrivateIpAddress: '10.0.1.10',
      Groups: [{ GroupId: 'sg-1' }],
    },
  ],
  SecurityGroups: [{ GroupId: 'sg-1', VpcId: 'vpc-1' }],
  NetworkAcls: [
    {
      NetworkAclId: 'acl-1',
      VpcId: 'vpc-1',
      Associations: [{ SubnetId: 'subnet-1' }],
      Entries: [
        {
          RuleNumber: 90,
          Egress: false,
          Protocol: '6',
          RuleAction: 'deny',
          CidrBlock: '192.0.2.0/24',
          PortRange: { From: 22, To: 22 },
        },
        { RuleNumber: 100, Egress: false, Protocol: '-1', RuleAction: 'allow', CidrBlock: '0.0.0.0/0' },
      ],
    },
  ],
};
const rule = (id: string, more: object): object => ({
  SecurityGroupRuleId: id,
  GroupId: 'sg-1',
  IsEgress: false,
  IpProtocol: 'tcp',
  FromPort: 22,
  ToPort: 22,
  ...more,
});
const SSH = [
  rule('sgr-1', { CidrIpv4: '0.0.0.0/0', FromPort: 0, ToPort: 1023 }),
  rule('sgr-2', { CidrIpv4: '0.0.0.0/0' }),
  rule('sgr-3', { CidrIpv4: '198.51.100.0/24' }),
  rule('sgr-4', { ReferencedGroupInfo: { GroupId: 'sg-1' } }),
];

const book = new DecisionBook(createDecisionTable());
const tables = flowTables(2);
function compile(rules: readonly object[], before?: ReturnType<typeof compileSnapshot>) {
  const snapshot = compileSnapshot(readModel([{ name: 'model', json: { ...MODEL, SecurityGroupRules: rules } }]), {
    version: 1,
    atMicros: 0,
    ...(before === undefined ? {} : { before }),
  });
  return { snapshot, rules: compileRules(snapshot, new Map([[1, 'eni-a']]), book, tables) };
}
const chain = (rules: Ruleset, name: string): readonly string[] => rules.chains.get(name)?.rules ?? [];

test('puts rules in the order in which they decide', () => {
  const { rules } = compile(SSH);
  assert.deepEqual(chain(rules, 'ev_in_1_4').slice(0, -1), [
    'ip saddr @m4_1 tcp dport 22 meta mark set 0x1 return',
    'ip saddr 198.51.100.0/24 tcp dport 22 meta mark set 0x2 return',
    'tcp dport 22 meta mark set 0x3 return',
    'tcp dport 0-1023 meta mark set 0x4 return',
  ]);
  assert.match(chain(rules, 'ev_in_1_4').at(-1)!, /^meta mark set 0x[0-9a-f]+ goto rej_all$/);
  assert.deepEqual(chain(rules, 'acl_in_1').slice(0, 1), ['ip saddr { 10.0.1.0/24 } ip daddr { 10.0.1.0/24 } return']);
  assert.match(
    chain(rules, 'acl_in_1')[1]!,
    /^ip saddr 192\.0\.2\.0\/24 tcp dport 22 meta mark set 0x[0-9a-f]+ goto rej_all$/,
  );
  assert.equal(chain(rules, 'acl_in_1')[2], 'meta nfproto ipv4 return');
});

test('what changes is flushed and filled, what counts is left alone', () => {
  const first = compile(SSH);
  assert.equal(scriptOf(first.rules, first.rules), '');
  const script = scriptOf(compile(SSH.slice(0, 2), first.snapshot).rules, first.rules);
  assert.match(script, /^flush chain inet flowgauge ev_in_1_4$/m);
  assert.match(script, /^delete set inet flowgauge m4_1$/m);
  assert.doesNotMatch(script, /(?:tcp|udp|rest|over|acct|acl)4?_/);
  assert.doesNotMatch(script, /dec_in_1/, 'tracked connections keep their slots');
});

test('writes only what the process with capabilities takes', () => {
  const { rules } = compile(SSH);
  assert.equal(refusedLine(scriptOf(rules, null)), null);
  assert.equal(refusedLine(swapScript(tables, 'a', 'b')), null);
  for (const line of [
    'flush ruleset',
    'add table inet filter',
    'delete table inet filter',
    'add chain inet flowgauge a_b { type filter hook forward priority 0; } ; flush ruleset',
    'add rule inet flowgauge a_b log group 5',
    'add rule inet flowgauge a_b queue num 1',
    'add rule inet flowgauge a_b dup to 10.0.0.1',
    'include "/etc/shadow"',
    'define x = 1',
    'add rule inet flowgauge a_b accept; flush ruleset',
    'add rule inet flowgauge a_b iifname "a;b" accept',
    'add rule inet flowgauge a_b accept # x',
  ])
    assert.equal(refusedLine(`${line}\n`), line);
});

test('some of what is rejected is told by one rule, before it is counted and dropped, and no other may log', () => {
  const { snapshot, rules } = compile(SSH);
  assert.deepEqual(chain(rules, 'rej_all'), ['jump acct_now', 'drop']);
  const telling = compileRules(snapshot, new Map([[1, 'eni-a']]), book, tables, true);
  const [counts, tells, ...rest] = chain(telling, 'rej_all');
  assert.deepEqual([counts, rest], ['counter name n_rejects', ['jump acct_now', 'drop']]);
  assert.match(tells!, /^limit rate 50\/second .* log group 8350 /);
  assert.equal(refusedLine(scriptOf(telling, null)), null);
  const line = `add rule inet flowgauge rej_all ${tells}`;
  for (const other of [line.replace('rej_all', 'h_judge'), line.replace('8350', '5'), line.replace('50/', '5000/')])
    assert.equal(refusedLine(other), other);
});

test('a book that was kept gives the same numbers', () => {
  const { snapshot, rules } = compile(SSH);
  const other = new DecisionBook(createDecisionTable());
  other.takeUp(JSON.parse(JSON.stringify(book.keep(snapshot))), snapshot);
  assert.deepEqual(compileRules(snapshot, new Map([[1, 'eni-a']]), other, tables), rules);
  assert.equal(other.revision, 0);
  assert.throws(() => other.takeUp({ format: 2 }, snapshot), { code: 'FG_KERNEL_BOOK' });
});

test('says what the kernel is not told', () => {
  const { snapshot } = compile(SSH);
  assert.deepEqual(notFollowed(snapshot), []);
  assert.deepEqual(notFollowed({ ...snapshot, blockPublicAccess: [{ subnet: 1, mode: 'block-ingress' }] }), [
    'VPC Block Public Access',
  ]);
});
