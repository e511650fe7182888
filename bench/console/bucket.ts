/**
 * A bucket for the console to show: records of many interfaces over some hours.
 *
 * In:    a directory, how many. Out: text.gz objects under AWS's keys, as if they were delivered until now. Interfaces are those of
 *        `writeNetwork`, whether its facts are there or not.
 * Holds: the same seed gives the same records but for their times.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { objectKey } from '../../src/storage/object/keys.ts';
import { ACCOUNT, addressOf, CLOSED_PORTS, DENIED_PORT, flowLogId, interfaceId, OPEN_PORTS } from './network.ts';

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
    for (let at = 0; at < each && slot * each + at < records; at += 1)
      lines.push(line(random, interfaces, slotSeconds + random(SLOT_SECONDS - 60)));
    const key = objectKey({
      prefix: '',
      organization: null,
      accountId: ACCOUNT,
      region: 'us-east-1',
      flowLogId: flowLogId(0),
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

/** A call that an interface was sent, or what it answered: from another one mostly, some from the internet, some from nobody. */
function line(random: (below: number) => number, interfaces: number, start: number): string {
  const number = random(interfaces);
  const kind = random(20);
  const peer =
    kind < 14
      ? addressOf(random(interfaces))
      : kind < 18
        ? `198.51.${random(256)}.${random(256)}`
        : `10.${random(2)}.${random(256)}.${100 + random(100)}`;
  const isRejected = random(20) === 0;
  const port = !isRejected
    ? OPEN_PORTS[random(OPEN_PORTS.length)]!
    : random(4) === 0
      ? DENIED_PORT
      : CLOSED_PORTS[random(CLOSED_PORTS.length)]!;
  const call = `${peer} ${addressOf(number)} ${32_768 + random(28_000)} ${port}`;
  const answer = `${addressOf(number)} ${peer} ${port} ${32_768 + random(28_000)}`;
  const way = !isRejected && random(3) === 0 ? answer : call;
  return `2 ${ACCOUNT} ${interfaceId(number)} ${way} 6 ${1 + random(50)} ${60 + random(90_000)} ${start} ${start + 55} ${isRejected ? 'REJECT' : 'ACCEPT'} OK`;
}
