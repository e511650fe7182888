/**
 * CreateFlowLogs.
 *
 * In:    resources of one kind, a destination, a format. Out: one flow log for each resource, or why there is none.
 * Holds: nothing changes a flow log once it is made. The destination is asked before anything is written; where it cannot be
 *        reached now the flow log is made, for its records wait in the spool.
 * Fails: as `flow-log-errors.ts` lists them.
 * @see EC2 API Reference, "CreateFlowLogs", August 2026
 */
import type { CreateFlowLogsRequest, CreateFlowLogsResult } from '@aws-sdk/client-ec2';
import { randomUUID } from 'node:crypto';
import type { DeliveryProblem } from '../../../publish/destination.ts';
import { writeAction } from '../action.ts';
import type { Ec2Error } from '../errors.ts';
import { flowLogError } from '../flow-log-errors.ts';
import { readFlowLogRequest } from '../flow-log-request.ts';
import type { FlowLogTemplate } from '../flow-log-request.ts';
import { checkResources } from '../flow-log-resources.ts';
import type { Items } from '../items.ts';

/** What the request says, and what its destination does. */
type Prepared = ReturnType<typeof readFlowLogRequest> & { readonly problem: DeliveryProblem | null };

/** How long a destination may take to say whether it takes records. */
const CHECK_MILLIS = 20_000;

export const createFlowLogs = writeAction<CreateFlowLogsRequest, CreateFlowLogsResult, Prepared>({
  name: 'CreateFlowLogs',
  async prepare(input, context) {
    const read = readFlowLogRequest(input);
    const { type, template } = read;
    checkResources(type, input.ResourceIds, context);
    // A log group is made when the first records come; until then it need not be there.
    if (template.LogDestinationType === 'cloud-watch-logs') return { ...read, problem: null };
    const example = { ...template, FlowLogId: 'fl-0', ResourceId: input.ResourceIds[0] };
    const signal = AbortSignal.timeout(CHECK_MILLIS);
    return { ...read, problem: await context.surroundings.checkDestination(example, context.region, signal) };
  },
  run(input, context, { type, template, problem }) {
    const made: string[] = [];
    const unsuccessful: { ResourceId: string; Error: { Code: string; Message: string } }[] = [];
    for (const { id, problem: own } of checkResources(type, input.ResourceIds, context)) {
      const error = own ?? destinationError(template, problem);
      if (error === null) {
        const others = context.resources.where('FlowLogs', 'ResourceId', id);
        checkOthers(others, template);
        const most = context.surroundings.flowLogsPerResource;
        if (others.length >= most) throw flowLogError('tooMany', id, most);
        const flowLogId = context.newId('fl-');
        context.resources.put('FlowLogs', {
          CreationTime: context.now.toISOString(),
          FlowLogId: flowLogId,
          ResourceId: id,
          ...template,
        });
        made.push(flowLogId);
      } else unsuccessful.push({ ResourceId: id, Error: { Code: error.code, Message: error.message } });
    }
    return { ClientToken: input.ClientToken ?? randomUUID(), FlowLogIds: made, Unsuccessful: unsuccessful };
  },
});

/** What the destination said, in AWS's words; null where it takes records or could not be asked. */
function destinationError(template: FlowLogTemplate, problem: DeliveryProblem | null): Ec2Error | null {
  if (problem === null) return null;
  const arn = template.LogDestination ?? '';
  const name = arn.split(':::')[1]?.split('/')[0] ?? arn;
  if (problem.code === 'FG_S3_NO_BUCKET') return flowLogError('bucketMissing', name);
  if (problem.code === 'FG_STREAM_MISSING') return flowLogError('streamMissing', name);
  if (problem.code === 'FG_S3_DENIED' || problem.code === 'FG_S3_WRITE_DENIED')
    return flowLogError('bucketDenied', name);
  return problem.again ? null : flowLogError('undeliverable', name);
}

/** A resource has one flow log of each traffic type to each destination. */
export function checkOthers(others: readonly Items['FlowLogs'][], made: FlowLogTemplate): void {
  if (others.some((one) => sameAs(one) === sameAs(made))) throw flowLogError('exists');
}

function sameAs(one: FlowLogTemplate): string {
  const { TrafficType, LogDestinationType, LogDestination, LogGroupName } = one;
  // A prefix may end with a slash, and the name of a stream may stand behind a slash or a colon.
  const named = LogDestination?.replace(/\/+$/, '').replace(/:deliverystream:/, ':deliverystream/');
  const place = LogDestinationType === 'cloud-watch-logs' ? LogGroupName : named;
  return JSON.stringify([TrafficType, LogDestinationType, place]);
}
