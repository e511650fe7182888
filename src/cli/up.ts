/**
 * `flowgauge up`: the system on this machine.
 *
 * In:    a data directory. Out: a short live status, and the answer of a first query with the first records.
 * Holds: the status line is for terminals only; what happened is a line each, in a pipe too.
 */
import type { Command } from 'commander';
import { Option } from 'commander';
import type { ServerSettings } from '../app/config.ts';
import { failure } from '../model/errors.ts';
import { dataDirectory } from './data-directory.ts';
import { exitCodeOf } from './exit-code.ts';
import { chooseFace, createFace } from './host-face.ts';

const EXAMPLES = `
Examples:
  flowgauge up                       flow logs of this machine, into ./flowgauge-data
  flowgauge up --data /var/lib/fg    into another directory
  sudo flowgauge up                  where only root may capture; all but the capture runs as you`;

/** Adds the verb. */
export function upCommand(program: Command): void {
  program
    .command('up')
    .description("capture this machine's traffic, publish flow logs, answer a first query")
    .addOption(dataDirectory(new Option('--data <dir>', 'where everything is kept')))
    .option('--format <format>', "log format, '${field} ${field} …' (default: AWS's default format)")
    .option('--enforce', 'drop what security groups and ACLs reject at attached devices (far ends of veths)')
    .option(
      '--observe <how>',
      "real verdicts of this host's firewall: yes, no, or auto, where it can be (default: auto; env: FLOWGAUGE_OBSERVE)",
    )
    .option('--port <port>', 'where the server listens, 0: any free port (default: 8350; env: FLOWGAUGE_PORT)')
    .option('--bind <address>', 'of which address (default: 127.0.0.1; env: FLOWGAUGE_BIND)')
    .option('--tls-cert <file>', 'certificate as PEM, for HTTPS (env: FLOWGAUGE_TLS_CERT)')
    .option('--tls-key <file>', 'its key as PEM (env: FLOWGAUGE_TLS_KEY)')
    .option(
      '--behind-proxy',
      'a proxy that does TLS stands before this server; any host name is taken (env: FLOWGAUGE_BEHIND_PROXY)',
    )
    .option(
      '--public-url <url>',
      'under which browsers reach this server, where it is another (env: FLOWGAUGE_PUBLIC_URL)',
    )
    .option(
      '--log-format <format>',
      'json: a line for each event, on stderr (default: text; env: FLOWGAUGE_LOG_FORMAT)',
    )
    .option(
      '--log-level <level>',
      'the least they tell: debug, info, warn, error (default: info; env: FLOWGAUGE_LOG_LEVEL)',
    )
    .addHelpText('after', EXAMPLES)
    .action(async (flags: Flags) => {
      const { holdsCapabilities, runWithoutCapabilities } = await import('../collect/privileged/keep-capabilities.ts');
      if (holdsCapabilities()) {
        process.exitCode = await runWithoutCapabilities();
        return;
      }
      const [{ up }, { createProver }, { findLab }, { portOf }, { logFlagsOf }, { redacted }, { observeOf }] =
        await Promise.all([
          import('../app/server/up.ts'),
          import('../app/lab/prover.ts'),
          import('../app/lab/sandbox.ts'),
          import('../app/server/listen.ts'),
          import('../app/log.ts'),
          import('../app/redact.ts'),
          import('../app/config.ts'),
        ]);
      const {
        data: dataDirectory,
        format = null,
        enforce = false,
        observe,
        port,
        logFormat,
        logLevel,
        ...server
      } = flags;
      const log = logFlagsOf(logFormat, logLevel);
      const face = await chooseFace(log, createFace(dataDirectory, redacted));
      try {
        // Its `up` has the directory, under a number that is of the lab's own processes; the lab itself sees its first one as 1.
        const lab = findLab(dataDirectory);
        if (lab !== null && lab.pid !== 1) throw failure('FG_DATA_DIRECTORY_LOCKED', dataDirectory, lab.pid);
        process.exitCode = await up(
          {
            dataDirectory,
            format,
            server: { ...server, ...(port === undefined ? {} : { port: portOf(port, '--port') }) },
            log,
            enforce,
            prover: createProver,
            observe: observeOf(observe, '--observe'),
          },
          face.show,
        );
      } catch (error) {
        if (!face.failed(error)) throw error;
        process.exitCode = exitCodeOf(error);
      }
    });
}

/** The options as commander gives them. */
type Flags = Omit<ServerSettings, 'port'> & {
  readonly data: string;
  readonly format?: string;
  readonly enforce?: true;
  readonly observe?: string;
  readonly port?: string;
  readonly logFormat?: string;
  readonly logLevel?: string;
};
