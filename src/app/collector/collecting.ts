/**
 * How far a collection has come, on disk: so that the next one knows what nobody gathered, or what was lost with a process.
 *
 * In:    a directory, the start of the oldest window that is open. Out: since when there is a gap.
 * Holds: whoever was asked to stop leaves none. Whoever was killed leaves one from the oldest window that may not be in the
 *        spool; whoever ended because something else was killed, from its end. Windows of a gap say SKIPDATA.
 * Fails: never: where the disk is full the older one stays, which tells of more; what cannot be read is no gap.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type Collecting = {
  /** Since when nothing is known, microseconds since 1970 UTC; null: there is no gap. */
  readonly gapMicros: number | null;
  /**
   * About once a second.
   *
   * @param openSince  start of the oldest window that is open, seconds since 1970 UTC
   */
  keep(openSince: number, nowMicros: number): void;
  /**
   * All that was gathered is in the spool.
   *
   * @param asked  whether it was asked to stop
   */
  end(asked: boolean, nowMicros: number): void;
};

const FILE = 'collecting.json';
/** A window that has closed is in the spool by then. */
const TO_SPOOL_MICROS = 5_000_000;

/** Begins in a directory. */
export function openCollecting(directory: string, nowMicros: number): Collecting {
  const path = join(directory, FILE);
  const gapMicros = readGap(path);
  const write = (openMicros: number, hasEnded: boolean): void => {
    try {
      writeFileSync(`${path}.new`, JSON.stringify({ format: 1, openMicros, hasEnded }));
      renameSync(`${path}.new`, path);
    } catch {
      // The next second tries again.
    }
  };
  let openMicros = gapMicros ?? nowMicros;
  let next = { openMicros, atMicros: nowMicros };
  write(openMicros, false);
  return {
    gapMicros,
    keep(openSince, atMicros) {
      const isOld = atMicros - next.atMicros > TO_SPOOL_MICROS;
      // What closed just now may not be in the spool yet; what had closed before it is.
      if (isOld && next.openMicros > openMicros) {
        ({ openMicros } = next);
        write(openMicros, false);
      }
      if (openSince * 1e6 > next.openMicros) next = { openMicros: openSince * 1e6, atMicros };
    },
    end: (asked, atMicros) => write(atMicros, asked),
  };
}

function readGap(path: string): number | null {
  try {
    const { format, openMicros, hasEnded } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    return format === 1 && hasEnded === false && typeof openMicros === 'number' ? openMicros : null;
  } catch {
    return null;
  }
}
