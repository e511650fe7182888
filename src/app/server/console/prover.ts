/**
 * Who tries a question out with packets, where the server is in a lab.
 *
 * In:    nothing. Out: the type; `app/lab/` has it.
 */
import type { ProvableHost, ProveRequest } from '../../../api/proof.ts';

export type Prover = {
  /** Hosts that can send and receive; null: no lab runs here. */
  hosts(): readonly ProvableHost[] | null;
  /** The proof, as JSON. */
  prove(request: ProveRequest, signal: AbortSignal): Promise<string>;
};
