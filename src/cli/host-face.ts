/**
 * What people and machines are shown of a process that captures a host: `up` and `agent`.
 *
 * In:    events. Out: lines, and on a terminal one line of counts that is written over; or JSON, a line for each event.
 * Holds: secrets are taken out of what others said.
 */
import type { Log, LogSettings } from '../app/log.ts';
import type { UpEvent } from '../app/server/up.ts';
import { shellWord } from '../model/shell-word.ts';
import { counted } from './capture-summary.ts';
import { shown } from './text-width.ts';

/**
 * For people or for machines: as the command line and the environment say, and then as the settings do that come first.
 * `failed` is true where the error was told.
 */
export async function chooseFace(
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

/** Shows events as lines, and counts as one line that is written over. */
export function createFace(directory: string, redacted: (text: string) => string): (event: UpEvent) => Promise<void> {
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
      case 'console':
        // Into a file or a pipe no link is written: it would be a secret in a log.
        line(
          process.stdout.isTTY
            ? `Console: ${event.link()}`
            : `Console: ${event.url} (\`flowgauge console --data ${shellWord(directory)}\` prints a link that logs in)`,
        );
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
      case 'assigned':
        line(
          `Assigned${event.kept ? ' (as kept from before)' : ''}: ${counted(event.interfaces, 'interface')}${
            event.interfaces === 0 ? '; on the server: flowgauge attach eni-… DEVICE --host NAME' : ''
          }.`,
        );
        break;
      case 'server-reached':
        line(`The server ${event.url} answers.`);
        break;
      case 'enforcing':
        line(`Enforced by the kernel: ${counted(event.interfaces, 'interface')}.`);
        break;
      case 'observing':
        line(`Observed in the kernel, by what this host's firewall does: ${counted(event.interfaces, 'interface')}.`);
        break;
      case 'not-observing':
        line(
          shown(redacted(`Not observed in the kernel, packets are captured instead: ${event.message} (${event.code})`)),
        );
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
      case 'found': {
        const { severity, detection, id } = event.finding;
        line(`Found: ${severity.toUpperCase()} ${detection}, ${id} (\`flowgauge detect list\`, or the console).`);
        break;
      }
      case 'lake-kept': {
        const { objects, expired, retiredRecords } = event;
        const words = [
          ...(objects > 0 ? [`${counted(objects, 'object')} compacted`] : []),
          ...(expired > 0 ? [`${counted(expired, 'object')} removed that had been`] : []),
          ...(retiredRecords > 0 ? [`${counted(retiredRecords, 'record')} gone for their age`] : []),
        ];
        line(`Lake: ${words.join(', ')}.`);
        break;
      }
      case 'alerts-go':
        line(`Alerts go to "${event.receiver}" again.`);
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
