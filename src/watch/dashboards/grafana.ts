/**
 * A dashboard of Grafana for the metrics of `up`, of its agents and of workers of a queue.
 *
 * In:    nothing. Out: JSON to import; Grafana asks for the Prometheus that scrapes `/metrics`.
 * Holds: metrics are those of docs/metrics.md, which a test says.
 *        https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/
 */

type Series = { readonly expression: string; readonly legend: string };

export type MetricPanel = {
  readonly title: string;
  readonly shows: 'number' | 'lines';
  /** Of Grafana's list. */
  readonly unit: string;
  readonly series: readonly Series[];
  readonly width: number;
  /** From this value on it is red; null: it never is. */
  readonly badFrom: number | null;
};

const one = (expression: string, legend = ''): readonly Series[] => [{ expression, legend }];

const number = (title: string, unit: string, expression: string, badFrom: number | null = null): MetricPanel => ({
  title,
  shows: 'number',
  unit,
  series: one(expression),
  width: 4,
  badFrom,
});

const lines = (title: string, unit: string, series: readonly Series[]): MetricPanel => ({
  title,
  shows: 'lines',
  unit,
  series,
  width: 12,
  badFrom: null,
});

/** What it shows. */
export const METRIC_PANELS: readonly MetricPanel[] = [
  number('Hosts captured', 'short', 'sum(flowgauge_capturing)'),
  number('Packets lost by the capture', 'pps', 'sum(rate(flowgauge_capture_drops_total[5m]))', 0.001),
  number('Destinations failing', 'short', 'count(flowgauge_publish_failures > 0) or vector(0)', 1),
  number('Spool filled', 'percentunit', 'max(flowgauge_publish_spool_bytes / flowgauge_publish_spool_max_bytes)', 0.8),
  number('Open grave findings', 'short', 'sum(flowgauge_findings_open{severity="high"})', 1),
  number('Since the last look', 's', 'max(time() - flowgauge_detect_last_look_seconds)', 1800),
  lines('Packets', 'pps', [
    { expression: 'sum(rate(flowgauge_verdict_observations_total[5m]))', legend: 'judged by the model' },
    { expression: 'sum(rate(flowgauge_kernel_observations_total[5m]))', legend: 'counted by the kernel' },
  ]),
  lines('Lost, by cause', 'pps', [
    {
      expression: 'sum by (cause) (rate(flowgauge_aggregate_observations_lost_total[5m]))',
      legend: 'tables: {{cause}}',
    },
    { expression: 'sum by (cause) (rate(flowgauge_kernel_observations_lost_total[5m]))', legend: 'kernel: {{cause}}' },
  ]),
  lines('Records delivered', 'cps', one('sum(rate(flowgauge_publish_records_total[5m]))', 'confirmed')),
  lines('Records that wait', 'short', [
    { expression: 'sum by (destination) (flowgauge_publish_waiting_records)', legend: '{{destination}}' },
  ]),
  lines('Time to delivery, 95 of 100', 's', [
    {
      expression:
        'histogram_quantile(0.95, sum by (le, destination) (rate(flowgauge_publish_delivery_latency_seconds_bucket[15m])))',
      legend: '{{destination}}',
    },
  ]),
  lines('Tables filled', 'percentunit', [
    { expression: 'flowgauge_flow_rows / flowgauge_flow_rows_max', legend: 'flows {{instance}}' },
    {
      expression: 'flowgauge_tracked_connections / flowgauge_tracked_connections_max',
      legend: 'connections {{instance}}',
    },
  ]),
  lines('Processor', 'percentunit', [
    {
      expression: 'sum by (process) (rate(flowgauge_process_cpu_seconds_total[5m]))',
      legend: '{{process}}',
    },
  ]),
  lines('Memory', 'bytes', [
    { expression: 'sum by (process) (flowgauge_process_resident_memory_bytes)', legend: '{{process}}' },
  ]),
  lines('Open findings', 'short', [
    { expression: 'sum by (severity) (flowgauge_findings_open)', legend: '{{severity}}' },
  ]),
  lines('Alerts', 'short', [
    { expression: 'sum by (receiver, state) (flowgauge_alerts)', legend: '{{receiver}}: {{state}}' },
  ]),
  lines('Looks for findings', 'percentunit', [
    { expression: 'rate(flowgauge_detect_seconds_total[15m])', legend: 'share of the time {{instance}}' },
  ]),
  lines('Agents', 'short', [
    { expression: 'sum(flowgauge_agent_healthy)', legend: 'healthy' },
    { expression: 'count(flowgauge_agent_heard_seconds)', legend: 'known' },
  ]),
  lines('Workers: messages', 'cps', [
    { expression: 'sum by (outcome) (rate(flowgauge_watch_messages_total[5m]))', legend: '{{outcome}}' },
  ]),
  lines('Workers: objects', 'cps', [
    { expression: 'sum by (outcome) (rate(flowgauge_watch_objects_total[5m]))', legend: '{{outcome}}' },
  ]),
  lines('Workers: documents', 'cps', [
    { expression: 'sum by (outcome) (rate(flowgauge_watch_documents_total[5m]))', legend: '{{outcome}}' },
  ]),
  lines('Workers: what waits', 'short', [
    { expression: 'sum(flowgauge_watch_messages_held)', legend: 'messages held' },
    { expression: 'sum(flowgauge_watch_waiting)', legend: 'lanes that wait for a server' },
  ]),
];

const SOURCE = { type: 'prometheus', uid: '${datasource}' };
const WIDTH = 24;
const HEIGHTS = { number: 4, lines: 8 } as const;

/** The dashboard, as text. */
export function grafanaDashboard(): string {
  let [x, y, high] = [0, 0, 0];
  const panels = METRIC_PANELS.map((panel, at) => {
    const [w, h] = [panel.width, HEIGHTS[panel.shows]];
    if (x + w > WIDTH) [x, y, high] = [0, y + high, 0];
    const gridPos = { x, y, w, h };
    x += w;
    high = Math.max(high, h);
    return { id: at + 1, gridPos, ...panelOf(panel) };
  });
  const datasource = {
    name: 'datasource',
    label: 'Prometheus',
    type: 'datasource',
    query: 'prometheus',
    current: {},
    hide: 0,
    includeAll: false,
    multi: false,
    options: [],
    refresh: 1,
    regex: '',
  };
  const whole = {
    uid: 'flowgauge',
    title: 'flowgauge',
    description: 'Flow logs: capture, delivery, findings.',
    tags: ['flowgauge'],
    schemaVersion: 39,
    version: 1,
    editable: true,
    timezone: 'utc',
    time: { from: 'now-6h', to: 'now' },
    refresh: '30s',
    templating: { list: [datasource] },
    annotations: { list: [] },
    panels,
  };
  return `${JSON.stringify(whole, null, 2)}\n`;
}

function panelOf({ title, shows, unit, series, badFrom }: MetricPanel): object {
  const steps = [{ color: 'green', value: null }, ...(badFrom === null ? [] : [{ color: 'red', value: badFrom }])];
  return {
    title,
    type: shows === 'number' ? 'stat' : 'timeseries',
    datasource: SOURCE,
    fieldConfig: { defaults: { unit, thresholds: { mode: 'absolute', steps } }, overrides: [] },
    targets: series.map(({ expression, legend }, at) => ({
      refId: String.fromCodePoint(65 + at),
      datasource: SOURCE,
      expr: expression,
      legendFormat: legend,
    })),
    options:
      shows === 'number'
        ? {
            reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
            colorMode: 'value',
            graphMode: 'area',
          }
        : { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi' } },
  };
}
