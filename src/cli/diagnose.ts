/**
 * `flowgauge diagnose`: why traffic was rejected.
 *
 * In:    the command line. Out: what `diagnose-records.ts` prints of records.
 */
import type { Command } from 'commander';
import { asksAboutRecords, diagnoseRecords, RECORD_EXAMPLES, recordOptions } from './diagnose-records.ts';
import type { RecordFlags } from './diagnose-records.ts';

/** Adds the verb. */
export function diagnoseCommand(program: Command): void {
  const command = program
    .command('diagnose')
    .description('say what rejected records: the rule, as of the time of each')
    .argument('[records...]', 'records, quoted; - for standard input');
  recordOptions(command);
  command
    .addHelpText('after', `\nExamples:${RECORD_EXAMPLES}`)
    .action(async (records: string[], flags: RecordFlags) => {
      if (!asksAboutRecords(records, flags))
        command.error('error: give records, - for standard input, or --logs', { exitCode: 2 });
      process.exitCode = await diagnoseRecords(records, flags);
    });
}
