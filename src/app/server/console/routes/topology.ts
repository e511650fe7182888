/**
 * `GET /api/topology`: the network with the traffic in it.
 *
 * In:    the time range, `filter`, `scope`, `grouping`, `focus` (id of a box), `measure`. Out: `TopologyAnswer`.
 * Fails: FG_REQUEST_QUERY, FG_FILTER_*; as asking does.
 */
import { TOPOLOGY_GROUPINGS, TOPOLOGY_MEASURES, TOPOLOGY_SCOPES } from '../../../../api/topology.ts';
import { failure } from '../../../../model/errors.ts';
import { filterFrom } from '../../../../query/explore/where.ts';
import { explained } from '../explain/explained.ts';
import type { ConsoleRequest, ConsoleRoute } from '../route.ts';
import { timeOf } from '../route.ts';

function wordOf<const W extends string>({ query }: ConsoleRequest, name: string, words: readonly W[], initial: W): W {
  const given = query.get(name);
  if (given === null) return initial;
  const found = words.find((word) => word === given);
  if (found === undefined) throw failure('FG_REQUEST_QUERY', name, given, `one of ${words.join(', ')}`);
  return found;
}

export const topologyRoute: ConsoleRoute = {
  method: 'GET',
  path: '/api/topology',
  role: 'read',
  handle: (request, context) => {
    const { query } = request;
    const filter = query.get('filter') ?? '';
    // What cannot be read is told before a process is asked.
    filterFrom(filter);
    const question = {
      kind: 'topology',
      range: timeOf(request, context.now()),
      filter,
      scope: wordOf(request, 'scope', TOPOLOGY_SCOPES, 'subnet'),
      grouping: wordOf(request, 'grouping', TOPOLOGY_GROUPINGS, 'subnet'),
      focus: query.get('focus'),
      measure: wordOf(request, 'measure', TOPOLOGY_MEASURES, 'bytes'),
    } as const;
    return explained(question, request, context);
  },
};
