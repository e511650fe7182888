/**
 * `flowgauge bucket-policy`: the policy that lets AWS's own delivery write into a bucket.
 *
 * In:    the destination's ARN, account and region. Out: JSON for `aws s3api put-bucket-policy`.
 */
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';

type Flags = { account: string; region: string; hiveCompatiblePartitions?: boolean };
type Place = { readonly partition: string; readonly bucket: string; readonly prefix: string };

/** Adds the verb. */
export function bucketPolicyCommand(program: Command): void {
  program
    .command('bucket-policy')
    .description("print the bucket policy that AWS's own delivery of flow logs needs")
    .argument('<arn>', 'arn:aws:s3:::BUCKET or arn:aws:s3:::BUCKET/PREFIX/, as in CreateFlowLogs', placeOf)
    .requiredOption('--account <id>', 'account of the flow log', shaped(/^\d{12}$/u, 'It is twelve digits.'))
    .requiredOption('--region <name>', 'region of the flow log', shaped(/^[a-z0-9-]+$/u, 'It is as us-east-1.'))
    .option('--hive-compatible-partitions', 'the flow log has Hive-compatible prefixes')
    .addHelpText(
      'after',
      `
Examples:
  flowgauge bucket-policy arn:aws:s3:::flow-bucket/team-a/ --account 123456789012 --region us-east-1 > policy.json
  aws s3api put-bucket-policy --bucket flow-bucket --policy file://policy.json`,
    )
    .action(async (place: Place, { account, region, hiveCompatiblePartitions = false }: Flags) => {
      const { bucketPolicy } = await import('../publish/bucket-policy.ts');
      const policy = bucketPolicy({ ...place, accountId: account, region, hive: hiveCompatiblePartitions });
      console.log(JSON.stringify(policy, null, 2));
    });
}

function placeOf(arn: string): Place {
  const [, partition, bucket, rest = ''] = /^arn:(aws[a-z-]*):s3:::([^/:]+)(?:\/(.*))?$/u.exec(arn) ?? [];
  const prefix = rest.replace(/^\/+|\/+$/gu, '');
  if (partition === undefined || bucket === undefined)
    throw new InvalidArgumentError('It is as arn:aws:s3:::BUCKET/PREFIX/.');
  if (prefix.split('/').includes('AWSLogs')) throw new InvalidArgumentError('AWSLogs may not be a folder of it.');
  return { partition, bucket, prefix };
}

function shaped(shape: RegExp, words: string): (text: string) => string {
  return (text) => {
    if (!shape.test(text)) throw new InvalidArgumentError(words);
    return text;
  };
}
