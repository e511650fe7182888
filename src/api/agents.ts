/**
 * What an agent on another host and the server say to each other.
 *
 * In:    nothing. Out: paths, bounds, and the types of requests and answers.
 * Holds: both are POST with JSON, signed with AWS's signature, version 4, for the service `flowgauge`, by a key of the role
 *        `agent`, which is of one host: whose assignment it is is not asked. Members are only ever added; `format` changes
 *        where one means something else. Records are never part of it.
 */
import type { StageCount } from '../model/counters.ts';
import type { Health } from './health.ts';

/** Of the signature. */
export const AGENT_SERVICE = 'flowgauge';
/** `AssignmentRequest` → 200 with `HostAssignment`, or 204 where it is still the one that the agent has. */
export const ASSIGNMENT_PATH = '/api/agents/assignment';
/** `AgentReport` → 204. */
export const REPORT_PATH = '/api/agents/report';
/** A poll is answered after that, changed or not. */
export const LONGEST_WAIT_SECONDS = 30;
/** How often an agent reports. */
export const REPORT_SECONDS = 10;
/** One that has told nothing for so long is silent. */
export const SILENT_SECONDS = 60;
/** Bytes of a request. */
export const LONGEST_AGENT_REQUEST = 64 * 1024;
/** Bytes of an assignment. */
export const LONGEST_ASSIGNMENT = 64 * 1024 * 1024;

export type AssignmentRequest = {
  readonly format: 1;
  /** Of the assignment that the agent has; null: none. */
  readonly version: string | null;
  /** How long to wait for another one, 0 to `LONGEST_WAIT_SECONDS`. */
  readonly waitSeconds: number;
};

/** What the collector of one host is to do. The agent compiles the network by itself, with numbers of its own. */
export type HostAssignment = {
  readonly format: 1;
  /** A hash of all that follows but `sinceMicros`: the same after a restart of the server. */
  readonly version: string;
  /** When it came to be so, by the server's clock, microseconds since 1970 UTC. */
  readonly sinceMicros: number;
  readonly host: string;
  readonly devices: readonly { readonly device: string; readonly interfaceId: string }[];
  readonly network: AssignedNetwork;
};

export type AssignedNetwork = {
  /** The VPC of the server's own host, in which less is left out (rule P6). */
  readonly ownVpcId: string;
  /** Answers of `aws ec2 describe-*`, joined, without `FlowLogs`. */
  readonly model: Readonly<Record<string, readonly unknown[]>>;
  /** Flow logs, now and as they will be from times to come; the first has time 0. */
  readonly flowLogs: readonly {
    readonly fromMicros: number;
    readonly held: readonly AssignedFlowLog[];
  }[];
};

export type AssignedFlowLog = { readonly account: string; readonly region: string; readonly item: object };

/** How an agent stands. */
export type AgentReport = {
  readonly format: 1;
  /** Version of flowgauge. */
  readonly program: string;
  /** Version of the assignment that it follows; null: none yet. */
  readonly assignment: string | null;
  /** As `/health` of a server tells. */
  readonly health: Health;
  /** Assigned devices; `present` is whether the host has it now. */
  readonly devices: readonly { readonly device: string; readonly interfaceId: string; readonly present: boolean }[];
  /** Packets that the capture lost, modulo 2^32. */
  readonly drops: number;
  /** By stage: frames, packets, observations, aggregate-60, …, print, publish, kernel. */
  readonly stages: Readonly<Record<string, StageCount>>;
};
