/**
 * An interface that always has records, be it NODATA, has none for an hour or more and then goes on.
 */
import type { QueryDetection, TestRecord } from '../detection.ts';
import { least, watchQuery } from '../detection.ts';
import { NO_TRAFFIC } from '../told-conversations.ts';

/** A NODATA record in each of 20 hours for which something holds. */
function hourly(id: string, holds: (hour: number) => boolean): TestRecord[] {
  return Array.from({ length: 20 }, (_, hour) => hour)
    .filter(holds)
    .map((hour) => ({
      ...NO_TRAFFIC,
      interface_id: id,
      log_status: 'NODATA',
      start: hour * 3600 + 60,
      end: hour * 3600 + 119,
    }));
}

export const silentInterface: QueryDetection = {
  name: 'silent-interface',
  severity: 'low',
  meaning:
    'An interface had no record, not even NODATA, for a whole hour or more, though it had some in each of at least 12 hours before and others had records meanwhile.',
  falsePositives: 'An instance that was stopped for a while.',
  technique: 'T1562.008',
  subject: ['interface_id'],
  query: watchQuery({
    name: 'silent-interface',
    meaning: 'interfaces without any record for hours, longest first',
    parameters: { hours: least('hours in a row with records before at least', 12) },
    needsFields: ['interface-id', 'start', 'end'],
    body: (d) => `
    WITH runs AS (
      SELECT *, hour - row_number() OVER (PARTITION BY interface_id ORDER BY hour) AS run FROM fg_hours
    ),
    spans AS (
      SELECT interface_id, min(hour) AS from_hour, max(hour) AS to_hour, max(last_seconds) AS last_seconds, min(first_seconds) AS first_seconds
      FROM runs
      GROUP BY interface_id, run
    ),
    pairs AS (
      SELECT *, lead(from_hour) OVER (PARTITION BY interface_id ORDER BY from_hour) AS next_hour,
        lead(first_seconds) OVER (PARTITION BY interface_id ORDER BY from_hour) AS next_seconds
      FROM spans
    )
    SELECT interface_id, last_seconds AS first_seconds, next_seconds AS last_seconds, next_hour - to_hour - 1 AS hours_silent
    FROM pairs
    WHERE next_hour IS NOT NULL AND to_hour - from_hour + 1 >= ${d.parameter('hours')}
      AND EXISTS (SELECT 1 FROM fg_hours AS others WHERE others.hour = pairs.to_hour + 1 AND others.interface_id <> pairs.interface_id)
    ORDER BY hours_silent DESC, interface_id, first_seconds`,
  }),
  fires: [...hourly('eni-0c', (hour) => hour < 14 || hour > 16), ...hourly('eni-0d', () => true)],
  stays: [
    ...hourly('eni-0c', () => true),
    ...hourly('eni-0d', (hour) => hour % 2 === 0),
    // Whoever is gone is no gap.
    ...hourly('eni-0e', (hour) => hour < 14),
  ],
};
