/**
 * How publishing stands, for Prometheus.
 *
 * In:    what the publisher told last. Out: text in Prometheus' exposition format.
 * Holds: in = delivered + held + the sum of lost, in records, as everywhere (rule C). Counters are of the process that told.
 */
import { SLOT_SECONDS } from '../storage/object/keys.ts';
import type { PublishStatus } from './status.ts';

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/** The text. */
export function publishMetrics({ count, spool, destinations, writtenMillis }: PublishStatus): string {
  const lines: string[] = [];
  const metric = (name: string, type: 'counter' | 'gauge', help: string, samples: readonly Sample[]): void => {
    const full = `flowgauge_publish_${name}`;
    lines.push(`# HELP ${full} ${help}`, `# TYPE ${full} ${type}`);
    for (const [labels, value] of samples) lines.push(`${full}${labelsOf(labels)} ${value}`);
  };
  const each = (value: (one: PublishStatus['destinations'][number]) => number | null): Sample[] =>
    destinations.flatMap((one): Sample[] => {
      const sample = value(one);
      return sample === null ? [] : [[{ destination: one.destination }, sample]];
    });
  const causes = (of: Readonly<Record<string, number>>, label: string): Sample[] =>
    Object.entries(of).map(([cause, records]) => [{ [label]: cause }, records]);
  metric('records_in_total', 'counter', 'Records printed and taken, or not taken because the spool is full.', [
    [{}, count.in],
  ]);
  metric('records_total', 'counter', 'Records that a destination has confirmed.', [[{}, count.out]]);
  metric('records_held', 'gauge', 'Records in the spool.', [[{}, count.held]]);
  metric('records_lost_total', 'counter', 'Records lost, by cause.', causes(count.lost, 'cause'));
  metric(
    'records_noted_total',
    'counter',
    'Records with something to note, outside the sum.',
    causes(count.notes, 'note'),
  );
  metric('spool_bytes', 'gauge', 'Bytes in the spool.', [[{}, spool.bytes]]);
  metric('spool_max_bytes', 'gauge', 'Bytes that the spool may have.', [[{}, spool.maxBytes]]);
  metric('spool_full', 'gauge', '1: new records become SKIPDATA.', [[{}, spool.full === null ? 0 : 1]]);
  metric(
    'waiting_records',
    'gauge',
    'Records that wait for a destination.',
    each(({ records }) => records),
  );
  metric(
    'oldest_waiting_seconds',
    'gauge',
    'Age of the slot that waits longest, from its end.',
    each(({ oldestSlotSeconds: oldest }) =>
      oldest === null ? null : Math.max(0, writtenMillis / 1000 - oldest - SLOT_SECONDS),
    ),
  );
  metric(
    'failures',
    'gauge',
    'Failed attempts in a row.',
    each(({ failures }) => failures),
  );
  metric(
    'deliveries_total',
    'counter',
    'Segments delivered.',
    each(({ deliveries }) => deliveries),
  );
  metric(
    'delivery_latency_seconds_total',
    'counter',
    'Seconds from the end of a slot to its delivery, added up over deliveries.',
    each(({ latencySeconds }) => latencySeconds),
  );
  metric('told_timestamp_seconds', 'gauge', 'When the publisher told this.', [[{}, writtenMillis / 1000]]);
  return `${lines.join('\n')}\n`;
}

function labelsOf(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`,
  );
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
