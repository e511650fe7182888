import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  CreateTagsCommand,
  DescribeFlowLogsCommand,
  DescribeNetworkInterfacesCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { openDemo, runDemo } from './demo.ts';
import { viewDeliveries } from './deliveries.ts';

test('the network of the demonstration is described, and nothing of it can be changed', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'flowgauge-demo-'));
  const failures: unknown[] = [];
  const open = (): ReturnType<typeof openDemo> =>
    openDemo({
      directory,
      accountId: null,
      region: 'us-east-1',
      deliveries: viewDeliveries(directory, { aws: {}, writing: {} }, () => null),
      failed: (error) => failures.push(error),
    });
  // Made anew each time.
  (await open()).close();
  const control = await open();
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      void control.ec2
        .answer({ method, url, headers, body: Buffer.concat(parts) })
        .then((answer) => response.writeHead(answer.status, answer.headers).end(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const text = readFileSync(control.credentials, 'utf8');
  const valueOf = (name: string): string => new RegExp(`^${name} = (.*)$`, 'mu').exec(text)?.[1] ?? '';
  const client = new EC2Client({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: valueOf('region'),
    credentials: { accessKeyId: valueOf('aws_access_key_id'), secretAccessKey: valueOf('aws_secret_access_key') },
    maxAttempts: 1,
  });
  try {
    const { NetworkInterfaces: interfaces = [] } = await client.send(new DescribeNetworkInterfacesCommand({}));
    assert.deepEqual(
      interfaces.map(({ PrivateIpAddress }) => PrivateIpAddress),
      ['10.77.1.10', '10.77.2.10'],
    );
    const { FlowLogs: flowLogs = [] } = await client.send(new DescribeFlowLogsCommand({}));
    assert.equal(flowLogs.length, 1);
    assert.equal(flowLogs[0]?.ResourceId, interfaces[0]?.VpcId);
    await runDemo(directory);
    const objects = readdirSync(join(directory, 'AWSLogs'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.log.gz'),
    );
    assert.ok(objects.length > 0 && objects.every((name) => name.includes(flowLogs[0]!.FlowLogId!)));
    const tags = { Resources: [flowLogs[0]!.FlowLogId!], Tags: [{ Key: 'a', Value: 'b' }] };
    await assert.rejects(client.send(new CreateTagsCommand(tags)), { name: 'UnauthorizedOperation' });
    assert.deepEqual(failures, []);
  } finally {
    client.destroy();
    server.closeAllConnections();
    server.close();
    control.close();
    rmSync(directory, { recursive: true });
  }
});
