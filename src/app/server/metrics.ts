/**
 * The metrics of `up`: every stage from packet to object, the tables between them, and the processes.
 *
 * In:    how it stands. Out: text for Prometheus.
 * Holds: of each stage in = out + held + the sum of lost, at every scrape. What nobody has told yet has no samples: in the
 *        demonstration, and in the first second.
 */
import type { Labelled, Metric, Sample } from '../../publish/metric-text.ts';
import { metricText, stageMetrics } from '../../publish/metric-text.ts';
import { PUBLISH_METRICS } from '../../publish/metrics.ts';
import type { StageCounts } from '../collector/process.ts';
import { AGENT_METRICS } from './agent-metrics.ts';
import { DETECTION_METRICS } from './detection/metrics.ts';
import { KEEPING_METRICS } from './keeping/metrics.ts';
import type { ProcessUse } from './process-use.ts';
import { childrenOf, processUse } from './process-use.ts';
import type { Standing } from './standing.ts';
import { VERSION } from '../version.ts';

/** Every metric of `up` but those of publishing and of agents. */
export const HOST_METRICS: readonly Metric<Standing>[] = [
  {
    name: 'flowgauge_build_info',
    type: 'gauge',
    help: 'Always 1; its labels are the versions of flowgauge and Node.',
    labels: ['version', 'node'],
    samples: () => [[{ version: VERSION, node: process.versions.node }, 1]],
  },
  {
    name: 'flowgauge_capturing',
    type: 'gauge',
    help: '1: the traffic of this machine is captured.',
    labels: [],
    samples: ({ capture }) => [[{}, capture.is === 'running' ? 1 : 0]],
    alert: { when: 'flowgauge_capturing == 0', means: 'No traffic is captured: it may not, or the capture has ended.' },
  },
  {
    name: 'flowgauge_capture_drops_total',
    type: 'counter',
    help: 'Packets that kernel and devices lost before the capture saw them; modulo 2^32. They become SKIPDATA.',
    labels: [],
    samples: ({ drops }) => (drops === null ? [] : [[{}, Atomics.load(drops, 0)]]),
    alert: {
      when: 'rate(flowgauge_capture_drops_total[5m]) > 0',
      means: 'More packets come than are read: windows say SKIPDATA.',
    },
  },
  ...stageMetrics<Standing>(
    'flowgauge_capture_frames',
    {
      in: 'Frames read from the capture.',
      out: 'Packets decoded from them.',
      held: 'Frames that are being decoded.',
      lost: 'Frames that gave no packet, by cause.',
    },
    [],
    one(({ counts }) => counts.capture),
  ),
  ...stageMetrics<Standing>(
    'flowgauge_verdict_packets',
    {
      in: 'Packets that were judged.',
      out: 'Packets seen at an interface.',
      held: 'Packets that are being judged.',
      lost: 'Packets at no interface, or of a kind that is never logged, by cause.',
    },
    [],
    one(({ counts }) => counts.verdict),
  ),
  ...stageMetrics<Standing>(
    'flowgauge_verdict_observations',
    {
      in: 'Packets as interfaces see them: one that passes two is two.',
      out: 'Of these, those with a decision.',
      held: 'Of these, those that are being judged.',
      lost: 'Of these, those that no interface sends, by cause.',
    },
    [],
    one(({ counts }) => counts.observations),
  ),
  ...stageMetrics<Standing>(
    'flowgauge_aggregate_observations',
    {
      in: 'Observations of interfaces with a flow log.',
      out: 'Observations in windows that were given out.',
      held: 'Observations in windows that are open or wait to be printed.',
      lost: 'Observations without room, by cause; they become SKIPDATA.',
    },
    ['interval'],
    ({ stages }) =>
      Object.entries(stages?.counts.aggregate ?? {}).map(([interval, count]): Labelled => [{ interval }, count]),
    {
      when: 'increase(flowgauge_aggregate_observations_lost_total[10m]) > 0',
      means: 'The tables are full: flows were not counted one by one.',
    },
  ),
  ...stageMetrics<Standing>(
    'flowgauge_print_flows',
    {
      in: 'Flows of closed windows with NODATA and SKIPDATA lines, once for each flow log that watches them.',
      out: 'Flows that are in a record.',
      held: 'Flows that are being printed.',
      lost: "Flows in no record: outside the flow log's filter, or without room in the spool.",
    },
    [],
    one(({ print }) => print),
  ),
  ...stageMetrics<Standing>(
    'flowgauge_kernel_observations',
    {
      in: 'Packets as the kernel saw them at interfaces that it judges (--enforce) or at which it is observed.',
      out: 'Of these, those that it counted by flow.',
      held: 'Of these, those that are being read.',
      lost: 'Of these, those without room (`kernel-full`) or not read (`unread`), which become SKIPDATA; and those that are no observation: `never-logged`, `not-own-source`, `not-own-destination`, `not-watched`, `foreign`.',
    },
    [],
    ({ stages }) => (stages?.counts.kernel === undefined ? [] : [[{}, stages.counts.kernel]]),
  ),
  {
    name: 'flowgauge_enforced_interfaces',
    type: 'gauge',
    help: 'Interfaces whose packets the kernel judges.',
    labels: [],
    samples: ({ stages }) => (stages?.tables.kernel?.how === 'enforce' ? [[{}, stages.tables.kernel.interfaces]] : []),
  },
  {
    name: 'flowgauge_enforced_change_seconds',
    type: 'gauge',
    help: 'The kernel has every change of the network that was made until then, in seconds since 1970 UTC.',
    labels: [],
    samples: ({ stages }) =>
      stages?.tables.kernel?.how === 'enforce' ? [[{}, stages.tables.kernel.inForceMicros / 1e6]] : [],
  },
  {
    name: 'flowgauge_kernel_ended_seconds',
    type: 'gauge',
    help: 'When the last generation of flow tables that was read has ended, in seconds since 1970 UTC.',
    labels: [],
    samples: ({ stages }) =>
      stages?.tables.kernel === undefined ? [] : [[{}, stages.tables.kernel.endedMicros / 1e6]],
    alert: {
      when: 'time() - flowgauge_kernel_ended_seconds > 30',
      means: 'The kernel cannot be told or read; it judges no more after 30 s.',
    },
  },
  table('open_windows', 'Windows that gather, late ones too.', ({ openWindows }) => openWindows),
  table('flow_rows', 'Rows in the tables of flows.', ({ flowRows }) => flowRows, {
    when: 'flowgauge_flow_rows / flowgauge_flow_rows_max > 0.8',
    means: 'Above the bound new flows are not counted one by one but become SKIPDATA.',
  }),
  table('flow_rows_max', 'Rows that they may have.', ({ maxFlowRows }) => maxFlowRows),
  table(
    'tracked_connections',
    'Connections that are tracked, and those remembered after their end.',
    ({ tracked }) => tracked,
  ),
  table(
    'tracked_connections_max',
    'Connections that may be tracked; with those remembered the table has at most twice as many.',
    ({ maxConnections }) => maxConnections,
  ),
  {
    name: 'flowgauge_process_cpu_seconds_total',
    type: 'counter',
    help: 'Processor time, by process; `capture` is the child with capabilities and its tcpdump.',
    labels: ['process'],
    samples: uses(({ cpuSeconds }) => cpuSeconds),
  },
  {
    name: 'flowgauge_process_resident_memory_bytes',
    type: 'gauge',
    help: 'Resident memory, by process.',
    labels: ['process'],
    samples: uses(({ residentBytes }) => residentBytes),
  },
];

function one(of: (stages: StageCounts) => Labelled[1]): (standing: Standing) => readonly Labelled[] {
  return ({ stages }) => (stages === null ? [] : [[{}, of(stages)]]);
}

function table(
  name: string,
  help: string,
  of: (tables: StageCounts['tables']) => number,
  alert?: Metric<Standing>['alert'],
): Metric<Standing> {
  return {
    name: `flowgauge_${name}`,
    type: 'gauge',
    help,
    labels: [],
    samples: ({ stages }) => (stages === null ? [] : [[{}, of(stages.tables)]]),
    ...(alert === undefined ? {} : { alert }),
  };
}

function uses(of: (use: ProcessUse) => number): (standing: Standing) => readonly Sample[] {
  return ({ pids }) => {
    // Where the capture is our parent, we are a child of it.
    const capture =
      pids.capture === null ? [] : [pids.capture, ...childrenOf(pids.capture).filter((pid) => pid !== process.pid)];
    const all: readonly (readonly [string, readonly number[]])[] = [
      ['server', [process.pid]],
      ['collector', pids.collector === null ? [] : [pids.collector]],
      ['capture', capture],
    ];
    return all.flatMap(([name, members]): Sample[] => {
      const found = members.map(processUse).filter((use) => use !== null);
      return found.length === 0 ? [] : [[{ process: name }, found.reduce((sum, use) => sum + of(use), 0)]];
    });
  };
}

/** The text of all metrics. */
export function metricsText(standing: Standing): string {
  return (
    metricText(HOST_METRICS, standing) +
    metricText(DETECTION_METRICS, standing) +
    metricText(KEEPING_METRICS, standing) +
    metricText(AGENT_METRICS, standing) +
    metricText(PUBLISH_METRICS, standing.stages?.publish ?? null)
  );
}
