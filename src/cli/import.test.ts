import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { inOneProcess, start } from './one-process.fixture.ts';

const flowgauge = inOneProcess();

function directory(t: { after(done: () => void): void }): string {
  const path = mkdtempSync(join(tmpdir(), 'flowgauge-import-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

test('says what is new, changed and ended, and repeats nothing', async (t) => {
  const root = directory(t);
  const data = join(root, 'data');
  const file = join(root, 'vpcs.json');
  const ask = (at: string, ...vpcs: object[]) => {
    writeFileSync(file, JSON.stringify({ Vpcs: vpcs, Odd: [] }));
    return flowgauge('import', 'aws', file, '--data', data, '--at', at);
  };
  const one = { VpcId: 'vpc-1', OwnerId: '111122223333' };
  const two = { VpcId: 'vpc-2', OwnerId: '111122223333' };
  const first = await ask('2026-11-23T12:00Z', one, two);
  assert.equal(
    first.out,
    `111122223333 us-east-1, as of 2026-11-23T12:00:00Z
  Vpcs       2  2 new

no part of a model:
  Odd of ${file}

kept in ${join(data, 'state.sqlite')}
`,
  );
  assert.equal(first.err, '');
  assert.match((await ask('2026-11-23T13:00Z', one, two)).out, /Vpcs {7}2 {2}as known\n/);
  assert.match((await ask('2026-11-23T14:00Z', { ...one, IsDefault: true })).out, /Vpcs {7}1 {2}1 changed, 1 ended\n/);
  assert.match((await ask('2026-11-23T13:30Z', one)).out, /13:30:00Z, learned late\n {2}Vpcs {7}1 {2}1 ended\n/);
});

test('--json has all that was recorded', async (t) => {
  const root = directory(t);
  writeFileSync(join(root, 'vpcs.json'), JSON.stringify({ Vpcs: [{ VpcId: 'vpc-1' }] }));
  const { out, code } = await flowgauge('import', 'aws', root, '--partial', '--json', '--data', join(root, 'data'));
  const { recorded, files, refused } = JSON.parse(out) as {
    recorded: Record<string, unknown>[];
    files: number;
    refused: unknown[];
  };
  assert.deepEqual([code, files, refused, recorded.length], [0, 1, [], 1]);
  assert.deepEqual([recorded[0]?.['kind'], recorded[0]?.['added'], recorded[0]?.['whole']], ['Vpcs', 1, false]);
});

test('what failed at the server is told apart from what was refused', async (t) => {
  const root = directory(t);
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece.toString()));
    request.on('end', () => {
      const action = new URLSearchParams(body).get('Action') ?? '';
      const denied = '<Response><Errors><Error><Code>UnauthorizedOperation</Code></Error></Errors></Response>';
      if (action === 'DescribeFlowLogs') response.writeHead(500).end('<html>');
      else if (action === 'DescribeAddresses') response.writeHead(403).end(denied);
      else if (action === 'GetCallerIdentity')
        response.end('<R><GetCallerIdentityResult><Account>111122223333</Account></GetCallerIdentityResult></R>');
      else response.end(action === '' ? '{}' : `<${action}Response/>`);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const keys = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret', AWS_CONFIG_FILE: '/dev/null' };
  Object.assign(process.env, keys);
  const place = ['--region', 'eu-west-1', '--data', join(root, 'data')];
  const { out, err } = await start(root, 'import', 'aws', '--endpoint-url', endpoint, ...place);
  assert.equal(err, '');
  assert.match(
    out,
    /refused, .* \(1 call\):\n {2}111122223333 eu-west-1 ec2:DescribeAddresses: UnauthorizedOperation\n/,
  );
  assert.match(
    out,
    /failed at the server, .* \(1 call\):\n {2}111122223333 eu-west-1 ec2:DescribeFlowLogs: HTTP 500\n/,
  );
});

test('a wrong command line is exit 2 and says what to give', async (t) => {
  const root = directory(t);
  const file = join(root, 'vpcs.json');
  writeFileSync(file, JSON.stringify({ Vpcs: [{ VpcId: 'vpc-1' }] }));
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [['import'], /from/],
    [['import', 'azure'], /aws/],
    [['import', 'aws', root, '--profile', 'p'], /not both at once/],
    [['import', 'aws', '--at', '2026-11-23'], /--at and --partial are for files/],
    [['import', 'aws', root, '--at', 'noon'], /--at "noon" is no such time/],
    [
      ['import', 'aws', file, '--data', join(root, 'data'), '--at', '2250-01-01'],
      /2250-01-01T.*nobody has seen that yet/,
    ],
    [['import', 'aws', root, '--at', '2300-01-01'], /--at "2300-01-01" is no such time, .* before the year 2255/],
    [['import', 'aws', join(root, 'nothing')], /cannot be read/],
  ];
  for (const [args, message] of wrong) {
    const { code, err } = await flowgauge(...args);
    assert.equal(code, 2, args.join(' '));
    assert.match(err, message);
  }
});

test('the shell completes its options', async () => {
  assert.match((await flowgauge('complete', 'import', '')).out, /^aws/m);
  assert.match((await flowgauge('complete', 'import', 'aws', '--part')).out, /^--partial\t/m);
});
