/**
 * `flowgauge console`: a link that logs in to the console of a running `up`.
 *
 * In:    the data directory of `up`; a key. Out: the link, on standard output alone.
 * Holds: the link is good once, for an hour, and has the rights of the key. Whoever may write the directory may make one.
 */
import type { Command } from 'commander';
import { Option } from 'commander';
import { join } from 'node:path';
import { dataDirectory } from './data-directory.ts';
import { withState } from './with-state.ts';

/** Adds the verb. */
export function consoleCommand(program: Command): void {
  program
    .command('console')
    .description('print a link that logs a browser in to the web console of a running `up`, once')
    .addOption(dataDirectory(new Option('--data <dir>', 'data directory of `up`')))
    .option('--key <id>', 'the access key whose rights it has (default: the first that may operate, else read)')
    .addHelpText(
      'after',
      `
Examples:
  flowgauge console
  flowgauge console --data /var/lib/flowgauge --key AKIA…
  xdg-open "$(flowgauge console)"`,
    )
    .action(async ({ data, key }: { data: string; key?: string }) => {
      const [{ readConsolePlace }, { addConsoleLogin, keyOfConsole }] = await Promise.all([
        import('../app/server/console/console-place.ts'),
        import('../control/console-login.ts'),
      ]);
      const { url, state } = await readConsolePlace(data);
      const now = Date.now();
      const { token, role } = await withState(join(data, state), false, (file) => {
        const found = keyOfConsole(file, key ?? null, now);
        return Promise.resolve({ token: addConsoleLogin(file, found.id, now), role: found.role });
      });
      console.log(`${url}#token=${token}`);
      console.error(`Good once, for an hour, with a key that may ${role}.`);
    });
}
