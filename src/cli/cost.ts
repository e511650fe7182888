/**
 * `flowgauge cost`: what traffic and its flow logs cost.
 *
 * In:    flow logs, prices. Out: charges, savings and the flow logs' own cost as a table, CSV, or one JSON object.
 * Fails: FG_PRICES_FILE; as reading flow logs does. Exit 1 where a file could not be read to its end.
 */
import type { Command } from 'commander';
import { Option } from 'commander';
import { failure } from '../model/errors.ts';
import { askOptionsOf, sourceOptions, tellNotes } from './source-options.ts';
import type { SourceFlags } from './source-options.ts';
import type { TextOutput } from './table.ts';

type Flags = SourceFlags & {
  by: string;
  prices?: string;
  showPrices?: true;
  output: 'table' | 'csv' | 'json';
  outputFile?: string;
};

/** Adds the verb. */
export function costCommand(program: Command): void {
  const command = program
    .command('cost')
    .description('what traffic costs by its way, zones and owner, and what the flow logs themselves cost');
  sourceOptions(command);
  command
    .option(
      '--by <field>',
      'tell owners apart by it: a tag, instance-id, interface-id, subnet-id, vpc-id, account-id',
      'instance-tag',
    ) // prettier-ignore
    .option('--prices <file>', 'prices of your own, JSON (default: list prices of us-east-1, shown with their date)')
    .option('--show-prices', 'print the prices that are used, as --prices takes them, and read no records')
    .addOption(
      new Option('-o, --output <form>', 'json is one object').choices(['table', 'csv', 'json']).default('table'),
    )
    .option('--output-file <file>', 'write the answer there')
    .addHelpText(
      'after',
      `
Examples:
  flowgauge cost --last 30d                                    over what \`up\` wrote
  flowgauge cost --from s3://logs --last 7d --by subnet-id
  flowgauge cost --show-prices > prices.json                   change them, then
  flowgauge cost --last 30d --prices prices.json -o csv

It reckons what records show: bytes times list prices, without discounts, free amounts and taxes. docs/cost.md says what
each line rests on.`,
    )
    .action(async (flags: Flags) => {
      process.exitCode = await run(flags);
    });
}

async function run(flags: Flags): Promise<number> {
  const [{ interruptible }, { pricesOf }] = await Promise.all([
    import('./interruptible.ts'),
    import('../lake/keep/prices.ts'),
  ]);
  const prices = pricesOf(flags.prices ?? null);
  if (flags.showPrices === true) {
    process.stdout.write(`${JSON.stringify(prices, null, 2)}\n`);
    return 0;
  }
  return interruptible(async (stop) => {
    const [{ costAt }, { OWNER_FIELDS }] = await Promise.all([
      import('../explain/cost/cost.ts'),
      import('../api/cost.ts'),
    ]);
    const by = OWNER_FIELDS.find((field) => field === flags.by);
    if (by === undefined) throw failure('FG_COST_OWNER', flags.by, OWNER_FIELDS);
    const options = await askOptionsOf(flags.from, flags, stop);
    const { report, notes } = await stop.atOnce(costAt(flags.from, prices, by, options));
    stop.progress.end();
    const print = async (output: TextOutput): Promise<void> => {
      const { costAnswer, costText } = await import('./cost-text.ts');
      const { write } = await import('./table.ts');
      if (flags.output === 'json') await write(output, `${JSON.stringify(report, null, 2)}\n`);
      else if (flags.output === 'csv') {
        const { csvLines } = await import('../query/answer-lines.ts');
        for await (const text of csvLines(costAnswer(report))) await write(output, text);
      } else await costText(report, output);
    };
    if (flags.outputFile === undefined) await print(process.stdout);
    else {
      const { withOutputFile } = await import('./output-file.ts');
      await withOutputFile(flags.outputFile, print);
    }
    return tellNotes(notes);
  });
}
