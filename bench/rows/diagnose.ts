/**
 * diagnose: a question about two interfaces in a warm process, on 1,000 groups and 20,000 rules and on ten times that.
 *
 * In:    networks by a seed. Out: a table; the floors that issue 4 names.
 * Holds: both sides are asked the same questions in turn, and must say the same; of a question the least of all rounds
 *        counts, for a machine has other work. A diagnosis has every step both ways, near
 *        misses and, where it is closed, a change that was tried; the straightforward side only says whether it is allowed.
 */
import { createDiagnoser } from '../../src/explain/diagnose/diagnose.ts';
import { isAllowed } from '../explaining/diagnosis-rule-by-rule.ts';
import { groupedNetwork, pairs } from '../generate/groups.ts';
import { fixed, floor, heading, table } from '../report.ts';
import type { Row } from './row.ts';

const GROUPS = 1000;
const TIMES = 10;
const QUESTIONS = 300;
const WARM_UP = 100;
/** The straightforward side takes long; so many of the questions tell enough. */
const PLAIN_QUESTIONS = 30;
const TCP = 6;
const MOST_MILLIS = 50;

type Measured = { readonly middle: number; readonly most: number; readonly allowed: number; readonly of: number };
type Both = { readonly groups: number; readonly rules: number; readonly ours: Measured; readonly plain: Measured };

export const diagnose: Row = ({ rounds, command }) => {
  const head = heading('diagnose: a question about two interfaces, without records', command);
  const all = [GROUPS, GROUPS * TIMES].map((groups) => measured(groups, rounds));
  const rows = all.flatMap(({ groups, rules, ours, plain }) => {
    const line = (name: string, { middle, most, allowed, of }: Measured): string[] => [
      name,
      groups.toLocaleString('en'),
      rules.toLocaleString('en'),
      fixed(middle, 3),
      fixed(most, 3),
      `${allowed} of ${of}`,
    ];
    return [line('diagnose', ours), line('rule by rule', plain)];
  });
  const [small, large] = all as [Both, Both];
  const floors = [
    floor(`slowest of ${QUESTIONS} on ${GROUPS} groups, ms`, small.ours.most, MOST_MILLIS, false),
    floor(`middle at ${TIMES} times the rules to that before`, large.ours.middle / small.ours.middle, TIMES - 1, false),
    floor('rule by rule to diagnose at ten times the rules', large.plain.middle / large.ours.middle, 1, true),
  ];
  const columns = ['side', 'groups', 'rules', 'middle ms', 'slowest ms', 'allowed'];
  return Promise.resolve(`${head}${table(columns, rows)}\n${floors.join('\n')}\n`);
};

function measured(groups: number, rounds: number): Both {
  const snapshot = groupedNetwork(groups, 1);
  const diagnoser = createDiagnoser(snapshot);
  const ask = ({ from, to, port }: { from: string; to: string; port: number }): boolean => {
    const question = { from, to, port, protocol: TCP, sourcePorts: null, atMicros: 0 };
    return diagnoser.diagnose(question).explanation.outcome === 'allowed';
  };
  for (const question of pairs(groups, WARM_UP, 2)) ask(question);
  const asked = pairs(groups, QUESTIONS, 3);
  const ours = new Float64Array(QUESTIONS).fill(Infinity);
  const plain = new Float64Array(PLAIN_QUESTIONS).fill(Infinity);
  let [allowed, plainAllowed] = [0, 0];
  for (let round = 0; round < rounds; round++)
    for (const [i, question] of asked.entries()) {
      const before = performance.now();
      const answer = ask(question);
      ours[i] = Math.min(ours[i]!, performance.now() - before);
      if (answer) allowed++;
      if (i >= PLAIN_QUESTIONS) continue;
      const between = performance.now();
      const other = isAllowed(snapshot, question.from, question.to, question.port);
      plain[i] = Math.min(plain[i]!, performance.now() - between);
      if (answer !== other) throw new Error(`${JSON.stringify(question)}: ${answer} and ${other}`);
      if (other) plainAllowed++;
    }
  const told = (list: Float64Array, all: number): Measured => {
    const sorted = list.toSorted();
    return { middle: sorted[sorted.length >>> 1]!, most: sorted.at(-1)!, allowed: all / rounds, of: list.length };
  };
  return { groups, rules: snapshot.rules.length - 1, ours: told(ours, allowed), plain: told(plain, plainAllowed) };
}
