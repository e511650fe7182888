/**
 * DeleteFlowLogs: ends flow logs. What they published stays.
 *
 * In:    ids. Out: nothing, for all of them are deleted or none. Fails: `InvalidFlowLogId.NotFound`.
 * @see EC2 API Reference, "DeleteFlowLogs", August 2026
 */
import type { DeleteFlowLogsRequest, DeleteFlowLogsResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { invalidParameterValue } from '../errors.ts';
import { isIdOf, malformed } from '../find-items.ts';
import { flowLogError } from '../flow-log-errors.ts';

const MOST_IDS = 1000;

export const deleteFlowLogs = writeAction<DeleteFlowLogsRequest, DeleteFlowLogsResult>({
  name: 'DeleteFlowLogs',
  run({ FlowLogIds: given }, { resources }) {
    if (given.length < 1 || given.length > MOST_IDS)
      throw invalidParameterValue('FlowLogId', String(given.length), `There must be 1 to ${MOST_IDS} ids.`);
    const ids = [...new Set(given)];
    for (const id of ids) if (!isIdOf('FlowLogs', id)) throw malformed('FlowLogs', id);
    const missing = ids.filter((id) => resources.get('FlowLogs', id) === undefined);
    if (missing.length > 0) throw flowLogError('idsNotFound', missing);
    for (const id of ids) resources.remove('FlowLogs', id);
    return { Unsuccessful: [] };
  },
});
