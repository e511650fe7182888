import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { TestContext } from 'node:test';
import type { ConsoleFailure } from '../../../../api/console.ts';
import type {
  DiagnoseAnswer,
  NoRecordAnswer,
  RejectsAnswer,
  ReplayRouteAnswer,
  RuleHitsAnswer,
  SuggestAnswer,
} from '../../../../api/explain-routes.ts';
import type { NetworkAnswer } from '../../../../api/network.ts';
import { buildBucket, SLOT_SECONDS as T } from '../../../../lake/read/build-bucket.ts';
import { network, OPEN } from '../../../../network/verdict/told-network.ts';
import { recordAnswers } from '../../../../storage/state/record-answers.ts';
import { openState, statePath } from '../../../../storage/state/state-file.ts';
import { startConsole } from '../console.fixture.ts';
import type { TestBrowser } from '../console.fixture.ts';

const IDS: Readonly<Record<string, string>> = {
  Vpcs: 'VpcId',
  Subnets: 'SubnetId',
  NetworkInterfaces: 'NetworkInterfaceId',
  SecurityGroups: 'GroupId',
  SecurityGroupRules: 'SecurityGroupRuleId',
  NetworkAcls: 'NetworkAclId',
};

const bucket = buildBucket();
const directory = mkdtempSync(join(tmpdir(), 'flowgauge-explain-'));
symlinkSync(bucket.directory, join(directory, 'bucket'));
after(() => {
  rmSync(directory, { recursive: true });
  rmSync(bucket.directory, { recursive: true });
});

const HEADER =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status tcp-flags flow-direction';
const line = (src: string, port: number, action: string, at: number): string =>
  `2 123456789012 eni-a ${src} 10.0.1.5 40000 ${port} 6 2 120 ${T + at} ${T + at + 20} ${action} OK 2 ingress`;
const REJECTED = '2 123456789012 eni-a 198.51.100.9 10.0.1.5 40000 23 6 2 120';
bucket.text([
  HEADER,
  line('10.0.2.5', 443, 'ACCEPT', 0),
  line('198.51.100.9', 23, 'REJECT', 10),
  line('198.51.100.8', 23, 'REJECT', 100),
  line('10.0.2.5', 443, 'REJECT', 200),
]);

/** Facts as an import told them: once with a rule for 443, from `changed` on without it. */
async function describe443(changedSeconds: number): Promise<void> {
  const state = openState(statePath(directory), true);
  const of = (model: object, atMicros: number): Parameters<typeof recordAnswers>[1] =>
    Object.entries(model).map(([kind, items]) => ({
      kind,
      account: '210987654321',
      region: 'us-east-1',
      atMicros,
      whole: true,
      items: (items as Record<string, unknown>[]).map((content) => ({ id: String(content[IDS[kind]!]), content })),
    }));
  const acl = [[90, 'in', 'deny', '6', 23, 23, '0.0.0.0/0'] as const, ...OPEN];
  const web = ['sgr-web', 'sg-a', 'in', 'tcp', 443, 443, '0.0.0.0/0'] as const;
  const ssh = ['sgr-ssh', 'sg-a', 'in', 'tcp', 22, 22, '10.0.0.0/16'] as const;
  const out = ['sgr-out', 'sg-b', 'out', '-1', -1, -1, '0.0.0.0/0'] as const;
  await recordAnswers(state, of(network([web, ssh, out], acl), (T - 600) * 1e6), 'first', (T - 600) * 1e6);
  await recordAnswers(state, of(network([ssh, out], acl), changedSeconds * 1e6), 'second', changedSeconds * 1e6);
  state.close();
}
await describe443(T + 150);

const RANGE = `from=${T - 60}&to=${T + 600}`;

async function browser(context: TestContext): Promise<TestBrowser> {
  const console = await startConsole(context, { directory, now: () => (T + 700) * 1000 });
  return console.browser();
}

async function ask<T>(from: TestBrowser, kind: string, body: unknown, query = RANGE): Promise<T> {
  const { status, text } = await from.ask('POST', `/api/${kind}?${query}`, body);
  assert.equal(status, 200, text);
  return JSON.parse(text) as T;
}

test('routes that explain', async (context) => {
  const own = await browser(context);

  await context.test('the network is that of the time asked about', async () => {
    const at = async (query: string): Promise<string[]> => {
      const { status, text } = await own.ask('GET', `/api/network${query}`);
      assert.equal(status, 200, text);
      const { groups } = JSON.parse(text) as NetworkAnswer;
      return groups.find(({ id }) => id === 'sg-a')!.rules.map(({ id }) => id);
    };
    assert.deepEqual([await at(''), await at(`?at=${T}`)], [['sgr-ssh'], ['sgr-ssh', 'sgr-web']]);
    const { status, json } = await own.ask<ConsoleFailure>('GET', '/api/network?at=yesterday');
    assert.deepEqual([status, json.error.code], [400, 'FG_REQUEST_QUERY']);
  });

  await context.test('rejects come by cause, those that were accepted before first, of the range alone', async () => {
    const { answer, range, notes } = await ask<RejectsAnswer>(own, 'rejects', {});
    assert.deepEqual(
      answer.causes.map(({ met, records, newly, explanation }) => [
        met[0]?.ruleId,
        records,
        newly?.why,
        explanation?.outcome,
      ]),
      [
        ['default-deny', 1, 'accepted-before', 'blocked'],
        ['acl-a/in/90', 2, undefined, 'blocked'],
      ],
    );
    assert.deepEqual([range, notes], [{ from: T - 60, to: T + 600 }, []]);
    const part = await ask<RejectsAnswer>(own, 'rejects', { limit: 0 }, `from=${T + 90}&to=${T + 110}`);
    assert.deepEqual(
      part.answer.causes.map(({ records, explanation }) => [records, explanation]),
      [[1, null]],
    );
  });

  await context.test(
    'a filter leaves records out, accepted ones too, and is refused where it cannot be read',
    async () => {
      const causes = async (filter: string): Promise<unknown> =>
        (await ask<RejectsAnswer>(own, 'rejects', { filter })).answer.causes.map(({ met, records, newly }) => [
          met[0]?.ruleId,
          records,
          newly?.why,
        ]);
      assert.deepEqual(await causes('srcaddr=198.51.100.8/31,dstport=23'), [['acl-a/in/90', 2, undefined]]);
      assert.deepEqual(await causes('dstport=443'), [['default-deny', 1, 'accepted-before']]);
      assert.deepEqual(await causes('dstport=443,action=REJECT'), [['default-deny', 1, undefined]]);
      const { status, json } = await own.ask<ConsoleFailure>('POST', '/api/rejects', { filter: 'nothing' });
      assert.deepEqual([status, json.error.code], [400, 'FG_FILTER_SHAPE']);
    },
  );

  await context.test(
    'two ends are diagnosed as of a time, with the words of rules and the change that did it',
    async () => {
      const ends = { from: 'eni-b', to: 'eni-a', port: 443, evidence: true };
      const before = await ask<DiagnoseAnswer>(own, 'diagnose', { ...ends, at: T });
      const now = await ask<DiagnoseAnswer>(own, 'diagnose', { ...ends, at: T + 300 });
      assert.deepEqual([before.explanation.cause, now.explanation.cause], ['nobody-listens', 'group']);
      assert.equal(before.rules['sgr-web'], 'ingress tcp 443 from 0.0.0.0/0');
      assert.equal(now.rules['sgr-ssh'], 'ingress tcp 22 from 10.0.0.0/16', 'a near miss');
      assert.deepEqual(now.lastChanges, [
        {
          kind: 'rule-removed',
          id: 'sgr-web',
          of: 'sg-a',
          before: 'ingress tcp 443 from 0.0.0.0/0',
          after: null,
          atSeconds: T + 150,
          afterSeconds: T - 600,
          by: null,
        },
      ]);
      assert.deepEqual(before.lastChanges, [], 'what the first import told is no change');
      assert.deepEqual(
        now.explanation.evidence[0]?.seen.map(({ action, records }) => [action, records]),
        [
          ['REJECT', 1],
          ['ACCEPT', 1],
        ],
      );
    },
  );

  await context.test('a record is diagnosed as of its time; one that was accepted is not', async () => {
    const { cause, explanation } = await ask<DiagnoseAnswer>(own, 'diagnose', {
      record: `${REJECTED} ${T + 10} ${T + 30} REJECT OK`,
    });
    assert.deepEqual([cause?.met[0]?.ruleId, explanation.cause], ['acl-a/in/90', 'acl']);
    const accepted = await own.ask<ConsoleFailure>('POST', '/api/diagnose', {
      record: `${REJECTED} ${T + 10} ${T + 30} ACCEPT OK`,
    });
    assert.deepEqual([accepted.status, accepted.json.error.code], [400, 'FG_DIAGNOSE_ACCEPTED']);
  });

  await context.test('a change is replayed, and written for other tools', async () => {
    const change = {
      changes: [
        { do: 'add-rule', group: 'sg-a', direction: 'ingress', protocol: 'tcp', ports: '443', peer: '0.0.0.0/0' },
        { do: 'remove-rule', rule: 'sgr-ssh' },
      ],
    };
    const { answer, plan } = await ask<ReplayRouteAnswer>(own, 'replay', { change });
    assert.deepEqual(
      Object.entries(answer.totals).flatMap(([effect, { conversations }]) =>
        conversations > 0 ? [[effect, conversations]] : [],
      ),
      [
        ['same', 2],
        ['newly-allowed', 1],
      ],
    );
    assert.match(
      plan.awsCli,
      /\naws ec2 authorize-security-group-ingress --group-id sg-a --ip-permissions '.*443.*'\n/,
    );
    assert.match(plan.awsCli, /\naws ec2 revoke-security-group-ingress .* --security-group-rule-ids sgr-ssh\n$/);
    assert.match(plan.terraform, /resource "aws_vpc_security_group_ingress_rule" "change_1" \{/);
    const bad = await own.ask<ConsoleFailure>('POST', '/api/replay', { change: { changes: [{ do: 'add' }] } });
    assert.deepEqual([bad.status, bad.json.error.code], [400, 'FG_CHANGE_VALUE']);
  });

  await context.test('a group is suggested its rules; one that is not there is refused with what is near', async () => {
    const { answer, plan } = await ask<SuggestAnswer>(own, 'suggest', { group: 'sg-a' });
    assert.deepEqual([answer.group, answer.superfluous], ['sg-a', ['sgr-ssh']]);
    assert.match(plan.awsCli, /^#!\/bin\/sh -e\n/);
    const { status, json } = await own.ask<ConsoleFailure>('POST', '/api/suggest', { group: 'sg-aa' });
    assert.deepEqual([status, json.error.code], [400, 'FG_GROUP_UNKNOWN']);
  });

  await context.test('rules come with their hits, of chosen groups', async () => {
    const { answer } = await ask<RuleHitsAnswer>(own, 'rule-hits', { ids: ['sg-a'] });
    assert.deepEqual(
      answer.rules.map(({ ruleId, unused }) => [ruleId, unused]),
      [['sgr-ssh', true]],
    );
  });

  await context.test('why there is no record is said, also of an interface that there never was', async () => {
    const { answer } = await ask<NoRecordAnswer>(own, 'why-no-record', { of: 'eni-nobody' });
    assert.equal(answer.reasons[0]?.reason, 'no-such-interface');
  });

  await context.test('a bad body is named by its field, and nobody asks without a session', async () => {
    const { status, json } = await own.ask<ConsoleFailure>('POST', '/api/rejects', { limit: 'many' });
    assert.deepEqual([status, json.error.code], [400, 'FG_REQUEST_BODY']);
    assert.match(json.error.message, /limit/);
    assert.equal((await own.ask('POST', '/api/rejects', {}, { cookie: '' })).status, 401);
  });

  await context.test('with progress the answer, or the failure, is the last line', async () => {
    const last = async (body: object): Promise<object> => {
      const { status, text } = await own.ask('POST', `/api/diagnose?progress=1`, body);
      assert.equal(status, 200);
      return JSON.parse(text.trimEnd().split('\n').at(-1)!) as object;
    };
    const good = await last({ from: 'eni-b', to: 'eni-a', port: 443, at: T });
    assert.deepEqual(Object.keys(good), ['answer']);
    const bad = await last({ from: 'eni-b', to: 'eni-zzz', port: 443 });
    assert.equal((bad as ConsoleFailure).error.code, 'FG_DIAGNOSE_END');
  });
});
