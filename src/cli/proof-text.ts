/**
 * A proof for people.
 *
 * In:    a proof. Out: the explanation, then what was sent, what the kernel did, what records tell, and whether all three agree.
 * Holds: one line for each thing that was found.
 */
import { styleText } from 'node:util';
import type { Proof, ProofCount, ProofDifference, ProofRecord, ProofVerdict } from '../api/proof.ts';
import { explanationText } from './explanation-text.ts';
import type { Shows } from './text-width.ts';

/** All of it, without a line break at the end. */
export function proofText(proof: Proof, output: Shows, withTerraform: boolean): string {
  const { agree, differences, kernel, model, records } = proof;
  const verdict = agree ? 'PROVEN' : 'NOT PROVEN';
  const shownVerdict =
    output.isTTY === true ? styleText(['bold', agree ? 'green' : 'red'], verdict, { validateStream: false }) : verdict;
  const untried = kernel.request.came > 0 && kernel.reply.left === 0;
  return [
    explanationText(model, output, withTerraform),
    '',
    `${shownVerdict}: ${agree ? 'the model, the kernel and the records agree' : 'they do not agree'}`,
    `  sent     ${sentText(proof)}`,
    `  kernel   request: ${countText(kernel.request)}`,
    `           reply: ${untried ? 'none was sent, so the way back was not tried' : countText(kernel.reply)}`,
    ...(records.length === 0
      ? ['  records  none']
      : inColumns(records).map((line, i) => `  ${i === 0 ? 'records' : '       '}  ${line}`)),
    ...differences.map((one) => `  differs  ${differenceText(one)}`),
  ].join('\n');
}

function sentText({ sent, model, answeredBy }: Proof): string {
  const { protocol, port } = model.question;
  const at = (address: string, own: number | null): string =>
    own === null ? address : `${address.includes(':') ? `[${address}]` : address}:${own}`;
  const who = {
    server: 'a server there answers',
    proof: 'no server is there, so the proof answers',
    kernel: 'its kernel answers',
  };
  return `${protocol} ${at(sent.source, sent.sourcePort)} to ${at(sent.destination, port)}, from ${sent.fromHost} to ${sent.toHost}; ${who[answeredBy]}`;
}

const packetText = (count: number): string => `${count} packet${count === 1 ? '' : 's'}`;
const countText = ({ left, came }: ProofCount): string => `${packetText(left)} left, ${came} came through`;
const verdictText = (verdict: ProofVerdict | null, none: string): string =>
  verdict === null ? none : `${verdict.action}${verdict.ruleId === null ? '' : ` by ${verdict.ruleId}`}`;

function inColumns(records: readonly ProofRecord[]): string[] {
  const rows = records.map((record) => [
    record.interfaceId,
    record.direction,
    record.leg ?? '-',
    verdictText(record, '-'),
    packetText(record.packets),
    `told by the ${record.verdictSource ?? 'record'}`,
  ]);
  const widths = [0, 1, 2, 3, 4].map((i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows.map((row) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  '));
}

function differenceText(one: ProofDifference): string {
  if (one.kind === 'arrival') {
    const word = (comes: boolean): string => (comes ? 'comes through' : 'does not come through');
    return `the ${one.leg}: the model says it ${word(one.model)}, and with the kernel it ${word(one.kernel)}`;
  }
  const where = `${one.leg === null ? 'a packet' : `the ${one.leg}`} at ${one.interfaceId}, ${one.direction}`;
  if (one.kind === 'packets')
    return `${where}: the kernel of the host counted ${packetText(one.kernel)}, records have ${one.record}`;
  return `${where}: the model says ${verdictText(one.model, 'that none comes there')}, the record ${verdictText(one.record, 'is not there')}`;
}
