/**
 * Detection and alerts while a process runs: `up`, or a `watch worker`.
 *
 * In:    a data directory with its state file, the settings, what is looked at. Out: looks, findings, alerts, until it is ended.
 * Holds: without a place what is looked at is the bucket of this machine; records that are published elsewhere are not fetched back.
 * Fails: as the state file does.
 */
import type { StateFile } from '../../../storage/state/state-file.ts';
import type { LookPlace } from '../../../watch/look.ts';
import type { Config } from '../../config.ts';
import { createAlerting } from './alerting.ts';
import type { AlertingEvent } from './alerting.ts';
import { createDetector } from './detector.ts';
import type { DetectorEvent } from './detector.ts';
import type { DetectionStanding } from './standing.ts';

export type WatchEvent = DetectorEvent | AlertingEvent;

export type WatchingOptions = Pick<Config, 'detection' | 'receivers'> & {
  readonly data: string;
  readonly state: StateFile;
  /** What is looked at where it is not the bucket of this machine. */
  readonly place?: LookPlace;
  /** Under which people reach the console, without a slash at the end; null: nobody said, or there is none. */
  readonly publicUrl: string | null;
  readonly standing: DetectionStanding;
  /** Packets that were seen so far; null where nobody counts. */
  readonly packets?: () => number | null;
  /** Before the first look. */
  readonly firstMillis?: number;
  readonly show: (event: WatchEvent) => void;
};

/** Begins; the answer ends it. */
export function startWatching(options: WatchingOptions): () => Promise<void> {
  const { data, state, detection, receivers, place, publicUrl, standing, packets, firstMillis, show } = options;
  const alerting = createAlerting({
    state,
    receivers,
    console: publicUrl === null ? null : `${publicUrl}/console/`,
    standing,
    show,
  });
  const detector = createDetector({
    data,
    ...(place === undefined ? {} : { place }),
    settings: detection,
    receivers: receivers.map(({ name, least }) => ({ name, least })),
    standing,
    show,
    looked: () => alerting.poke(),
    ...(packets === undefined ? {} : { packets }),
    ...(firstMillis === undefined ? {} : { firstMillis }),
  });
  return async () => {
    detector.end();
    await alerting.end();
  };
}
