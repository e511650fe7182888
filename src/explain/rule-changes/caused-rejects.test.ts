import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EntryWords, RuleWords } from '../../network/verdict/told-network.ts';
import { network, OPEN } from '../../network/verdict/told-network.ts';
import { attributed, modelsAt } from '../records/told-records.ts';
import { causedRejects, changesWithin } from './caused-rejects.ts';

const WEB: RuleWords = ['sgr-1', 'sg-a', 'in', 'tcp', 80, 80, '0.0.0.0/0'];
const SSH: RuleWords = ['sgr-2', 'sg-a', 'in', 'tcp', 22, 22, '0.0.0.0/0'];
const DENY: EntryWords = [50, 'in', 'deny', '6', 80, 80, '198.51.100.0/24'];

const line = (at: number, action: string, port = 80, src = '198.51.100.7'): string =>
  `eni-a ${src} 10.0.1.5 40000 ${port} 6 1 60 ${at} ${at + 10} ${action} 2 ingress`;

type Model = readonly [number, object];

/** Changes with the flows that they made fail: `sgr-1 rule-removed certain 2 flows since 1200`. */
function texts(models: readonly Model[], ...lines: string[]): string[] {
  const times = modelsAt(...models);
  return causedRejects(attributed(times, lines), times).map(
    ({ changes, certainty, flows, firstRejectedSeconds }) =>
      `${changes.map(({ id, kind, atSeconds }) => `${id} ${kind} ${atSeconds}`).join(' | ')} ${certainty} ${flows.length} since ${firstRejectedSeconds}`,
  );
}

describe('a flow that was accepted and is rejected', () => {
  it('is blamed on the rule that admitted it and went', () => {
    const models: Model[] = [
      [0, network([WEB, SSH])],
      [1000, network([SSH])],
      [2000, network([SSH, ['sgr-9', 'sg-b', 'in', 'tcp', 1, 1, '0.0.0.0/0']])],
    ];
    const lines = [line(500, 'ACCEPT'), line(1200, 'REJECT'), line(520, 'ACCEPT', 80, '198.51.100.8')];
    assert.deepEqual(texts(models, ...lines, line(1300, 'REJECT', 80, '198.51.100.8')), [
      'sgr-1 rule-removed 1000 certain 2 since 1200',
    ]);
  });

  it('is blamed on the change that turned it, not on a later one', () => {
    const models: Model[] = [
      [0, network([WEB])],
      [1000, network([])],
      [1100, network([SSH])],
    ];
    assert.deepEqual(texts(models, line(500, 'ACCEPT'), line(1200, 'REJECT')), [
      'sgr-1 rule-removed 1000 certain 1 since 1200',
    ]);
  });

  it('is blamed on the ACL entry that denies it and came', () => {
    const models: Model[] = [
      [0, network([WEB], OPEN)],
      [1000, network([WEB], [DENY, ...OPEN])],
    ];
    assert.deepEqual(texts(models, line(500, 'ACCEPT'), line(1200, 'REJECT')), [
      'acl-a/in/50 rule-added 1000 certain 1 since 1200',
    ]);
  });

  it('is blamed on a change that was seen by an import after the first reject', () => {
    const models: Model[] = [
      [0, network([WEB])],
      [1000, network([])],
    ];
    assert.deepEqual(texts(models, line(500, 'ACCEPT'), line(800, 'REJECT')), [
      'sgr-1 rule-removed 1000 certain 1 since 800',
    ]);
  });

  it('is blamed on a rule that says something else now', () => {
    const narrower: RuleWords = ['sgr-1', 'sg-a', 'in', 'tcp', 80, 80, '10.0.0.0/8'];
    const models: Model[] = [
      [0, network([WEB])],
      [1000, network([narrower])],
    ];
    assert.deepEqual(texts(models, line(500, 'ACCEPT'), line(1200, 'REJECT')), [
      'sgr-1 rule-changed 1000 certain 1 since 1200',
    ]);
  });

  it('is blamed on who left a referenced group', () => {
    const fromA: RuleWords = ['sgr-3', 'sg-b', 'in', 'tcp', 80, 80, 'sg-a'];
    const before = network([fromA]) as { NetworkInterfaces: { NetworkInterfaceId: string }[] };
    const after = {
      ...before,
      NetworkInterfaces: before.NetworkInterfaces.map((one) =>
        one.NetworkInterfaceId === 'eni-a' ? { ...one, Groups: [{ GroupId: 'sg-b' }] } : one,
      ),
    };
    const toB = (at: number, action: string): string =>
      `eni-b 10.0.1.5 10.0.2.5 40000 80 6 1 60 ${at} ${at + 10} ${action} 2 ingress`;
    assert.deepEqual(
      texts(
        [
          [0, before],
          [1000, after],
        ],
        toB(500, 'ACCEPT'),
        toB(1200, 'REJECT'),
      ),
      ['eni-a interface-groups 1000 certain 1 since 1200'],
    );
  });

  it('is blamed on nothing where the rules did not turn, or it was rejected before it was accepted', () => {
    const models: Model[] = [
      [0, network([WEB, SSH])],
      [1000, network([WEB])],
    ];
    assert.deepEqual(texts(models, line(500, 'ACCEPT'), line(1200, 'REJECT')), []);
    assert.deepEqual(texts(models, line(500, 'REJECT', 22), line(600, 'ACCEPT', 22)), []);
  });
});

it('changes of a span of time are those that were seen in it', () => {
  const times = modelsAt([0, network([WEB])], [1000, network([SSH])], [2000, network([WEB], [DENY, ...OPEN])]);
  const of = (from: number, to: number): string[] =>
    changesWithin(times, from, to).map(({ kind, id }) => `${kind} ${id}`);
  assert.deepEqual(of(100, 900), []);
  assert.deepEqual(of(100, 1000), ['rule-removed sgr-1', 'rule-added sgr-2']);
  assert.deepEqual(of(1500, 2500), ['rule-added acl-a/in/50', 'rule-added sgr-1', 'rule-removed sgr-2']);
});
