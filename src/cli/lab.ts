/**
 * `flowgauge lab`: a VPC of network namespaces on this machine, with real servers, clients and attackers.
 *
 * In:    a scenario, a data directory. Out: what was started, sent, run or ended, for people or as JSON.
 * Holds: `up` returns when the network stands; `down` also takes away what a crash has left.
 * Fails: FG_LAB_*, with the exit code of whose fault it is; `exec` with the exit code of what it ran.
 */
import type { Command } from 'commander';
import { Option } from 'commander';
import { shellWord } from '../model/shell-word.ts';
import { LAB_DIRECTORY, labDirectory } from './data-directory.ts';

const ENFORCED = 'Enforced: the kernel drops what the rules reject, and records are what it counted.';

type Place = { readonly data: string; readonly json?: true };

const place = (): Option => new Option('--data <dir>', 'data directory of the lab').default(labDirectory());

/** Adds the verb. */
export function labCommand(program: Command): void {
  const lab = program
    .command('lab')
    .description('VPCs of network namespaces on this machine, with real traffic, attacks too')
    .addHelpText(
      'after',
      `
Examples:
  flowgauge lab up attack
  flowgauge lab traffic --seconds 20
  flowgauge lab exec i-web -- curl -s http://10.0.1.20/
  flowgauge query --from ./flowgauge-lab "SELECT * FROM flow_logs WHERE action = 'REJECT' LIMIT 5"
  flowgauge lab down`,
    );
  lab
    .command('up')
    .description(
      'build the network of a scenario, enforce its rules, and log it: three-tier, two-vpc-peering, nat, attack, intrusion',
    )
    .argument('[scenario]', 'its name (default: that of the directory, else three-tier)')
    .addOption(place())
    .option('--port <port>', 'of 127.0.0.1, for the API; 0: any that is free', '8350')
    .option('--json', 'JSON')
    .action(async (scenario: string | undefined, { data, port, json }: Place & { port: string }) => {
      const [{ startLab }, { portOf }] = await Promise.all([
        import('../app/lab/start.ts'),
        import('../app/server/listen.ts'),
      ]);
      const started = await startLab(data, scenario, portOf(port, '--port'));
      const { directory, url } = started;
      const { name, meaning } = started.scenario;
      if (json) return console.log(JSON.stringify({ directory, url, scenario: name, enforced: true }));
      const option = data === LAB_DIRECTORY ? '' : ` --data ${shellWord(data)}`;
      console.log(`Lab: ${name}: ${meaning}.`);
      console.log(ENFORCED);
      console.log(
        `AWS API: AWS_SHARED_CREDENTIALS_FILE=${shellWord(`${directory}/credentials`)} aws --endpoint-url ${url} ec2 describe-instances`,
      );
      console.log(`Traffic: flowgauge lab traffic${option}`);
      console.log(`Console: flowgauge console --data ${shellWord(data)}`);
      console.log(`Records: flowgauge query --from ${shellWord(data)} rejected-traffic`);
      console.log(`The end: flowgauge lab down${option}`);
    });
  lab
    .command('traffic')
    .description('send ordinary and hostile traffic of the scenario, with real clients')
    .addOption(place())
    .option('--seed <number>', 'decides what is sent when', '1')
    .option('--seconds <number>', 'how long', '10')
    .option('--rate <number>', 'exchanges per second', '10')
    .option('--json', 'JSON, at the end')
    .action(async (flags: Place & { seed: string; seconds: string; rate: string }) => {
      const { sendTraffic } = await import('./lab-traffic.ts');
      process.exitCode = await sendTraffic(flags, ENFORCED);
    });
  lab
    .command('exec')
    .description('run a command on a host of the lab')
    .argument('<host>', 'its name, as `lab status` prints it')
    .argument('<command...>', 'the command and its words, behind --')
    .addOption(place())
    .action(async (host: string, command: string[], { data }: Place) => {
      const { execOnHost } = await import('./lab-exec.ts');
      process.exitCode = await execOnHost(data, host, command);
    });
  lab
    .command('status')
    .description('say which labs run, and what hosts this one has; exit 3 where it does not run')
    .addOption(place())
    .option('--json', 'JSON')
    .action(async ({ data, json }: Place) => {
      const { showLab } = await import('./lab-status.ts');
      process.exitCode = showLab(data, json === true, ENFORCED);
    });
  lab
    .command('down')
    .description('end the lab and take its network away, also what a crash has left; the data stays')
    .addOption(place())
    .option('--all', 'every lab of this user, also those whose directory has gone')
    .option('--json', 'JSON')
    .action(async ({ data, all, json }: Place & { all?: true }) => {
      const { endLab, findLab, runningLabs } = await import('../app/lab/sandbox.ts');
      const found = all === true ? runningLabs() : [findLab(data)].filter((one) => one !== null);
      const ended = await Promise.all(
        found.map(async (one) => ({ directory: one.directory, pid: one.pid, byItself: await endLab(one) })),
      );
      if (json) return console.log(JSON.stringify({ ended }));
      for (const { directory, byItself } of ended)
        console.log(`${directory}: ended${byItself ? '' : ', by force: its open window is lost'}. Its data stays.`);
      if (ended.length === 0) console.log('No lab runs; nothing was left.');
    });
}
