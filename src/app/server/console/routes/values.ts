/**
 * `GET /api/values`: values of a field, for completion.
 *
 * In:    the time range, `filter` (other conditions), `field`, `begin`, `rows`. Out: `ValuesAnswer`.
 * Fails: FG_REQUEST_QUERY, FG_FILTER_*; as asking does.
 */
import { filterField } from '../../../../api/filter-fields.ts';
import { failure } from '../../../../model/errors.ts';
import { valuesOfField } from '../../../../query/explore/fields.ts';
import { filterFor, listOf, numberFor, placeFor, rangeFor } from '../place.ts';
import type { ConsoleRoute } from '../route.ts';

export const valuesRoute: ConsoleRoute = {
  method: 'GET',
  path: '/api/values',
  role: 'read',
  async handle(request, console) {
    const { query, signal } = request;
    const name = query.get('field') ?? '';
    const field = filterField(name, listOf(query.get('others')));
    if (field === undefined) throw failure('FG_REQUEST_QUERY', 'field', name, 'the name of a field');
    const wanted = {
      range: rangeFor(request, console.now()),
      filter: filterFor(request),
      field: field.name,
      begin: query.get('begin') ?? '',
      most: numberFor(request, 'rows', 20, 1, 200),
    };
    return { status: 200, json: await valuesOfField(placeFor(console), wanted, signal) };
  },
};
