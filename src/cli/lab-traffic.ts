/**
 * `flowgauge lab traffic`: sends the traffic of the scenario, and says what was sent.
 *
 * In:    seed, seconds, rate. Out: progress on stderr; at the end a table or JSON; 130 where Ctrl-C ended it.
 * Holds: what was expected stands beside what came.
 * Fails: FG_LAB_NONE, FG_LAB_NUMBER; FG_LAB_COMMAND where the process that sends fails.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { inLab, labThatRuns, pathOfLab } from '../app/lab/sandbox.ts';
import type { Tally, TrafficEvent } from '../app/lab/traffic.ts';
import { failure, failureFrom } from '../model/errors.ts';
import { printTable } from './table.ts';

const TRAFFIC = fileURLToPath(new URL('../app/lab/traffic.ts', import.meta.url));

type Flags = {
  readonly data: string;
  readonly seed: string;
  readonly seconds: string;
  readonly rate: string;
  readonly json?: true;
};

function whole(option: string, text: string, least: number, most: number): string {
  if (!/^\d{1,10}$/u.test(text) || Number(text) < least || Number(text) > most)
    throw failure('FG_LAB_NUMBER', option, text, least, most);
  return text;
}

/** Sends it. */
export async function sendTraffic({ data, seed, seconds, rate, json }: Flags, enforced: string): Promise<number> {
  const words = [
    whole('--seed', seed, 0, 4_294_967_295),
    whole('--seconds', seconds, 1, 86_400),
    whole('--rate', rate, 1, 1000),
  ];
  const lab = labThatRuns(data);
  const [program = '', ...rest] = inLab(lab, [process.execPath, TRAFFIC, lab.directory, ...words]);
  const child = spawn(program, rest, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PATH: pathOfLab() },
  });
  // The terminal sends it to the child too, which then says what it has sent.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  const terminal = process.stderr.isTTY;
  let done: Extract<TrafficEvent, { is: 'done' }> | null = null;
  const failed = new Promise<never>((_, reject) => {
    child.on('error', (error) => reject(failureFrom(error, 'FG_LAB_COMMAND', program, error.message)));
  });
  const read = async (): Promise<void> => {
    for await (const line of createInterface({ input: child.stdout })) {
      const event = JSON.parse(line) as TrafficEvent;
      if (event.is === 'done') done = event;
      else if (terminal)
        process.stderr.write(`\r\x1b[K${event.second} s of ${seconds}: ${event.sent} sent, ${event.answered} answered`);
    }
  };
  await Promise.race([read(), failed]).finally(() => {
    if (terminal) process.stderr.write('\r\x1b[K');
  });
  const end = done as Extract<TrafficEvent, { is: 'done' }> | null;
  if (end === null) throw failure('FG_LAB_COMMAND', 'lab traffic', 'the process that sends ended before its time');
  if (json) console.log(JSON.stringify({ seed: Number(seed), enforced: true, ...end }));
  else await show(end.tallies, enforced);
  return end.stopped ? 130 : 0;
}

async function show(tallies: readonly Tally[], enforced: string): Promise<void> {
  const text = (name: string) => ({ name, type: 'VARCHAR', unit: null });
  const number = (name: string) => ({ name, type: 'BIGINT', unit: null });
  const columns = [
    text('traffic'),
    text('from'),
    text('to'),
    text('port'),
    number('sent'),
    number('answered'),
    text('by the rules'),
  ];
  const rows = tallies.map(({ kind, from, to, family, port, sent, answered, hostile, expect }) => [
    `${kind}${hostile ? ' (hostile)' : ''}`,
    from,
    to,
    `${port === 0 ? '-' : port}${family === 6 ? ' IPv6' : ''}`,
    sent,
    answered,
    wordsOf(expect),
  ]);
  await printTable({ columns, rows: inOne(rows) }, process.stdout);
  const unfinished = tallies.reduce((sum, one) => sum + one.unfinished, 0);
  if (unfinished > 0)
    console.log(`\n${unfinished} of them did not end before the clients were ended: of these less may have been sent.`);
  console.log(`\n${enforced}`);
}

async function* inOne<T>(rows: T): AsyncGenerator<T> {
  yield rows;
}

function wordsOf(expect: Tally['expect']): string {
  if (expect === 'answered') return 'ACCEPT';
  if (expect === 'no-route') return 'no route';
  return `REJECT at ${expect.rejectedAt}, ${expect.stage}`;
}
