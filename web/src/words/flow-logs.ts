/**
 * Words for flow logs.
 */
import type { Covered, FlowLogDelivery, FlowLogDestination, FlowLogRow } from '../../../src/api/flow-logs.ts';
import type { FormatCapability } from '../../../src/api/formats.ts';

export const TRAFFIC_WORDS = {
  ALL: 'All',
  ACCEPT: 'Accepted',
  REJECT: 'Rejected',
} as const;

export const RESOURCE_WORDS = { VPC: 'VPC', Subnet: 'Subnet', NetworkInterface: 'Interface', other: 'Other' } as const;

/** `1 min` */
export const intervalText = (seconds: number): string => (seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`);

export const DESTINATION_WORDS = {
  s3: 'Bucket',
  'cloud-watch-logs': 'CloudWatch Logs',
  'kinesis-data-firehose': 'Firehose',
} as const satisfies Record<FlowLogDestination['type'], string>;

/** A bucket with its prefix, the name of a log group or a stream. */
export function placeText({ type, place, isLocal }: FlowLogDestination): string {
  if (type === 's3') {
    const name = place.replace(/^arn:[^:]+:s3:::/u, '').replace(/\/$/u, '');
    if (!isLocal) return name;
    const prefix = name.replace(/^local\/?/u, '');
    return prefix === '' ? 'this machine' : `this machine, ${prefix}`;
  }
  return type === 'kinesis-data-firehose' ? place.slice(place.search(/[^/:]+$/u)) : place;
}

export type Health = { readonly type: 'success' | 'error' | 'warning' | 'pending' | 'info'; readonly text: string };

/** How delivery goes, in two or three words. */
export function healthOf({ delivery, createdSeconds, endsSeconds }: FlowLogRow, nowSeconds: number): Health {
  if (endsSeconds !== null) return { type: 'info', text: 'Ends soon' };
  if (createdSeconds !== null && createdSeconds > nowSeconds) return { type: 'pending', text: 'Begins soon' };
  return DELIVERY[delivery.state](delivery);
}

const DELIVERY: Readonly<Record<FlowLogDelivery['state'], (delivery: FlowLogDelivery) => Health>> = {
  goes: ({ waitingSegments }) => ({
    type: 'success',
    text: waitingSegments > 1 ? 'Delivered, some wait' : 'Delivered',
  }),
  fails: ({ error }) => ({ type: 'error', text: error ?? 'Failing' }),
  'none-yet': ({ waitingSegments }) => ({
    type: 'pending',
    text: waitingSegments > 0 ? 'Waiting for the first' : 'Nothing yet',
  }),
  'not-here': ({ error }) =>
    error === null ? { type: 'info', text: 'Imported' } : { type: 'warning', text: `Imported: ${error}` },
};

export const COVERED_WORDS: Readonly<Record<Covered, Health>> = {
  all: { type: 'success', text: 'All traffic' },
  accepted: { type: 'warning', text: 'Accepted traffic only' },
  rejected: { type: 'warning', text: 'Rejected traffic only' },
  none: { type: 'error', text: 'Nothing' },
};

export const CAN_WORDS: Readonly<Record<FormatCapability['can'], Health>> = {
  yes: { type: 'success', text: 'Answers' },
  inferred: { type: 'warning', text: 'Answers by inference' },
  no: { type: 'error', text: 'Cannot answer' },
};

const LOSS_WORDS: Readonly<Record<string, string>> = {
  'table-full': 'the table of flows was full',
  'spool-full': 'the spool was full',
};

/** Why packets are in no record. */
export const lossText = (cause: string): string => LOSS_WORDS[cause] ?? cause;
