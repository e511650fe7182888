import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ACTIONS } from './actions/list.ts';
import { ACCOUNT, OTHER_ACCOUNT, pretendEc2, REGION } from './ec2.fixture.ts';
import { ADDRESSES, BLOCKS, callsOf, drawFrom, OPERATIONS, Pool, RANGES } from './random-calls.fixture.ts';
import type { Draw } from './random-calls.fixture.ts';
import { assertKept, newTally, runCalls } from './random-runs.fixture.ts';
import { membersOf, operationShapes } from './shapes.ts';
import type { Type } from './shapes.ts';

test('every action that writes is in the sequences', () => {
  // What an operation calls may hang on what it draws.
  const called = new Set(
    OPERATIONS.flatMap((operation) =>
      [0, 1].map(
        (at) =>
          operation(
            (prefix) => `${prefix}0`,
            (from) => from[at % from.length]!,
          ).action,
      ),
    ),
  );
  const writes = ACTIONS.filter(({ access }) => access === 'write').map(({ name }) => name);
  assert.deepEqual(
    writes.filter((name) => !called.has(name)),
    [],
  );
});

test('whatever is made and unmade in whatever order: no error of ours, nothing names what is gone, the disk has it all', async () => {
  const step = fc.record({ op: fc.nat(10_000), numbers: fc.array(fc.nat(10_000), { minLength: 8, maxLength: 8 }) });
  const tally = newTally();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 60, maxLength: 120, size: 'max' }), async (steps) => {
      const ec2 = await pretendEc2();
      try {
        const pool = new Pool();
        await runCalls(ec2, pool, callsOf(pool, steps), tally);
        assertKept(ec2);
      } finally {
        await ec2.close();
      }
    }),
    // Making a sequence shorter takes minutes: the seed that is printed does it, without `endOnFailure`.
    { numRuns: 12, endOnFailure: true },
  );
  // A sequence in which all is refused tells nothing.
  const done = [...tally.done.values()].reduce((sum, count) => sum + count, 0);
  assert.ok(done > tally.refused / 4, `${done} calls did something, ${tally.refused} were refused`);
});

/** Values that members of such a name may have. */
function valueFor(name: string, type: Type, pool: Pool, draw: Draw): string {
  if (type.kind === 'boolean') return draw(['true', 'false', 'maybe']);
  if (type.kind === 'number') return draw(['0', '1', '-1', '22', '443', '65535', '999999999', 'x']);
  if (type.kind === 'time') return draw(['2026-11-30T00:00:00Z', 'soon']);
  if (/Cidr/.test(name)) return draw([...BLOCKS, ...RANGES, '::/0', 'fd00::/56', '10.0.0.0', '300.0.0.0/8', '']);
  if (/Address/.test(name)) return draw([...ADDRESSES, '::1', 'fd00::5', '10.0.0', '']);
  if (/Protocol/.test(name)) return draw(['tcp', 'udp', 'icmp', 'icmpv6', '-1', '6', '47', 'x']);
  if (/(?:Id|Ids)$/.test(name))
    return pool.pick(
      draw(['vpc-', 'subnet-', 'sg-', 'sgr-', 'acl-', 'aclassoc-', 'eni-', 'rtb-', 'igw-', 'pcx-', 'i-', 'nat-']),
      draw,
    );
  return draw([
    '',
    'a',
    'default',
    'true',
    ACCOUNT,
    OTHER_ACCOUNT,
    REGION,
    '\u0000',
    '<&>"',
    'ü',
    '*',
    'x'.repeat(300),
  ]);
}

function addParameters(
  into: Record<string, string>,
  path: string,
  name: string,
  type: Type,
  pool: Pool,
  draw: Draw,
): void {
  if (type.kind === 'list') {
    if (draw([0, 0, 0, 1]) === 1) into[path] = '';
    else for (let i = 1; i <= draw([1, 1, 2]); i++) addParameters(into, `${path}.${i}`, name, type.of, pool, draw);
  } else if (type.kind === 'structure') {
    for (const member of membersOf(type.shape))
      if (member.required || draw([0, 0, 1]) === 1)
        addParameters(into, `${path}.${member.query}`, member.name, member.type, pool, draw);
  } else into[path] = valueFor(name, type, pool, draw);
}

test('no call that its operation’s shape allows is an error of ours', async () => {
  const names = ACTIONS.filter(({ service }) => service === 'ec2').map(({ name }) => name);
  const ec2 = await pretendEc2();
  const tally = newTally();
  try {
    const pool = new Pool();
    const begin = drawFrom([0]);
    for (const op of [0, 1, 6, 16])
      await runCalls(ec2, pool, [OPERATIONS[op]!((prefix) => pool.pick(prefix, begin), begin)], tally);
    const numbers = fc.array(fc.nat(10_000), { minLength: 40, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), numbers, async (action, given) => {
        const draw = drawFrom(given);
        const parameters: Record<string, string> = {};
        for (const member of membersOf(operationShapes(action).request))
          if (member.query !== 'DryRun' && (member.required || draw([0, 0, 0, 1]) === 1))
            addParameters(parameters, member.query, member.name, member.type, pool, draw);
        await runCalls(ec2, pool, [{ action, parameters }], tally);
      }),
      { numRuns: 1500, endOnFailure: true },
    );
    assertKept(ec2);
  } finally {
    await ec2.close();
  }
});
