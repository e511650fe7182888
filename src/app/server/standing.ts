/**
 * What the server knows of how this machine's flow logs stand: what the collector told last.
 *
 * In:    events of `up`. Out: one value that health and metrics are made from.
 * Holds: it is a look. Whoever asks learns when the collector told it.
 */
import type { AgentStandings } from './agent-standings.ts';
import { createDetectionStanding } from './detection/standing.ts';
import type { DetectionStanding } from './detection/standing.ts';
import { createKeepingStanding } from './keeping/standing.ts';
import type { KeepingStanding } from './keeping/standing.ts';
import { NewestRejects } from './live-rejects.ts';
import type { StageCounts } from '../collector/process.ts';

export type Standing = {
  /** `demo`: this machine's traffic cannot be captured; `why` says what it takes. */
  capture:
    | { readonly is: 'starting' }
    | { readonly is: 'demo'; readonly why: string }
    | { readonly is: 'running'; readonly sinceMillis: number }
    | { readonly is: 'ended' };
  stages: StageCounts | null;
  /** When the collector told them, milliseconds since 1970 UTC. */
  toldMillis: number | null;
  /** Packets that the capture lost so far, modulo 2^32; null where none runs. */
  drops: Uint32Array | null;
  /** Of the children; null where they do not run. */
  readonly pids: { collector: number | null; capture: number | null };
  /** What the kernel rejected just now; `why` they are not told, null where they are. */
  readonly rejects: NewestRejects;
  rejectFeed: { readonly why: string | null; readonly drops: Uint32Array | null };
  /** Of other hosts; null where none are asked. */
  agents: AgentStandings | null;
  readonly detection: DetectionStanding;
  readonly keeping: KeepingStanding;
};

/** Nothing is known yet. */
export function createStanding(): Standing {
  return {
    capture: { is: 'starting' },
    stages: null,
    toldMillis: null,
    drops: null,
    pids: { collector: null, capture: null },
    rejects: new NewestRejects(Date.now()),
    rejectFeed: {
      why: 'nothing is enforced here, and no firewall observed; start with `up --enforce`, or a lab',
      drops: null,
    },
    agents: null,
    detection: createDetectionStanding(),
    keeping: createKeepingStanding(),
  };
}
