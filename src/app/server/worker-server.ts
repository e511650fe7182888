/**
 * What a `watch worker` answers while it runs: `/health` and `/metrics`, of this machine alone.
 *
 * In:    a port and how the worker stands. Out: a server.
 * Holds: names of hosts are looked at, as `up` does on this machine alone.
 * Fails: as `startHttp`.
 */
import type { FlowgaugeError } from '../../model/errors.ts';
import { metricText } from '../../publish/metric-text.ts';
import { WATCH_METRICS } from '../../watch/metrics.ts';
import { workerHealth } from '../../watch/standing.ts';
import type { WorkerStanding } from '../../watch/standing.ts';
import { healthPages } from './health-pages.ts';
import { startHttp, textAnswer } from './http.ts';
import type { HttpServer } from './http.ts';
import { listenOf } from './listen.ts';

/**
 * Starts it.
 *
 * @param port    0: any that is free
 * @param failed  told of an answer that failed
 */
export function startWorkerServer(
  port: number,
  standing: WorkerStanding,
  failed: (error: FlowgaugeError) => void,
): Promise<HttpServer> {
  const pages = healthPages({
    health: () => workerHealth(standing),
    metrics: () => metricText(WATCH_METRICS, standing),
  });
  return startHttp({
    listen: listenOf({ port }),
    handler: (request) =>
      Promise.resolve(pages(request) ?? textAnswer(404, 'There is nothing here; /health and /metrics answer.')),
    failed,
  });
}
