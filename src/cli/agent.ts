/**
 * `flowgauge agent`: the collector of another host, as a server assigns it.
 *
 * In:    a server, a key, a data directory. Out: lines for people, or JSON for a journal.
 * Holds: a key never stands on the command line: others could read it there.
 */
import type { Command } from 'commander';
import { Option } from 'commander';
import { dataDirectory } from './data-directory.ts';
import { exitCodeOf } from './exit-code.ts';
import { chooseFace, createFace } from './host-face.ts';

type Flags = {
  readonly server: string;
  readonly data: string;
  readonly keyFile?: string;
  readonly ca?: string;
  readonly allowHttp?: true;
  readonly logFormat?: string;
  readonly logLevel?: string;
};

/** Adds the verb. */
export function agentCommand(program: Command): void {
  program
    .command('agent')
    .description("capture this host's interfaces as a server on another host says, and deliver from here")
    .addOption(
      new Option('--server <url>', 'the server, such as https://flows.example.com:8350')
        .env('FLOWGAUGE_SERVER')
        .makeOptionMandatory(),
    )
    .addOption(dataDirectory(new Option('--data <dir>', 'where everything of this host is kept')))
    .option(
      '--key-file <file>',
      "what `flowgauge keys add --role agent` printed, its owner's alone (default: agent-key in the data directory; env: FLOWGAUGE_AGENT_KEY, as ID:SECRET, or FLOWGAUGE_AGENT_KEY_FILE)",
    )
    .addOption(
      new Option('--ca <file>', "PEM file of whom to trust for the server's certificate").env('FLOWGAUGE_AGENT_CA'),
    )
    .option('--allow-http', 'plain HTTP to another host, where the way is protected otherwise')
    .option(
      '--log-format <format>',
      'json: a line for each event, on stderr (default: text; env: FLOWGAUGE_LOG_FORMAT)',
    )
    .option(
      '--log-level <level>',
      'the least they tell: debug, info, warn, error (default: info; env: FLOWGAUGE_LOG_LEVEL)',
    )
    .addHelpText(
      'after',
      `
Examples:
  flowgauge keys add --role agent --host web-1            on the server; its output goes to the key file
  flowgauge attach eni-0123456789abcdef0 eth0 --host web-1
  sudo flowgauge agent --server https://flows.example.com:8350 --key-file agent-key`,
    )
    .action(async (flags: Flags) => {
      const { holdsCapabilities, runWithoutCapabilities } = await import('../collect/privileged/keep-capabilities.ts');
      if (holdsCapabilities()) {
        process.exitCode = await runWithoutCapabilities();
        return;
      }
      const [{ runAgent }, { logFlagsOf }, { redacted }] = await Promise.all([
        import('../app/agent/run-agent.ts'),
        import('../app/log.ts'),
        import('../app/redact.ts'),
      ]);
      const log = logFlagsOf(flags.logFormat, flags.logLevel);
      const face = await chooseFace(log, createFace(flags.data, redacted));
      const { server, data, keyFile, ca, allowHttp = false } = flags;
      try {
        process.exitCode = await runAgent({ dataDirectory: data, server, keyFile, ca, allowHttp, log }, face.show);
      } catch (error) {
        if (!face.failed(error)) throw error;
        process.exitCode = exitCodeOf(error);
      }
    });
}
