/**
 * `GET /api/held-fields`: what the objects of a time range can be asked for.
 *
 * In:    the time range. Out: `HeldFieldsAnswer`.
 * Fails: FG_REQUEST_QUERY; as asking does.
 */
import { heldFieldsAt } from '../../../../query/explore/fields.ts';
import { placeFor, rangeFor } from '../place.ts';
import type { ConsoleRoute } from '../route.ts';

export const heldFieldsRoute: ConsoleRoute = {
  method: 'GET',
  path: '/api/held-fields',
  role: 'read',
  handle: async (request, console) => ({
    status: 200,
    json: await heldFieldsAt(placeFor(console), rangeFor(request, console.now()), request.signal),
  }),
};
