/**
 * A day of 5-minute text.gz objects, as AWS lays them out.
 *
 * In:    a directory, how many records. Out: 288 objects in the default format below it; their bytes.
 * Holds: the same numbers give the same bytes. 1,000 interfaces, three in ten records between two of them, the others with
 *        some of 200,000 addresses, a few of which are in many records.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DEFAULT_FORMAT, headerLine, parseLogFormat } from '../../src/record/format.ts';
import { objectKey } from '../../src/storage/object/keys.ts';
import { createRandom } from './random.ts';

const OBJECTS = 288;
const SLOT_SECONDS = 300;
/** A day that has passed, so that its folders are settled. */
const DAY = Date.UTC(2026, 4, 12) / 1000;
const PORTS = [443, 443, 443, 80, 22, 53, 3306, 5432, 8080, 123];

/** Writes the objects; gives the bytes of all. */
export function makeTextDay(directory: string, records: number): number {
  const random = createRandom(7);
  const below = (limit: number): number => random.below(limit);
  const inside = (at: number): string => `10.0.${at >> 8}.${at & 255}`;
  const header = headerLine(parseLogFormat(DEFAULT_FORMAT));
  let bytes = 0;
  for (let object = 0; object < OBJECTS; object++) {
    const slotSeconds = DAY + object * SLOT_SECONDS;
    const lines = [header];
    for (let left = Math.floor(records / OBJECTS); left > 0; left--) {
      const eni = below(1000);
      const far = Math.floor(random.unit() ** 3 * 200_000);
      const peer =
        random.unit() < 0.3
          ? inside(below(1000))
          : `${20 + (far % 180)}.${(far >> 8) % 250}.${far % 250}.${1 + (far % 251)}`;
      const [src, dst] = random.unit() < 0.5 ? [inside(eni), peer] : [peer, inside(eni)];
      const [ephemeral, service] = [1024 + below(60_000), PORTS[below(PORTS.length)]!];
      const [srcport, dstport] = random.unit() < 0.5 ? [ephemeral, service] : [service, ephemeral];
      const packets = 1 + Math.floor(1 / (random.unit() + 0.001));
      const start = slotSeconds + below(240);
      const action = random.unit() < 0.06 ? 'REJECT' : 'ACCEPT';
      const name = eni.toString(16).padStart(17, '0');
      lines.push(
        `2 123456789012 eni-${name} ${src} ${dst} ${srcport} ${dstport} ${service === 53 ? 17 : 6} ${packets} ${packets * (40 + below(1400))} ${start} ${start + below(59)} ${action} OK`,
      );
    }
    const key = objectKey({
      prefix: '',
      organization: null,
      accountId: '123456789012',
      region: 'us-east-1',
      flowLogId: 'fl-0123456789abcdef0',
      slotSeconds,
      hash: object.toString(16).padStart(8, '0'),
      fileFormat: 'plain-text',
      hive: false,
      hourly: false,
    });
    const packed = gzipSync(`${lines.join('\n')}\n`);
    const path = join(directory, key);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, packed);
    bytes += packed.length;
  }
  return bytes;
}
