import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as sdk from '@aws-sdk/client-ec2';
import fc from 'fast-check';
import { ACTIONS } from './actions/list.ts';
import { formPairs, parameterTree } from './form.ts';
import { readInput } from './read-input.ts';
import { structureOf } from './shapes.fixture.ts';
import { membersOf, operationShapes } from './shapes.ts';
import type { Type } from './shapes.ts';

const read = (shape: string, form: string): unknown => readInput(shape, parameterTree(formPairs(form)));

/** The body that the SDK sends. */
async function bodyOf(name: string, input: object): Promise<string> {
  let body = '';
  const client = new sdk.EC2Client({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
    requestHandler: {
      handle: (request: { body?: unknown }) => {
        body = String(request.body);
        return Promise.reject(new Error('sent'));
      },
    },
  });
  const Command = (sdk as unknown as Record<string, new (input: object) => sdk.DescribeVpcsCommand>)[`${name}Command`]!;
  await client.send(new Command(input)).catch((error: Error) => {
    if (error.message !== 'sent') throw error;
  });
  return body.replace(/(?:^|&)(?:Action|Version)=[^&]*/g, '').replace(/^&/, '');
}

/** As the SDK takes it: times are dates. */
function withDates(type: Type, value: unknown): unknown {
  if (type.kind === 'time') return new Date(String(value));
  if (type.kind === 'list') return (value as unknown[]).map((item) => withDates(type.of, item));
  if (type.kind !== 'structure') return value;
  const members = membersOf(type.shape);
  return Object.fromEntries(
    Object.entries(value as object).map(([name, member]) => [
      name,
      withDates(members.find((one) => one.name === name)?.type ?? { kind: 'text' }, member),
    ]),
  );
}

/** Whether there is a structure without members within it: no parameter tells of one. */
function hasEmpty(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const within: unknown[] = Object.values(value);
  return within.some((one) => (typeof one === 'object' && Object.keys(one ?? {}).length === 0) || hasEmpty(one));
}

for (const { name, service } of ACTIONS) {
  if (service !== 'ec2') continue;
  test(`whatever the SDK sends for ${name} is read as it was given`, async () => {
    const { request: shape } = operationShapes(name);
    await fc.assert(
      fc.asyncProperty(structureOf(shape), async (input) => {
        fc.pre(!hasEmpty(input));
        const sent = await bodyOf(name, withDates({ kind: 'structure', shape }, input) as object);
        // Where none is given the SDK makes one up, for calls that take one.
        const { ClientToken: token, ...others } = read(shape, sent) as { ClientToken?: string };
        const isGiven = 'ClientToken' in input || token === undefined;
        assert.deepEqual(isGiven ? read(shape, sent) : others, input);
      }),
      { numRuns: 15 },
    );
  });
}

const FLOW_LOGS = operationShapes('CreateFlowLogs').request;
const ENOUGH = 'ResourceId.1=vpc-1&ResourceType=VPC';

function refused(form: string, code: string, message: string): void {
  assert.throws(
    () => read(FLOW_LOGS, form),
    (error: Error & { code: string }) => {
      assert.deepEqual([error.code, error.message], [code, message]);
      return true;
    },
  );
}

test('a parameter that the operation does not have is refused by its whole name', () => {
  for (const name of [
    'Nothing',
    'resourcetype',
    'DestinationOptions.Nothing',
    'ResourceType.1',
    'ResourceId.x',
    'ResourceId.0',
  ])
    refused(`${ENOUGH}&${name}=1`, ...unknownOr(name));
  refused(
    `${ENOUGH}&TagSpecification.1.Tag.1.Kee=1`,
    'UnknownParameter',
    'The parameter TagSpecification.1.Tag.1.Kee is not recognized',
  );
});
function unknownOr(name: string): [string, string] {
  return name === 'ResourceType.1'
    ? ['InvalidParameterValue', `The parameter ${name} is given both with a value and with parts.`]
    : ['UnknownParameter', `The parameter ${name} is not recognized`];
}

test('what must be given is asked for by its whole name', () => {
  refused('ResourceType=VPC', 'MissingParameter', 'The request must contain the parameter ResourceId');
  refused('ResourceId.1=vpc-1', 'MissingParameter', 'The request must contain the parameter ResourceType');
});

test('values of a wrong type are told', () => {
  refused(`${ENOUGH}&DryRun=yes`, 'InvalidParameterValue', "Invalid value 'yes' for DryRun. It must be true or false");
  for (const wrong of ['', '6e1', '60.5', '0x3c', '1e999', '9999999999999999999'])
    refused(
      `${ENOUGH}&MaxAggregationInterval=${wrong}`,
      'InvalidParameterValue',
      `Invalid value '${wrong}' for MaxAggregationInterval. It must be an integer`,
    );
  refused(
    `${ENOUGH}&TagSpecification=x`,
    'InvalidParameterValue',
    "Invalid value 'x' for TagSpecification. It must be a list",
  );
  refused(
    `${ENOUGH}&DestinationOptions=x`,
    'InvalidParameterValue',
    "Invalid value 'x' for DestinationOptions. It must be a structure",
  );
  refused(`ResourceType=%zz`, 'InvalidRequest', 'The request is not encoded as a form.');
});

test('lists go by their numbers, gaps and order are no matter', () => {
  assert.deepEqual(read(FLOW_LOGS, 'ResourceType=VPC&ResourceId.10=c&ResourceId.2=b&ResourceId.1=a'), {
    ResourceIds: ['a', 'b', 'c'],
    ResourceType: 'VPC',
  });
});

test('names of objects that every object has are parameters like others', () => {
  for (const name of ['__proto__', 'constructor', 'toString', '__proto__.x'])
    refused(`${ENOUGH}&${name}=1`, 'UnknownParameter', `The parameter ${name.split('.')[0]} is not recognized`);
});

test('no body makes it throw anything else', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('&', '=', '.', '%', 'ResourceId', '1', 'Filter'),
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      try {
        read(FLOW_LOGS, pieces.join(''));
      } catch (error) {
        assert.equal((error as Error).name, 'Ec2Error');
      }
    }),
  );
  assert.throws(() => read(FLOW_LOGS, 'a&'.repeat(10_001)), { name: 'Ec2Error', code: 'InvalidRequest' });
  assert.throws(() => read(FLOW_LOGS, `${'a.'.repeat(100_000)}=1`), { name: 'Ec2Error', code: 'UnknownParameter' });
});
