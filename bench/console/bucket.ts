/**
 * A bucket for the console to show: records of many interfaces over some hours.
 *
 * In:    a directory, how many. Out: text.gz objects under AWS's keys, as if they were delivered until now.
 * Holds: the same seed gives the same records but for their times.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { objectKey } from '../../src/storage/object/keys.ts';

export type WantedBucket = {
  readonly records: number;
  readonly interfaces: number;
  readonly hours: number;
  /** When the last record ended, seconds since 1970 UTC. */
  readonly untilSeconds: number;
};

const HEADER =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
const SLOT_SECONDS = 300;
const PORTS = [443, 80, 22, 5432, 53, 8080, 3306, 6379];

/** Writes it; how many objects there are. */
export function writeBucket(directory: string, { records, interfaces, hours, untilSeconds }: WantedBucket): number {
  const slots = (hours * 3600) / SLOT_SECONDS;
  const each = Math.ceil(records / slots);
  const last = Math.floor(untilSeconds / SLOT_SECONDS) * SLOT_SECONDS;
  let seed = 1;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  for (let slot = 0; slot < slots; slot += 1) {
    const slotSeconds = last - (slots - slot) * SLOT_SECONDS;
    const lines = [HEADER];
    for (let at = 0; at < each && slot * each + at < records; at += 1) {
      const number = random(interfaces);
      const start = slotSeconds + random(SLOT_SECONDS - 60);
      const own = `10.${number >> 12}.${(number >> 4) & 255}.${(number & 15) + 4}`;
      const peer = `10.${random(2)}.${random(256)}.${4 + random(200)}`;
      const action = random(20) === 0 ? 'REJECT' : 'ACCEPT';
      const port = PORTS[random(PORTS.length)]!;
      lines.push(
        `2 123456789012 eni-${number.toString(16).padStart(17, '0')} ${peer} ${own} ${32_768 + random(28_000)} ${port} 6 ${1 + random(50)} ${60 + random(90_000)} ${start} ${start + 55} ${action} OK`,
      );
    }
    const key = objectKey({
      prefix: '',
      organization: null,
      accountId: '123456789012',
      region: 'us-east-1',
      flowLogId: 'fl-0123456789abcdef0',
      slotSeconds,
      hash: slot.toString(16).padStart(8, '0'),
      fileFormat: 'plain-text',
      hive: false,
      hourly: false,
    });
    mkdirSync(dirname(join(directory, key)), { recursive: true });
    writeFileSync(join(directory, key), gzipSync(`${lines.join('\n')}\n`, { level: 4 }));
  }
  return slots;
}
