/**
 * `flowgauge query --engine trino|athena`: the question to flow logs in a table of an engine elsewhere.
 *
 * In:    SQL or a saved query's name, and how the engine is reached. Out: the answer on stdout or in a file; on stderr what
 *        the table lacks, what was scanned, and what Athena takes for it.
 * Holds: Ctrl-C and a reader that has gone cancel the query at the engine first. `--dry-run` prints the SQL and asks for the
 *        columns of the table only.
 * Fails: FG_ENGINE_*, FG_QUERY_*, FG_PARAMETER_*.
 */
import { failure } from '../model/errors.ts';
import { remoteOf } from './engine-options.ts';
import type { EngineFlags } from './engine-options.ts';
import { interruptible } from './interruptible.ts';
import { printAnswer } from './print-answer.ts';
import type { AnswerFlags } from './print-answer.ts';
import { sizeText } from './sizes.ts';
import { tellNotes } from './source-options.ts';

type Flags = EngineFlags &
  AnswerFlags & {
    readonly engine: 'trino' | 'athena';
    readonly param?: Readonly<Record<string, string>>;
    readonly dryRun?: boolean;
  };

/** Asks, and prints. */
export async function askElsewhere(question: string, flags: Flags): Promise<number> {
  if (flags.output === 'parquet')
    throw failure('FG_ENGINE_OPTION', '-o parquet', flags.engine, 'choose table, csv or json');
  return interruptible(async (stop) => {
    const { boundQuestion } = await import('../query/ask.ts');
    const { remoteEngine, writeRemote } = await import('../query/engines/remote.ts');
    const remote = await remoteOf(flags);
    const bound = boundQuestion(question, flags.param ?? {}, remote.dialect);
    if (flags.dryRun === true) {
      const { sql, notes } = await writeRemote(remote, bound, stop.signal);
      process.stdout.write(`${sql};\n`);
      return tellNotes(notes);
    }
    // No race with the stop: the engine is told first.
    const answer = await remoteEngine(remote).run(bound, stop.signal);
    try {
      await printAnswer(answer, flags, stop);
    } finally {
      await answer.close();
    }
    const { bytesRead } = answer.stats();
    console.error(`flowgauge: ${await scannedText(flags.engine, bytesRead)}`);
    return tellNotes(answer.notes);
  });
}

async function scannedText(engine: 'trino' | 'athena', bytes: number): Promise<string> {
  if (engine === 'trino') return `Trino read ${sizeText(bytes)}`;
  const { athenaCost, pricesOf } = await import('../lake/keep/prices.ts');
  const prices = pricesOf(null);
  const cost = athenaCost(bytes, prices).toFixed(5);
  return `Athena scanned ${sizeText(bytes)}: ${cost} ${prices.currency} at ${prices.athenaPerTBScanned} for a TB, ${prices.athenaMinimumMB} MB at least (${prices.region}, ${prices.asOf}, list price)`;
}
