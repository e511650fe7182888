/**
 * What a `watch worker` answers while it runs: `/health` and `/metrics`, of this machine alone.
 *
 * In:    a port and how the worker stands. Out: a server.
 * Holds: names of hosts are looked at, as `up` does on this machine alone.
 * Fails: as `startHttp`.
 */
import type { Health } from '../../api/health.ts';
import type { FlowgaugeError } from '../../model/errors.ts';
import { metricText } from '../../publish/metric-text.ts';
import { WATCH_METRICS } from '../../watch/metrics.ts';
import { workerHealth } from '../../watch/standing.ts';
import type { WorkerStanding } from '../../watch/standing.ts';
import { DETECTION_METRICS } from './detection/metrics.ts';
import { detectionNotes } from './detection/standing.ts';
import type { DetectionStanding } from './detection/standing.ts';
import { healthPages } from './health-pages.ts';
import { startHttp, textAnswer } from './http.ts';
import type { HttpServer } from './http.ts';
import { listenOf } from './listen.ts';

/**
 * Starts it.
 *
 * @param port       0: any that is free
 * @param detection  how detection beside it stands; null: nobody looks
 * @param failed     told of an answer that failed
 */
export function startWorkerServer(
  port: number,
  standing: WorkerStanding,
  detection: DetectionStanding | null,
  failed: (error: FlowgaugeError) => void,
): Promise<HttpServer> {
  const pages = healthPages({
    health: () => withNotes(workerHealth(standing), detection),
    metrics: () =>
      metricText(WATCH_METRICS, standing) + (detection === null ? '' : metricText(DETECTION_METRICS, { detection })),
  });
  return startHttp({
    listen: listenOf({ port }),
    handler: (request) =>
      Promise.resolve(pages(request) ?? textAnswer(404, 'There is nothing here; /health and /metrics answer.')),
    failed,
  });
}

function withNotes(health: Health, detection: DetectionStanding | null): Health {
  const notes = detection === null ? [] : detectionNotes(detection);
  return notes.length === 0 ? health : { ...health, notes };
}
