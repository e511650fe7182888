/**
 * `flowgauge detect`, `detect list`, `detect suppress`, `detect show`: what detections find, found before, and are.
 *
 * In:    a place with flow logs, detections, the network and a data directory where there are. Out: findings as text, one JSON object, or
 *        JSON lines of ECS or OCSF. Exit 3 where one is not suppressed, 1 where a file could not be read to its end.
 * Holds: with a data directory that may be written, what is known of the past goes on in it; findings are kept where it has a state file.
 * Fails: FG_DETECTION_*, FG_FINDING_UNKNOWN, FG_SUPPRESS_WHAT; as reading flow logs and the network do.
 */
import type { Command } from 'commander';
import { Option } from 'commander';
import type { DetectReport, Finding, Severity } from '../api/findings.ts';
import type { Note } from '../api/note.ts';
import { failure, FlowgaugeError } from '../model/errors.ts';
import type { ModelHistory } from '../storage/state/open-model.ts';
import { detectListCommand, detectShowCommand, detectSuppressCommand } from './detect-findings.ts';
import type { Stop } from './interruptible.ts';
import { networkOf, networkOptions } from './network-options.ts';
import type { NetworkFlags } from './network-options.ts';
import { askOptionsOf, sourceOptions, tellNotes } from './source-options.ts';
import type { SourceFlags } from './source-options.ts';
import { fitted } from './text-width.ts';

type Flags = SourceFlags &
  NetworkFlags & {
    only?: string[];
    param?: Record<string, Record<string, string>>;
    severity: Severity;
    all?: true;
    json?: true;
    output: 'text' | 'json' | 'ecs' | 'ocsf';
  };

const SEVERITIES: readonly Severity[] = ['info', 'low', 'medium', 'high'];
/** There is a finding that is not suppressed. */
const FOUND = 3;

/** Adds the verb. */
export function detectCommand(program: Command): void {
  const command = program
    .command('detect')
    // Behind `list` and the others stand their own options.
    .enablePositionalOptions()
    .description(
      'scans, brute force, beacons, exfiltration, floods, exposed ports, and what changed rules did: findings with their records',
    )
    .addOption(
      new Option('--only <names>', 'only these detections, with commas between or again').argParser(
        (text: string, before: string[] | undefined) => [
          ...(before ?? []),
          ...text.split(',').map((name) => name.trim()),
        ],
      ),
    )
    .addOption(
      new Option('--param <d.k=v>', 'parameter of a detection, such as port-scan.least=50 (again for more)').argParser(
        parameter,
      ),
    )
    .addOption(
      new Option('--severity <least>', 'leave out what is less grave').choices([...SEVERITIES]).default('info'),
    )
    .option('--all', 'suppressed findings too')
    .option('--json', 'one JSON object')
    .addOption(
      new Option('-o, --output <form>', 'text, json (one object), or ecs or ocsf (JSON lines)')
        .choices(['text', 'json', 'ecs', 'ocsf'])
        .default('text'),
    );
  sourceOptions(command);
  networkOptions(command);
  command
    .addHelpText(
      'after',
      `
Examples:
  flowgauge detect --last 24h                                        over what \`up\` wrote
  flowgauge detect --from s3://BUCKET --last 24h --only beacon,dns-tunnel
  flowgauge detect --from logs --vpc model/ --severity medium -o ocsf > findings.jsonl
  flowgauge detect --param ssh-brute-force.least=30 --last 1h
  flowgauge detect show port-scan                                    what it means, and its SQL
  flowgauge detect list
  flowgauge detect suppress fnd-0123456789abcdef --for 30d --reason 'our own scanner'

Exit 3 where there is a finding that is not suppressed.`,
    )
    .action(async (flags: Flags) => {
      process.exitCode = await run(flags);
    });
  detectListCommand(command);
  detectSuppressCommand(command);
  detectShowCommand(command);
}

function parameter(
  text: string,
  before: Record<string, Record<string, string>> = {},
): Record<string, Record<string, string>> {
  const [, detection = '', name = '', value = ''] = /^([a-z0-9-]+)\.([a-z]+)=(.*)$/u.exec(text) ?? [];
  if (name === '') throw failure('FG_DETECTION_PARAMETER', text);
  return { ...before, [detection]: { ...before[detection], [name]: value } };
}

async function run(flags: Flags): Promise<number> {
  const { interruptible } = await import('./interruptible.ts');
  return interruptible(async (stop) => {
    const { report, notes, fresh } = await find(flags, stop);
    stop.progress.end();
    const least = SEVERITIES.indexOf(flags.severity);
    const grave = report.findings.filter(({ severity }) => SEVERITIES.indexOf(severity) >= least);
    const open = grave.filter(({ suppressedUntilSeconds }) => suppressedUntilSeconds === null);
    await print({ ...report, findings: flags.all === true ? grave : open }, grave.length - open.length, fresh, flags);
    return (await tellNotes(notes)) || (open.length > 0 ? FOUND : 0);
  });
}

async function print(report: DetectReport, suppressed: number, fresh: number | null, flags: Flags): Promise<void> {
  const form = flags.json === true ? 'json' : flags.output;
  if (form === 'json') process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else if (form === 'text') {
    const { detectText } = await import('./detect-text.ts');
    process.stdout.write(
      fitted(detectText(report, { from: flags.from, suppressed, fresh }), process.stdout, /^ {2}records /),
    );
  } else {
    const map = await mapping(form);
    for (const finding of report.findings) process.stdout.write(`${JSON.stringify(map(finding))}\n`);
  }
}

async function mapping(form: 'ecs' | 'ocsf'): Promise<(finding: Finding) => object> {
  return form === 'ecs'
    ? (await import('../watch/mappings/ecs.ts')).ecsFinding
    : (await import('../watch/mappings/ocsf.ts')).ocsfFinding;
}

type Found = { readonly report: DetectReport; readonly notes: readonly Note[]; readonly fresh: number | null };

async function find(flags: Flags, stop: Stop): Promise<Found> {
  const { detect } = await import('../watch/detect.ts');
  const network = await networkIfKnown(flags);
  try {
    const options = await askOptionsOf(flags.from, flags, stop);
    const isKept = await mayWrite(flags.data);
    const { report, notes } = await stop.atOnce(
      detect(flags.from, {
        ...options,
        ...(flags.only === undefined ? {} : { only: flags.only }),
        ...(flags.param === undefined ? {} : { parameters: flags.param }),
        ...(isKept ? { data: flags.data } : {}),
        ...(network === null ? {} : { network }),
      }),
    );
    return { ...(await keep(report, flags, isKept)), notes };
  } finally {
    network?.close();
  }
}

/** What was given, or imported; null where neither was. */
async function networkIfKnown(flags: Flags): Promise<ModelHistory | null> {
  try {
    return await networkOf(flags, flags.knownAt);
  } catch (error) {
    const isNone = error instanceof FlowgaugeError && /^FG_STATE_(?:MISSING|EMPTY)$/u.test(error.code);
    if (flags.vpc === undefined && isNone) return null;
    throw error;
  }
}

/** Keeps the findings where there is a state file, and says which are suppressed there. */
async function keep(report: DetectReport, { data, from }: Flags, isKept: boolean): Promise<Omit<Found, 'notes'>> {
  const { readState, statePath } = await import('../storage/state/state-file.ts');
  const { existsSync } = await import('node:fs');
  if (!existsSync(statePath(data))) return { report, fresh: null };
  const { openFindings, suppressedUntil } = await import('../storage/state/findings.ts');
  const nowSeconds = Math.floor(Date.now() / 1000);
  const state = readState(statePath(data));
  try {
    const kept = openFindings(state);
    const fresh = isKept ? kept.keep(report.findings, from, nowSeconds).fresh : null;
    const hidden = kept.suppressions(nowSeconds);
    const findings = report.findings.map((finding) => ({
      ...finding,
      suppressedUntilSeconds: suppressedUntil(finding, hidden),
    }));
    return { report: { ...report, findings }, fresh };
  } finally {
    state.close();
  }
}

async function mayWrite(data: string): Promise<boolean> {
  const { accessSync, constants } = await import('node:fs');
  try {
    accessSync(data, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
