/**
 * `flowgauge replace`: a flow log goes on with another format, interval, destination or traffic type.
 *
 * In:    a flow log, what shall be different. Out: the successor and when it takes over, as a line or JSON.
 */
import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { dataDirectory } from './data-directory.ts';
import { shown } from './text-width.ts';
import { withState } from './with-state.ts';

type Flags = {
  logFormat?: string;
  maxAggregationInterval?: number;
  destination?: string;
  trafficType?: string;
  fileFormat?: string;
  role?: string;
  data: string;
  json?: true;
};

function interval(text: string): number {
  if (text !== '60' && text !== '600') throw new InvalidArgumentError('It must be 60 or 600.');
  return Number(text);
}

/** Adds the verb. */
export function replaceCommand(program: Command): void {
  program
    .command('replace')
    .description('let a flow log end and a successor begin at one boundary of windows: no record is missing or twice')
    .argument('<flow-log>', 'its id')
    .option('--log-format <format>', 'another log format')
    .option('--max-aggregation-interval <seconds>', '60 or 600', interval)
    .option('--destination <arn>', 'another bucket (arn:aws:s3:::BUCKET/PREFIX/), log group or delivery stream')
    .addOption(new Option('--traffic-type <type>', 'which traffic').choices(['ALL', 'ACCEPT', 'REJECT']))
    .addOption(new Option('--file-format <format>', 'of objects in a bucket').choices(['plain-text', 'parquet']))
    .option('--role <arn>', 'the role that delivers to a log group')
    .addOption(dataDirectory(new Option('--data <dir>', 'data directory of `up`')))
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  flowgauge replace fl-0123456789abcdef0 --max-aggregation-interval 60
  flowgauge replace fl-0123456789abcdef0 --log-format '\${version} \${srcaddr} \${dstaddr} \${action}'
  flowgauge replace fl-0123456789abcdef0 --destination arn:aws:s3:::logs/network/ --json`,
    )
    .action(async (id: string, { data, json, ...difference }: Flags) => {
      const { replaceFlowLog } = await import('../control/replace.ts');
      const done = await withState(data, false, (state) => replaceFlowLog(state, id, difference, new Date()));
      const at = new Date(done.atSeconds * 1000).toISOString().replace('.000Z', 'Z');
      if (json) console.log(JSON.stringify({ ...done, at }));
      else console.log(shown(`${done.successor} takes over from ${done.replaced} at ${at}.`));
    });
}
