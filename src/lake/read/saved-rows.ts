/**
 * What DuckDB adds to a database file that we wrote.
 *
 * In:    the file, whole. Out: more rows in it, or the view that questions are asked of.
 * Holds: what is added is on the disk when it comes back.
 * Fails: with DuckDB's errors, such as a full disk's; the file is then left as it is.
 */
import { quoteName, quoteText } from '../../storage/duck/quote.ts';
import type { Duck } from '../../storage/duck/duck.ts';
import { SAVED } from './database-file.ts';
import { times } from './time-columns.ts';

type Columns = readonly { readonly name: string }[];

/** Adds all rows of `flow_logs`. */
export async function addRows(duck: Duck, path: string, columns: Columns): Promise<void> {
  const names = columns.map(({ name }) => quoteName(name)).join(', ');
  await duck.run(
    `ATTACH ${quoteText(path)} AS saved; INSERT INTO saved.${SAVED} (${names}) SELECT ${names} FROM flow_logs; DETACH saved`,
  );
}

/** Adds the view `flow_logs`, which has the columns that a question has; gives how many rows there are. */
export async function addView(duck: Duck, path: string, columns: Columns): Promise<number> {
  // Without a database before its name the table is found in whichever database the file is opened as.
  await duck.run(`ATTACH ${quoteText(path)} AS saved; USE saved`);
  await duck.run(`CREATE VIEW flow_logs AS SELECT *${times(columns)} FROM ${SAVED}`);
  const [[rows = 0] = []] = await duck.all(`SELECT count(*) FROM ${SAVED}`);
  await duck.run('USE memory; DETACH saved');
  return Number(rows);
}
