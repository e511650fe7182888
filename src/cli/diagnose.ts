/**
 * `flowgauge diagnose`: why one end can talk to another, or cannot; or what rejected records.
 *
 * In:    two ends, a protocol and a port, a model; where flow logs lie. Out: the explanation, for people or as JSON. Without
 *        ends: records, which `diagnose-records.ts` answers.
 * Holds: exit 3 when it is blocked or not answered, 0 when it passes or nobody can say.
 * Fails: as reading the model, the ends and flow logs does.
 */
import type { Command } from 'commander';
import { Option } from 'commander';
import { failure } from '../model/errors.ts';
import type { Explanation, PortRange } from '../api/explanation.ts';
import { asksAboutRecords, diagnoseRecords, RECORD_EXAMPLES, recordOptions } from './diagnose-records.ts';
import type { RecordFlags } from './diagnose-records.ts';
import type { DiagnoseQuestion } from '../explain/diagnose/diagnose.ts';
import { labDirectory } from './data-directory.ts';
import { networkOf } from './network-options.ts';
import { portIn } from './protocol-options.ts';
import { askOptionsOf } from './source-options.ts';

/** Options of a question about two ends. */
type Flags = RecordFlags & {
  from?: string;
  to?: string;
  port?: string;
  sourcePort?: string;
  protocol: string;
  at?: string;
  terraform?: boolean;
  prove?: boolean;
};
type Ends = Flags & { from: string; to: string };

const EXAMPLES = `
Examples:
  flowgauge diagnose --vpc model/ --from i-0a1 --to 10.0.2.20 --port 5432
  flowgauge diagnose --vpc model/ --from internet --to eni-0b2 --port 443 --logs s3://BUCKET --last 6h
  flowgauge diagnose --vpc model/ --from 10.0.0.0/16 --to i-0b2 --protocol icmp
  flowgauge diagnose --prove --from i-web --to i-app --port 8080
  flowgauge diagnose --vpc model/ --from 10.0.2.20:5432 --to 10.0.1.10:49152 --json | jq .outcome
${RECORD_EXAMPLES}

An end is an address (10.0.1.10, 10.0.1.10:443, [2001:db8::1]:443), eni-…, i-…, subnet-…, a block or internet.
Exit 3 when what is asked about two ends is blocked or not answered.`;

/** Adds the verb. */
export function diagnoseCommand(program: Command): void {
  const command = program
    .command('diagnose')
    .description('say why traffic passes or does not, step by step and by which rule; or what rejected records')
    .argument('[records...]', 'records to attribute in place of ends, quoted; - for standard input')
    .option('--from <end>', 'who begins')
    .option('--to <end>', 'who is talked to')
    .option('--port <n>', 'port that is talked to, of tcp and udp')
    .option('--protocol <p>', 'tcp, udp, icmp (echo), icmpv6 or a number', 'tcp')
    .option('--source-port <n>', 'port, or ports as 1024-65535, that replies go to (default: 32768-60999, as of Linux)')
    .option('--at <time>', 'time that the question is about: records up to then (default: now)')
    .option('--logs <src>', 'flow logs to compare with, as --from of query takes them; without ends: to attribute')
    .option('--terraform', 'print what would open it as Terraform too')
    .addOption(
      new Option(
        '--prove',
        'send it in the lab (--data, env: FLOWGAUGE_LAB), and compare the model, the kernel and the records; exit 4 where they differ',
      ).conflicts(['vpc', 'logs', 'at', 'knownAt']),
    );
  recordOptions(command);
  command.addHelpText('after', EXAMPLES).action(async (records: string[], flags: Flags) => {
    const told = /^(?:\[[^\]]+\]|[^:]+):(\d+)$/.exec(flags.to ?? '')?.[1];
    if (told !== undefined && flags.port !== undefined && told !== flags.port)
      command.error(`error: --to names port ${told} and --port ${flags.port}; give one`, { exitCode: 2 });
    const refuseOf = (names: readonly string[], why: string): void => {
      const given = names.find((name) => command.getOptionValueSource(name) === 'cli');
      if (given === undefined) return;
      const { long } = command.options.find((option) => option.attributeName() === given)!;
      command.error(`error: ${long} ${why}`, { exitCode: 2 });
    };
    if (hasEnds(flags) && records.length === 0) {
      refuseOf(OF_RECORDS, 'is for records, and says nothing about two ends');
      if (flags.logs === undefined) refuseOf(OF_LOGS, 'chooses among records: name flow logs with --logs');
      const data = command.getOptionValueSource('data') === 'default' ? labDirectory() : flags.data;
      process.exitCode = await (flags.prove === true ? prove(flags, data) : run(flags));
    } else if (flags.from === undefined && flags.to === undefined && asksAboutRecords(records, flags)) {
      refuseOf(OF_ENDS, 'is for two ends, --from and --to, and says nothing about records');
      if (records.length > 0) refuseOf(OF_PLACES, 'says nothing beside records that are given');
      process.exitCode = await diagnoseRecords(records, flags);
    } else command.error('error: give --from and --to, or without them records, -, --logs or --last', { exitCode: 2 });
  });
}

/** Options that say something about one of the two questions alone, by their names here. */
const OF_RECORDS = ['query', 'param', 'newSince', 'learnedSince', 'limit'];
const OF_ENDS = ['port', 'protocol', 'sourcePort', 'at', 'terraform', 'prove'];
const OF_LOGS = ['last', 'fromTime', 'toTime', 'format', 'strict'];
const OF_PLACES = ['logs'];

function hasEnds(flags: Flags): flags is Ends {
  return flags.from !== undefined && flags.to !== undefined;
}

async function run(flags: Ends): Promise<number> {
  const explanation = await explain(flags);
  if (flags.json === true) console.log(JSON.stringify(explanation, null, 2));
  else {
    const { explanationText } = await import('./explanation-text.ts');
    console.log(explanationText(explanation, process.stdout, flags.terraform === true));
  }
  return explanation.outcome === 'blocked' || explanation.outcome === 'unanswered' ? 3 : 0;
}

async function prove(flags: Ends, data: string): Promise<number> {
  const { proveEnds } = await import('./diagnose-prove.ts');
  return proveEnds(await trafficOf(flags), { ...flags, data });
}

async function trafficOf(flags: Ends): Promise<Omit<DiagnoseQuestion, 'atMicros'>> {
  const { protocolOf } = await import('../explain/diagnose/protocol-of.ts');
  return {
    from: flags.from,
    to: flags.to,
    protocol: protocolOf(flags.protocol),
    port: flags.port === undefined ? null : portIn('--port', flags.port),
    sourcePorts: flags.sourcePort === undefined ? null : portsIn('--source-port', flags.sourcePort),
  };
}

async function explain(flags: Ends): Promise<Explanation> {
  const traffic = await trafficOf(flags);
  const nowMillis = Date.now();
  const { instantOf, askedRange } = await import('../query/asked-range.ts');
  const atSeconds = flags.at === undefined ? nowMillis / 1000 : instantOf('--at', flags.at, nowMillis / 1000);
  const { createDiagnoser } = await import('../explain/diagnose/diagnose.ts');
  const network = await networkOf(flags, flags.knownAt);
  const diagnoser = createDiagnoser(network.at(Math.round(atSeconds * 1e6)));
  network.close();
  const question = { ...traffic, atMicros: Math.round(atSeconds * 1e6) };
  const diagnosed = diagnoser.diagnose(question);
  const { logs, last, fromTime, toTime, at } = flags;
  if (logs === undefined) return diagnosed.explanation;
  const isRanged = [last, fromTime, toTime].some((text) => text !== undefined);
  const upToThen = at === undefined ? null : { startSeconds: 0, endSeconds: Math.ceil(atSeconds) };
  const range = isRanged ? askedRange(flags, atSeconds * 1000) : upToThen;
  const { interruptible } = await import('./interruptible.ts');
  const { withEvidence } = await import('../explain/diagnose/evidence.ts');
  let explanation = diagnosed.explanation;
  await interruptible(async (stop) => {
    const { range: _, ...reading } = await askOptionsOf(logs, flags, stop);
    const options = { ...reading, ...(range === null ? {} : { range }) };
    explanation = await stop.atOnce(withEvidence(diagnoser, question, diagnosed, logs, options));
    return 0;
  });
  return explanation;
}

function portsIn(option: string, text: string): PortRange {
  const [from = '', to = from, ...more] = text.split('-');
  const range = [portIn(option, from), portIn(option, to)] as const;
  if (more.length > 0 || range[0] > range[1]) throw failure('FG_DIAGNOSE_NUMBER', option, text);
  return range;
}
