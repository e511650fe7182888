/**
 * Routes that try a question out with packets, in a lab: which hosts there are, and the proof.
 *
 * In:    requests. Out: answers of whoever proves.
 * Holds: packets are sent for those alone who may operate. Where no lab is there are no hosts, and no proof.
 * Fails: FG_REQUEST_BODY; 404 where no lab is; as the proof does.
 */
import * as v from 'valibot';
import type { ProvableAnswer, ProveRequest } from '../../../../api/proof.ts';
import { answeredBy } from '../explain/explained.ts';
import { readBody } from '../read-body.ts';
import type { ConsoleRoute } from '../route.ts';
import { notFound } from '../route.ts';
import { TEXT, PORT, PORTS } from './explain.ts';

const PROVE = v.strictObject({
  from: TEXT,
  to: TEXT,
  protocol: v.optional(TEXT),
  port: PORT,
  sourcePorts: PORTS,
}) satisfies v.GenericSchema<unknown, ProveRequest>;

export const PROVE_ROUTES: readonly ConsoleRoute[] = [
  {
    method: 'GET',
    path: '/api/provable',
    role: 'read',
    handle: async (_, { prover }) => ({
      status: 200,
      json: { hosts: prover?.hosts() ?? null } satisfies ProvableAnswer,
    }),
  },
  {
    method: 'POST',
    path: '/api/prove',
    role: 'operate',
    handle: async (request, { prover }) => {
      const asked = readBody(PROVE, request.body);
      if (prover === null || prover.hosts() === null) throw notFound('lab here: packets are sent in labs alone');
      return answeredBy(({ signal }) => prover.prove(asked, signal), request);
    },
  },
];
