/**
 * `flowgauge detect list`, `detect suppress` and `detect show`.
 *
 * In:    a data directory with a state file; a finding, or a detection and an address. Out: tables, JSON; a suppression with an end.
 * Fails: FG_STATE_*, FG_FINDING_UNKNOWN, FG_DETECTION_UNKNOWN, FG_SUPPRESS_WHAT, FG_PARAMETER_VALUE.
 */
import type { Command } from 'commander';
import { Option } from 'commander';
import type { KeptFinding, Suppression } from '../api/findings.ts';
import { failure } from '../model/errors.ts';
import { dataDirectory } from './data-directory.ts';
import type { Findings } from '../storage/state/findings.ts';
import type { StateFile } from '../storage/state/state-file.ts';
import { withState } from './with-state.ts';

const data = (): Option => dataDirectory(new Option('--data <dir>', 'data directory with the findings'));
const now = (): number => Math.floor(Date.now() / 1000);

/** Adds `list`. */
export function detectListCommand(detect: Command): void {
  detect
    .command('list')
    .description('findings that are kept, the newest first')
    .addOption(data())
    .option('--last <length>', 'those of the last so many s, m, h, d or w', '7d')
    .option('--all', 'suppressed ones too')
    .option('--json', 'one JSON list')
    .addHelpText(
      'after',
      '\nExamples:\n  flowgauge detect list --last 30d\n  flowgauge detect list --json | jq -r .[].evidence.sql',
    )
    .action(async (flags: { data: string; last: string; all?: true; json?: true }) => {
      const { askedRange } = await import('../query/asked-range.ts');
      const since = askedRange({ last: flags.last }, Date.now())?.startSeconds ?? 0;
      const kept = await withFindings(flags.data, (findings) => findings.list(since, now()));
      const shown = kept.filter(({ suppressedUntilSeconds: until }) => flags.all === true || until === null);
      if (flags.json === true) console.log(JSON.stringify(shown, null, 2));
      else {
        const { aboutOf } = await import('../api/finding-subject.ts');
        const names = ['finding', 'severity', 'detection', 'first', 'last', 'about', 'state'];
        await printRows(
          names,
          shown.map((one) => rowOf(one, aboutOf(one))),
        );
      }
    });
}

/** Works on the findings of a data directory. */
async function withFindings<T>(directory: string, work: (findings: Findings, state: StateFile) => T): Promise<T> {
  const [{ existsSync }, { statePath }, { openFindings }] = await Promise.all([
    import('node:fs'),
    import('../storage/state/state-file.ts'),
    import('../storage/state/findings.ts'),
  ]);
  if (!existsSync(statePath(directory))) throw failure('FG_FINDINGS_NONE', directory);
  return withState(directory, false, (state) => work(openFindings(state), state));
}

type SuppressFlags = {
  data: string;
  detection?: string;
  address?: string;
  for: string;
  reason?: string;
  list?: true;
  lift?: string;
  json?: true;
};

/** Adds `suppress`. */
export function detectSuppressCommand(detect: Command): void {
  detect
    .command('suppress')
    .description('do not tell of findings for a while: of the same detection about the same, on every day')
    .argument('[findings...]', 'fnd-…')
    .addOption(data())
    .option('--detection <name>', 'all findings of a detection')
    .option('--address <subject>', 'with --detection: only those about an address, interface or rule')
    .option('--for <time>', 'how long, such as 12h or 30d', '30d')
    .option('--reason <text>', 'why, for whoever lists them')
    .option('--list', 'suppressions that hold')
    .option('--lift <number>', 'end one now')
    .option('--json', 'with --list: one JSON list')
    .addHelpText(
      'after',
      `
Examples:
  flowgauge detect suppress fnd-0123456789abcdef --for 30d --reason 'our own scanner'
  flowgauge detect suppress --detection ssh-from-internet --address 10.0.0.5 --for 90d --reason 'the bastion'
  flowgauge detect suppress --list
  flowgauge detect suppress --lift 3`,
    )
    .action(async (findings: string[], flags: SuppressFlags) => {
      await suppress(findings, flags);
    });
}

async function suppress(findings: readonly string[], flags: SuppressFlags): Promise<void> {
  const { chosen } = await import('../watch/choose.ts');
  if (flags.detection !== undefined) chosen([flags.detection]);
  const isChange = flags.list !== true && flags.lift === undefined;
  if (isChange && findings.length === 0 && flags.detection === undefined) throw failure('FG_SUPPRESS_WHAT');
  const { readParameter } = await import('../query/parameter.ts');
  const { aboutOf } = await import('../api/finding-subject.ts');
  const seconds = Number(readParameter('for', { type: 'duration', meaning: 'how long', default: null }, flags.for));
  const lines: string[] = [];
  let listed: readonly Suppression[] = [];
  await withFindings(flags.data, (kept, state) => {
    const at = now();
    const end = { reason: flags.reason ?? null, expiresSeconds: at + seconds };
    if (flags.lift !== undefined) {
      if (!/^\d{1,9}$/u.test(flags.lift) || !kept.lift(Number(flags.lift), at))
        throw failure('FG_SUPPRESSION_UNKNOWN', flags.lift);
      lines.push(`Suppression ${flags.lift} has ended.`);
    }
    if (isChange)
      state.transaction(() => {
        for (const id of findings) {
          const finding = kept.find(id, at);
          if (finding === null) throw failure('FG_FINDING_UNKNOWN', id);
          const number = kept.suppress({ series: finding.series, detection: null, subject: null, ...end }, at);
          lines.push(
            `${number}: ${finding.detection} about ${aboutOf(finding)} is suppressed until ${isoText(end.expiresSeconds)}.`,
          );
        }
        if (flags.detection === undefined) return;
        const subject = flags.address ?? null;
        const number = kept.suppress({ series: null, detection: flags.detection, subject, ...end }, at);
        lines.push(
          `${number}: ${flags.detection}${subject === null ? '' : ` about ${subject}`} is suppressed until ${isoText(end.expiresSeconds)}.`,
        );
      });
    listed = kept.suppressions(at);
  });
  for (const line of lines) console.log(line);
  if (flags.list !== true) return;
  if (flags.json === true) console.log(JSON.stringify(listed, null, 2));
  else
    await printRows(
      ['number', 'of', 'about', 'until', 'why'],
      listed.map((one) => [
        String(one.id),
        one.detection ?? one.series ?? '',
        one.subject ?? '-',
        isoText(one.expiresSeconds),
        one.reason ?? '-',
      ]),
    );
}

/** Adds `show`. */
export function detectShowCommand(detect: Command): void {
  detect
    .command('show')
    .description('all detections, or what one of them means, takes and asks')
    .argument('[name]', 'a detection')
    .addHelpText('after', '\nExamples:\n  flowgauge detect show\n  flowgauge detect show beacon')
    .action(async (name: string | undefined) => {
      const { chosen } = await import('../watch/choose.ts');
      const all = chosen(name === undefined ? undefined : [name]);
      if (name === undefined)
        await printRows(
          ['detection', 'severity', 'technique', 'meaning'],
          all.map((one) => [one.name, one.severity, one.technique ?? '-', one.meaning]),
        );
      else {
        const { describeDetection } = await import('./detect-text.ts');
        process.stdout.write(describeDetection(all[0]!));
      }
    });
}

async function printRows(names: readonly string[], rows: readonly (readonly string[])[]): Promise<void> {
  const { printTable } = await import('./table.ts');
  await printTable(
    { columns: names.map((name) => ({ name, type: 'VARCHAR', unit: null })), rows: inOne(rows) },
    process.stdout,
  );
}

async function* inOne<T>(rows: T): AsyncGenerator<T> {
  yield rows;
}

function rowOf(finding: KeptFinding, about: string): string[] {
  const { id, severity, detection, firstSeconds, lastSeconds, suppressedUntilSeconds: until } = finding;
  const state = until === null ? 'open' : `suppressed until ${isoText(until)}`;
  return [id, severity, detection, isoText(firstSeconds), isoText(lastSeconds), about, state];
}

function isoText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
