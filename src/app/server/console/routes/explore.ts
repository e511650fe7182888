/**
 * `GET /api/explore`: how much, of whom, over time.
 *
 * In:    the time range, `filter`, `by` (dimensions), `measure`, `top`, `points`, `before=1`. Out: `Explored`.
 * Fails: FG_REQUEST_QUERY, FG_FILTER_*, FG_EXPLORE_DIMENSIONS; as asking does.
 */
import { MEASURES } from '../../../../api/explore.ts';
import { failure } from '../../../../model/errors.ts';
import { explore } from '../../../../query/explore/explore.ts';
import { filterFor, listOf, numberFor, placeFor, rangeFor } from '../place.ts';
import type { ConsoleRoute } from '../route.ts';

export const exploreRoute: ConsoleRoute = {
  method: 'GET',
  path: '/api/explore',
  role: 'read',
  async handle(request, console) {
    const { query, signal } = request;
    const given = query.get('measure') ?? 'bytes';
    const measure = MEASURES.find((each) => each === given);
    if (measure === undefined) throw failure('FG_REQUEST_QUERY', 'measure', given, `one of ${MEASURES.join(', ')}`);
    const asked = {
      range: rangeFor(request, console.now()),
      filter: filterFor(request),
      dimensions: listOf(query.get('by')),
      measure,
      points: numberFor(request, 'points', 120, 1, 1000),
      top: numberFor(request, 'top', 10, 1, 500),
      withBefore: query.get('before') === '1',
    };
    return { status: 200, json: await explore(placeFor(console), asked, signal) };
  },
};
