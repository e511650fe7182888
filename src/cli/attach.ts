/**
 * `flowgauge attach` and `flowgauge detach`: which device of this host, or of an agent's, an interface is.
 *
 * In:    a data directory, an interface, a device. Out: what is tied; without words all that are, as a table or JSON.
 * Holds: a device that is not there is tied and warned of: it may come later.
 */
import type { Command } from 'commander';
import { Option } from 'commander';
import type { TiedDevice } from '../storage/state/devices.ts';
import { dataDirectory } from './data-directory.ts';
import { shown } from './text-width.ts';
import { withState } from './with-state.ts';

type Flags = { data: string; host?: string; json?: true };

const place = (): Option => dataDirectory(new Option('--data <dir>', 'data directory of `up`'));

/** Adds both verbs. */
export function attachCommands(program: Command): void {
  program
    .command('attach')
    .description('tie an interface to a device of a host: what passes the device is the traffic of the interface')
    .argument('[interface]', 'its id; without any words all that are tied are listed')
    .argument('[device]', 'name of the device, as `ip -brief link` prints it')
    .addOption(place())
    .option('--host <name>', 'the host of an agent that the device is on (default: this host)')
    .option('--json', 'JSON')
    .addHelpText(
      'after',
      `
Examples:
  flowgauge attach eni-0123456789abcdef0 eth0
  flowgauge attach eni-0123456789abcdef0 eth0 --host web-1
  flowgauge attach                                  those that are tied
  flowgauge attach --json | jq -r '.[].device'`,
    )
    .action(async (interfaceId: string | undefined, device: string | undefined, flags: Flags, command: Command) => {
      if (interfaceId === undefined) return list(flags);
      if (device === undefined) command.error("error: missing required argument 'device'");
      const { attachDevice } = await import('../control/attach.ts');
      const { host = null } = flags;
      const done = await withState(flags.data, false, (state) =>
        attachDevice(state, interfaceId, device, new Date(), host),
      );
      if (flags.json) console.log(JSON.stringify(done));
      else
        console.log(shown(`${done.interfaceId} of account ${done.account} in ${done.region} is ${deviceText(done)}.`));
      if (done.present === false)
        console.error(shown(`This host has no device ${done.device} now; it is tied as soon as there is one.`));
    });
  program
    .command('detach')
    .description('untie an interface from its device')
    .argument('<interface>', 'its id')
    .addOption(place())
    .option('--json', 'JSON')
    .addHelpText('after', '\nExamples:\n  flowgauge detach eni-0123456789abcdef0')
    .action(async (interfaceId: string, flags: Flags) => {
      const { detachDevice } = await import('../control/attach.ts');
      const done = await withState(flags.data, false, (state) => detachDevice(state, interfaceId, new Date()));
      if (flags.json) console.log(JSON.stringify(done));
      else console.log(shown(`${done.interfaceId} is no longer ${deviceText(done)}.`));
    });
}

function deviceText({ host, device }: TiedDevice): string {
  return host === null ? device : `${device} of ${host}`;
}

async function list({ data, json }: Flags): Promise<void> {
  const [{ openDevices }, { printTable }] = await Promise.all([
    import('../storage/state/devices.ts'),
    import('./table.ts'),
  ]);
  const all = await withState(data, false, (state) => openDevices(state).list());
  if (json) return console.log(JSON.stringify(all, null, 2));
  const columns = ['host', 'device', 'interface', 'account', 'region'].map((name) => ({
    name,
    type: 'VARCHAR',
    unit: null,
  }));
  const rows = all.map((one) => [one.host ?? '-', one.device, one.interfaceId, one.account, one.region]);
  await printTable({ columns, rows: inOne(rows) }, process.stdout);
}

async function* inOne<T>(rows: T): AsyncGenerator<T> {
  yield rows;
}
