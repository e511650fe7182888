/**
 * One of ours calls somebody outside at regular times, as programs do that wait for orders.
 *
 * Regular windows are no beacon (rule W4): spans of records that touch, or have less than a window between them, are one beat;
 * intervals are between the middles of beats, and none is counted that is shorter than two windows. So traffic in every window is
 * one long beat, and the clock of windows does not show.
 */
import type { QueryDetection, TestRecord } from '../detection.ts';
import { least, watchQuery } from '../detection.ts';
import { LEARN_SECONDS, networkOf } from '../known.ts';
import { before, many } from '../told-conversations.ts';

/** Calls every so many seconds, each later by up to so many. */
function beats(count: number, every: number, jitter: number): TestRecord[] {
  return many(count, (at) => ({
    client: '10.0.0.5',
    server: '198.51.100.7',
    port: 443,
    clientPort: 40_000 + at,
    at: at * every + ((at * 7919) % 61) * (jitter / 60),
    lasts: 2,
    sent: [6, 900],
    back: [5, 700],
  }));
}

export const beacon: QueryDetection = {
  name: 'beacon',
  severity: 'medium',
  meaning:
    'One of ours, and at most one more, called a public address at regular times, with pauses in between of two windows or more, and has not done so for more than three days.',
  falsePositives:
    'An agent or a job that one machine alone runs; it is silent once the peer is known for three days. NTP and DNS are left out.',
  technique: 'T1071.001',
  subject: ['client', 'server', 'port', 'protocol'],
  query: watchQuery({
    name: 'beacon',
    meaning: 'conversations that come again at regular times, the most regular first',
    parameters: {
      least: least('beats at least', 10),
      regular: least('of a hundred intervals so many are within 40 % of the one in the middle, at least', 85),
      shortest: least('seconds from beat to beat at least', 120),
    },
    body: (d) => `
    WITH gaps AS (
      SELECT *, (first_seconds + last_seconds) / 2.0
          - lag((first_seconds + last_seconds) / 2.0) OVER (PARTITION BY client, server, port, protocol ORDER BY beat) AS gap
      FROM fg_beats
    ),
    middles AS (
      SELECT client, server, port, protocol, ${d.median('gap')} AS middle, count(gap) AS gaps,
        ${d.median('last_seconds - first_seconds')} AS length, ${d.median('bytes')} AS bytes_middle
      FROM gaps
      GROUP BY client, server, port, protocol
    ),
    judged AS (
      SELECT min(gaps.interface_id) AS interface_id, gaps.client, gaps.server, gaps.port, gaps.protocol, min(gaps.first_seconds) AS first_seconds,
        max(gaps.last_seconds) AS last_seconds, count(*) AS beats, CAST(min(middles.middle) AS BIGINT) AS seconds_between,
        CAST(100.0 * sum(CASE WHEN gap BETWEEN middle * 0.6 AND middle * 1.4 THEN 1 ELSE 0 END) / min(middles.gaps) AS BIGINT) AS regular_of_100,
        CAST(100.0 * sum(CASE WHEN bytes BETWEEN bytes_middle * 0.5 AND bytes_middle * 2 THEN 1 ELSE 0 END) / count(*) AS BIGINT) AS alike_of_100,
        sum(bytes) AS bytes
      FROM gaps
      JOIN middles ON middles.client = gaps.client AND middles.server = gaps.server AND middles.port = gaps.port
        AND middles.protocol = gaps.protocol
      WHERE middles.gaps >= ${d.parameter('least')} - 1 AND middles.middle >= ${d.parameter('shortest')} AND middles.length * 3 <= middles.middle
      GROUP BY gaps.client, gaps.server, gaps.port, gaps.protocol
    )
    SELECT judged.*
    FROM judged
    JOIN (
      SELECT subject, object, min(first_seconds) AS since_seconds FROM fg_known WHERE kind = 'peer' GROUP BY subject, object
    ) AS peers ON peers.subject = judged.client AND peers.object = ${networkOf('judged.server')}
    WHERE regular_of_100 >= ${d.parameter('regular')} AND alike_of_100 >= 75
      AND judged.last_seconds - peers.since_seconds < ${LEARN_SECONDS}
    ORDER BY regular_of_100 DESC, beats DESC, judged.client, judged.server`,
  }),
  fires: beats(24, 300, 60),
  stays: [
    // Steady: a record in every window, and in every second one.
    ...many(120, (at) => ({ client: '10.0.0.5', server: '198.51.100.8', port: 443, at: at * 60, lasts: 55 })),
    ...many(60, (at) => ({ client: '10.0.0.5', server: '198.51.100.9', port: 443, at: at * 120, lasts: 55 })),
    // The same in windows of 600 s, whose spans are as wide as the packets happen to lie.
    ...many(30, (at) => ({
      client: '10.0.0.6',
      server: '198.51.100.15',
      port: 443,
      at: at * 600 + ((at * 97) % 200),
      lasts: 70 + ((at * 31) % 60),
    })),
    // By chance, as people do.
    ...many(60, (at) => ({
      client: '10.0.0.5',
      server: '198.51.100.10',
      port: 443,
      clientPort: 41_000 + at,
      at: Math.floor(-720 * Math.log((((at * 37) % 60) + 0.5) / 60)) + at * 700,
      sent: [10, 700 + at * 400],
    })),
    // Time is asked at regular times by nature.
    ...many(40, (at) => ({
      client: '10.0.0.5',
      server: '198.51.100.11',
      port: 123,
      clientPort: 123,
      protocol: 17,
      at: at * 1024,
      lasts: 0,
      sent: [1, 76],
      back: [1, 76],
    })),
    // A health check from outside is no call of ours.
    ...many(60, (at) => ({
      client: '198.51.100.12',
      server: '10.0.0.5',
      port: 443,
      clientPort: 42_000 + at,
      at: at * 300,
      lasts: 1,
    })),
    // An agent that all of ours run.
    ...['10.0.0.5', '10.0.0.6', '10.0.0.7'].flatMap((client, i) =>
      many(40, (at) => ({
        client,
        server: '198.51.100.13',
        port: 443,
        clientPort: 43_000 + at,
        at: at * 300 + i,
        lasts: 1,
      })),
    ),
    // A job that has run for days.
    ...before({ client: '10.0.0.5', server: '198.51.101.14', port: 443 }),
  ],
};
