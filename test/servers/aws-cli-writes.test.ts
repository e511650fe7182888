/**
 * Every action that writes, by aws-cli: whole documents written from AWS's schemas, dry runs, refusals and exit codes.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ACTIONS } from '../../src/control/ec2/actions/list.ts';
import { pretendEc2 } from '../../src/control/ec2/ec2.fixture.ts';
import { assertWhole, factsIn } from '../../src/control/ec2/facts.fixture.ts';
import { pythonsWithAwsCli, startDriver } from './aws-cli-driver.ts';
import type { Driver } from './aws-cli-driver.ts';
import { Names, operationOf, Refused, runSteps } from './document-steps.ts';
import type { Step } from './document-steps.ts';
import { FLOW_LOGS, PEERING } from './documents/flow-logs.ts';
import { ACLS, GROUPS } from './documents/groups.ts';
import { INSTANCES, INTERFACES } from './documents/interfaces.ts';
import { ENDPOINTS, ROUTES } from './documents/routes.ts';
import { VPCS } from './documents/vpcs.ts';

const THEMES: Readonly<Record<string, readonly Step[]>> = {
  'VPCs, subnets, DHCP options, tags': VPCS,
  'groups, rules, prefix lists': GROUPS,
  'network ACLs': ACLS,
  interfaces: INTERFACES,
  'instances, elastic addresses': INSTANCES,
  'route tables, gateways': ROUTES,
  endpoints: ENDPOINTS,
  'flow logs': FLOW_LOGS,
  'peering connections': PEERING,
};

const pythons = pythonsWithAwsCli();
test('aws-cli is installed', { skip: pythons.length > 0 ? false : 'no Python has awscli' }, () => {});

test('every action that writes has a document', () => {
  const shown = new Set(
    Object.values(THEMES)
      .flat()
      .filter(([, printed]) => !(printed instanceof Refused))
      .map(([call]) => operationOf(call.split(' ')[0] ?? '')),
  );
  const missing = ACTIONS.filter(({ access, name }) => access === 'write' && !shown.has(name));
  assert.deepEqual(
    missing.map(({ name }) => name),
    [],
  );
});

for (const python of pythons)
  describe(`aws-cli of ${python}`, () => {
    let driver: Driver;
    before(async () => {
      driver = await startDriver(python);
    });
    after(() => driver.close());
    for (const [theme, steps] of Object.entries(THEMES))
      test(theme, async () => {
        const ec2 = await pretendEc2();
        try {
          await runSteps(ec2, driver, new Names(), steps);
          assertWhole(factsIn(ec2.path));
        } finally {
          await ec2.close();
        }
      });
  });
