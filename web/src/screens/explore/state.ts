/**
 * What *Explore* keeps in its address.
 *
 * In:    the address. Out: filter, dimensions, measure and what is shown; the query of the routes.
 * Holds: old addresses keep working: a parameter that is not there has its default.
 */
import { MEASURES } from '../../../../src/api/explore.ts';
import type { Measure } from '../../../../src/api/explore.ts';
import type { Fields } from '../../parts/use-fields.ts';
import { listParameter, textParameter, wordParameter } from '../../url-parameters.ts';
import type { Values } from '../../url-parameters.ts';
import type { Change } from '../../url-state.ts';

export const TABS = ['graph', 'records'] as const;
/** Groups that are told apart. */
export const TOPS = ['5', '10', '20', '50', '100'] as const;

export const EXPLORE = {
  tab: wordParameter(TABS, 'graph'),
  filter: textParameter(),
  by: listParameter(['action']),
  measure: wordParameter(MEASURES, 'bytes'),
  top: wordParameter(TOPS, '10'),
  before: wordParameter(['0', '1'], '0'),
  columns: listParameter(),
};

/** What a tab gets. */
export type TabProps = {
  readonly state: Values<typeof EXPLORE>;
  readonly change: Change<typeof EXPLORE>;
  readonly fields: Fields;
  /** Fields of the filter that only files know. */
  readonly others: readonly string[];
};

type ExploreState = {
  readonly filter: string;
  readonly by: readonly string[];
  readonly measure: Measure;
  readonly top: string;
  readonly before: string;
};

/** Spans of the graph: as many as can be told apart. */
const POINTS = 120;

/** The path of `/api/explore` of a state. */
export function explorePath(time: string, state: ExploreState, others: readonly string[]): string {
  const query = new URLSearchParams({ measure: state.measure, top: state.top, points: String(POINTS) });
  if (state.by.length > 0) query.set('by', state.by.join(','));
  if (state.before === '1') query.set('before', '1');
  return `/api/explore?${time}&${query}${filterQuery(state.filter, others)}`;
}

/** `&filter=…`, with the fields that only files know. */
export function filterQuery(filter: string, others: readonly string[]): string {
  if (filter === '') return '';
  return `&${new URLSearchParams({ filter, ...(others.length === 0 ? {} : { others: others.join(',') }) })}`;
}

export const MEASURE_WORDS: Readonly<Record<Measure, string>> = {
  bytes: 'Bytes',
  packets: 'Packets',
  flows: 'Flows',
  records: 'Records',
};
