/**
 * `flowgauge lifecycle plan|apply|restore`: when flow logs move to cheaper classes and when they go, and how they come back.
 *
 * In:    a bucket, classes and days; or a directory and days. Out: of a bucket the rules, and what they cost and save, which `apply`
 *        writes; of a directory what goes, which `apply` does; `restore` is lifecycle-restore.ts.
 * Holds: `plan` changes nothing. Rules of others stay.
 * Fails: FG_LIFECYCLE_*, FG_PRICES_FILE; as listing a bucket does.
 */
import type { Command } from 'commander';
import { Option } from 'commander';
import { failure } from '../model/errors.ts';
import type { ObjectRef } from '../storage/object/store.ts';
import type { ClassCost, LifecyclePlan, Tier } from '../lake/keep/lifecycle.ts';
import { restoreCommand } from './lifecycle-restore.ts';
import { sizeText } from './sizes.ts';
import { accessOf } from './source-options.ts';

type Flags = {
  tier?: readonly Tier[];
  expire?: number;
  expireRollups?: number;
  grace: string;
  prices?: string;
  json?: true;
  profile?: string;
  region?: string;
  endpointUrl?: string;
  pathStyle?: boolean;
  open: boolean;
};

/** Adds the verb. */
export function lifecycleCommand(program: Command): void {
  const verb = program
    .command('lifecycle')
    .description(
      'when flow logs in S3 move to cheaper classes, when they go there and in a directory, and how they come back',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  flowgauge lifecycle plan s3://logs --tier GLACIER_IR:90 --expire 400\n  flowgauge lifecycle apply s3://logs --expire 400\n  flowgauge lifecycle apply flowgauge-data --expire 90\n  flowgauge lifecycle restore s3://logs --from-time 2026-03-01 --to-time 2026-03-04',
    );
  for (const name of ['plan', 'apply'] as const) {
    verb
      .command(name)
      .description(
        name === 'plan'
          ? 'say what would be done and what it would cost, change nothing'
          : 'write the rules into the bucket; in a directory remove what is old',
      )
      .argument('<place>', "s3://BUCKET/PREFIX with AWS's layout, a directory, or the data directory of `up`")
      .option(
        '--tier <class:days>',
        'STANDARD_IA, GLACIER_IR, GLACIER or DEEP_ARCHIVE after so many days (again for more)',
        tier,
      ) // prettier-ignore
      .addOption(
        new Option('--expire <days>', 'remove objects after so many days; of a directory, records').argParser(days),
      )
      .addOption(
        new Option('--expire-rollups <days>', 'of a directory: remove their sums too, after so many').argParser(days),
      )
      .option(
        '--grace <length>',
        'of a directory: what goes was in the lake, or was entered to go, so long before',
        '1h',
      )
      .option('--prices <file>', 'prices of your own, as `cost --show-prices` prints them')
      .option('--json', 'one JSON object')
      .option('--profile <name>', 'profile of ~/.aws/config')
      .option('--region <name>', "region, where S3 does not tell the bucket's")
      .option('--endpoint-url <url>', "server that speaks S3 and is not AWS's")
      .option('--path-style', 'put the bucket into the path of the URL')
      .addHelpText(
        'after',
        `
Examples:
  flowgauge lifecycle ${name} s3://logs --tier GLACIER_IR:90 --expire 400
  flowgauge lifecycle ${name} s3://logs/prod --tier STANDARD_IA:30 --tier DEEP_ARCHIVE:120 --json
  flowgauge lifecycle ${name} flowgauge-data --expire 90 --expire-rollups 800

In a directory records go when the lake has their sums and has been compared with their objects (docs/lake.md). In a bucket
only folders of flow logs get rules, one or two for each account; rules of others stay as they are.`,
      )
      .action(async (place: string, flags: Flags) => {
        process.exitCode = await run(name, place, flags);
      });
  }
  restoreCommand(verb);
}

function tier(text: string, before: readonly Tier[] = []): readonly Tier[] {
  const [, storageClass, afterDays] = /^([A-Za-z_]+):(\d{1,5})$/u.exec(text) ?? [];
  if (storageClass === undefined)
    throw failure('FG_LIFECYCLE_WISH', `"${text}" is no class with days`, 'write it as GLACIER_IR:90');
  return [...before, { storageClass: storageClass.toUpperCase(), afterDays: Number(afterDays) }];
}

function days(text: string): number {
  if (!/^[1-9]\d{0,4}$/u.test(text)) throw failure('FG_LIFECYCLE_WISH', `"${text}" is no number of days`, 'give one such as 400'); // prettier-ignore
  return Number(text);
}

async function run(what: 'plan' | 'apply', place: string, flags: Flags): Promise<number> {
  const { interruptible } = await import('./interruptible.ts');
  return interruptible(async (stop) => {
    if (!place.startsWith('s3://')) {
      if (flags.tier !== undefined) throw failure('FG_LIFECYCLE_LOCAL', place, '--tier');
      if (flags.prices !== undefined) throw failure('FG_LIFECYCLE_LOCAL', place, '--prices');
      const { runLocal } = await import('./lifecycle-local.ts');
      return runLocal(what, place, flags, stop);
    }
    if (flags.expireRollups !== undefined) throw failure('FG_LIFECYCLE_WISH', `--expire-rollups is for directories, and "${place}" is a bucket`, 'give --expire'); // prettier-ignore
    const [{ OUR_RULES, checkWish, planLifecycle }, { pricesOf }, { storeAt }] = await Promise.all([
      import('../lake/keep/lifecycle.ts'),
      import('../lake/keep/prices.ts'),
      import('./store-at.ts'),
    ]);
    const prices = pricesOf(flags.prices ?? null);
    const wish = { tiers: flags.tier ?? [], expireDays: flags.expire ?? null };
    checkWish(wish, prices);
    const access = accessOf(flags);
    const { store, below } = (await storeAt(place, access))!;
    const objects: ObjectRef[] = [];
    for await (const ref of store.list(below, null, stop.signal)) objects.push(ref);
    const plan = planLifecycle(objects, wish, prices, Date.now());
    if (plan.rules.length === 0) throw failure('FG_LIFECYCLE_EMPTY', place);
    let written: { others: number; changed: boolean } | null = null;
    if (what === 'apply') {
      const { replaceRules } = await import('../storage/object/stores/s3-lifecycle.ts');
      const rules = plan.rules as Parameters<typeof replaceRules>[3];
      written = await replaceRules(store.name.slice('s3://'.length), access, OUR_RULES, rules);
    }
    process.stdout.write(flags.json === true ? `${JSON.stringify({ ...plan, written }, null, 2)}\n` : textOf(plan, written)); // prettier-ignore
    return 0;
  });
}

function textOf(plan: LifecyclePlan, written: { others: number; changed: boolean } | null): string {
  const { prices, small, expired, transitionsOnce } = plan;
  const sum = (all: readonly ClassCost[]): number => all.reduce((total, { costAMonth }) => total + costAMonth, 0);
  const table = (all: readonly ClassCost[]): string[] =>
    all.map(({ storageClass, objects, bytes, costAMonth }) => `  ${storageClass.padEnd(13)} ${String(objects).padStart(9)} objects ${sizeText(bytes).padStart(10)} ${money(costAMonth).padStart(12)}`); // prettier-ignore
  const lines = [
    ...plan.rules.map((rule) => {
      const prefix = rule.Filter.And?.Prefix ?? rule.Filter.Prefix!;
      const moves = (rule.Transitions ?? []).map((move) => `${move.StorageClass} after ${move.Days} days`);
      const goes = rule.Expiration === undefined ? [] : [`removed after ${rule.Expiration.Days} days`];
      return `${prefix}  ${[...moves, ...goes].join(', ')}`;
    }),
    '',
    `today, ${prices.currency} a month`,
    ...table(plan.before),
    `as if these rules had been there always`,
    ...table(plan.after),
    `${money(sum(plan.before))} -> ${money(sum(plan.after))} ${prices.currency} a month (${prices.region}, ${prices.asOf}, list prices; reading and restoring not reckoned); moving today's objects costs ${money(transitionsOnce)} once.`,
  ];
  if (expired.objects > 0)
    lines.push(`${expired.objects} objects (${sizeText(expired.bytes)}) are old enough to be removed at once.`);
  if (small.objects > 0)
    lines.push(
      `${small.objects} objects (${sizeText(small.bytes)}) of 128 KiB and less stay where they are; \`flowgauge compact\` merges them.`,
    );
  if (written !== null)
    lines.push(
      written.changed
        ? `The bucket has these rules now; ${written.others} of others stayed.`
        : `The bucket has these rules already; nothing was written.`,
    );
  return `${lines.join('\n')}\n`;
}

function money(value: number): string {
  return value >= 0.01 || value === 0 ? value.toFixed(2) : value.toPrecision(2);
}
