/**
 * Dashboards as objects that OpenSearch Dashboards and Kibana import.
 *
 * In:    `boards.ts`. Out: lines of JSON: index patterns, visualizations, searches, dashboards.
 * Holds: both products read objects of Kibana 7.10 and bring them forward themselves, as `migrationVersion` says; what is used is what both
 *        still have: aggregation-based visualizations and KQL. Ids are ours, so that importing again replaces what was imported.
 *        https://docs.opensearch.org/latest/dashboards/management/saved-objects/
 *        https://www.elastic.co/guide/en/kibana/8.17/saved-objects-api-import.html
 */
import type { Board, Kind, Measure, Panel } from './boards.ts';
import { BOARDS } from './boards.ts';

export type Product = 'opensearch-dashboards' | 'kibana';

/** Where documents are; the data stream and the index that templates are for. */
const PATTERNS: Readonly<Record<Kind, string>> = { flows: 'flowgauge-flows*', findings: 'flowgauge-findings*' };
const TIME = '@timestamp';
/** The newest formats that Kibana 7.10 and OpenSearch Dashboards have. */
const VERSIONS = { visualization: '7.10.0', search: '7.9.3', dashboard: '7.9.3', 'index-pattern': '7.6.0' } as const;
const WIDTH = 48;

type SavedType = keyof typeof VERSIONS;
type Reference = { readonly id: string; readonly name: string; readonly type: SavedType };
type Saved = {
  readonly id: string;
  readonly type: SavedType;
  readonly attributes: object;
  readonly references: readonly Reference[];
};

/** Lines to import. */
export function savedObjects(product: Product): string {
  const panels = BOARDS.flatMap((board) => board.panels);
  const objects: readonly Saved[] = [
    ...(Object.keys(PATTERNS) as Kind[]).map((kind) => pattern(kind, product)),
    ...panels.map((panel) => (panel.shows === 'records' ? search(panel) : visualization(panel, product))),
    ...BOARDS.map(dashboard),
  ];
  return objects
    .map(({ type, ...rest }) => `${JSON.stringify({ ...rest, type, migrationVersion: { [type]: VERSIONS[type] } })}\n`)
    .join('');
}

const patternId = (kind: Kind): string => `flowgauge-${kind}-pattern`;
const panelId = ({ id }: Panel): string => `flowgauge-panel-${id}`;
const typeOf = ({ shows }: Panel): SavedType => (shows === 'records' ? 'search' : 'visualization');

function pattern(kind: Kind, product: Product): Saved {
  const title = PATTERNS[kind];
  const name = product === 'kibana' ? { name: `flowgauge ${kind}` } : {};
  return {
    id: patternId(kind),
    type: 'index-pattern',
    attributes: { title, ...name, timeFieldName: TIME },
    references: [],
  };
}

const SOURCE_REFERENCE = 'kibanaSavedObjectMeta.searchSourceJSON.index';

/** What a panel looks at. */
function sourceOf({ where }: Panel): string {
  const query = where.map(([field, value]) => `${field} : "${value}"`).join(' and ');
  return JSON.stringify({
    query: { query, language: 'kuery' },
    filter: [],
    indexRefName: SOURCE_REFERENCE,
  });
}

const patternOf = ({ of }: Panel): readonly Reference[] => [
  { id: patternId(of), name: SOURCE_REFERENCE, type: 'index-pattern' },
];

function search(panel: Panel): Saved {
  return {
    id: panelId(panel),
    type: 'search',
    attributes: {
      title: panel.title,
      description: '',
      hits: 0,
      columns: panel.columns,
      sort: [[TIME, 'desc']],
      version: 1,
      kibanaSavedObjectMeta: { searchSourceJSON: sourceOf(panel) },
    },
    references: patternOf(panel),
  };
}

function visualization(panel: Panel, product: Product): Saved {
  const { type, params } = LOOKS[panel.shows as keyof typeof LOOKS](panel);
  const state = { title: panel.title, type, params, aggs: aggregations(panel, product) };
  return {
    id: panelId(panel),
    type: 'visualization',
    attributes: {
      title: panel.title,
      description: '',
      version: 1,
      uiStateJSON: '{}',
      visState: JSON.stringify(state),
      kibanaSavedObjectMeta: { searchSourceJSON: sourceOf(panel) },
    },
    references: patternOf(panel),
  };
}

/** What a split's documents are put into. */
const BUCKETS = { bars: 'group', table: 'bucket', share: 'segment', number: 'group' } as const;

function aggregations({ shows, measures, by }: Panel, product: Product): readonly object[] {
  const metrics = measures.map((measure, at) => ({
    id: String(at + 1),
    enabled: true,
    type: measure.agg,
    schema: 'metric',
    params: { ...('field' in measure ? { field: measure.field } : {}), customLabel: measure.label },
  }));
  const normalized = product === 'kibana' ? 'useNormalizedEsInterval' : 'useNormalizedOpenSearchInterval';
  const time = {
    id: String(metrics.length + 1),
    enabled: true,
    type: 'date_histogram',
    schema: 'segment',
    params: {
      field: TIME,
      [normalized]: true,
      interval: 'auto',
      drop_partials: false,
      min_doc_count: 1,
      extended_bounds: {},
    },
  };
  const before: readonly object[] = shows === 'bars' ? [...metrics, time] : metrics;
  return [
    ...before,
    ...by.map(({ field, label, size }, at) => ({
      id: String(before.length + 1 + at),
      enabled: true,
      type: 'terms',
      schema: BUCKETS[shows as keyof typeof BUCKETS],
      params: {
        field,
        size,
        order: 'desc',
        orderBy: '1',
        // What is left out is there as one.
        otherBucket: shows !== 'table',
        otherBucketLabel: 'Others',
        missingBucket: false,
        missingBucketLabel: 'None',
        customLabel: label,
      },
    })),
  ];
}

type Look = { readonly type: string; readonly params: object };

const LOOKS: Readonly<Record<Exclude<Panel['shows'], 'records'>, (panel: Panel) => Look>> = {
  number: () => ({
    type: 'metric',
    params: {
      type: 'metric',
      addTooltip: true,
      addLegend: false,
      metric: {
        percentageMode: false,
        useRanges: false,
        colorSchema: 'Green to Red',
        metricColorMode: 'None',
        colorsRange: [{ from: 0, to: 10_000 }],
        labels: { show: true },
        invertColors: false,
        style: { bgFill: '#000', bgColor: false, labelColor: false, subText: '', fontSize: 36 },
      },
    },
  }),
  bars: ({ measures }) => ({ type: 'histogram', params: barsOf(measures) }),
  table: () => ({
    type: 'table',
    params: {
      perPage: 10,
      showPartialRows: false,
      showMetricsAtAllLevels: false,
      showTotal: false,
      totalFunc: 'sum',
      percentageCol: '',
      sort: { columnIndex: null, direction: null },
    },
  }),
  share: () => ({
    type: 'pie',
    params: {
      type: 'pie',
      addTooltip: true,
      addLegend: true,
      legendPosition: 'right',
      isDonut: true,
      labels: { show: true, values: true, last_level: true, truncate: 100 },
    },
  }),
};

function barsOf(measures: readonly Measure[]): object {
  const label = measures[0]?.label ?? '';
  const axis = { show: true, style: {}, labels: { show: true, filter: true, truncate: 100 } };
  return {
    type: 'histogram',
    grid: { categoryLines: false },
    categoryAxes: [
      { ...axis, id: 'CategoryAxis-1', type: 'category', position: 'bottom', scale: { type: 'linear' }, title: {} },
    ],
    valueAxes: [
      {
        ...axis,
        id: 'ValueAxis-1',
        name: 'LeftAxis-1',
        type: 'value',
        position: 'left',
        scale: { type: 'linear', mode: 'normal' },
        labels: { show: true, rotate: 0, filter: false, truncate: 100 },
        title: { text: label },
      },
    ],
    seriesParams: measures.map((measure, at) => ({
      show: true,
      type: 'histogram',
      mode: 'stacked',
      data: { label: measure.label, id: String(at + 1) },
      valueAxis: 'ValueAxis-1',
      drawLinesBetweenPoints: true,
      lineWidth: 2,
      showCircles: true,
    })),
    addTooltip: true,
    addLegend: true,
    legendPosition: 'right',
    times: [],
    addTimeMarker: false,
    labels: { show: false },
    thresholdLine: { show: false, value: 10, width: 1, style: 'full', color: '#E7664C' },
  };
}

function dashboard({ id, title, description, panels }: Board): Saved {
  const places = placed(panels);
  return {
    id,
    type: 'dashboard',
    attributes: {
      title,
      description,
      hits: 0,
      version: 1,
      timeRestore: true,
      timeFrom: 'now-24h',
      timeTo: 'now',
      refreshInterval: { pause: true, value: 0 },
      optionsJSON: JSON.stringify({ useMargins: true, hidePanelTitles: false }),
      panelsJSON: JSON.stringify(
        places.map((place, at) => ({
          version: '7.10.0',
          gridData: { ...place, i: String(at + 1) },
          panelIndex: String(at + 1),
          embeddableConfig: {},
          panelRefName: `panel_${at}`,
        })),
      ),
      kibanaSavedObjectMeta: {
        searchSourceJSON: JSON.stringify({ query: { query: '', language: 'kuery' }, filter: [] }),
      },
    },
    references: panels.map((panel, at) => ({ id: panelId(panel), name: `panel_${at}`, type: typeOf(panel) })),
  };
}

type Place = { readonly x: number; readonly y: number; readonly w: number; readonly h: number };

/** From left to right, and in the next row where there is no room. */
function placed(panels: readonly Panel[]): readonly Place[] {
  let [x, y, high] = [0, 0, 0];
  return panels.map(({ width, height }) => {
    if (x + width > WIDTH) [x, y, high] = [0, y + high, 0];
    const place = { x, y, w: width, h: height };
    x += width;
    high = Math.max(high, height);
    return place;
  });
}
