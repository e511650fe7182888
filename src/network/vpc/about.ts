/**
 * What a line of `notUnderstood` is about.
 *
 * In:    a line, and what an answer touches. Out: whether the line belongs to the answer.
 * Holds: a line begins with what it is about, up to the first colon and blank: ids and conditions, all of which must be
 *        touched, such as `tgw-1 in vpc-1, IPv6: …`. One that names neither, such as an account and region, is about all.
 */

/** What narrows a line to some of the ways through a thing. */
export type Condition = 'internet' | 'IPv6' | 'multicast' | 'groups of another VPC';

const ID = /^\S*-\S*$/;
/** All of them. */
export const CONDITIONS: ReadonlySet<string> = new Set<Condition>([
  'internet',
  'IPv6',
  'multicast',
  'groups of another VPC',
]);

/** Whether a line is about something of what is touched: ids, and conditions. */
export function isAbout(line: string, touched: ReadonlySet<string>): boolean {
  const end = line.indexOf(': ');
  const words = (end < 0 ? '' : line.slice(0, end)).split(/, | in /);
  return words.every((word) => touched.has(word) || !(ID.test(word) || CONDITIONS.has(word)));
}
