/**
 * Metrics as Prometheus reads them, and the table that says what each one is.
 *
 * In:    metrics, and the value that their samples are taken from. Out: text in Prometheus' exposition format 0.0.4.
 * Holds: the one writer of that text. Each name has its help and type once, before its samples; a value of a label may be
 *        any text. The page docs/metrics.md is made from the same entries.
 */
import type { StageCount } from '../model/counters.ts';

export type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/** How often what was measured is up to each bound and above the one before; the rest is above all of them. */
export type Histogram = {
  readonly labels: Readonly<Record<string, string>>;
  readonly counts: readonly number[];
  readonly total: number;
  readonly sum: number;
};

type Described = {
  readonly name: string;
  /** One sentence. */
  readonly help: string;
  /** What to watch for, as a PromQL expression and what it means when it holds. */
  readonly alert?: { readonly when: string; readonly means: string };
};

/** A metric; `T` is what is known when it is written. */
export type Metric<T> = Described &
  (
    | {
        readonly type: 'counter' | 'gauge';
        /** Names of labels, for the page. */
        readonly labels: readonly string[];
        readonly samples: (known: T) => readonly Sample[];
      }
    | {
        readonly type: 'histogram';
        readonly labels: readonly string[];
        readonly bounds: readonly number[];
        readonly histograms: (known: T) => readonly Histogram[];
      }
  );

/** The text of some metrics; each ends with a newline. */
export function metricText<T>(metrics: readonly Metric<T>[], known: T): string {
  return metrics.map((metric) => linesOf(metric, known).join('\n')).join('\n') + (metrics.length > 0 ? '\n' : '');
}

function linesOf<T>(metric: Metric<T>, known: T): string[] {
  const { name, help, type } = metric;
  const lines = [`# HELP ${name} ${escaped(help)}`, `# TYPE ${name} ${type}`];
  if (metric.type !== 'histogram')
    return [...lines, ...metric.samples(known).map(([labels, value]) => line(name, labels, value))];
  for (const { labels, counts, total, sum } of metric.histograms(known)) {
    let upTo = 0;
    for (const [at, bound] of metric.bounds.entries()) {
      upTo += counts[at] ?? 0;
      lines.push(line(`${name}_bucket`, { ...labels, le: String(bound) }, upTo));
    }
    lines.push(
      line(`${name}_bucket`, { ...labels, le: '+Inf' }, total),
      line(`${name}_sum`, labels, sum),
      line(`${name}_count`, labels, total),
    );
  }
  return lines;
}

function line(name: string, labels: Readonly<Record<string, string>>, value: number): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text).replaceAll('"', '\\"')}"`);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

/** Counts of one stage with the labels that tell them apart from others of the same names. */
export type Labelled = readonly [labels: Readonly<Record<string, string>>, count: StageCount];

/**
 * The metrics of a stage: in = out + held + the sum of lost (rule C).
 *
 * @param name   such as `flowgauge_capture_frames`
 * @param words  what comes in and what goes out, for the help
 * @param lostAlert  where a loss is a reason to look
 */
export function stageMetrics<T>(
  name: string,
  words: { readonly in: string; readonly out: string; readonly held: string; readonly lost: string },
  labels: readonly string[],
  counts: (known: T) => readonly Labelled[],
  lostAlert?: Metric<T>['alert'],
): Metric<T>[] {
  const each = (of: (count: StageCount) => number) => (known: T) =>
    counts(known).map(([own, count]): Sample => [own, of(count)]);
  const by = (label: string, of: (count: StageCount) => Readonly<Record<string, number>>) => (known: T) =>
    counts(known).flatMap(([own, count]) =>
      Object.entries(of(count)).map(([cause, value]): Sample => [{ ...own, [label]: cause }, value]),
    );
  return [
    { name: `${name}_in_total`, type: 'counter', help: words.in, labels, samples: each((count) => count.in) },
    { name: `${name}_total`, type: 'counter', help: words.out, labels, samples: each((count) => count.out) },
    { name: `${name}_held`, type: 'gauge', help: words.held, labels, samples: each(({ held }) => held) },
    {
      name: `${name}_lost_total`,
      type: 'counter',
      help: words.lost,
      labels: [...labels, 'cause'],
      samples: by('cause', ({ lost }) => lost),
      ...(lostAlert === undefined ? {} : { alert: lostAlert }),
    },
    {
      name: `${name}_noted_total`,
      type: 'counter',
      help: 'Of those that went on, what there is to note; outside the sum.',
      labels: [...labels, 'note'],
      samples: by('note', ({ notes }) => notes),
    },
  ];
}
