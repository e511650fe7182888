/**
 * `GET /api/records`: records, the newest first, by pages.
 *
 * In:    the time range, `filter`, `columns`, `rows`, `after` (the `next` of the page before). Out: `RecordsPage`.
 * Fails: FG_REQUEST_QUERY, FG_FILTER_*, FG_PAGE_VALUE; as asking does.
 */
import { failure } from '../../../../model/errors.ts';
import { recordsPage } from '../../../../query/explore/records.ts';
import { filterFor, listOf, numberFor, placeFor, rangeFor } from '../place.ts';
import type { ConsoleRoute } from '../route.ts';

const DEFAULT_COLUMNS = 'start,interface-id,srcaddr,srcport,dstaddr,dstport,protocol,packets,bytes,action,log-status';
const MOST_COLUMNS = 80;

export const recordsRoute: ConsoleRoute = {
  method: 'GET',
  path: '/api/records',
  role: 'read',
  async handle(request, console) {
    const { query, signal } = request;
    const columns = listOf(query.get('columns') ?? DEFAULT_COLUMNS);
    const wrong = columns.find((name) => !/^[a-z][\w-]{0,100}$/u.test(name) || name === 'addr' || name === 'port');
    if (wrong !== undefined || columns.length === 0 || columns.length > MOST_COLUMNS)
      throw failure('FG_REQUEST_QUERY', 'columns', wrong ?? '', `names of fields, ${MOST_COLUMNS} at most`);
    const wanted = {
      range: rangeFor(request, console.now()),
      filter: filterFor(request),
      columns,
      rows: numberFor(request, 'rows', 500, 1, 5000),
      after: query.get('after'),
    };
    return { status: 200, json: await recordsPage(placeFor(console), wanted, signal) };
  },
};
