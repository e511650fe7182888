/**
 * Detection and alerts of a running `up`.
 *
 * In:    a data directory with its control plane, the settings. Out: looks, findings, alerts, until it is ended.
 * Holds: what is looked at is the bucket of this machine; records that are published elsewhere are not fetched back.
 * Fails: as the state file does.
 */
import type { Config } from '../../config.ts';
import type { Control } from '../control.ts';
import type { Standing } from '../standing.ts';
import { createAlerting } from './alerting.ts';
import type { AlertingEvent } from './alerting.ts';
import { createDetector } from './detector.ts';
import type { DetectorEvent } from './detector.ts';

export type WatchEvent = DetectorEvent | AlertingEvent;

/**
 * Begins; the answer ends it.
 *
 * @param publicUrl  under which people reach the server, without a slash at the end; null: nobody said
 */
export function startWatching(
  data: string,
  { state }: Pick<Control, 'state'>,
  { detection, receivers }: Pick<Config, 'detection' | 'receivers'>,
  publicUrl: string | null,
  standing: Standing,
  show: (event: WatchEvent) => void,
): () => Promise<void> {
  const { detection: told } = standing;
  const alerting = createAlerting({
    state,
    receivers,
    console: publicUrl === null ? null : `${publicUrl}/console/`,
    standing: told,
    show,
  });
  const detector = createDetector({
    data,
    settings: detection,
    receivers: receivers.map(({ name, least }) => ({ name, least })),
    standing: told,
    show,
    looked: () => alerting.poke(),
    packets: () =>
      standing.stages === null
        ? null
        : standing.stages.counts.observations.out + (standing.stages.counts.kernel?.out ?? 0),
  });
  return async () => {
    detector.end();
    await alerting.end();
  };
}
