/**
 * Documents made the plain way: a line is split, an object is filled, JSON is made of it.
 *
 * In:    a record's line and the names of its fields. Out: the document that the program makes of it without a network, by other means.
 * Holds: nothing of the program is used: tests compare the two, and the benchmark races them.
 */
import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';

/** Where records come from. */
export type PlainOrigin = {
  readonly bucket: string;
  readonly key: string;
  readonly accountId: string | null;
  readonly region: string | null;
  readonly seconds: number;
};

const TRANSPORTS = new Map([
  ['1', 'icmp'],
  ['6', 'tcp'],
  ['17', 'udp'],
  ['58', 'ipv6-icmp'],
  ['132', 'sctp'],
]);
const NUMBERS = new Set(
  (
    'version srcport dstport protocol packets bytes start end tcp-flags traffic-path encryption-status ' +
    'packets-lost-no-route packets-lost-blackhole packets-lost-mtu-exceeded packets-lost-ttl-expired'
  ).split(' '),
);
const IN_ECS = new Set(
  'account-id region srcaddr dstaddr srcport dstport protocol packets bytes start end flow-direction'.split(' '),
);

/** Bytes of an address. */
function packed(address: string): Buffer {
  if (!isIPv6(address)) return Buffer.from(address.split('.').map(Number));
  const [front = '', back] = address.split('::');
  const groups = (text: string): number[] => (text === '' ? [] : text.split(':').map((part) => parseInt(part, 16)));
  const [head, tail] = [groups(front), back === undefined ? [] : groups(back)];
  const all = [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => 0), ...tail];
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 255]));
}

/** @see https://github.com/corelight/community-id-spec */
export function communityId(src: string, dst: string, protocol: number, sport: number, dport: number): string {
  let [from, to, low, high] = [packed(src), packed(dst), sport, dport];
  const order = from.compare(to);
  if (order > 0 || (order === 0 && low > high)) [from, to, low, high] = [to, from, high, low];
  const ports = Buffer.alloc(4);
  ports.writeUInt16BE(low, 0);
  ports.writeUInt16BE(high, 2);
  const hasPorts = [6, 17, 132].includes(protocol);
  const hash = createHash('sha1').update(Buffer.concat([Buffer.alloc(2), from, to, Buffer.from([protocol, 0])]));
  if (hasPorts) hash.update(ports);
  return `1:${hash.digest('base64')}`;
}

/** The document of a line. */
export function plainDocument(line: string, names: readonly string[], origin: PlainOrigin): Record<string, unknown> {
  const record: Record<string, string> = {};
  for (const [at, value] of line.split(' ').entries()) if (value !== '-') record[names[at]!] = value;
  const { srcaddr, dstaddr, srcport, dstport, protocol, action } = record;
  const number = (name: string): number | undefined => (record[name] === undefined ? undefined : Number(record[name]));
  const time = (name: string): string | undefined =>
    record[name] === undefined ? undefined : new Date(Number(record[name]) * 1000).toISOString();
  const status = record['log-status'];
  const event: Record<string, unknown> = {
    kind: 'event',
    category: ['network'],
    module: 'flowgauge',
    dataset: 'flowgauge.flows',
  };
  if (status === 'NODATA' || status === 'SKIPDATA')
    Object.assign(event, { action: status.toLowerCase(), type: ['info'] });
  else if (action === 'ACCEPT')
    Object.assign(event, { action: 'accept', outcome: 'success', type: ['connection', 'allowed'] });
  else if (action === 'REJECT')
    Object.assign(event, { action: 'reject', outcome: 'failure', type: ['connection', 'denied'] });
  else
    Object.assign(event, { ...(action === undefined ? {} : { action: action.toLowerCase() }), type: ['connection'] });
  event['start'] = time('start');
  event['end'] = time('end');
  const document: Record<string, unknown> = {
    '@timestamp': time('end') ?? time('start') ?? new Date(origin.seconds * 1000).toISOString(),
    ecs: { version: '8.17.0' },
    event,
  };
  const source = {
    address: srcaddr,
    ip: srcaddr,
    port: number('srcport'),
    bytes: number('bytes'),
    packets: number('packets'),
  };
  if (Object.values(source).some((value) => value !== undefined)) document['source'] = source;
  if (dstaddr !== undefined || dstport !== undefined)
    document['destination'] = { address: dstaddr, ip: dstaddr, port: number('dstport') };
  const network: Record<string, unknown> = { bytes: number('bytes'), packets: number('packets') };
  if (protocol !== undefined) Object.assign(network, { iana_number: protocol, transport: TRANSPORTS.get(protocol) });
  if (srcaddr !== undefined) network['type'] = isIPv6(srcaddr) ? 'ipv6' : 'ipv4';
  network['direction'] = record['flow-direction'];
  if (srcaddr !== undefined && dstaddr !== undefined && protocol !== undefined && !['1', '58'].includes(protocol))
    network['community_id'] = communityId(srcaddr, dstaddr, Number(protocol), Number(srcport), Number(dstport));
  if (Object.values(network).some((value) => value !== undefined)) document['network'] = network;
  const addresses = [srcaddr, dstaddr].filter((address) => address !== undefined);
  if (addresses.length > 0) document['related'] = { ip: addresses };
  const account = record['account-id'] ?? (names.includes('account-id') ? undefined : (origin.accountId ?? undefined));
  document['cloud'] = {
    provider: 'aws',
    ...(account === undefined ? {} : { account: { id: account } }),
    region: record['region'] ?? (names.includes('region') ? undefined : (origin.region ?? undefined)),
    ...(record['instance-id'] === undefined ? {} : { instance: { id: record['instance-id'] } }),
  };
  const others = Object.entries(record)
    .filter(([name]) => !IN_ECS.has(name))
    .map(([name, value]) => [name.replaceAll(/[-.]/g, '_'), NUMBERS.has(name) ? Number(value) : value] as const);
  document['aws'] = {
    s3: { bucket: { name: origin.bucket }, object: { key: origin.key } },
    ...(others.length === 0 ? {} : { vpcflow: Object.fromEntries(others) }),
  };
  return document;
}
