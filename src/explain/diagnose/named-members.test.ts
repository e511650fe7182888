/**
 * Each member that is not understood is named by an answer that it may change, and by no other: for each the smallest
 * model in which it matters, a question, and what the answer says. A member without a case here fails.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { KNOWN_MEMBERS } from '../../network/vpc/known-members.generated.ts';
import { compileSnapshot, readModel } from '../../network/vpc/model.ts';
import { NOT_FOLLOWED } from '../../network/vpc/not-followed.ts';
import { createDiagnoser } from './diagnose.ts';
import type { DiagnoseQuestion } from './diagnose.ts';
import { CASES } from './named-members.fixture.ts';
import { BASE, withInterface, WITH_IGW, attachment, endpoint } from './usual-network.fixture.ts';
import type { Json } from './usual-network.fixture.ts';

const FAR = { to: 'eni-b10' };
const QUIET = { from: 'eni-quiet10', to: 'eni-quiet20' };

function openOf(more: Json, asks: Partial<DiagnoseQuestion> = {}): readonly string[] {
  const question = { from: 'eni-a10', to: 'eni-a20', protocol: 6, port: 443, sourcePorts: null, atMicros: 0, ...asks };
  const model = readModel([{ name: 'model', json: { ...BASE, ...more } }]);
  const snapshot = compileSnapshot(model, { version: 1, atMicros: 0 });
  return createDiagnoser(snapshot).diagnose(question).explanation.notUnderstood;
}

/** Whether a model has the member. */
function has(value: unknown, path: string): boolean {
  if (path === '') return true;
  const [, name = '', isList, rest = ''] = /^\.?([^.[]+)(\[\])?(.*)$/u.exec(path) ?? [];
  const below = (value as Json)[name];
  if (below === undefined) return false;
  return isList === undefined ? has(below, rest) : (below as unknown[]).some((item) => has(item, rest));
}

test('a model in which all is as usual leaves nothing open', () => {
  for (const more of [{}, WITH_IGW]) assert.deepEqual(openOf(more), []);
  assert.deepEqual(openOf(endpoint({ State: 'Available', PolicyDocument: ALLOWS_ALL })), []);
});
const ALLOWS_ALL =
  '{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}';

for (const { member, model, asks, says } of CASES)
  test(`${member} is named where it matters, and not elsewhere`, () => {
    assert.ok(has(model, member), 'the case has the member');
    const open = openOf(model, asks);
    assert.ok(
      open.some((line) => line.startsWith(says)),
      open.join('\n'),
    );
    assert.deepEqual(
      openOf(model, QUIET).filter((line) => line.startsWith(says)),
      [],
    );
  });

test('every member that is not understood has a case', () => {
  const cases = new Set(CASES.map(({ member }) => member));
  const entries = Object.values(NOT_FOLLOWED).flatMap((list) => list.flatMap(({ members }) => members));
  assert.deepEqual([...cases].sort(), entries.toSorted());
  const page = readFileSync(new URL('../../../docs/import-members.md', import.meta.url), 'utf8');
  const open = [...page.matchAll(/^\| `([^`]+)` \| not understood \|$/gmu)].map(([, path = '']) => path);
  assert.ok(open.length > 20);
  assert.deepEqual(
    open.filter((path) => ![...cases].some((member) => path === member || /^[.[]/u.test(path.split(member)[1] ?? ''))),
    [],
  );
});

test('a member that nobody here knows is named, with the way to it, where its thing is met', () => {
  const strange = withInterface({ OnlyOnSundays: true, Attachment: { Status: 'attached', Hours: [5] } });
  const lines = ['OnlyOnSundays', 'Attachment.Hours'].map(
    (path) => `eni-a10: it has ${path}, a member that is not known here and not followed`,
  );
  assert.deepEqual(openOf(strange), lines);
  assert.deepEqual(openOf(strange, QUIET), []);
  const attached = attachment({ Speed: 5 });
  assert.ok(openOf(attached, FAR).some((line) => line.startsWith('tgw-1 in vpc-b: it has Speed,')));
  assert.deepEqual(openOf(attached), []);
  const inEndpoint = endpoint({ Fee: 5 });
  assert.deepEqual(openOf(inEndpoint), ['eni-a20: it has Fee, a member that is not known here and not followed']);
});

test('of every kind whose members are known a member that is not is named', () => {
  const needs: Json = { CidrBlock: '10.9.0.0/16', InternetGatewayBlockMode: 'off', Mode: 'monitor' };
  for (const kind of Object.keys(KNOWN_MEMBERS)) {
    const ids = Object.fromEntries(
      (KNOWN_MEMBERS[kind] ?? '')
        .replaceAll(/\{[^{}]*(?:\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}[^{}]*)*\}/gu, '')
        .split(' ')
        .filter((name) => /(?:Id|ARN|Arn|arn|Name)$/u.test(name))
        .map((name) => [name, `${name.toLowerCase()}-1`]),
    );
    const content: Json = { ...ids, ...needs, Novelty: 1, ...SPECIAL[kind] };
    const json = { [kind]: kind === 'VpcBlockPublicAccessOptions' ? content : [content] };
    const { notUnderstood } = readModel([{ name: 'model', json }]);
    assert.ok(
      notUnderstood.some((line) => line.includes('it has Novelty, a member')),
      `${kind}: ${notUnderstood.join('\n')}`,
    );
  }
});
const SPECIAL: Readonly<Record<string, Json>> = {
  SecurityGroupRules: { IsEgress: false, IpProtocol: '-1', CidrIpv4: '10.0.0.0/8', PrefixListId: null },
  FlowLogs: { LogDestination: 'arn:aws:s3:::b', TrafficType: 'ALL', ResourceId: 'vpc-1' },
  VpcBlockPublicAccessExclusions: { InternetGatewayExclusionMode: 'allow-egress' },
  PrefixLists: { Cidrs: [] },
};
