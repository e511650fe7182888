/**
 * Flow log files as AWS delivers them: a day of five-minute objects.
 *
 *   bin/node bench/generate/flow-logs.ts --out DIR --records 5600000 --files 288 --format default|long [--plain] [--seed 1]
 *
 * In:    how many records and files, and which format. Out: objects below DIR with AWS's names, or with `--plain` all in
 *        one file, day.log; on stdout their number,
 *        bytes as unpacked, and the sum of `bytes`, as JSON.
 * Holds: the same seed gives the same text. Records come in the order of time, interfaces in any order: 1,000 interfaces,
 *        200,000 remote addresses of which some are far more frequent, 4 % IPv6, 7 % REJECT, 0.5 % NODATA.
 *        Nothing of `src/` is used.
 */
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

import { createRandom } from './random.ts';

const DEFAULT =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
/** Versions 2 to 5. */
const LONG = `${DEFAULT} vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr region az-id sublocation-type sublocation-id pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path`;
const ACCOUNT = '123456789012';
const START_SECONDS = 1_795_392_000;
const SLOT_SECONDS = 300;
const INTERFACES = 1000;
const REMOTES = 200_000;

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    records: { type: 'string', default: '5600000' },
    files: { type: 'string', default: '288' },
    format: { type: 'string', default: 'default' },
    plain: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
  },
});
const long = values.format === 'long';
const header = `${long ? LONG : DEFAULT}\n`;
const random = createRandom(Number(values.seed));
const hex = (digits: number): string =>
  Array.from({ length: Math.ceil(digits / 4) }, () => random.below(65_536).toString(16).padStart(4, '0'))
    .join('')
    .slice(0, digits);

const interfaces = Array.from({ length: INTERFACES }, (_, at) => ({
  id: `eni-0${hex(16)}`,
  address: `10.${at & 15}.${(at * 7) & 255}.${4 + (at % 250)}`,
  address6: `2600:1f18:4ab:${(at & 63).toString(16)}00::${(at + 16).toString(16)}`,
  subnet: `subnet-0${hex(16)}`,
  vpc: at & 3,
  instance: at % 5 === 0 ? '-' : `i-0${hex(16)}`,
}));
const vpcs = Array.from({ length: 4 }, () => `vpc-0${hex(16)}`);
const remotes = Array.from(
  { length: REMOTES },
  () => `${1 + random.below(222)}.${random.below(256)}.${random.below(256)}.${random.below(256)}`,
);

let sum = 0;
let bytes = 0;

function line(slot: number): string {
  const own = interfaces[random.below(INTERFACES)]!;
  const end = slot + random.below(SLOT_SECONDS);
  const start = end - random.below(60);
  if (random.below(200) === 0) {
    const none = `2 ${ACCOUNT} ${own.id} - - - - - - - ${start} ${end} - NODATA`;
    return long ? `${none}${' -'.repeat(15)}\n` : `${none}\n`;
  }
  // The product of two: few remote addresses have most of the flows.
  const at = Math.floor((random.below(REMOTES) * random.below(REMOTES)) / REMOTES);
  const is6 = random.below(25) === 0;
  const remote = is6 ? `2001:db8:${(at & 255).toString(16)}::${(at >> 8).toString(16)}` : remotes[at]!;
  const local = is6 ? own.address6 : own.address;
  const isIn = random.below(2) === 0;
  const [from, to] = isIn ? [remote, local] : [local, remote];
  const [client, server] = [32_768 + random.below(28_000), [443, 80, 22, 53, 3306, 8080][random.below(6)]!];
  const ports = isIn ? `${client} ${server}` : `${server} ${client}`;
  const packets = 1 + Math.floor(random.below(1000) / (1 + random.below(200)));
  const size = packets * (40 + random.below(1400));
  sum += size;
  const protocol = random.below(4) === 0 ? 17 : 6;
  const action = random.below(14) === 0 ? 'REJECT' : 'ACCEPT';
  const record = `${long ? 5 : 2} ${ACCOUNT} ${own.id} ${from} ${to} ${ports} ${protocol} ${packets} ${size} ${start} ${end} ${action} OK`;
  if (!long) return `${record}\n`;
  const service = at % 17 === 0 ? 'S3' : '-';
  return `${record} ${vpcs[own.vpc]!} ${own.subnet} ${own.instance} ${protocol === 6 ? 3 : 0} ${is6 ? 'IPv6' : 'IPv4'} ${from} ${to} us-east-1 use1-az${1 + (own.vpc & 1)} - - ${isIn ? service : '-'} ${isIn ? '-' : service} ${isIn ? 'ingress' : 'egress'} ${isIn ? '-' : 8}\n`;
}

const records = Number(values.records);
const files = Number(values.files);
const folder = join(values.out!, 'AWSLogs', ACCOUNT, 'vpcflowlogs/us-east-1');
let made = 0;
mkdirSync(values.out!, { recursive: true });
// A day may be longer than one string can be.
const plain = values.plain ? openSync(join(values.out!, 'day.log'), 'w') : null;
for (let file = 0; file < files; file++) {
  const slot = START_SECONDS + (file % 288) * SLOT_SECONDS;
  const until = Math.round((records * (file + 1)) / files);
  const lines: string[] = values.plain && file > 0 ? [] : [header];
  for (; made < until; made++) lines.push(line(slot));
  const text = lines.join('');
  bytes += text.length;
  if (plain !== null) {
    writeFileSync(plain, text);
    continue;
  }
  const stamp = new Date(slot * 1000).toISOString();
  const day = join(folder, stamp.slice(0, 10).replaceAll('-', '/'));
  mkdirSync(day, { recursive: true });
  const name = `${ACCOUNT}_vpcflowlogs_us-east-1_fl-0a1b2c3d4e5f60718_${stamp.slice(0, 16).replaceAll(/[-:]/g, '')}Z_${file.toString(16).padStart(8, '0')}.log`;
  writeFileSync(join(day, `${name}.gz`), gzipSync(text));
}
if (plain !== null) closeSync(plain);
process.stdout.write(`${JSON.stringify({ files: values.plain ? 1 : files, records, bytes, sum })}\n`);
