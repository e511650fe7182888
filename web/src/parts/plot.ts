/**
 * The drawing under a chart: uPlot, told what to draw.
 *
 * In:    an element, series, sizes, colours. Out: a plot whose data can be changed; what the pointer does.
 * Holds: times are UTC. A drag gives a range and does not zoom: the range is the address's, and the chart follows it.
 * Fails: never.
 */
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { axisColours, seriesColour } from './chart-colours.ts';
import { drawn } from './chart-data.ts';
import type { ChartSeries } from './chart-data.ts';

export type PlotOptions = {
  readonly width: number;
  readonly height: number;
  readonly isDark: boolean;
  readonly isCompact: boolean;
  /** Bottom first. */
  readonly series: readonly Pick<ChartSeries, 'id' | 'label' | 'look'>[];
  /** Of numbers at the axis. */
  readonly format: (value: number) => string;
  readonly range: () => readonly [from: number, to: number];
  /** Numbers are bytes: the axis goes by powers of 2. */
  readonly isBytes: boolean;
  /** They are counts: half a flow is none. */
  readonly isWhole: boolean;
  readonly canBrush: boolean;
  /** Seconds under the pointer; null: it has left. */
  readonly hover: (seconds: number | null) => void;
  /** Two ends in seconds, in any order. */
  readonly brushed: (one: number, other: number) => void;
};

const AXIS_FONT = '12px "Open Sans", "Helvetica Neue", Roboto, Arial, sans-serif';
/** Steps of an axis of bytes. */
const POWERS = Array.from({ length: 60 }, (_, power) => 2 ** power);
/** Steps of an axis of counts. */
const WHOLE = Array.from({ length: 16 }, (_, power) => [1, 2, 5].map((first) => first * 10 ** power)).flat();
/** A drag that is shorter was a click. */
const LEAST_DRAG_PIXELS = 4;

/** Draws. */
export function createPlot(element: HTMLElement, options: PlotOptions): uPlot {
  const { width, height, isDark, isCompact, series, format, range, isBytes, isWhole, canBrush, hover, brushed } =
    options;
  const { text, line } = axisColours(isDark);
  const axis = {
    stroke: text,
    font: AXIS_FONT,
    grid: { stroke: line, width: 1 },
    ticks: { stroke: line, width: 1, size: 4 },
  };
  return new uPlot(
    {
      width,
      height,
      padding: [8, 24, 0, 0],
      legend: { show: false },
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
      scales: {
        x: { time: true, range: () => [...range()] as uPlot.Range.MinMax },
        y: { range: (_, __, most) => [0, most > 0 ? most * 1.05 : 1] },
      },
      axes: [
        { ...axis, size: 26, gap: 4, space: 72, values: timeLabels },
        {
          ...axis,
          size: 72,
          gap: 6,
          ...(isBytes ? { incrs: POWERS } : isWhole ? { incrs: WHOLE } : {}),
          splits: isCompact ? (_, __, ___, most) => [0, most / 1.05] : undefined,
          values: (_, splits) => splits.map(format),
        } as uPlot.Axis,
      ],
      cursor: {
        points: { show: false },
        y: false,
        drag: { x: canBrush, y: false, setScale: false },
      },
      series: [{}, ...seriesOf(series, isDark)],
      hooks: {
        setCursor: [
          (plot) => {
            const { left } = plot.cursor;
            hover(left === undefined || left === null || left < 0 ? null : plot.posToVal(left, 'x'));
          },
        ],
        setSelect: [
          (plot) => {
            const { left, width: wide } = plot.select;
            if (wide < LEAST_DRAG_PIXELS) return;
            brushed(plot.posToVal(left, 'x'), plot.posToVal(left + wide - 1, 'x'));
            plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          },
        ],
      },
    },
    undefined,
    element,
  );
}

/** Of each label the part that changes: days only where a day begins. */
function timeLabels(_: uPlot, splits: number[], __: number, ___: number, apart: number): string[] {
  let day = '';
  return splits.map((seconds) => {
    const text = new Date(seconds * 1000).toISOString();
    const today = text.slice(5, 10);
    const isNew = today !== day;
    day = today;
    if (apart >= 86_400) return today;
    return isNew && seconds % 86_400 === 0 ? today : text.slice(11, apart < 60 ? 19 : 16);
  });
}

/** The top one first: what is below covers it. */
function seriesOf(series: readonly Pick<ChartSeries, 'label' | 'look'>[], isDark: boolean): uPlot.Series[] {
  let plain = 0;
  const made = new Map<object, uPlot.Series>();
  for (const one of series) made.set(one, seriesFor(one, one.look === 'plain' ? plain++ : 0, isDark));
  return drawn(series).map((one) => made.get(one)!);
}

function seriesFor({ label, look }: Pick<ChartSeries, 'label' | 'look'>, place: number, isDark: boolean): uPlot.Series {
  const colour = seriesColour(look, place, isDark);
  const paths = uPlot.paths.stepped!({ align: 1 });
  if (look === 'before') return { label, stroke: colour, width: 1.5, dash: [5, 4], paths, points: { show: false } };
  const fill =
    look === 'reject' ? (plot: uPlot) => hatched(plot.ctx, colour, axisColours(isDark).ground) : () => colour;
  return { label, stroke: colour, width: 1, fill, paths, points: { show: false } };
}

/** Stripes of a colour on the ground. */
function hatched(context: CanvasRenderingContext2D, colour: string, ground: string): CanvasPattern | string {
  const side = Math.round(6 * devicePixelRatio);
  const tile = document.createElement('canvas');
  tile.width = tile.height = side;
  const paint = tile.getContext('2d');
  if (paint === null) return colour;
  paint.fillStyle = ground;
  paint.fillRect(0, 0, side, side);
  paint.strokeStyle = colour;
  paint.lineWidth = side / 2.5;
  paint.beginPath();
  for (const from of [-side, 0, side]) {
    paint.moveTo(from - 1, side + 1);
    paint.lineTo(from + side + 1, -1);
  }
  paint.stroke();
  return context.createPattern(tile, 'repeat') ?? colour;
}
