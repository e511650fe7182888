/**
 * PySpark itself.
 *
 * In:    nothing. Out: a Spark of one machine that is asked SQL, and the forms that saved queries take there.
 * Holds: it is a package of PyPI, put into a Python environment in the user's cache directory, once (320 MB). It wants Java 8 to 17.
 * Fails: NotHere where the package or Java cannot be had.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { TRINO } from '../../src/query/dialect.ts';
import type { Dialect } from '../../src/query/dialect.ts';
import type { Cell } from '../../src/query/engine.ts';
import type { RemoteRows } from '../../src/query/engines/remote.ts';
import { PRIVATE_NETWORKS, UNOWNED_NETWORKS } from '../../src/storage/duck/well-known.ts';
import { pythonWith } from './python-package.ts';
import { NotHere } from './server.ts';

const VERSION = '3.5.7';
const SCRIPT = join(import.meta.dirname, 'read_spark.py');

/** What Spark writes otherwise than Trino; `cidr_contains` and `in_any` are functions of read_spark.py. */
export const SPARK: Dialect = {
  ...TRINO,
  among: (column, parameter) =>
    `array_contains(transform(split($${parameter}, ','), each -> CAST(each AS integer)), ${column})`,
  inNetwork: (address, parameter) => `($${parameter} = 'any' OR cidr_contains(${address}, $${parameter}))`,
  inCidr: (address, network) => `cidr_contains(${address}, ${network})`,
  isPrivate: (address) => `in_any(${address}, '${PRIVATE_NETWORKS.join(',')}')`,
  isPublic: (address) => `NOT in_any(${address}, '${[...PRIVATE_NETWORKS, ...UNOWNED_NETWORKS].join(',')}')`,
  time: (column) => `timestamp_seconds(${secondsOf(column)})`,
  seconds: (column) => secondsOf(column),
  whole: (number, by) => `${number} div ${by}`,
  median: (number) => `percentile(${number}, 0.5)`,
  spanBegin: (seconds) => `timestamp_seconds(${secondsOf('start')} - ${secondsOf('start')} % ${seconds})`,
  instant: (parameter) => `timestamp_seconds($${parameter})`,
  numberList: (column, holds, most) =>
    `nullif(array_join(transform(slice(array_sort(collect_set(${column}) FILTER (WHERE ${holds})), 1, ${most}), each -> CAST(each AS string)), ','), '')`,
};

function secondsOf(column: 'start' | 'end'): string {
  return `(CASE WHEN "${column}" > 99999999999 THEN "${column}" div 1000 ELSE "${column}" END)`;
}

/** The same SQL where Spark has another word for it, or another order of what is absent. */
function respelled(sql: string): string {
  return sql
    .replaceAll("date_diff('second',", 'timestampdiff(SECOND,')
    .replaceAll(/\bAS VARCHAR\b/giu, 'AS string')
    .replaceAll(/ORDER BY ([^()\n]+)$/gmu, (_, list: string) => {
      const items = list.split(',').map((item) => (/\bDESC$/u.test(item.trim()) ? item : `${item} NULLS LAST`));
      return `ORDER BY ${items.join(',')}`;
    });
}

export type SparkPlace = {
  /** Runs lines of Python that have `spark`. */
  run(lines: string): Promise<void>;
  /** For `remoteEngine`. */
  ask(sql: string): Promise<RemoteRows>;
  stop(): Promise<void>;
};

type Told = { readonly error?: string; readonly columns?: RemoteRows['columns']; readonly rows?: Cell[][] };

/** Starts it. */
export function startSpark(): SparkPlace {
  try {
    execFileSync('java', ['-version'], { stdio: 'pipe' });
  } catch (cause) {
    throw new NotHere('java is missing', { cause });
  }
  const python = pythonWith('pyspark', VERSION);
  const child = spawn(python, [SCRIPT], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, SPARK_LOCAL_IP: '127.0.0.1', PYSPARK_PYTHON: python },
  });
  const ended = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  async function told(asked: Readonly<Record<string, string>>): Promise<Told> {
    child.stdin.write(`${JSON.stringify(asked)}\n`);
    const { value, done } = await lines.next();
    if (done === true) throw new Error('Spark ended');
    const answer = JSON.parse(value) as Told;
    if (answer.error !== undefined) throw new Error(`${answer.error}\n${Object.values(asked).join('\n')}`);
    return answer;
  }

  return {
    async run(text) {
      await told({ run: text });
    },
    async ask(sql) {
      const { columns = [], rows = [] } = await told({ sql: respelled(sql) });
      async function* pages(): AsyncGenerator<readonly (readonly Cell[])[]> {
        yield rows;
      }
      return { columns, pages: pages(), bytesScanned: () => 0, close: async () => {} };
    },
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}
