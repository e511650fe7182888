/**
 * topology: the picture of 5,000 interfaces with the traffic of a million records, against the one statement that it shows.
 *
 * In:    records and facts of the same network in a directory. Out: a table; how much more the picture takes than the statement.
 * Holds: both read the console's cache of objects, in this process, in turn; both must have all records. The first question fills
 *        the cache, and stands by itself.
 */
import { join } from 'node:path';
import type { TopologyAnswer } from '../../src/api/topology.ts';
import { answerTopology } from '../../src/app/server/console/explain/answer-topology.ts';
import { ask } from '../../src/query/ask.ts';
import { timed, timedPlace } from '../console/place.ts';
import type { Run } from '../console/place.ts';
import { withWorkplace } from '../inputs.ts';
import { median } from '../measure.ts';
import { fixed, heading, table } from '../report.ts';
import type { Row } from './row.ts';

const RECORDS = 1_000_000;
const INTERFACES = 5000;

export const topology: Row = ({ rounds, command }) =>
  withWorkplace(RECORDS * 200, async (data) => {
    const head = heading(`topology: ${RECORDS / 1e6} million records of ${INTERFACES} interfaces`, command);
    const {
      range: { from, to },
      working,
    } = await timedPlace(data, RECORDS, INTERFACES);
    let sql = '';
    const picture = async (): Promise<number> => {
      const answer: TopologyAnswer = await answerTopology(
        {
          kind: 'topology',
          range: { from, to },
          filter: '',
          scope: 'subnet',
          grouping: 'subnet',
          focus: null,
          measure: 'bytes',
        },
        working,
      );
      sql = answer.sql ?? '';
      return answer.total.flows;
    };
    const statement = async (): Promise<number> => {
      const options = {
        range: { startSeconds: from, endSeconds: to },
        cache: { directory: join(data, 'cache') },
        signal: working.signal,
      };
      const answer = await ask(data, `SELECT sum(flows) FROM (${sql})`, {}, options);
      let records = 0;
      for await (const rows of answer.rows) for (const [sum] of rows) records += Number(sum);
      return records;
    };
    const first = await timed(picture);
    const runs: { readonly picture: Run[]; readonly statement: Run[] } = { picture: [], statement: [] };
    for (let round = 0; round < rounds; round++) {
      runs.picture.push(await timed(picture));
      runs.statement.push(await timed(statement));
    }
    const isWhole = [first, ...runs.picture, ...runs.statement].every(({ records }) => records === RECORDS);
    const row = (name: string, of: readonly Run[]): string[] => [
      name,
      fixed(median(of.map(({ wall }) => wall))),
      fixed(median(of.map(({ cpu }) => cpu))),
    ];
    const [ours, plain] = [runs.picture, runs.statement].map((of) => median(of.map(({ cpu }) => cpu)));
    return [
      head +
        table(
          ['question', 'wall s', 'CPU s'],
          [
            row('the first picture, which puts the objects into the cache', [first]),
            row('a later picture', runs.picture),
            row('the sums alone: the one statement that the screen shows', runs.statement),
          ],
        ),
      `- records in the answers: ${isWhole ? 'all' : '**not all; the row does not count**'}`,
      `- CPU of a later picture to that of the statement: ${fixed(ours! / plain!)}x`,
      `- peak memory of all: ${Math.round(process.resourceUsage().maxRSS / 1000)} MB`,
      '',
    ].join('\n');
  });
