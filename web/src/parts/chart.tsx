/**
 * A chart over time with its legend and its table.
 *
 * In:    spans, series, what a brushed range does. Out: a stack of steps, dashed lines over it; by pointer and by keyboard the
 *        numbers of a span.
 * Holds: the arrow keys go from span to span, with Shift they choose a range, Enter takes it, Escape leaves it. Every number is in
 *        the table too. Colours follow light and dark.
 */
import Box from '@cloudscape-design/components/box';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import type uPlot from 'uplot';
import type { SecondsRange } from '../../../src/api/explore.ts';
import { timeText } from '../format.ts';
import { isDark, THEME_CHANGED } from '../theme.ts';
import { seriesColour } from './chart-colours.ts';
import { spanAt, spansBetween, stackedColumns } from './chart-data.ts';
import type { ChartSeries } from './chart-data.ts';
import { createPlot } from './plot.ts';
import './chart.css';

export type TimeChartProps = {
  /** What it shows, for who does not see it. */
  readonly label: string;
  /** Beginnings of the spans, seconds since 1970 UTC. */
  readonly times: readonly number[];
  readonly stepSeconds: number;
  readonly range: SecondsRange;
  /** Bottom first. */
  readonly series: readonly ChartSeries[];
  readonly format: (value: number) => string;
  readonly isBytes?: boolean;
  readonly height?: number;
  /** A range of whole spans that somebody chose; without it nothing can be chosen. */
  readonly onBrush?: (range: { readonly from: number; readonly to: number }) => void;
  /** An entry of the legend that was clicked. */
  readonly onSeries?: (id: string) => void;
  /** No legend, no table: what is beside it says the same. */
  readonly bare?: boolean;
};

export function TimeChart(props: TimeChartProps): ReactNode {
  const { label, times, stepSeconds, range, series, format, height = 240, onBrush, bare = false } = props;
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [cursor, setCursor] = useState<number | null>(null);
  const [anchor, setAnchor] = useState<number | null>(null);
  const [showsTable, setShowsTable] = useState(false);
  const dark = useDark();
  const width = useWidth(host);
  const latest = useRef(props);
  latest.current = props;
  const isWhole = series.every(({ values }) => values.every(Number.isInteger));
  const looks = `${props.isBytes === true} ${isWhole} ${series.map(({ id, look }) => `${look} ${id}`).join('\n')}`;
  const hint = useId();

  const brush = (one: number, other: number): void => {
    const now = latest.current;
    now.onBrush?.(spansBetween(now.times, now.stepSeconds, [one, other], now.range));
  };

  // Made anew where what is drawn is another; numbers alone are only told.
  useEffect(() => {
    if (host.current === null || width === 0) return;
    const spanNear = (seconds: number): number => {
      const { times: now, stepSeconds: step } = latest.current;
      return spanAt(now, step, seconds) ?? (seconds < (now[0] ?? 0) ? 0 : now.length - 1);
    };
    const made = createPlot(host.current, {
      width,
      height,
      isDark: dark,
      isCompact: height < 140,
      series: latest.current.series,
      format: (value) => latest.current.format(value),
      range: () => [latest.current.range.fromSeconds, latest.current.range.toSeconds],
      isBytes: latest.current.isBytes === true,
      isWhole,
      canBrush: latest.current.onBrush !== undefined,
      hover: (seconds) => {
        const { times: now, stepSeconds: step } = latest.current;
        setCursor(seconds === null ? null : spanAt(now, step, seconds));
      },
      brushed: (one, other) => {
        if (latest.current.times.length > 0) brush(spanNear(one), spanNear(other));
      },
    });
    plot.current = made;
    made.setData(dataOf(latest.current));
    return () => {
      made.destroy();
      plot.current = null;
    };
  }, [looks, isWhole, dark, width, height]);

  useEffect(() => {
    plot.current?.setData(dataOf({ times, stepSeconds, series }));
  }, [times, stepSeconds, series, range.fromSeconds, range.toSeconds]);

  const move = (event: KeyboardEvent): void => {
    const last = times.length - 1;
    if (last < 0) return;
    const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: -10, PageDown: 10 }[event.key];
    const to =
      event.key === 'Home'
        ? 0
        : event.key === 'End'
          ? last
          : by === undefined
            ? null
            : (cursor ?? (by > 0 ? -1 : last + 1)) + by;
    if (to !== null) {
      event.preventDefault();
      const next = Math.max(0, Math.min(last, to));
      const from = event.shiftKey && onBrush !== undefined ? (anchor ?? cursor ?? next) : null;
      setAnchor(from);
      setCursor(next);
      showKeys(plot.current, times, stepSeconds, next, from);
    }
    if (event.key === 'Enter' && cursor !== null && onBrush !== undefined) brush(anchor ?? cursor, cursor);
    if (event.key === 'Escape' || event.key === 'Enter') {
      setAnchor(null);
      showKeys(plot.current, times, stepSeconds, null, null);
    }
  };

  const at = cursor !== null && cursor < times.length ? cursor : null;
  return (
    <div className="chart">
      <div
        ref={host}
        className="chart-plot"
        style={{ blockSize: height }}
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-describedby={hint}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, times.length - 1)}
        aria-valuenow={at ?? 0}
        aria-valuetext={at === null ? 'no span chosen' : spanText(times[at]!, at, series, format)}
        onKeyDown={move}
      />
      <span id={hint} className="visually-hidden">
        Arrow keys go from span to span
        {onBrush === undefined ? '' : '; with Shift they choose a range, which Enter takes'}.
      </span>
      {!bare && <Legend {...props} at={at} isDark={dark} />}
      {!bare && (
        <ExpandableSection
          headerText="Values as a table"
          variant="footer"
          expanded={showsTable}
          onChange={({ detail }) => setShowsTable(detail.expanded)}
        >
          {showsTable && <ValuesTable {...props} />}
        </ExpandableSection>
      )}
    </div>
  );
}

function dataOf({
  times,
  stepSeconds,
  series,
}: Pick<TimeChartProps, 'times' | 'stepSeconds' | 'series'>): uPlot.AlignedData {
  return stackedColumns(times, stepSeconds, series) as unknown as uPlot.AlignedData;
}

/** Shows where the keyboard is; null: nowhere. */
function showKeys(
  plot: uPlot | null,
  times: readonly number[],
  step: number,
  at: number | null,
  from: number | null,
): void {
  if (plot === null) return;
  const place = (seconds: number): number => plot.valToPos(seconds, 'x');
  if (at === null) plot.setCursor({ left: -10, top: -10 }, false);
  else plot.setCursor({ left: place(times[at]! + step / 2), top: 0 }, false);
  const [first, last] = at === null || from === null ? [0, -1] : [Math.min(at, from), Math.max(at, from)];
  const left = last < first ? 0 : place(times[first]!);
  const width = last < first ? 0 : place(times[last]! + step) - left;
  plot.setSelect({ left, top: 0, width, height: plot.over.clientHeight }, false);
}

function spanText(
  seconds: number,
  at: number,
  series: readonly ChartSeries[],
  format: (value: number) => string,
): string {
  const parts = series.flatMap(({ label, values }) =>
    (values[at] ?? 0) > 0 ? [`${label} ${format(values[at]!)}`] : [],
  );
  return `${timeText(seconds)} UTC: ${parts.length === 0 ? 'nothing' : parts.join(', ')}`;
}

function Legend({
  series,
  times,
  format,
  onSeries,
  at,
  isDark: dark,
}: TimeChartProps & { readonly at: number | null; readonly isDark: boolean }): ReactNode {
  let plain = 0;
  return (
    <div className="chart-legend">
      <span className="chart-legend-time">{at === null ? 'Whole range' : `${timeText(times[at]!)} UTC`}</span>
      <ul>
        {series.map(({ id, label, look, values, isInert }) => {
          const colour = seriesColour(look, look === 'plain' ? plain++ : 0, dark);
          const value = at === null ? values.reduce((sum, each) => sum + each, 0) : (values[at] ?? 0);
          const content = (
            <>
              <span className={`chart-swatch chart-swatch-${look}`} style={{ color: colour }} aria-hidden="true" />
              <span className="breaks-anywhere">{label}</span> <span className="chart-number">{format(value)}</span>
            </>
          );
          return (
            <li key={id}>
              {onSeries === undefined || isInert === true ? (
                content
              ) : (
                <button type="button" title="Show only this" onClick={() => onSeries(id)}>
                  {content}
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function ValuesTable({ label, times, series, format }: TimeChartProps): ReactNode {
  if (times.length === 0) return <Box color="text-body-secondary">There are no spans.</Box>;
  return (
    <div className="chart-table" role="region" aria-label={`Values of ${label}`} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Begins (UTC)</th>
            {series.map(({ id, label: name }) => (
              <th scope="col" key={id}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {times.map((seconds, at) => (
            <tr key={seconds}>
              <th scope="row">{timeText(seconds)}</th>
              {series.map(({ id, values }) => (
                <td key={id}>{format(values[at] ?? 0)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Follows the theme. */
function useDark(): boolean {
  const [dark, setDark] = useState(isDark);
  useEffect(() => {
    const follow = (): void => setDark(isDark());
    window.addEventListener(THEME_CHANGED, follow);
    return () => window.removeEventListener(THEME_CHANGED, follow);
  }, []);
  return dark;
}

/** Follows the width of an element, in whole pixels; 0 until it is known. */
function useWidth(host: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  const observer = useMemo(
    () => new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0))),
    [],
  );
  useEffect(() => {
    const element = host.current;
    if (element !== null) observer.observe(element);
    return () => observer.disconnect();
  }, [host, observer]);
  return width;
}
