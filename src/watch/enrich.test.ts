import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileSnapshot, readModel } from '../network/vpc/model.ts';
import type { VpcSnapshot } from '../network/vpc/snapshot.ts';
import type { RecordColumns } from '../record/columns.ts';
import { createParser } from '../record/parse.ts';
import { enrichWith } from './enrich.ts';
import type { NetworkOverTime } from './enrich.ts';
import { batchAddresses } from './mappings/batch-addresses.ts';
import type { BatchAddresses } from './mappings/batch-addresses.ts';
import type { Ends } from './mappings/documents.ts';

const ACCOUNT = '123456789012';
/** When 10.0.0.9 went from one interface to another, seconds. */
const CHANGE = 1_764_504_000;

function model(holder: string, atSeconds: number): VpcSnapshot {
  const eni = (id: string, vpc: string, address: string, instance: string): object => ({
    NetworkInterfaceId: id,
    VpcId: vpc,
    SubnetId: `subnet-${vpc}`,
    OwnerId: ACCOUNT,
    PrivateIpAddress: address,
    InterfaceType: 'interface',
    Attachment: { InstanceId: instance },
  });
  const json = {
    Vpcs: ['vpc-1', 'vpc-2'].map((VpcId) => ({ VpcId, OwnerId: ACCOUNT, CidrBlock: '10.0.0.0/16' })),
    Subnets: ['vpc-1', 'vpc-2'].map((VpcId) => ({ SubnetId: `subnet-${VpcId}`, VpcId, CidrBlock: '10.0.0.0/24' })),
    NetworkInterfaces: [
      eni('eni-web', 'vpc-1', '10.0.0.1', 'i-web'),
      eni('eni-twin', 'vpc-2', '10.0.0.1', 'i-twin'),
      eni(holder, 'vpc-1', '10.0.0.9', 'i-nine'),
    ],
    Reservations: [
      {
        Instances: [
          {
            InstanceId: 'i-web',
            InstanceType: 'm7g.large',
            Tags: [{ Key: 'Name', Value: 'web' }],
            NetworkInterfaces: [],
          },
        ],
      },
    ],
  };
  return compileSnapshot(readModel([{ name: 'test', json }]), { version: 1, atMicros: atSeconds * 1e6 });
}

const [before, after] = [model('eni-old', 0), model('eni-new', CHANGE)];
const network: NetworkOverTime = {
  at: (micros) => (micros >= CHANGE * 1e6 ? after : before),
  versions: (from, to) => (CHANGE * 1e6 >= from && CHANGE * 1e6 < to ? [CHANGE * 1e6] : []),
};

function addresses(batch: RecordColumns, name: string): BatchAddresses {
  const column = batch.columns.find((one) => one.name === name)!;
  return batchAddresses(column.dictionary!, new Int32Array(column.data.buffer, column.data.byteOffset, batch.rows));
}

/** For each row the names of what holds its ends, and the direction. */
function tell(header: string, lines: readonly string[], known: NetworkOverTime | null = network): unknown[] {
  const parser = createParser({ format: null, columns: null, origin: 'test' });
  const [batch] = [...parser.push(Buffer.from([header, ...lines, ''].join('\n'))), ...parser.end()];
  const [source, destination] = [addresses(batch!, 'srcaddr'), addresses(batch!, 'dstaddr')];
  const ends: Ends = enrichWith(known)(batch!, source, destination);
  const of = (own: Ends['source'], row: number): unknown => {
    const text = own!.texts[own!.column[row]!] ?? '';
    return text === '' ? null : (JSON.parse(text) as object);
  };
  return lines.map((_, row) => [of(ends.source, row), of(ends.destination, row), ends.directions?.[row] ?? null]);
}

const ends = (id: string, vpc: string, instance: string): object => ({
  interface_id: id,
  instance_id: instance,
  vpc_id: vpc,
  subnet_id: `subnet-${vpc}`,
  account_id: ACCOUNT,
});
const web = {
  interface_id: 'eni-web',
  instance_id: 'i-web',
  name: 'web',
  vpc_id: 'vpc-1',
  subnet_id: 'subnet-vpc-1',
  account_id: ACCOUNT,
};

test('an address belongs to whoever held it when the record began', () => {
  const line = (seconds: number): string => `eni-web 10.0.0.1 10.0.0.9 ${seconds} ${seconds + 60}`;
  assert.deepEqual(tell('interface-id srcaddr dstaddr start end', [line(CHANGE - 1), line(CHANGE), line(CHANGE + 9)]), [
    [web, ends('eni-old', 'vpc-1', 'i-nine'), 1],
    [web, ends('eni-new', 'vpc-1', 'i-nine'), 1],
    [web, ends('eni-new', 'vpc-1', 'i-nine'), 1],
  ]);
});

test('of two VPCs with the same address it is that of the record, and nobody where none is known', () => {
  const line = (eni: string): string => `${eni} 10.0.0.9 10.0.0.1 ${CHANGE} ${CHANGE}`;
  const [first, second, third] = tell('interface-id srcaddr dstaddr start end', [
    line('eni-web'),
    line('eni-twin'),
    line('eni-far'),
  ]) as unknown[][];
  assert.deepEqual([first![1], first![2]], [web, 0]);
  assert.deepEqual([second![1], second![2]], [ends('eni-twin', 'vpc-2', 'i-twin'), 0]);
  assert.deepEqual([third![0], third![1], third![2]], [ends('eni-new', 'vpc-1', 'i-nine'), null, -1]);
  const [own] = tell('vpc-id srcaddr dstaddr start end', [
    `vpc-2 10.0.0.9 10.0.0.1 ${CHANGE} ${CHANGE}`,
  ]) as unknown[][];
  assert.deepEqual(own![1], ends('eni-twin', 'vpc-2', 'i-twin'));
});

test('a direction that the record says is not told again', () => {
  const [row] = tell('interface-id srcaddr dstaddr start flow-direction', [
    `eni-web 10.0.0.1 10.0.0.9 ${CHANGE} egress`,
  ]) as unknown[][];
  assert.equal(row![2], null);
});

test('services of AWS are told with and without a network', () => {
  const line = `eni-web 10.0.0.1 52.94.76.1 ${CHANGE} ${CHANGE}`;
  for (const known of [network, null]) {
    const [row] = tell('interface-id srcaddr dstaddr start end', [line], known) as [{ aws_service?: string }][];
    assert.match((row as unknown as { aws_service?: string }[])[1]!.aws_service ?? '', /^[A-Z0-9_]+$/);
  }
});
