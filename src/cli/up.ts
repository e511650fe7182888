/**
 * `flowgauge up`: the system on this machine.
 *
 * In:    a data directory. Out: a short live status, and the answer of a first query with the first records.
 * Holds: the status line is for terminals only; what happened is a line each, in a pipe too.
 */
import type { Command } from 'commander';
import { Option } from 'commander';
import type { ServerSettings } from '../app/config.ts';
import type { Log, LogSettings } from '../app/log.ts';
import type { UpEvent } from '../app/server/up.ts';
import { shellWord } from '../model/shell-word.ts';
import { counted } from './capture-summary.ts';
import { dataDirectory } from './data-directory.ts';
import { exitCodeOf } from './exit-code.ts';
import { shown } from './text-width.ts';

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
    .option('--port <port>', 'where the server listens, 0: any free port (default: 8350; env: FLOWGAUGE_PORT)')
    .option('--bind <address>', 'of which address (default: 127.0.0.1; env: FLOWGAUGE_BIND)')
    .option('--tls-cert <file>', 'certificate as PEM, for HTTPS (env: FLOWGAUGE_TLS_CERT)')
    .option('--tls-key <file>', 'its key as PEM (env: FLOWGAUGE_TLS_KEY)')
    .option(
      '--behind-proxy',
      'a proxy that does TLS stands before this server; any host name is taken (env: FLOWGAUGE_BEHIND_PROXY)',
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
      const [{ up }, { portOf }, { logFlagsOf }, { redacted }] = await Promise.all([
        import('../app/server/up.ts'),
        import('../app/server/listen.ts'),
        import('../app/log.ts'),
        import('../app/redact.ts'),
      ]);
      const { data: dataDirectory, format = null, enforce = false, port, logFormat, logLevel, ...server } = flags;
      const log = logFlagsOf(logFormat, logLevel);
      const face = await chooseFace(log, createFace(dataDirectory, redacted));
      try {
        process.exitCode = await up(
          {
            dataDirectory,
            format,
            server: { ...server, ...(port === undefined ? {} : { port: portOf(port, '--port') }) },
            log,
            enforce,
          },
          face.show,
        );
      } catch (error) {
        if (!face.failed(error)) throw error;
        process.exitCode = exitCodeOf(error);
      }
    });
}

/**
 * For people or for machines: as the command line and the environment say, and then as the settings do that come first.
 * `failed` is true where the error was told.
 */
async function chooseFace(
  flags: LogSettings,
  forPeople: (event: UpEvent) => Promise<void>,
): Promise<{ readonly show: (event: UpEvent) => void | Promise<void>; readonly failed: (error: unknown) => boolean }> {
  const [{ logSettingsOf, stderrLog }, { logEvents, logFailure }] = await Promise.all([
    import('../app/log.ts'),
    import('../app/server/event-log.ts'),
  ]);
  const logOf = ({ format, level = 'info' }: LogSettings): Log | null => (format === 'json' ? stderrLog(level) : null);
  let log = logOf({ ...logSettingsOf(process.env), ...flags });
  return {
    show(event) {
      if (event.kind === 'settings') log = logOf(event.log);
      else if (log === null) return forPeople(event);
      else logEvents(log)(event);
      return undefined;
    },
    failed(error) {
      if (log !== null) logFailure(log, error);
      return log !== null;
    },
  };
}

/** The options as commander gives them. */
type Flags = Omit<ServerSettings, 'port'> & {
  readonly data: string;
  readonly format?: string;
  readonly enforce?: true;
  readonly port?: string;
  readonly logFormat?: string;
  readonly logLevel?: string;
};

/** Shows events as lines, and counts as one line that is written over. */
function createFace(directory: string, redacted: (text: string) => string): (event: UpEvent) => Promise<void> {
  const terminal = process.stderr.isTTY;
  let status = false;
  let objects = 0;
  let records = 0;
  const wipe = (): void => {
    if (status) process.stderr.write('\r\x1b[K');
    status = false;
  };
  const line = (text: string): void => {
    wipe();
    console.log(text);
  };
  const query = (where: string): string => `bin/flowgauge query --from ${where} top-talkers`;
  return async (event) => {
    switch (event.kind) {
      case 'listening':
        line(`Server: ${event.url} (/health, /metrics)`);
        break;
      case 'api':
        line(
          `AWS API: AWS_SHARED_CREDENTIALS_FILE=${shellWord(event.keyFile)} aws --endpoint-url ${event.url} ec2 describe-flow-logs`,
        );
        break;
      case 'may-not-capture':
        line(`Cannot capture here: ${event.reason}`);
        line(
          `DEMO, not this machine's traffic: a capture that comes with flowgauge goes to ${event.directory} instead.`,
        );
        break;
      case 'capturing':
        line(`Capturing this machine's traffic. Flow logs: ${event.place}`);
        line('The first window closes within a minute or so; Ctrl-C stops and flushes.');
        break;
      case 'devices':
        line(`Interfaces: ${event.names.length === 0 ? 'none yet' : event.names.join(', ')}`);
        break;
      case 'enforcing':
        line(`Enforced by the kernel: ${counted(event.interfaces, 'interface')}.`);
        break;
      case 'problem':
        wipe();
        console.error(shown(redacted(`flowgauge: ${event.message} (${event.code})`)));
        break;
      case 'health':
        wipe();
        for (const { reason, about, message, code } of event.reasons)
          console.error(
            shown(
              redacted(
                `flowgauge: ${[reason, about, message].filter(Boolean).join(': ')}${code === null ? '' : ` (${code})`}`,
              ),
            ),
          );
        if (event.status === 'ok') line('All goes again.');
        break;
      case 'child-said':
        wipe();
        console.error(redacted(event.text));
        break;
      case 'published':
        objects += event.published.objects;
        records += event.published.records;
        if (!terminal || objects === event.published.objects)
          line(
            `Published ${counted(event.published.records, 'record')} in ${counted(event.published.objects, 'object')}.`,
          );
        break;
      case 'counts': {
        if (!terminal) break;
        wipe();
        const { capture, aggregate } = event.counts;
        const held = Object.values(aggregate).reduce((sum, { held: packets }) => sum + packets, 0);
        const left = 60 - (Math.floor(Date.now() / 1000) % 60);
        process.stderr.write(
          `${capture.in} packets seen, ${held} in open windows; ${counted(records, 'record')} in ${counted(objects, 'object')}; next window closes in ${left} s`,
        );
        status = true;
        break;
      }
      case 'answer':
        line(event.demo ? '\nDEMO: the top talkers of the demo:' : '\nThe top talkers so far:');
        await (await import('./table.ts')).printTable(event.answer, process.stdout);
        line(`\nAsk again: ${query(event.demo ? `${directory}/demo` : directory)}`);
        break;
      case 'settings':
      case 'stopping':
        break;
      case 'ended': {
        const { capture } = event.counts;
        line(
          `Stopped: ${counted(capture.in, 'packet')} seen, ${counted(records, 'record')} in ${counted(objects, 'object')}.`,
        );
        break;
      }
    }
  };
}
