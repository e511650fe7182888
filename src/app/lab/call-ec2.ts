/**
 * Calls of the EC2 API without a server: the actions that the API runs, on a state file.
 *
 * In:    a state file, the account whose network is made; the name of an operation and its request as the SDK has it.
 * Out:   its answer.
 * Holds: each call is one transaction with its audit row, as over HTTP. Ids and addresses that AWS would choose by chance come
 *        from a seed: the same calls make the same network.
 * Fails: FG_LAB_CALL with what the API answers; FG_STATE_*.
 */
import { createHash, randomUUID } from 'node:crypto';
import { ACTIONS } from '../../control/ec2/actions/list.ts';
import { runAction } from '../../control/ec2/dispatch.ts';
import type { Bench } from '../../control/ec2/dispatch.ts';
import { Ec2Error } from '../../control/ec2/errors.ts';
import { parameterTree } from '../../control/ec2/form.ts';
import { membersOf, operationShapes } from '../../control/ec2/shapes.ts';
import type { Type } from '../../control/ec2/shapes.ts';
import { HOST_ACCOUNT } from '../../control/keys.ts';
import { failure } from '../../model/errors.ts';
import { openAudit } from '../../storage/state/audit.ts';
import { openCurrentFacts } from '../../storage/state/current-facts.ts';
import type { StateFile } from '../../storage/state/state-file.ts';

export const LAB_REGION = 'us-east-1';
const PRINCIPAL = 'flowgauge lab';

/** Runs an operation; its answer has the members that the SDK names. */
export type CallEc2 = <Answer>(operation: string, request: object) => Promise<Answer>;

/**
 * Makes calls in an account that is kept in the state file.
 *
 * @param seed  decides ids and public addresses
 */
export function callsOf(state: StateFile, seed: string): CallEc2 {
  let count = 0;
  const bench: Bench = {
    facts: openCurrentFacts(state),
    audit: openAudit(state),
    // The bucket of the data directory takes everything, and nothing was delivered yet.
    surroundings: {
      checkDestination: () => Promise.resolve(null),
      deliveryError: () => null,
      flowLogsPerResource: 250,
    },
    now: () => new Date(),
    randomHex: (digits) => createHash('sha256').update(`${seed} ${count++}`).digest('hex').slice(0, digits),
    changed: () => {},
  };
  const caller = { account: HOST_ACCOUNT, region: LAB_REGION, principal: PRINCIPAL, role: 'operate' } as const;
  return async <Answer>(operation: string, request: object): Promise<Answer> => {
    const action = ACTIONS.find(({ name }) => name === operation);
    if (action === undefined) throw failure('FG_LAB_CALL', operation, 'there is no such action here');
    const parameters = parameterTree(
      pairsOf({ kind: 'structure', shape: operationShapes(operation).request }, request, ''),
    );
    try {
      return (await runAction(bench, action, parameters, caller, randomUUID())) as Answer;
    } catch (error) {
      if (error instanceof Ec2Error) throw failure('FG_LAB_CALL', operation, `${error.message} (${error.code})`);
      throw error;
    }
  };
}

/** A request as the parameters that the SDK sends of it. */
function pairsOf(type: Type, value: unknown, path: string): (readonly [string, string])[] {
  if (type.kind === 'list')
    return (value as readonly unknown[]).flatMap((one, i) => pairsOf(type.of, one, `${path}.${i + 1}`));
  if (type.kind !== 'structure') return [[path, String(value)]];
  const members = new Map(membersOf(type.shape).map((member) => [member.name, member]));
  return Object.entries(value as object).flatMap(([name, inner]) => {
    const member = members.get(name);
    // A name that the shape does not have is sent as it is, and refused.
    const at = path === '' ? (member?.query ?? name) : `${path}.${member?.query ?? name}`;
    return member === undefined ? [[at, String(inner)] as const] : pairsOf(member.type, inner, at);
  });
}
