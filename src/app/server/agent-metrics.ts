/**
 * The metrics of agents on other hosts, as the server tells them.
 *
 * In:    how it stands. Out: text for Prometheus.
 * Holds: what a host told last; when that was is a metric too. Nothing of a host that never told anything.
 */
import type { StageCount } from '../../model/counters.ts';
import type { Labelled, Metric, Sample } from '../../publish/metric-text.ts';
import { stageMetrics } from '../../publish/metric-text.ts';
import type { AgentStanding } from './agent-standings.ts';
import type { Standing } from './standing.ts';

/** Every metric that has a host. */
export const AGENT_METRICS: readonly Metric<Standing>[] = [
  gauge(
    'heard_seconds',
    'When the agent of a host told something last, in seconds since 1970 UTC.',
    ({ heardMillis }) => heardMillis / 1000,
    {
      when: 'time() - flowgauge_agent_heard_seconds > 60',
      means: 'An agent tells nothing. It runs on by itself if its host does; look there.',
    },
  ),
  gauge('healthy', '1: all of that host went when it told.', ({ report }) => (report.health.status === 'ok' ? 1 : 0), {
    when: 'flowgauge_agent_healthy == 0',
    means: 'A host is not captured or its records are not delivered: `flowgauge status` has the reasons.',
  }),
  gauge('current', '1: it followed the newest assignment when it told.', ({ isCurrent }) => (isCurrent ? 1 : 0), {
    when: 'max_over_time(flowgauge_agent_current[5m]) == 0',
    means: 'An agent cannot follow what is assigned to it: its log says why.',
  }),
  gauge('devices', 'Devices that are assigned to it.', ({ report }) => report.devices.length),
  gauge(
    'devices_missing',
    'Of these, those that the host has not.',
    ({ report }) => report.devices.filter(({ present }) => !present).length,
  ),
  {
    name: 'flowgauge_agent_capture_drops_total',
    type: 'counter',
    help: 'Packets that the kernel of the host lost before its capture saw them; modulo 2^32. They become SKIPDATA.',
    labels: ['host'],
    samples: each(({ report }) => report.drops),
  },
  ...stageMetrics<Standing>(
    'flowgauge_agent_stage',
    {
      in: 'What came into a stage of the host: frames, packets, observations, flows or records, as the metrics of that stage here say.',
      out: 'What left it.',
      held: 'What is in it.',
      lost: 'What it lost, by cause.',
    },
    ['host', 'stage'],
    stages,
  ),
];

function gauge(
  name: string,
  help: string,
  of: (one: AgentStanding) => number,
  alert?: Metric<Standing>['alert'],
): Metric<Standing> {
  return {
    name: `flowgauge_agent_${name}`,
    type: 'gauge',
    help,
    labels: ['host'],
    samples: each(of),
    ...(alert === undefined ? {} : { alert }),
  };
}

function each(of: (one: AgentStanding) => number): (standing: Standing) => readonly Sample[] {
  return ({ agents }) => (agents?.list() ?? []).map((one): Sample => [{ host: one.host }, of(one)]);
}

function stages({ agents }: Standing): readonly Labelled[] {
  return (agents?.list() ?? []).flatMap(({ host, report }) =>
    Object.entries(report.stages).map(([stage, count]: [string, StageCount]): Labelled => [{ host, stage }, count]),
  );
}
