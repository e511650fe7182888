import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { LastChange } from '../../api/explain-routes.ts';
import { entry, network, OPEN, rule } from '../../network/verdict/told-network.ts';
import type { RuleWords } from '../../network/verdict/told-network.ts';
import { openAudit } from '../../storage/state/audit.ts';
import { openCurrentFacts } from '../../storage/state/current-facts.ts';
import { itemChanges } from '../../storage/state/item-changes.ts';
import { openKeys } from '../../storage/state/keys.ts';
import { openModelHistory } from '../../storage/state/open-model.ts';
import { openState, readState, statePath } from '../../storage/state/state-file.ts';
import { createDiagnoser } from '../diagnose/diagnose.ts';
import { lastChanges, MOST_LOOKED_AT, namesSaid, questionedItems, rulesSaid } from './last-changes.ts';

const ACCOUNT = '111122223333';
const REGION = 'eu-west-1';
const directory = mkdtempSync(join(tmpdir(), 'flowgauge-last-changes-'));
after(() => rmSync(directory, { recursive: true }));

const IDS = {
  Vpcs: 'VpcId',
  Subnets: 'SubnetId',
  NetworkInterfaces: 'NetworkInterfaceId',
  SecurityGroups: 'GroupId',
  SecurityGroupRules: 'SecurityGroupRuleId',
  NetworkAcls: 'NetworkAclId',
} as const;
const SECOND = 1_000_000;
const HTTPS: RuleWords = ['sgr-https', 'sg-a', 'in', 'tcp', 443, 443, '10.0.2.0/24'];
const OUT: RuleWords = ['sgr-out', 'sg-b', 'out', '-1', -1, -1, '0.0.0.0/0'];

/** Who changes what when, as calls of the API are written down. */
const state = openState(statePath(directory), true);
openKeys(state).add({
  id: 'AKIAALICE',
  account: ACCOUNT,
  role: 'operate',
  host: null,
  secret: 's',
  token: null,
  createdMicros: 1,
  expiresMicros: null,
  usedMicros: null,
  revokedMicros: null,
});
const facts = openCurrentFacts(state);
const audit = openAudit(state);
const scope = facts.scope(ACCOUNT, REGION);
function call(action: string, atSeconds: number, work: () => void): void {
  facts.change(atSeconds * SECOND, work, (_, changes, atMicros) =>
    audit.add({
      atMicros,
      account: ACCOUNT,
      region: REGION,
      principal: 'AKIAALICE',
      action,
      requestId: 'r',
      parameters: {},
      changes,
    }),
  );
}
call('MakeAll', 100, () => {
  for (const [kind, items] of Object.entries(network([HTTPS, OUT])))
    for (const item of items as Record<string, unknown>[])
      scope.put(kind, String(item[IDS[kind as keyof typeof IDS]]), item);
});
call('RevokeSecurityGroupIngress', 200, () => scope.remove('SecurityGroupRules', 'sgr-https'));
call('AuthorizeSecurityGroupIngress', 300, () =>
  scope.put(
    'SecurityGroupRules',
    'sgr-ssh',
    rule(['sgr-ssh', 'sg-a', 'in', 'tcp', 22, 22, '10.0.2.0/24']) as Record<string, unknown>,
  ),
);
call('CreateNetworkAclEntry', 400, () =>
  scope.put('NetworkAcls', 'acl-a', {
    ...scope.get('NetworkAcls', 'acl-a'),
    Entries: [entry([90, 'in', 'deny', '6', 443, 443, '0.0.0.0/0']), ...OPEN.map(entry)],
  }),
);
call('CreateTags', 500, () => scope.put('Vpcs', 'vpc-1', { ...scope.get('Vpcs', 'vpc-1'), Tags: [] }));
state.close();

type Asked = {
  readonly changes: readonly LastChange[];
  readonly rules: Readonly<Record<string, string>>;
  readonly names: Readonly<Record<string, string>>;
};

async function asked(atSeconds: number, port = 443): Promise<Asked> {
  const history = await openModelHistory({ data: directory });
  const file = readState(statePath(directory));
  try {
    const snapshot = history.at(atSeconds * SECOND);
    const { explanation } = createDiagnoser(snapshot).diagnose({
      from: 'eni-b',
      to: 'eni-a',
      protocol: 6,
      port,
      sourcePorts: null,
      atMicros: atSeconds * SECOND,
    });
    const times = itemChanges(file, questionedItems(explanation), atSeconds * SECOND, MOST_LOOKED_AT);
    return {
      changes: lastChanges(explanation, history, times),
      rules: rulesSaid(explanation, snapshot),
      names: namesSaid(explanation, snapshot, new Map([['sg-a', 'web']])),
    };
  } finally {
    file.close();
    history.close();
  }
}

const by = (action: string): LastChange['by'] => ({ principal: 'AKIAALICE', action });

test('a rule that was taken away is told, with whose key did it and to the moment', async () => {
  const { changes } = await asked(250);
  assert.deepEqual(changes, [
    {
      kind: 'rule-removed',
      id: 'sgr-https',
      of: 'sg-a',
      before: 'ingress tcp 443 from 10.0.2.0/24',
      after: null,
      atSeconds: 200,
      afterSeconds: null,
      by: by('RevokeSecurityGroupIngress'),
    },
  ]);
});

test('the newest change comes first, and none of a time to come', async () => {
  const { changes, rules, names } = await asked(350);
  assert.deepEqual(
    changes.map(({ kind, id, atSeconds }) => [kind, id, atSeconds]),
    [
      ['rule-added', 'sgr-ssh', 300],
      ['rule-removed', 'sgr-https', 200],
    ],
  );
  assert.equal(rules['sgr-ssh'], 'ingress tcp 22 from 10.0.2.0/24');
  assert.deepEqual(names, { 'sg-a': 'web' });
});

test('an entry of an ACL that decides is told; what changed elsewhere is not', async () => {
  const { changes } = await asked(600);
  assert.deepEqual(
    changes.map(({ kind, id, by: who }) => [kind, id, who]),
    [
      ['rule-added', 'acl-a/in/90', by('CreateNetworkAclEntry')],
      ['rule-added', 'sgr-ssh', by('AuthorizeSecurityGroupIngress')],
      ['rule-removed', 'sgr-https', by('RevokeSecurityGroupIngress')],
    ],
  );
});

test('what a network was made with is no change of it', async () => {
  assert.deepEqual((await asked(150)).changes, []);
});

test('of what passes it is told who made the rules that let it', async () => {
  const { changes } = await asked(350, 22);
  assert.deepEqual(
    changes.map(({ id, by: who }) => [id, who?.action]),
    [['sgr-ssh', 'AuthorizeSecurityGroupIngress']],
  );
});
