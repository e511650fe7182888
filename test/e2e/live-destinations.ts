/**
 * A running `up` with flow logs to every kind of destination over one interface, all made by aws-cli, and what arrived where.
 *
 * In:    a network; a directory. Out: flow logs to the bucket `local`, to a bucket of S3, a log group and a Firehose stream (moto runs
 *        beside `up` in the namespace `a`), each of another level, filter and format; the records of each, by field.
 * Holds: all that is asked is asked with aws-cli. What the stream took is read from the bucket that moto puts it into.
 */
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { motoProgram } from '../servers/moto.ts';
import type { Network } from './namespaces.ts';

// What a packet capture sees, with the verdicts of the model; observation has tests of its own.
process.env['FLOWGAUGE_OBSERVE'] = 'no';

const program = fileURLToPath(new URL('../../bin/flowgauge', import.meta.url));
const ACCOUNT = '123456789012';
const REGION = 'us-east-1';
const MOTO = 'http://127.0.0.1:5000';
/** moto asks for some credentials, and looks at none. */
const LOGIN = ['AWS_ACCESS_KEY_ID=testing', 'AWS_SECRET_ACCESS_KEY=testing', `AWS_DEFAULT_REGION=${REGION}`];

export type Line = Readonly<Record<string, string>>;
export type Place = 'local' | 'bucket' | 'group' | 'stream' | 'slow';
export type Live = {
  readonly up: ChildProcess;
  /** All that `up` said. */
  text(): string;
  /** `aws ec2 …` on the host of `up`. */
  ec2(line: string, ...more: readonly string[]): Record<string, unknown>;
  /** What has arrived. */
  records(place: Place): Line[];
  /** Stops `up`, which must end well. */
  stop(): Promise<void>;
};

const BASE = '${interface-id} ${srcaddr} ${dstaddr} ${protocol} ${packets} ${start} ${end} ${action} ${log-status}';
/** One for each place: no two are of the same level, filter and format. `slow` has no interval: it has the default one, 600 s. */
const FLOW_LOGS: Readonly<
  Record<Place, { type: string; traffic: string; to: string; format: string; interval: string }>
> = {
  local: {
    type: 'NetworkInterface',
    traffic: 'ALL',
    to: 's3 --log-destination arn:aws:s3:::local/eni/',
    format: BASE,
    interval: ' --max-aggregation-interval 60',
  },
  bucket: {
    type: 'Subnet',
    traffic: 'ACCEPT',
    to: 's3 --log-destination arn:aws:s3:::flow-bucket/subnet/',
    format: `\${flow-direction} ${BASE}`,
    interval: ' --max-aggregation-interval 60',
  },
  group: {
    type: 'VPC',
    traffic: 'REJECT',
    to: `cloud-watch-logs --log-group-name flows --deliver-logs-permission-arn arn:aws:iam::${ACCOUNT}:role/flows`,
    format: `\${vpc-id} ${BASE}`,
    interval: ' --max-aggregation-interval 60',
  },
  stream: {
    type: 'NetworkInterface',
    traffic: 'ALL',
    to: `kinesis-data-firehose --log-destination arn:aws:firehose:${REGION}:${ACCOUNT}:deliverystream/flows`,
    format: `\${tcp-flags} ${BASE}`,
    interval: ' --max-aggregation-interval 60',
  },
  slow: {
    type: 'NetworkInterface',
    traffic: 'ALL',
    to: 's3 --log-destination arn:aws:s3:::local/slow/',
    format: `\${bytes} ${BASE}`,
    interval: '',
  },
};

/** Starts all of it on the host `a`; settles when the flow logs are made. */
export async function startLive(network: Network, directory: string): Promise<Live> {
  network.start('a', [motoProgram(), '-H', '127.0.0.1', '-p', '5000']);
  await network.listening('a', 'tcp', 5000);
  const cli = (endpoint: string, env: readonly string[], words: readonly string[]): string =>
    network.run('a', ['env', ...env, '/usr/bin/aws', '--endpoint-url', endpoint, '--output', 'json', ...words]);
  const moto = (line: string): string => cli(MOTO, LOGIN, line.split(' '));
  for (const bucket of ['flow-bucket', 'stream-bucket']) moto(`s3api create-bucket --bucket ${bucket}`);
  const into = `RoleARN=arn:aws:iam::${ACCOUNT}:role/stream,BucketARN=arn:aws:s3:::stream-bucket`;
  moto(`firehose create-delivery-stream --delivery-stream-name flows --extended-s3-destination-configuration ${into}`);

  const data = join(directory, 'data');
  mkdirSync(data, { recursive: true });
  const settings = { accountId: ACCOUNT, region: REGION, aws: { endpoint: MOTO, region: REGION, pathStyle: true } };
  writeFileSync(join(data, 'flowgauge.json'), JSON.stringify(settings));
  const up = network.start('a', [
    'env',
    ...LOGIN,
    'AWS_EC2_METADATA_DISABLED=true',
    'AWS_CONFIG_FILE=/dev/null',
    program,
    'up',
    '--data',
    data,
  ]);
  let text = '';
  for (const stream of [up.stdout!, up.stderr!]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  while (!text.includes('Interfaces: ')) {
    assert.equal(up.exitCode, null, text);
    await once(up.stdout!, 'data');
  }
  const key = [`AWS_SHARED_CREDENTIALS_FILE=${join(data, 'credentials')}`, 'AWS_CONFIG_FILE=/dev/null'];
  const ec2 = (line: string, ...more: readonly string[]): Record<string, unknown> => {
    const said = cli('http://127.0.0.1:8350', key, ['ec2', ...line.split(' '), ...more]);
    return said.trim() === '' ? {} : (JSON.parse(said) as Record<string, unknown>);
  };

  const [eni] = ec2('describe-network-interfaces')['NetworkInterfaces'] as Record<string, string>[];
  const ids: Readonly<Record<string, string>> = {
    NetworkInterface: eni!['NetworkInterfaceId']!,
    Subnet: eni!['SubnetId']!,
    VPC: eni!['VpcId']!,
  };
  // Nitro's windows have 60 s whatever was asked; those of older hosts as many as that.
  ec2(`create-tags --resources ${ids['NetworkInterface']} --tags Key=flowgauge:hypervisor,Value=xen`);
  for (const { type, traffic, to, format, interval } of Object.values(FLOW_LOGS)) {
    const line = `create-flow-logs --resource-type ${type} --resource-ids ${ids[type]} --traffic-type ${traffic}${interval} --log-destination-type ${to} --log-format`;
    assert.deepEqual(ec2(line, format)['Unsuccessful'], []);
  }

  const linesOf = (place: Place, lines: readonly string[]): Line[] => {
    const fields = FLOW_LOGS[place].format.replaceAll(/[${}]/g, '').split(' ');
    return lines.map((line) => Object.fromEntries(line.split(' ').map((value, at) => [fields[at]!, value])));
  };
  const withoutHeader = (objects: readonly Buffer[]): string[] =>
    objects.flatMap((bytes) => gunzipSync(bytes).toString().trimEnd().split('\n').slice(1));
  const below = (path: string): Buffer[] =>
    readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.log.gz'))
      .map((name) => readFileSync(join(path, name)));
  const local = (prefix: string): Buffer[] => {
    try {
      return below(join(data, 'bucket', prefix));
    } catch {
      return [];
    }
  };
  /** The objects of a bucket of moto, copied. */
  const copied = (bucket: string): string => {
    const path = join(directory, bucket);
    mkdirSync(path, { recursive: true });
    moto(`s3 sync --only-show-errors s3://${bucket} ${path}`);
    return path;
  };
  const arrived: Readonly<Record<Place, () => string[]>> = {
    local: () => withoutHeader(local('eni')),
    slow: () => withoutHeader(local('slow')),
    bucket: () => withoutHeader(below(copied('flow-bucket'))),
    group() {
      const groups = JSON.parse(moto('logs describe-log-groups')) as { logGroups: unknown[] };
      if (groups.logGroups.length === 0) return [];
      const said = JSON.parse(moto('logs filter-log-events --log-group-name flows')) as {
        events: { message: string }[];
      };
      return said.events.map(({ message }) => message);
    },
    stream() {
      const path = copied('stream-bucket');
      return readdirSync(path, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
        .flatMap((entries) => JSON.parse(`[${entries.replaceAll('}{', '},{')}]`) as { message: string }[])
        .map(({ message }) => message);
    },
  };
  return {
    up,
    text: () => text,
    ec2,
    records: (place) => linesOf(place, arrived[place]()),
    async stop() {
      up.kill('SIGINT');
      if (up.exitCode === null) await once(up, 'exit');
      assert.equal(up.exitCode, 0, text);
    },
  };
}

/** The packets of ICMP between two addresses in records. */
export function pingsIn(records: readonly Line[], a: string, b: string): Line[] {
  return records.filter(
    ({ srcaddr, dstaddr, protocol }) =>
      protocol === '1' && ((srcaddr === a && dstaddr === b) || (srcaddr === b && dstaddr === a)),
  );
}

/** The packets that records tell of. */
export function packetsOf(records: readonly Line[]): number {
  return records.reduce((sum, { packets }) => sum + (packets === '-' ? 0 : Number(packets)), 0);
}
