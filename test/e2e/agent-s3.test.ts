/** An agent whose flow log is in a bucket of S3: its records go there from its own host, and the server need not live. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { callsOf } from '../../src/app/lab/call-ec2.ts';
import { HOST_ACCOUNT } from '../../src/control/keys.ts';
import { openState, statePath } from '../../src/storage/state/state-file.ts';
import { motoProgram } from '../servers/moto.ts';
import { listen } from './listen.ts';
import type { Network } from './namespaces.ts';
import { buildNetwork, namespacesMissing } from './namespaces.ts';

const missing = namespacesMissing(['tcpdump', 'ping', 'aws', 'ss']);
const PROGRAM = join(import.meta.dirname, '..', '..', 'bin', 'flowgauge');
const TIMEOUT_MILLIS = 120_000;
const MOTO = 'http://127.0.0.1:5000';
/** moto asks for some credentials, and looks at none. */
const LOGIN = ['AWS_ACCESS_KEY_ID=testing', 'AWS_SECRET_ACCESS_KEY=testing', 'AWS_DEFAULT_REGION=us-east-1'];
const SERVER = 'http://10.77.1.1:8350';

let network: Network;
let scratch = '';
before(() => {
  if (missing !== null) return;
  scratch = mkdtempSync(join(tmpdir(), 'flowgauge-agent-s3-'));
  network = buildNetwork();
});
after(async () => {
  if (missing !== null) return;
  await network.remove();
  rmSync(scratch, { recursive: true, force: true });
});

test(
  'records of an agent arrive in a bucket of S3, with its own credentials, and none passes the server',
  { skip: missing ?? false, timeout: TIMEOUT_MILLIS },
  async () => {
    // On the host of the agent alone.
    network.start('a', [motoProgram(), '-H', '127.0.0.1', '-p', '5000']);
    await network.listening('a', 'tcp', 5000);
    const s3 = (...words: string[]): string =>
      network.run('a', ['env', ...LOGIN, '/usr/bin/aws', '--endpoint-url', MOTO, ...words]);
    s3('s3api', 'create-bucket', '--bucket', 'flow-bucket');

    const [serverData, data] = [join(scratch, 'server'), join(scratch, 'agent')];
    const serve = ['up', '--data', serverData, '--bind', '10.77.1.1', '--behind-proxy', '--observe=no'];
    const server = network.start('router', [PROGRAM, ...serve]);
    await listen(server).says('Interfaces: ');
    const keyFile = join(scratch, 'agent-key');
    const made = `keys add --role agent --host web-1 --data ${serverData}`.split(' ');
    const key = network.run('router', [PROGRAM, ...made]);
    writeFileSync(keyFile, key, { mode: 0o600 });
    const state = openState(statePath(serverData), false);
    const call = callsOf(state, 'agent-s3');
    const { Vpc } = await call<{ Vpc: { VpcId: string } }>('CreateVpc', { CidrBlock: '10.77.0.0/16' });
    const { Subnet } = await call<{ Subnet: { SubnetId: string } }>('CreateSubnet', {
      VpcId: Vpc.VpcId,
      CidrBlock: '10.77.1.0/24',
    });
    const { NetworkInterface } = await call<{ NetworkInterface: { NetworkInterfaceId: string } }>(
      'CreateNetworkInterface',
      { SubnetId: Subnet.SubnetId, PrivateIpAddress: network.a.address4 },
    );
    const eni = NetworkInterface.NetworkInterfaceId;
    await call('CreateFlowLogs', {
      ResourceType: 'VPC',
      ResourceIds: [Vpc.VpcId],
      TrafficType: 'ALL',
      LogDestinationType: 's3',
      LogDestination: 'arn:aws:s3:::flow-bucket/hosts/',
      LogFormat: '${interface-id} ${srcaddr} ${dstaddr} ${packets} ${log-status}',
      MaxAggregationInterval: 60,
    });
    network.run('router', [PROGRAM, 'attach', eni, 'eth0', '--host', 'web-1', '--data', serverData]);
    state.close();

    mkdirSync(data);
    const aws = { endpoint: MOTO, region: 'us-east-1', pathStyle: true };
    writeFileSync(join(data, 'flowgauge.json'), JSON.stringify({ aws, observe: 'no' }));
    const own = ['env', ...LOGIN, 'AWS_EC2_METADATA_DISABLED=true', 'AWS_CONFIG_FILE=/dev/null'];
    const words = ['agent', '--data', data, '--server', SERVER, '--allow-http', '--key-file', keyFile];
    const agent = network.start('a', [...own, PROGRAM, ...words]);
    const { says, text } = listen(agent);
    await says('Interfaces: eth0');
    // A change holds for packets that come after it.
    await wait(1500);
    network.run('b', ['ping', '-q', '-c', '20', '-i', '0.02', network.a.address4]);
    server.kill('SIGKILL');
    await once(server, 'exit');
    network.run('b', ['ping', '-q', '-c', '10', '-i', '0.02', network.a.address4]);
    agent.kill('SIGINT');
    const [code] = (await once(agent, 'exit')) as [number | null];
    assert.equal(code, 0, text());

    const copy = join(scratch, 'copy');
    s3('s3', 'sync', '--only-show-errors', 's3://flow-bucket', copy);
    const keys = readdirSync(copy, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.log.gz'));
    assert.ok(keys.length > 0, text());
    for (const name of keys) assert.ok(name.startsWith(`hosts/AWSLogs/${HOST_ACCOUNT}/vpcflowlogs/us-east-1/`), name);
    const lines = keys.flatMap((name) =>
      gunzipSync(readFileSync(join(copy, name)))
        .toString()
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((line) => line.split(' ')),
    );
    assert.deepEqual([...new Set(lines.map(([id]) => id))], [eni]);
    const pinged = lines
      .filter(([, ...ends]) => ends.slice(0, 2).includes(network.b.address4))
      .reduce((sum, [, , , packets]) => sum + Number(packets), 0);
    assert.equal(pinged, 2 * 30, text());
    const left = readdirSync(join(serverData, 'bucket'), { recursive: true, encoding: 'utf8' });
    assert.ok(!left.some((name) => name.includes('hosts')), 'the server has none of them');
  },
);
