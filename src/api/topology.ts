/**
 * The network with the traffic in it: `GET /api/topology`.
 *
 * In:    nothing; `explain/topology/` fills it. Out: the types of its parameters and its answer.
 * Holds: times are seconds since 1970 UTC. Boxes lie in boxes; whatever is not shown by itself is in a box of kind `more`, and
 *        an edge that is not shown by itself is in one between boxes that hold its ends: `recorded` of all edges add up to
 *        `total`. Labels are names that somebody gave.
 */
import type { Note } from './note.ts';

/** How far boxes are opened. */
export const TOPOLOGY_SCOPES = ['vpc', 'zone', 'subnet', 'interface'] as const;
export type TopologyScope = (typeof TOPOLOGY_SCOPES)[number];

/** What interfaces of a VPC are put together by. */
export const TOPOLOGY_GROUPINGS = ['subnet', 'group'] as const;
export type TopologyGrouping = (typeof TOPOLOGY_GROUPINGS)[number];

export const TOPOLOGY_MEASURES = ['bytes', 'packets', 'flows', 'rejects'] as const;
export type TopologyMeasure = (typeof TOPOLOGY_MEASURES)[number];

/** A flow is a record of traffic, a reject one of those that were rejected. */
export type TopologySums = Readonly<Record<TopologyMeasure, number>>;

/** Inside of VPCs, from the outermost. */
export type InsideKind = 'vpc' | 'zone' | 'subnet' | 'group' | 'interface';
/** What is not an interface of the network. */
export type OutsideKind =
  | 'internet'
  | 'aws-service'
  | 'peering'
  | 'on-premises'
  | 'link-local'
  | 'multicast'
  /** In a VPC's blocks; no interface is known to have the address. */
  | 'no-interface';

export type TopologyBox = {
  readonly id: string;
  /** The box that it lies in; null: none. */
  readonly parent: string | null;
  readonly kind: InsideKind | OutsideKind | 'more';
  readonly label: string;
  /** A block, an address, an instance, a gateway; null where there is none. */
  readonly detail: string | null;
  /** The resource that it is; null of what is none. */
  readonly resourceId: string | null;
  /** Interfaces in it. Of `more` those that have no box of their own. */
  readonly interfaces: number;
  /** Boxes that it stands for, where it is `more`. */
  readonly stands: number;
  /** All traffic that has an end in it, each packet once. */
  readonly sums: TopologySums;
  /** For a filter: an interface's or a subnet's id by its field; null where no field tells it. */
  readonly filter: string | null;
  /** Addresses or blocks of what is in it; none of what has too many, or none that are known. */
  readonly addresses: readonly string[];
};

export type TopologyEdge = {
  /** Ids of boxes; the same twice is traffic inside of it. */
  readonly a: string;
  readonly b: string;
  /**
   * From a to b, and back. Where both ends have records of the same traffic each packet counts once: of the two sums
   * between two ends in a window the larger one is taken.
   */
  readonly there: TopologySums;
  readonly back: TopologySums;
  /** As recorded: what both ends have counts twice. */
  readonly recorded: TopologySums;
  /** Gateways that routes lead through. */
  readonly via: readonly string[];
  /** Pairs of ends that it stands for. */
  readonly pairs: number;
  /** There and back by window: its number, then the measures in their order. Windows without traffic are not there. */
  readonly series: readonly (readonly [
    window: number,
    bytes: number,
    packets: number,
    flows: number,
    rejects: number,
  ])[];
};

export type TopologyAnswer = {
  readonly range: { readonly fromSeconds: number; readonly toSeconds: number };
  readonly scope: TopologyScope;
  readonly grouping: TopologyGrouping;
  /** The box that is opened all the way; null: none. */
  readonly focus: string | null;
  readonly stepSeconds: number;
  /** Where windows begin. A record counts where it begins. */
  readonly windows: readonly number[];
  readonly boxes: readonly TopologyBox[];
  readonly edges: readonly TopologyEdge[];
  /** Of all records. */
  readonly total: TopologySums;
  /** Where interfaces and addresses are known from: facts, or records alone. */
  readonly network: 'facts' | 'facts-and-records' | 'records';
  /** Interfaces of the network, those that have no traffic among them. */
  readonly interfaces: number;
  readonly gateways: readonly { readonly id: string; readonly kind: string }[];
  /** Edges that could not be shown between their own ends, and are in wider ones. */
  readonly widened: number;
  readonly notUnderstood: readonly string[];
  /** Null: there was nothing to ask, for no record lies in the range. */
  readonly sql: string | null;
  readonly notes: readonly Note[];
};
