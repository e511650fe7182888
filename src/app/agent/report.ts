/**
 * What an agent tells of itself: health, devices, counts; no record and no packet.
 *
 * In:    how it stands. Out: a report.
 * Holds: of each stage in = out + held + the sum of lost, as the collector told it last.
 */
import type { AgentReport, HostAssignment } from '../../api/agents.ts';
import type { HostDevice } from '../../collect/capture/devices.ts';
import type { StageCount } from '../../model/counters.ts';
import { healthOf } from '../server/health.ts';
import type { Standing } from '../server/standing.ts';

/** Makes a report. */
export function reportOf(
  standing: Standing,
  assignment: HostAssignment | null,
  devices: readonly Pick<HostDevice, 'name'>[],
  program: string,
  nowMillis: number,
): AgentReport {
  const there = new Set(devices.map(({ name }) => name));
  return {
    format: 1,
    program,
    assignment: assignment?.version ?? null,
    health: healthOf(standing, nowMillis),
    devices: (assignment?.devices ?? []).map(({ device, interfaceId }) => ({
      device,
      interfaceId,
      present: there.has(device),
    })),
    drops: standing.drops === null ? 0 : Atomics.load(standing.drops, 0),
    stages: stagesOf(standing),
  };
}

function stagesOf({ stages }: Standing): Record<string, StageCount> {
  if (stages === null) return {};
  const { capture, verdict, observations, aggregate, kernel } = stages.counts;
  return {
    capture,
    verdict,
    observations,
    ...Object.fromEntries(Object.entries(aggregate).map(([seconds, count]) => [`aggregate-${seconds}`, count])),
    ...(kernel === undefined ? {} : { kernel }),
    print: stages.print,
    publish: stages.publish.count,
  };
}
