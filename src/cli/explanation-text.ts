/**
 * An explanation for people.
 *
 * In:    an explanation. Out: lines that read from top to bottom: what, why, the way there and back, what records say, what
 *        would open it.
 * Holds: one line for each step; the words carry it, colour is added on a terminal only.
 */
import { styleText } from 'node:util';
import type { End, Evidence, Explanation, Fix, NearMiss, Part, PortRange, Step } from '../api/explanation.ts';
import { isoOf } from '../lake/read/time-range.ts';
import { causeText, stageText, stepText } from './step-text.ts';
import { fitted, shown } from './text-width.ts';
import type { Shows } from './text-width.ts';

type Style = 'green' | 'red' | 'yellow';

const OUTCOMES: Readonly<Record<Explanation['outcome'], readonly [string, Style]>> = {
  allowed: ['ALLOWED', 'green'],
  blocked: ['BLOCKED', 'red'],
  unanswered: ['NOT ANSWERED', 'red'],
  'not-logged': ['NOT LOGGED', 'yellow'],
  unknown: ['NOT KNOWN', 'yellow'],
};

/** All of it, without a line break at the end. */
export function explanationText(explanation: Explanation, output: Shows, withTerraform: boolean): string {
  const [word, style] = OUTCOMES[explanation.outcome];
  const lines = [
    `${word}: ${questionText(explanation)}`,
    `  ${causeText(explanation)}`,
    ...wayLines(explanation, 'request'),
    ...wayLines(explanation, 'reply'),
    ...partLines(explanation.parts).map((line) => fitted(line, output)),
    ...explanation.evidence.flatMap(evidenceLines),
    ...explanation.fixes.flatMap((fix) => fixLines(fix, withTerraform)),
    ...(explanation.notUnderstood.length > 0 ? ['', 'Left open by the model'] : []),
    ...explanation.notUnderstood.map((text) => fitted(`  ${text}`, output)),
  ].flatMap((line) => line.split('\n').map(shown));
  if (output.isTTY !== true) return lines.join('\n');
  const paint = (as: Style, text: string): string => styleText(['bold', as], text, { validateStream: false });
  const marked = lines.map((line) =>
    line.replace(
      /^( {2})(ok|STOP)(?= {2})/,
      (_, before: string, mark: string) => before + paint(mark === 'ok' ? 'green' : 'red', mark),
    ),
  );
  return [marked[0]!.replace(word, paint(style, word)), ...marked.slice(1)].join('\n');
}

function questionText({ question: { from, to, protocol, port } }: Explanation): string {
  return `${protocol}${port === null ? '' : ` ${port}`} from ${endText(from)} to ${endText(to)}`;
}

const FEW = 3;

function endText({ text, addresses, interfaceIds }: End): string {
  const more = [...addresses, ...interfaceIds].filter((one) => one !== text && !text.startsWith(`${one}:`));
  if (more.length === 0) return text;
  return `${text} (${more.length > FEW ? `${more.slice(0, FEW).join(', ')}, …` : more.join(', ')})`;
}

function wayLines({ steps, deciding, question }: Explanation, leg: 'request' | 'reply'): string[] {
  const own = steps.filter((step) => step.leg === leg);
  if (own.length === 0) return [];
  const widths = [0, 1].map((i) => Math.max(...own.map((step) => columnsOf(step)[i]!.length)));
  const title = leg === 'request' ? 'Request' : `Reply${replyPorts(question.sourcePorts)}`;
  return [
    '',
    title,
    ...own.flatMap((step) => {
      const mark = step.pass ? 'ok  ' : 'STOP';
      const [stage, at] = columnsOf(step);
      const arrow = deciding !== null && steps[deciding] === step ? ' <- decides' : '';
      const ports = otherPorts(step, question.sourcePorts);
      const line = `  ${mark}  ${stage!.padEnd(widths[0]!)}  ${at!.padEnd(widths[1]!)}  ${stepText(step)}${ports}${arrow}`;
      return [line.trimEnd(), ...portLines(step), ...step.nearMisses.map(missText)];
    }),
  ];
}

function columnsOf(step: Step): readonly string[] {
  return [stageText(step.stage), step.interfaceId ?? '-'];
}

const rangeText = ([from, to]: PortRange): string => (from === to ? String(from) : `${from}-${to}`);

function replyPorts(ports: PortRange | null): string {
  if (ports === null) return '';
  const whose = ports[0] === 32768 && ports[1] === 60999 ? ', those that Linux clients choose from' : '';
  return ` (to ${ports[0] === ports[1] ? 'port' : 'ports'} ${rangeText(ports)}${whose})`;
}

/** A NAT gateway chooses from other ports than clients do. */
function otherPorts({ leg, stage, ports }: Step, usual: PortRange | null): string {
  if (leg !== 'reply' || !stage.startsWith('nacl-') || ports === null || usual === null) return '';
  return ports[0] === usual[0] && ports[1] === usual[1] ? '' : ` (ports ${rangeText(ports)})`;
}

/** Where not all ports that some client may choose pass. */
function portLines({ passingPorts, ports, pass }: Step): string[] {
  if (passingPorts === null || ports === null || ports[0] === ports[1]) return [];
  if (passingPorts.some(([from, to]) => from <= 1024 && to === 65535)) return [];
  const some = passingPorts.map(rangeText).join(', ');
  if (pass) return [`          of all client ports, 1024-65535, only ${some} pass`];
  return passingPorts.length === 0 ? [] : [`          only ports ${some} pass`];
}

function missText({ ruleId, differsIn }: NearMiss): string {
  const words = differsIn.map((aspect) => (aspect === 'order' ? 'that one before it denies' : `for the ${aspect}`));
  return `          ${ruleId} fits but ${words.join(' and ')}`;
}

function partLines(parts: readonly Part[]): string[] {
  if (parts.length === 0) return [];
  return [
    '',
    'Not all fare alike',
    ...parts.map(({ from, to, outcome, stage, interfaceId, ruleId }) => {
      const who = `${listText(from)} to ${listText(to)}`;
      const where = stage === null ? '' : ` at ${stageText(stage)}${interfaceId === null ? '' : ` of ${interfaceId}`}`;
      return `  ${OUTCOMES[outcome][0].toLowerCase()}${where}${ruleId === null ? '' : `, ${ruleId}`}: ${who}`;
    }),
  ];
}

const MOST_LISTED = 6;

function listText(list: readonly string[]): string {
  if (list.length <= MOST_LISTED) return list.join(', ');
  return `${list.slice(0, MOST_LISTED).join(', ')} and ${list.length - MOST_LISTED} more`;
}

const NO_RECORD: Readonly<Record<NonNullable<Evidence['noRecord']>, string>> = {
  'never-logged': 'none, and there will be none: AWS does not log this',
  'not-covered': 'none: no flow log of the model covers these interfaces',
  filtered: 'none: the flow logs that cover these interfaces keep only the other action',
  'none-seen': 'none in these flow logs and this time: it was not tried, or is not delivered yet',
};

function evidenceLines({ sql, source, agree, disagree, lastSeenSeconds, seen, noRecord }: Evidence): string[] {
  const total = `${agree} agree, ${disagree} disagree`;
  const last = lastSeenSeconds === null ? '' : `, last seen ${isoOf(lastSeenSeconds)}`;
  return [
    '',
    `${source === 'kernel' ? 'Judged by the kernel' : 'Records'}: ${noRecord === null ? `${total}${last}` : NO_RECORD[noRecord]}`,
    ...seen.map(({ interfaceId, leg, action, records, packets, agrees }) => {
      const where = interfaceId === '' ? '' : ` at ${interfaceId}`;
      return `  ${action} of the ${leg}${where}: ${records} (${countText(String(packets), 'packet', 'packets')})${agrees ? '' : ', which is not what the model says now'}`;
    }),
    '  with',
    ...sql.split('\n').map((line) => `    ${line}`),
  ];
}

function fixLines({ awsCli, terraform, verified, opens, alsoOpens, change }: Fix, withTerraform: boolean): string[] {
  const isElsewhere = change.some((one) => 'OwnerId' in one);
  return [
    '',
    isElsewhere ? 'What the other account must have' : 'To open it',
    ...awsCli.map((line) => `  ${line}`),
    ...(isElsewhere
      ? []
      : opens.map(({ addresses, ports, interfaces }) => {
          const what = `${countText(addresses, 'address', 'addresses')} x ${countText(String(ports), 'port', 'ports')}`;
          return `  opens ${what} at ${countText(String(interfaces), 'interface', 'interfaces')} of the model`;
        })),
    ...(alsoOpens.length === 0 ? [] : [`  also at ${listText(alsoOpens)}`]),
    ...(verified ? ['  asked again with this change, request and reply pass'] : []),
    ...(withTerraform ? ['', ...terraform.split('\n').map((line) => `  ${line}`.trimEnd())] : []),
  ];
}

function countText(count: string, one: string, several: string): string {
  return `${count} ${count === '1' ? one : several}`;
}
