/**
 * Whether a question can be tried out with packets.
 *
 * In:    an explanation, the hosts of a lab; the question as it stands in the form. Out: whether both ends are hosts; what to ask for.
 * Holds: a lab proves what is now, so a question about another time has no request. Pure.
 */
import type { End } from '../../../../src/api/explanation.ts';
import type { ProvableAnswer, ProveRequest } from '../../../../src/api/proof.ts';
import type { EndsForm } from './asked.ts';
import { requestOf } from './asked.ts';

type Asked = { readonly question: { readonly from: End; readonly to: End } };

/** Whether both ends are hosts of the lab that runs. */
export function areProvable({ question }: Asked, { hosts }: ProvableAnswer): boolean {
  if (hosts === null) return false;
  const isHost = ({ interfaceIds, addresses }: End): boolean =>
    addresses.length === 1 &&
    hosts.some(
      (host) =>
        interfaceIds.some((id) => host.interfaceIds.includes(id)) ||
        addresses.some((address) => host.addresses.includes(address)),
    );
  return isHost(question.from) && isHost(question.to);
}

/** What is asked; null: it is about another time, or cannot be asked. */
export function proveRequestOf(ends: EndsForm): ProveRequest | null {
  const request = requestOf(ends);
  if (request === null || (request.at ?? null) !== null) return null;
  const { from, to, protocol, port, sourcePorts } = request;
  return { from, to, protocol, port: port ?? null, sourcePorts: sourcePorts ?? null };
}
