/**
 * A place with records of three formats, for tests.
 *
 * In:    nothing. Out: a data directory, what asks it; the records that were put there.
 * Holds: two periods of half an hour; equal records; absent fields; text of two formats, Parquet, and open windows where
 *        they are wanted.
 */
import { buildBucket } from '../../lake/read/build-bucket.ts';
import { SLOT_SECONDS as T } from '../../lake/read/build-bucket.ts';
import type { TimeRange } from '../../lake/read/source.ts';
import { placeOf } from './ask-place.ts';
import type { Place } from './ask-place.ts';

export const NARROW =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
export const WIDE =
  'srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status flow-direction tcp-flags instance-tag';
/** Half an hour; the one before has records too. */
export const RANGE: TimeRange = { startSeconds: T + 1800, endSeconds: T + 3600 };

/** Stamp of the objects: all of their records end before it, none by more than an hour. */
const LATE = T + 3000;

/** Seconds of the records, those of one second several. */
const at = (record: number): number => T + Math.floor((record * 3600) / 240);

function narrow(record: number): string {
  const far = `203.0.113.${record % 7}`;
  const near = `10.0.${record % 2}.${record % 5}`;
  const [src, dst] = record % 3 === 0 ? [far, near] : [near, far];
  const action = record % 4 === 0 ? 'REJECT' : 'ACCEPT';
  return `2 123456789012 eni-${record % 3} ${src} ${dst} ${record % 3 === 0 ? 40_000 + record : 443} ${record % 3 === 0 ? 443 : 40_000 + record} ${record % 10 === 0 ? 17 : 6} ${record} ${record * 100} ${at(record)} ${at(record) + 30} ${action} OK`;
}

function wide(record: number): string {
  const direction = record % 2 === 0 ? 'ingress' : 'egress';
  const tag = record % 6 === 0 ? '-' : `web%2C${record % 2}`;
  return `10.0.0.${record % 4} 10.0.9.${record % 3} 50000 ${record % 2 === 0 ? 22 : 60_000} 6 3 120 ${at(record)} ${at(record) + 5} ACCEPT OK ${direction} ${record % 2 === 0 ? 2 : 18} ${tag}`;
}

/** The lines of each format, without headers. */
export const LINES = {
  narrow: [
    ...Array.from({ length: 240 }, (_, record) => narrow(record)),
    // Equal in every field.
    ...Array.from({ length: 5 }, () => narrow(200)),
    `2 123456789012 eni-9 - - - - - - - ${T + 2000} ${T + 2059} - NODATA`,
    `2 123456789012 eni-9 - - - - - - - ${T + 2060} ${T + 2119} - SKIPDATA`,
  ],
  wide: Array.from({ length: 240 }, (_, record) => wide(record)),
} as const;

export type BuiltPlace = { readonly place: Place; readonly directory: string; readonly remove: () => void };

/** Writes the objects; each format in several. */
export async function buildPlace(cacheDirectory: string | null = null): Promise<BuiltPlace> {
  const built = buildBucket();
  const cut = (header: string, lines: readonly string[]): void => {
    for (let part = 0; part < 3; part++)
      built.text([header, ...lines.filter((_, line) => line % 3 === part)], {
        prefix: 'bucket',
        slotSeconds: LATE + part * 300,
      });
  };
  cut(NARROW, LINES.narrow);
  cut(WIDE, LINES.wide);
  await built.parquet(
    `SELECT 2 AS version, 'eni-p' AS interface_id, '2001:db8::' || n AS srcaddr, '2001:db8::ff' AS dstaddr, CAST(n AS INTEGER) AS srcport,
       CAST(53 AS INTEGER) AS dstport, CAST(17 AS INTEGER) AS protocol, CAST(1 AS BIGINT) AS packets, CAST(n AS BIGINT) AS bytes,
       CAST(${T} + n * 36 AS BIGINT) AS start, CAST(${T} + n * 36 + 1 AS BIGINT) AS "end", 'ACCEPT' AS action, 'OK' AS log_status FROM range(100) AS r(n)`,
    { prefix: 'bucket', slotSeconds: LATE },
  );
  const cache = cacheDirectory === null ? null : { directory: cacheDirectory };
  return {
    directory: built.directory,
    place: placeOf({ from: built.directory, cache, memoryBytes: 300e6 }),
    remove: () => built.remove(),
  };
}
