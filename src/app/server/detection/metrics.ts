/**
 * The metrics of detection and alerts.
 *
 * In:    how it stands. Out: text for Prometheus.
 * Holds: where detection is off there are no samples but that. No address and no name of a finding's subject is in a label.
 */
import type { Metric, Sample } from '../../../publish/metric-text.ts';
import type { DetectionStanding } from './standing.ts';

/** What they are made of. */
type Detecting = { readonly detection: DetectionStanding };

/** Every metric of them. */
export const DETECTION_METRICS: readonly Metric<Detecting>[] = [
  {
    name: 'flowgauge_detect_enabled',
    type: 'gauge',
    help: '1: the newest records are looked at for findings.',
    labels: [],
    samples: ({ detection }) => [[{}, detection.is === 'off' ? 0 : 1]],
  },
  whenOn(
    'detect_looks_total',
    'counter',
    'Looks that went well; `long` ones are of a day, `near` ones of the hour before and this one.',
    ['reach'],
    ({ looks }) => Object.entries(looks).map(([reach, taken]): Sample => [{ reach }, taken]),
  ),
  whenOn('detect_failures_total', 'counter', 'Looks that failed.', [], ({ failures }) => [[{}, failures]], {
    when: 'increase(flowgauge_detect_failures_total[15m]) > 2',
    means: 'Nobody looks for findings now: the log says why.',
  }),
  whenOn('detect_seconds_total', 'counter', 'Time that looks took by the clock.', [], ({ lookSeconds }) => [
    [{}, lookSeconds],
  ]),
  whenOn(
    'detect_last_look_seconds',
    'gauge',
    'When the last look that went well began, in seconds since 1970 UTC.',
    [],
    ({ lastLook }) => (lastLook === null ? [] : [[{}, lastLook.atSeconds]]),
    {
      when: 'time() - flowgauge_detect_last_look_seconds > 1800',
      means: 'Findings are late: looks fail, or take very long on this machine.',
    },
  ),
  whenOn('findings_total', 'counter', 'Findings that were found for the first time.', ['severity'], ({ fresh }) =>
    Object.entries(fresh).map(([severity, found]): Sample => [{ severity }, found]),
  ),
  whenOn(
    'findings_open',
    'gauge',
    'Findings of the last seven days that are not suppressed, at the last look.',
    ['severity'],
    ({ open, lastLook }) =>
      lastLook === null ? [] : Object.entries(open).map(([severity, found]): Sample => [{ severity }, found]),
    { when: 'flowgauge_findings_open{severity="high"} > 0', means: 'Somebody should look at *Findings*.' },
  ),
  {
    name: 'flowgauge_alerts',
    type: 'gauge',
    help: 'Alerts in the outbox by receiver and what became of them: `waiting`, `sending`, `sent`, `unsure` (it may have been received, and is not sent again), `given-up`, `dropped` (suppressed before it was sent).',
    labels: ['receiver', 'state'],
    samples: ({ detection }) =>
      detection.alerts.map(({ receiver, state, alerts }): Sample => [{ receiver, state }, alerts]),
    alert: {
      when: 'flowgauge_alerts{state="waiting"} > 0 for an hour, or an increase of state="unsure" or "given-up"',
      means: 'A receiver does not take alerts: `notes` of `/health` and the log say which and why.',
    },
  },
];

function whenOn(
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  labels: readonly string[],
  samples: (detection: DetectionStanding) => readonly Sample[],
  alert?: { readonly when: string; readonly means: string },
): Metric<Detecting> {
  return {
    name: `flowgauge_${name}`,
    type,
    help,
    labels,
    samples: ({ detection }) => (detection.is === 'off' ? [] : samples(detection)),
    ...(alert === undefined ? {} : { alert }),
  };
}
