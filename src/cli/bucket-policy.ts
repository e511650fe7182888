/**
 * `flowgauge bucket-policy`: what a bucket must allow before AWS's own delivery can write flow logs into it.
 *
 * In:    a bucket and accounts. Out: the policy as JSON, to be given to `aws s3api put-bucket-policy`.
 * Fails: with what is wrong about bucket, folder, account or region.
 */
import type { Command } from 'commander';

const EXAMPLES = `
Examples:
  flowgauge bucket-policy s3://flow-bucket/team-a --account 123456789012 --region eu-central-1
  flowgauge bucket-policy s3://flow-bucket --account 123456789012 --hive-compatible-partitions > policy.json
  aws s3api put-bucket-policy --bucket flow-bucket --policy file://policy.json`;

type Flags = {
  readonly account: readonly string[];
  readonly region?: string;
  readonly hiveCompatiblePartitions?: true;
  readonly wholeBucket?: true;
};

/** Adds the verb. */
export function bucketPolicyCommand(program: Command): void {
  program
    .command('bucket-policy')
    .description("print the bucket policy with which AWS's own flow logs may be delivered to a bucket")
    .argument('<bucket>', 's3://bucket/folder, arn:aws:s3:::bucket/folder/ or the name of a bucket')
    .requiredOption('--account <id...>', 'accounts whose flow logs come there, twelve digits each')
    .option('--region <region>', 'only flow logs of this region (default: of all)')
    .option('--hive-compatible-partitions', 'flow logs with folders such as aws-account-id=…')
    .option('--whole-bucket', 'one statement for all folders, where a long list of accounts makes the policy too long')
    .addHelpText('after', EXAMPLES)
    .action(async (destination: string, flags: Flags) => {
      const { bucketPolicy } = await import('../publish/bucket-policy.ts');
      const policy = bucketPolicy({
        destination,
        accounts: flags.account,
        region: flags.region ?? null,
        hive: flags.hiveCompatiblePartitions === true,
        wholeBucket: flags.wholeBucket === true,
      });
      console.log(JSON.stringify(policy, null, 2));
    });
}
