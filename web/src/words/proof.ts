/**
 * A proof in words.
 *
 * In:    a proof. Out: sentences. Holds: pure.
 */
import type { Proof, ProofCount, ProofDifference, ProofVerdict } from '../../../src/api/proof.ts';
import { manyText } from '../format.ts';

const ANSWERED: Readonly<Record<Proof['answeredBy'], string>> = {
  server: 'A server there answers.',
  proof: 'No server is there, so the proof answers.',
  kernel: 'Its kernel answers.',
};

const packets = (count: number): string => manyText(count, 'packet');

export const verdictText = (verdict: ProofVerdict | null, none: string): string =>
  verdict === null ? none : `${verdict.action}${verdict.ruleId === null ? '' : ` by ${verdict.ruleId}`}`;

/** What was sent, by whom to whom. */
export function sentText({ sent, model, answeredBy }: Proof): string {
  const { protocol, port } = model.question;
  const at = (address: string, own: number | null): string =>
    own === null ? address : `${address.includes(':') ? `[${address}]` : address}:${own}`;
  return `${protocol} ${at(sent.source, sent.sourcePort)} to ${at(sent.destination, port)}, from ${sent.fromHost} to ${sent.toHost}. ${ANSWERED[answeredBy]}`;
}

/** What the kernels of both ends counted of a leg. */
export const countedText = ({ left, came }: ProofCount): string => `${packets(left)} left, ${came} came through`;

/** Whether a reply was not sent, because nothing was to be answered. */
export const isUntried = ({ kernel }: Proof): boolean => kernel.request.came > 0 && kernel.reply.left === 0;

export function differenceText(one: ProofDifference): string {
  if (one.kind === 'arrival') {
    const comes = (word: boolean): string => (word ? 'comes through' : 'does not come through');
    return `The ${one.leg}: the model says that it ${comes(one.model)}, and with the kernel it ${comes(one.kernel)}.`;
  }
  const where = `${one.leg === null ? 'A packet' : `The ${one.leg}`} at ${one.interfaceId}, ${one.direction}`;
  if (one.kind === 'packets')
    return `${where}: the kernel of the host counted ${packets(one.kernel)}, records have ${one.record}.`;
  return `${where}: the model says ${verdictText(one.model, 'that none comes there')}, the record ${verdictText(one.record, 'is not there')}.`;
}
