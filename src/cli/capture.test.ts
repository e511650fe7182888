import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gunzipSync } from 'node:zlib';

const DEMO = join(import.meta.dirname, '../app/server/demo');
const CAPTURE = join(DEMO, 'capture.pcap.gz');
const MODEL = join(DEMO, 'model.json');
const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-capture-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

/** Runs the verb as a user does, without a terminal. */
function capture(...words: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(import.meta.dirname, 'main.ts'), 'capture', ...words], { encoding: 'utf8' });
}

/** The model of the demo with other members. */
function modelWith(name: string, more: object): string {
  const path = join(scratch, name);
  writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(MODEL, 'utf8')) as object), ...more }));
  return path;
}

test('a capture that cannot be opened leaves nothing on stdout, not even a header', () => {
  const { status, stdout, stderr } = capture('-r', join(scratch, 'none.pcap'));
  assert.equal(status, 2);
  assert.equal(stdout, '');
  assert.match(stderr, /there is no such file.*FG_CAPTURE_UNREADABLE/);
});

test('an option that does nothing without another one is refused', () => {
  for (const [words, other] of [
    [['--device', 'eth0=eni-0a'], '--vpc'],
    [['--vlan', '5=vpc-0a'], '--vpc'],
    [['--hive-compatible-partitions'], '-w'],
    [['--per-hour-partition', '--max-object-bytes', '900'], '-w'],
  ] as const) {
    const { status, stderr } = capture('-r', CAPTURE, ...words);
    assert.equal(status, 2, words.join(' '));
    assert.match(stderr, new RegExp(`does nothing without ${other}; .*FG_CAPTURE_OPTION_WITHOUT`));
  }
});

test('--device with an interface that the model does not have is refused before a packet is read', () => {
  const { status, stderr } = capture('-r', CAPTURE, '--vpc', MODEL, '--device', 'eth0=eni-nowhere');
  assert.equal(status, 2);
  assert.match(stderr, /eni-nowhere.*FG_OPTION_NOT_IN_MODEL/);
});

test('--device with a name that no frame has is told', () => {
  const { NetworkInterfaces } = JSON.parse(readFileSync(MODEL, 'utf8')) as {
    NetworkInterfaces: { NetworkInterfaceId: string }[];
  };
  const pair = `eth9=${NetworkInterfaces[0]!.NetworkInterfaceId}`;
  const { status, stderr } = capture('-r', CAPTURE, '--vpc', MODEL, '--device', pair);
  assert.equal(status, 0);
  assert.match(stderr, /^flowgauge: --device eth9: no frame was of it, the capture does not name its devices$/m);
});

test('says why where no packet of a capture is in a record', () => {
  const elsewhere = modelWith('elsewhere.json', { NetworkInterfaces: [], SecurityGroups: [] });
  const { status, stderr } = capture('-r', CAPTURE, '--vpc', elsewhere);
  assert.equal(status, 0);
  assert.match(stderr, /^flowgauge: none of \d+ frames is in a record: \d+ foreign/m);
  assert.doesNotMatch(capture('-r', CAPTURE, '--vpc', MODEL).stderr, /frames/);
});

test('-w writes flow logs of log groups and streams as objects too, one for each', () => {
  const resource = (JSON.parse(readFileSync(MODEL, 'utf8')) as { Vpcs: { VpcId: string }[] }).Vpcs[0]!.VpcId;
  const flowLog = { ResourceId: resource, TrafficType: 'ALL', MaxAggregationInterval: 60 };
  const vpc = modelWith('flow-logs.json', {
    FlowLogs: [
      { ...flowLog, FlowLogId: 'fl-0a', LogDestinationType: 'cloud-watch-logs', LogGroupName: 'group' },
      {
        ...flowLog,
        FlowLogId: 'fl-0b',
        LogDestinationType: 'kinesis-data-firehose',
        LogDestination: 'arn:aws:firehose:us-east-1:123456789012:deliverystream/one',
      },
    ],
  });
  const directory = join(scratch, 'out');
  const { status, stderr } = capture('-r', CAPTURE, '--vpc', vpc, '-w', directory);
  assert.equal(status, 0, stderr);
  const objects = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.gz'));
  const textOf = (id: string): string[] =>
    objects
      .filter((name) => name.includes(`_${id}_`))
      .flatMap((name) =>
        gunzipSync(readFileSync(join(directory, name)))
          .toString()
          .split('\n'),
      )
      .filter((line) => /^\d/.test(line))
      .toSorted();
  const printed = capture('-r', CAPTURE, '--vpc', MODEL).stdout.trimEnd().split('\n').slice(1).toSorted();
  assert.deepEqual(textOf('fl-0a'), printed);
  assert.deepEqual(textOf('fl-0b'), printed);
});

test('-w writes flow logs of other buckets into the directory, and asks nobody', () => {
  const resource = (JSON.parse(readFileSync(MODEL, 'utf8')) as { Vpcs: { VpcId: string }[] }).Vpcs[0]!.VpcId;
  const flowLog = { FlowLogId: 'fl-0c', ResourceId: resource, TrafficType: 'ALL', LogDestinationType: 's3' };
  const vpc = modelWith('buckets.json', { FlowLogs: [{ ...flowLog, LogDestination: 'arn:aws:s3:::flow-bucket/a/' }] });
  const directory = join(scratch, 'buckets');
  const { status, stderr } = capture('-r', CAPTURE, '--vpc', vpc, '-w', directory);
  assert.equal(status, 0, stderr);
  const objects = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.gz'));
  assert.ok(objects.length > 0 && objects.every((name) => name.startsWith(join('a', 'AWSLogs'))), objects.join(' '));
});
