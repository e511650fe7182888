/**
 * rules: what 4,100 rules were used for over a million records of 5,000 interfaces, as the console answers it, against grouping those
 * records by five-tuple in SQL, which is the least that whoever judges them has to do.
 *
 * In:    records and facts of the same network in a directory. Out: a table; how much more the answer takes than the statement.
 * Holds: both read the console's cache of objects, in this process, in turn; both must have all accepted conversations. The first
 *        question fills the cache, and stands by itself.
 */
import { join } from 'node:path';
import { answerRuleHits } from '../../src/app/server/console/explain/answer-rule-hits.ts';
import { ask } from '../../src/query/ask.ts';
import { timed, timedPlace } from '../console/place.ts';
import type { Run } from '../console/place.ts';
import { withWorkplace } from '../inputs.ts';
import { median } from '../measure.ts';
import { fixed, heading, table } from '../report.ts';
import type { Row } from './row.ts';

const RECORDS = 1_000_000;
const INTERFACES = 5000;

/** Five-tuples of both directions that have an accepted record, by text. */
const SQL = `SELECT count(*) FROM (
  SELECT interface_id, least((srcaddr, srcport), (dstaddr, dstport)) AS low, greatest((srcaddr, srcport), (dstaddr, dstport)) AS high,
    protocol, sum(packets) AS packets, sum(bytes) AS bytes, min(start) AS first, max("end") AS last
  FROM flow_logs GROUP BY ALL HAVING count(*) FILTER (action = 'ACCEPT') > 0)`;

export const rules: Row = ({ rounds, command }) =>
  withWorkplace(RECORDS * 200, async (data) => {
    const head = heading(`rules: ${RECORDS / 1e6} million records of ${INTERFACES} interfaces`, command);
    const { range, working } = await timedPlace(data, RECORDS, INTERFACES);
    let told = 0;
    const answer = async (): Promise<number> => {
      const { answer: report } = await answerRuleHits({ kind: 'rule-hits', range, request: {} }, working);
      told = report.rules.length;
      const { accepted, attributed } = report.conversations;
      return attributed === accepted ? accepted : 0;
    };
    const statement = async (): Promise<number> => {
      const options = {
        range: { startSeconds: range.from, endSeconds: range.to },
        cache: { directory: join(data, 'cache') },
        signal: working.signal,
      };
      let count = 0;
      for await (const rows of (await ask(data, SQL, {}, options)).rows) for (const [one] of rows) count = Number(one);
      return count;
    };
    const first = await timed(answer);
    const runs: { readonly answer: Run[]; readonly statement: Run[] } = { answer: [], statement: [] };
    for (let round = 0; round < rounds; round++) {
      runs.answer.push(await timed(answer));
      runs.statement.push(await timed(statement));
    }
    const isWhole = [...runs.answer, ...runs.statement].every(
      ({ records }) => records === first.records && records > 0,
    );
    const row = (name: string, of: readonly Run[]): string[] => [
      name,
      fixed(median(of.map(({ wall }) => wall))),
      fixed(median(of.map(({ cpu }) => cpu))),
    ];
    const [ours, plain] = [runs.answer, runs.statement].map((of) => median(of.map(({ cpu }) => cpu)));
    return [
      head +
        table(
          ['question', 'wall s', 'CPU s'],
          [
            row(`the first answer about ${told} rules, which puts the objects into the cache`, [first]),
            row('a later answer', runs.answer),
            row('the five-tuples alone, grouped by text in SQL', runs.statement),
          ],
        ),
      `- accepted conversations: ${isWhole ? `${first.records} in all of them, each given to a rule` : '**not the same; the row does not count**'}`,
      `- CPU of a later answer to that of the statement: ${fixed(ours! / plain!)}x`,
      `- peak memory of all: ${Math.round(process.resourceUsage().maxRSS / 1000)} MB`,
      '',
    ].join('\n');
  });
