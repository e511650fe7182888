/**
 * An answer in the form that was asked for, on stdout or in a file.
 *
 * In:    an answer, `-o` and `--output-file`. Out: text.
 * Holds: a file is there whole or not at all.
 * Fails: as the answer and the output do.
 */
import type { Answer } from '../query/engine.ts';
import type { Stop } from './interruptible.ts';
import type { TextOutput } from './table.ts';

/** `ecs` and `ocsf` are of records alone. */
export type AnswerForm = 'table' | 'csv' | 'json' | 'parquet' | 'ecs' | 'ocsf';

/** As commander gives them; `parquet` is written elsewhere. */
export type AnswerFlags = {
  readonly output: AnswerForm;
  readonly outputFile?: string;
};

/** Prints an answer on stdout or into the file that was asked for. */
export async function printAnswer(
  answer: Pick<Answer, 'columns' | 'rows'>,
  flags: AnswerFlags,
  stop: Stop,
): Promise<void> {
  // A reader that does not read keeps no one from stopping.
  if (flags.outputFile === undefined) await Promise.race([printAs(answer, flags.output, process.stdout), stop.stopped]);
  else {
    const { withOutputFile } = await import('./output-file.ts');
    await withOutputFile(flags.outputFile, (output) => printAs(answer, flags.output, output));
  }
}

/** Prints an answer to an open output. */
export async function printAs(
  answer: Pick<Answer, 'columns' | 'rows'>,
  form: AnswerFlags['output'],
  output: TextOutput,
): Promise<void> {
  if (form === 'csv' || form === 'json') {
    const [{ csvLines, jsonLines }, { write }] = await Promise.all([
      import('../query/answer-lines.ts'),
      import('./table.ts'),
    ]);
    for await (const text of (form === 'csv' ? csvLines : jsonLines)(answer)) await write(output, text);
  } else if (form === 'ecs' || form === 'ocsf') {
    const [{ recordLines }, { write }] = await Promise.all([import('../watch/record-lines.ts'), import('./table.ts')]);
    for await (const text of recordLines(answer, form)) await write(output, text);
  } else {
    const { printTable } = await import('./table.ts');
    await printTable(answer, output);
  }
}
