/** What is told of a packet by the model, the kernel and the records, and where they differ. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProofRecord } from '../../api/proof.ts';
import { snapshotOf } from '../../network/verdict/told-packets.ts';
import type { ProofFound } from './compare-proof.ts';
import { compareProof } from './compare-proof.ts';
import { createDiagnoser } from './diagnose.ts';

const ALL = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
const rule = (id: string, group: string, IsEgress: boolean, more: object): object => ({
  SecurityGroupRuleId: id,
  GroupId: group,
  IsEgress,
  IpProtocol: '-1',
  FromPort: -1,
  ToPort: -1,
  CidrIpv4: '10.0.0.0/16',
  ...more,
});

/** Two interfaces in two subnets; what an ACL denies at the receiver. */
function worldOf(denied: 'nothing' | 'request' | 'reply', groups = true) {
  const entry = (Egress: boolean, RuleNumber: number, RuleAction: string): object => ({
    Egress,
    RuleNumber,
    RuleAction,
    Protocol: '-1',
    CidrBlock: '0.0.0.0/0',
  });
  const model = {
    Vpcs: [{ VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' }],
    Subnets: [1, 2].map((n) => ({ SubnetId: `subnet-${n}`, VpcId: 'vpc-1', CidrBlock: `10.0.${n}.0/24` })),
    NetworkInterfaces: [1, 2].map((n) => ({
      NetworkInterfaceId: `eni-${n}`,
      VpcId: 'vpc-1',
      SubnetId: `subnet-${n}`,
      PrivateIpAddress: `10.0.${n}.10`,
      Groups: groups || n === 1 ? [{ GroupId: `sg-${n}` }] : [],
    })),
    SecurityGroups: [1, 2].map((n) => ({
      GroupId: `sg-${n}`,
      VpcId: 'vpc-1',
      IpPermissions: [],
      IpPermissionsEgress: [ALL],
    })),
    SecurityGroupRules: [
      rule('sgr-out', 'sg-1', true, {}),
      rule('sgr-in', 'sg-2', false, { IpProtocol: 'tcp', FromPort: 80, ToPort: 80 }),
    ],
    NetworkAcls: [1, 2].map((n) => ({
      NetworkAclId: `acl-${n}`,
      VpcId: 'vpc-1',
      Associations: [{ SubnetId: `subnet-${n}` }],
      Entries: [
        entry(false, 100, n === 2 && denied === 'request' ? 'deny' : 'allow'),
        entry(true, 100, n === 2 && denied === 'reply' ? 'deny' : 'allow'),
      ],
    })),
    RouteTables: [{ RouteTableId: 'rtb-1', VpcId: 'vpc-1', Associations: [{ Main: true }], Routes: [] }],
  };
  const diagnoser = createDiagnoser(snapshotOf(model));
  const question = {
    from: 'eni-1',
    to: 'eni-2',
    protocol: 6,
    port: 80,
    sourcePorts: [40_000, 40_000],
    atMicros: 0,
  } as const;
  return { world: diagnoser.world, diagnosed: diagnoser.diagnose(question) };
}

const record = (
  at: 1 | 2,
  direction: 'ingress' | 'egress',
  leg: 'request' | 'reply',
  verdict: string,
  packets: number,
): Omit<ProofRecord, 'leg'> => {
  const [action, ruleId = null] = verdict.split(' ');
  const [source = '', destination = ''] = leg === 'request' ? ['10.0.1.10', '10.0.2.10'] : ['10.0.2.10', '10.0.1.10'];
  return {
    interfaceId: `eni-${at}`,
    direction,
    source,
    destination,
    action: action as 'ACCEPT' | 'REJECT',
    ruleId,
    stage: null,
    verdictSource: 'kernel',
    packets,
  };
};
const PASSED: ProofFound = {
  request: { left: 4, came: 4 },
  reply: { left: 3, came: 3 },
  records: [
    record(1, 'egress', 'request', 'ACCEPT sgr-out', 4),
    record(2, 'ingress', 'request', 'ACCEPT sgr-in', 4),
    record(2, 'egress', 'reply', 'ACCEPT sgr-in', 3),
    record(1, 'ingress', 'reply', 'ACCEPT sgr-out', 3),
  ],
};
const said = (denied: Parameters<typeof worldOf>[0], found: ProofFound, groups = true): string[] => {
  const { world, diagnosed } = worldOf(denied, groups);
  return compareProof(world, diagnosed, found).differences.map((one) => {
    const verdict = (of: { action: string; ruleId: string | null } | null): string =>
      of === null ? '-' : `${of.action} ${of.ruleId}`;
    if (one.kind === 'arrival') return `${one.leg} model ${one.model} kernel ${one.kernel}`;
    const where = `${one.leg} ${one.interfaceId} ${one.direction}`;
    if (one.kind === 'packets') return `${where} kernel ${one.kernel} record ${one.record}`;
    return `${where} model ${verdict(one.model)} record ${verdict(one.record)}`;
  });
};

test('agrees where what passes, what rejects and how many are the same', () => {
  assert.deepEqual(said('nothing', PASSED), []);
  const [out] = PASSED.records;
  assert.deepEqual(
    said('request', {
      request: { left: 1, came: 0 },
      reply: { left: 0, came: 0 },
      records: [{ ...out!, packets: 1 }, record(2, 'ingress', 'request', 'REJECT acl-2/in/100', 1)],
    }),
    [],
  );
  assert.deepEqual(
    said('reply', {
      request: { left: 1, came: 1 },
      reply: { left: 2, came: 0 },
      records: [
        { ...out!, packets: 1 },
        record(2, 'ingress', 'request', 'ACCEPT sgr-in', 1),
        record(2, 'egress', 'reply', 'REJECT acl-2/out/100', 2),
      ],
    }),
    [],
  );
});

test('where an interface has no groups, as a NAT gateway, the entry of the ACL is the rule', () => {
  const [out, , , home] = PASSED.records;
  const entries = [
    record(2, 'ingress', 'request', 'ACCEPT acl-2/in/100', 4),
    record(2, 'egress', 'reply', 'ACCEPT acl-2/out/100', 3),
  ];
  assert.deepEqual(said('nothing', { ...PASSED, records: [out!, ...entries, home!] }, false), []);
});

test('where nothing was sent back, the way back is not compared', () => {
  const reply = { left: 0, came: 0 };
  assert.deepEqual(said('nothing', { ...PASSED, reply, records: PASSED.records.slice(0, 2) }), []);
});

test('tells a packet that the kernel lets through and the model does not, and a record that none should be', () => {
  assert.deepEqual(said('request', PASSED), [
    'request model false kernel true',
    'reply model false kernel true',
    'request eni-2 ingress model REJECT acl-2/in/100 record ACCEPT sgr-in',
    'reply eni-2 egress model - record ACCEPT sgr-in',
    'reply eni-1 ingress model - record ACCEPT sgr-out',
  ]);
});

test('tells another rule, a record that is missing, one too many, and other numbers', () => {
  const [out, into, back, home] = PASSED.records;
  assert.deepEqual(said('nothing', { ...PASSED, records: [{ ...out!, ruleId: 'sgr-other' }, into!, back!, home!] }), [
    'request eni-1 egress model ACCEPT sgr-out record ACCEPT sgr-other',
  ]);
  assert.deepEqual(said('nothing', { ...PASSED, records: [out!, into!, home!] }), [
    'reply eni-2 egress model ACCEPT sgr-in record -',
    'reply eni-2 egress kernel 3 record 0',
  ]);
  assert.deepEqual(said('nothing', { ...PASSED, records: [...PASSED.records, { ...out!, source: '10.0.9.9' }] }), [
    'null eni-1 egress model - record ACCEPT sgr-out',
  ]);
  assert.deepEqual(said('nothing', { ...PASSED, request: { left: 4, came: 3 } }), [
    'request eni-2 ingress kernel 3 record 4',
  ]);
});
