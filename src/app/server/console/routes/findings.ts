/**
 * Findings and suppressions: `GET /api/findings`, `GET /api/findings/:id`, `POST /api/suppressions`, `DELETE /api/suppressions/:id`.
 *
 * In:    requests. Out: `src/api/findings-routes.ts`.
 * Holds: a suppression is there before the answer is given; who made it is in the audit log.
 * Fails: FG_REQUEST_BODY, FG_REQUEST_QUERY, FG_DETECTION_UNKNOWN, FG_STATE_*; 404 for a finding or a suppression that is not there.
 */
import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import type {
  FindingAnswer,
  FindingsAnswer,
  LiftedAnswer,
  OpenFindings,
  SuppressedAnswer,
  SuppressRequest,
} from '../../../../api/findings-routes.ts';
import { LONGEST_SUPPRESSION_SECONDS } from '../../../../api/findings-routes.ts';
import type { KeptFinding } from '../../../../api/findings.ts';
import { openAlerts } from '../../../../storage/state/alerts.ts';
import { openFindings, suppressedUntil } from '../../../../storage/state/findings.ts';
import { OPEN_SECONDS } from '../../../../watch/open-findings.ts';
import type { ConsoleContext } from '../context.ts';
import { readBody } from '../read-body.ts';
import type { ConsoleRequest, ConsoleRoute } from '../route.ts';
import { notFound, timeOf } from '../route.ts';

/** What is listed; the rest is counted. */
const MOST = 1000;
const text = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
/** An interface is called what a record says, which may be long. */
const subject = v.pipe(v.string(), v.minLength(1), v.maxLength(10_000));

const SUPPRESS = v.strictObject({
  of: v.variant('kind', [
    v.strictObject({ kind: v.literal('finding'), id: text }),
    v.strictObject({ kind: v.literal('detection'), detection: text, subject: v.nullable(subject) }),
  ]),
  forSeconds: v.pipe(v.number(), v.integer(), v.minValue(60), v.maxValue(LONGEST_SUPPRESSION_SECONDS)),
  reason: v.nullable(v.pipe(v.string(), v.maxLength(500))),
}) satisfies v.GenericSchema<unknown, SuppressRequest>;

const nowOf = ({ now }: ConsoleContext): number => Math.floor(now() / 1000);

/** Counts anew what is open, for *Now* and the metrics: nobody waits for the next look. */
function openNow({ control, standing }: ConsoleContext, nowSeconds: number): OpenFindings {
  return (standing.detection.open = openFindings(control.state).open(nowSeconds - OPEN_SECONDS, nowSeconds));
}

function withoutRecords(finding: KeptFinding): KeptFinding {
  return { ...finding, evidence: { ...finding.evidence, records: null } };
}

/** Who changed what. */
function tellAudit(
  { control, now }: ConsoleContext,
  { who }: ConsoleRequest,
  action: string,
  parameters: object,
): void {
  const { keyId: principal, account } = who;
  const row = { account, region: control.region, principal, action, requestId: randomUUID(), parameters, changes: [] };
  control.audit.add({ ...row, atMicros: now() * 1000 });
}

const listRoute: ConsoleRoute = {
  method: 'GET',
  path: '/api/findings',
  role: 'read',
  async handle(request, context) {
    const nowSeconds = nowOf(context);
    const { from, to } = timeOf(request, context.now());
    const findings = openFindings(context.control.state);
    const found = findings.list(from, nowSeconds).filter(({ lastSeconds }) => lastSeconds < to);
    const { is, everySeconds, lastLook, problem, notAsked, alertProblems } = context.standing.detection;
    const answer: FindingsAnswer = {
      nowSeconds,
      findings: found.slice(0, MOST).map(withoutRecords),
      of: found.length,
      suppressions: findings.suppressions(nowSeconds).map((one) => ({ ...one, of: findings.ofSeries(one.series) })),
      detection: {
        is,
        everySeconds,
        lastSeconds: lastLook?.atSeconds ?? null,
        problem,
        notAsked,
        alertProblems: [...alertProblems].map(([receiver, why]) => ({ receiver, why })),
      },
    };
    return { status: 200, json: answer };
  },
};

const oneRoute: ConsoleRoute = {
  method: 'GET',
  path: '/api/findings/:id',
  role: 'read',
  async handle({ id }, context) {
    const nowSeconds = nowOf(context);
    const { state } = context.control;
    const findings = openFindings(state);
    const finding = findings.find(id ?? '', nowSeconds);
    if (finding === null) throw notFound(`finding "${id}"`);
    const { DETECTIONS } = await import('../../../../watch/detections/list.ts');
    const answer: FindingAnswer = {
      nowSeconds,
      finding,
      falsePositives: DETECTIONS.find(({ name }) => name === finding.detection)?.falsePositives ?? null,
      alerts: openAlerts(state).of(finding.id),
      suppressions: findings.suppressions(nowSeconds).filter((one) => suppressedUntil(finding, [one]) !== null),
    };
    return { status: 200, json: answer };
  },
};

const suppressRoute: ConsoleRoute = {
  method: 'POST',
  path: '/api/suppressions',
  role: 'operate',
  async handle(request, context) {
    const { of, forSeconds, reason } = readBody(SUPPRESS, request.body);
    const nowSeconds = nowOf(context);
    const { state } = context.control;
    const findings = openFindings(state);
    if (of.kind === 'detection') (await import('../../../../watch/choose.ts')).chosen([of.detection]);
    const series = of.kind === 'finding' ? (findings.find(of.id, nowSeconds)?.series ?? null) : null;
    if (of.kind === 'finding' && series === null) throw notFound(`finding "${of.id}"`);
    const made = {
      series,
      detection: of.kind === 'detection' ? of.detection : null,
      subject: of.kind === 'detection' ? of.subject : null,
      reason: reason === null || reason.trim() === '' ? null : reason.trim(),
      expiresSeconds: nowSeconds + forSeconds,
    };
    const id = state.transaction(() => {
      const number = findings.suppress(made, nowSeconds);
      tellAudit(context, request, 'SuppressFindings', { id: number, of, forSeconds, reason: made.reason });
      return number;
    });
    const suppression = { id, ...made, createdSeconds: nowSeconds };
    return { status: 201, json: { suppression, open: openNow(context, nowSeconds) } satisfies SuppressedAnswer };
  },
};

const liftRoute: ConsoleRoute = {
  method: 'DELETE',
  path: '/api/suppressions/:id',
  role: 'operate',
  async handle(request, context) {
    const nowSeconds = nowOf(context);
    const { state } = context.control;
    const number = /^\d{1,15}$/u.test(request.id ?? '') ? Number(request.id) : 0;
    const isLifted = state.transaction(() => {
      const done = openFindings(state).lift(number, nowSeconds);
      if (done) tellAudit(context, request, 'LiftSuppression', { id: number });
      return done;
    });
    if (!isLifted) throw notFound(`suppression "${request.id}" that holds`);
    return { status: 200, json: { open: openNow(context, nowSeconds) } satisfies LiftedAnswer };
  },
};

export const FINDING_ROUTES: readonly ConsoleRoute[] = [listRoute, oneRoute, suppressRoute, liftRoute];
