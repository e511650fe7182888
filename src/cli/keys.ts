/**
 * `flowgauge keys add|list|revoke`: who may use the control API of a data directory.
 *
 * In:    a data directory, an account, a role. Out: a new key in the form of AWS's credentials file, a table of keys.
 * Holds: a secret is printed once, when its key is made, and on standard output alone; `list` prints none.
 */
import type { Command } from 'commander';
import { Option } from 'commander';
import type { AccessKey, Role } from '../storage/state/keys.ts';
import { dataDirectory } from './data-directory.ts';
import { withState } from './with-state.ts';

type Place = { data: string; json?: true };
type AddFlags = Place & { account?: string; role: Role; host?: string; for?: string; profile: string };

const COLUMNS = ['key', 'account', 'role', 'created', 'last used', 'state'];

/** Adds the verb. */
export function keysCommand(program: Command): void {
  const data = (): Option => dataDirectory(new Option('--data <dir>', 'data directory of `up`'));
  const keys = program
    .command('keys')
    .description('make, list and revoke access keys of the EC2 API')
    .addHelpText(
      'after',
      '\nExamples:\n  flowgauge keys add --role read >> ~/.aws/credentials\n  flowgauge keys list\n  flowgauge keys revoke AKIA…',
    );
  keys
    .command('add')
    .description('make a key and print it as a profile of ~/.aws/credentials; its secret is never shown again')
    .addOption(data())
    .option('--account <id>', 'account of the key, twelve digits (default: that of the first key)')
    .addOption(
      new Option(
        '--role <role>',
        'read: Describe and Get calls; operate: all calls; agent: none, but what `flowgauge agent` asks',
      )
        .choices(['read', 'operate', 'agent'])
        .default('read'),
    )
    .option('--host <name>', 'of an agent: the name of its host')
    .option('--for <time>', 'a temporary key with a session token, such as 12h or 7d')
    .option('--profile <name>', 'the name in brackets', 'flowgauge')
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  flowgauge keys add --role read >> ~/.aws/credentials
  flowgauge keys add --account 111122223333 --role operate --profile team-a
  flowgauge keys add --role agent --host web-1 > agent-key
  flowgauge keys add --for 12h --json | jq -r .SessionToken`,
    )
    .action(async (flags: AddFlags) => {
      const { addKey, credentialsText, HOST_ACCOUNT } = await import('../control/keys.ts');
      const forSeconds = flags.for === undefined ? null : await secondsIn(flags.for);
      const key = await withState(flags.data, true, async (state) => {
        const { openKeys } = await import('../storage/state/keys.ts');
        const account = flags.account ?? openKeys(state).list()[0]?.account ?? HOST_ACCOUNT;
        return addKey(state, { account, role: flags.role, host: flags.host, forSeconds }, new Date());
      });
      if (flags.json) console.log(JSON.stringify(credentialProcess(key), null, 2));
      else process.stdout.write(credentialsText(flags.profile, key));
      const may = key.host === null ? `that may ${key.role}` : `for the agent of ${key.host}`;
      console.error(`A key of account ${key.account} ${may}; its secret is not shown again.`);
    });
  keys
    .command('list')
    .description('print all keys, without their secrets')
    .addOption(data())
    .option('--json', 'one JSON list')
    .addHelpText('after', "\nExamples:\n  flowgauge keys list\n  flowgauge keys list --json | jq -r '.[].id'")
    .action(async (flags: Place) => {
      const all = await withState(flags.data, false, async (state) =>
        (await import('../storage/state/keys.ts')).openKeys(state).list(),
      );
      if (flags.json) console.log(JSON.stringify(all.map(withoutSecret), null, 2));
      else await printKeys(all, Date.now() * 1000);
    });
  keys
    .command('revoke')
    .description('refuse a key from now on')
    .argument('<id>', 'access key id')
    .addOption(data())
    .addHelpText('after', '\nExamples:\n  flowgauge keys revoke AKIAIOSFODNN7EXAMPLE')
    .action(async (id: string, flags: Place) => {
      const { revokeKey } = await import('../control/keys.ts');
      const { account } = await withState(flags.data, false, (state) =>
        Promise.resolve(revokeKey(state, id, new Date())),
      );
      console.log(`${id} of account ${account} is revoked.`);
    });
}

async function secondsIn(text: string): Promise<number> {
  const { readParameter } = await import('../query/parameter.ts');
  return Number(readParameter('for', { type: 'duration', meaning: 'how long', default: null }, text));
}

/** As a `credential_process` prints it. */
function credentialProcess({ id, secret, token, expiresMicros }: AccessKey): object {
  return {
    Version: 1,
    AccessKeyId: id,
    SecretAccessKey: secret,
    ...(token === null ? {} : { SessionToken: token }),
    ...(expiresMicros === null ? {} : { Expiration: timeText(expiresMicros) }),
  };
}

function withoutSecret(key: AccessKey): object {
  const { id, account, role, host, createdMicros, expiresMicros, usedMicros, revokedMicros } = key;
  return {
    id,
    account,
    role,
    host,
    created: timeText(createdMicros),
    expires: timeText(expiresMicros),
    lastUsed: timeText(usedMicros),
    revoked: timeText(revokedMicros),
  };
}

function timeText(micros: number | null): string | null {
  return micros === null ? null : new Date(micros / 1000).toISOString().replace(/\.\d+Z$/, 'Z');
}

async function printKeys(keys: readonly AccessKey[], nowMicros: number): Promise<void> {
  const { printTable } = await import('./table.ts');
  const rows = keys.map((key) => [
    key.id,
    key.account,
    key.host === null ? key.role : `agent of ${key.host}`,
    timeText(key.createdMicros),
    timeText(key.usedMicros) ?? 'never',
    stateOf(key, nowMicros),
  ]);
  const columns = COLUMNS.map((name) => ({ name, type: 'VARCHAR', unit: null }));
  await printTable({ columns, rows: inOne(rows) }, process.stdout);
}

async function* inOne<T>(rows: T): AsyncGenerator<T> {
  yield rows;
}

function stateOf({ revokedMicros, expiresMicros }: AccessKey, nowMicros: number): string {
  if (revokedMicros !== null) return `revoked ${timeText(revokedMicros)}`;
  if (expiresMicros === null) return 'good';
  return `${expiresMicros <= nowMicros ? 'expired' : 'good until'} ${timeText(expiresMicros)}`;
}
