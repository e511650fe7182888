/**
 * Whether this machine's flow logs are captured and delivered, for load balancers, containers and people.
 *
 * In:    how it stands. Out: `ok` with HTTP 200; `starting` or `degraded` with 503 and the reasons.
 * Holds: a reason is a word that does not change, with the code of the last error where there is one: no message of a
 *        destination, for whoever reaches the port reads it.
 */
import type { Health, HealthLake, HealthNote, HealthReason } from '../../api/health.ts';
import { detectionNotes } from './detection/standing.ts';
import type { KeepingStanding } from './keeping/standing.ts';
import type { Standing } from './standing.ts';

/** The collector tells once a second; a slow disk or a busy machine may hold it up for some. */
const SILENT_MILLIS = 20_000;

/** The health at a moment. */
export function healthOf({ capture, stages, toldMillis, detection, keeping }: Standing, nowMillis: number): Health {
  const reasons: HealthReason[] = [];
  if (capture.is === 'demo') reasons.push({ reason: 'may-not-capture', code: null, about: null });
  if (capture.is === 'ended') reasons.push({ reason: 'capture-ended', code: 'FG_CAPTURE_ENDED', about: null });
  if (capture.is === 'running' && nowMillis - (toldMillis ?? capture.sinceMillis) > SILENT_MILLIS)
    reasons.push({ reason: 'collector-silent', code: null, about: null });
  if (stages !== null) {
    const { problem = null } = stages.tables.kernel ?? {};
    if (problem !== null) reasons.push({ reason: 'kernel-failing', code: problem.code || null, about: null });
    const { spool, destinations } = stages.publish;
    const { full } = spool;
    if (full !== null) reasons.push({ reason: full === 'disk' ? 'disk-full' : 'spool-full', code: null, about: full });
    for (const { destination, failures, lastError } of destinations)
      if (failures > 0)
        reasons.push({ reason: 'destination-failing', code: lastError?.code || null, about: destination });
  }
  const found = stages?.tables.notObserved;
  const told: HealthNote[] = [];
  if (found !== undefined) told.push({ note: 'not-observed', code: found.code || null });
  if (keeping.problem !== null) told.push({ note: 'lake-failing', code: keeping.problem.code || null });
  told.push(...detectionNotes(detection));
  const notes = { ...(told.length === 0 ? {} : { notes: told }), ...lakeOf(keeping) };
  if (reasons.length > 0) return { status: 'degraded', reasons, ...notes };
  return { status: capture.is === 'starting' || toldMillis === null ? 'starting' : 'ok', reasons, ...notes };
}

function lakeOf({ is, progress, last }: KeepingStanding): { readonly lake?: HealthLake } {
  if (is === 'off') return {};
  const done = progress === null ? null : { step: progress.step, files: progress.files, of: progress.of };
  if (last === null) return { lake: { is, progress: done, last } };
  const { atSeconds, tookSeconds, objects, records, waiting, expired, retiredRecords } = last;
  return {
    lake: { is, progress: done, last: { atSeconds, tookSeconds, objects, records, waiting, expired, retiredRecords } },
  };
}
