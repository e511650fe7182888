/**
 * AWS's folders of VPC flow logs: what may lie below a prefix, and for which time.
 *
 * In:    a prefix that ends in `/`, or ''. Out: which step of which layout it is.
 * Holds: only the names decide; a bucket may hold all layouts, below any prefix. A folder that is none of these is
 *        `above` (anything may lie in it) or `other` (another service's, or our own bookkeeping).
 * @see   keys.ts
 */

const DAY_SECONDS = 86_400;

/** `[startSeconds, endSeconds)`: stamps of the files in a folder. */
export type Span = { readonly startSeconds: number; readonly endSeconds: number };

export type Folder = {
  /** `accounts` has accounts right below it, `account` one service, `regions` regions; then a region, and dates. */
  readonly kind: 'above' | 'accounts' | 'account' | 'regions' | 'region' | 'year' | 'month' | 'day' | 'hour' | 'other';
  readonly hive: boolean;
  /** Of year, month, day and hour; null for the others. */
  readonly span: Span | null;
};

const SERVICE = 'vpcflowlogs';
const DATED = new RegExp(String.raw`(?:^|/)(?:${SERVICE}/|(?<hive>aws-service=${SERVICE}/))(?<rest>.*)$`, 'su');
const PLAIN_REST = /^(?:([^/=]+)\/(?:(\d{4})\/(?:(\d\d)\/(?:(\d\d)\/(?:(\d\d)\/)?)?)?)?)?$/u;
const HIVE_REST =
  /^(?:aws-region=([^/]+)\/(?:year=(\d{4})\/(?:month=(\d\d)\/(?:day=(\d\d)\/(?:hour=(\d\d)\/)?)?)?)?)?$/u;
const ACCOUNTS = /(?:^|\/)AWSLogs\/(?:o-[0-9a-z]+\/)?(?<rest>.*)$/su;

/** What a prefix is. */
export function folderOf(prefix: string): Folder {
  const bare = (kind: Folder['kind'], hive = false): Folder => ({ kind, hive, span: null });
  if (/(?:^|\/)(?:_flowgauge|flowgauge-lake)\//u.test(prefix)) return bare('other');
  const dated = DATED.exec(prefix)?.groups;
  if (dated !== undefined) {
    const hive = dated['hive'] !== undefined;
    const parts = (hive ? HIVE_REST : PLAIN_REST).exec(dated['rest']!);
    if (parts === null) return bare('above');
    const [, region, year, month, day, hour] = parts;
    if (region === undefined) return bare('regions', hive);
    if (year === undefined) return bare('region', hive);
    const kind = month === undefined ? 'year' : day === undefined ? 'month' : hour === undefined ? 'day' : 'hour';
    const span = spanOf(Number(year), month, day, hour);
    return span === null ? bare('above') : { kind, hive, span };
  }
  const below = ACCOUNTS.exec(prefix)?.groups?.['rest'];
  if (below === undefined) return bare('above');
  if (below === '') return bare('accounts');
  if (/^\d{12}\/$/u.test(below)) return bare('account');
  if (/^aws-account-id=[^/]+\/$/u.test(below)) return bare('account', true);
  return bare(/^(?:\d{12}|aws-account-id=[^/]+)\//u.test(below) ? 'other' : 'above');
}

function spanOf(year: number, month?: string, day?: string, hour?: string): Span | null {
  const [m, d, h] = [month, day, hour].map((part) => (part === undefined ? null : Number(part))) as [
    number | null,
    number | null,
    number | null,
  ];
  const start = Date.UTC(year, (m ?? 1) - 1, d ?? 1, h ?? 0);
  const made = new Date(start);
  // No thirteenth month and no 31st of June: those are folders of somebody else.
  if (made.getUTCMonth() !== (m ?? 1) - 1 || made.getUTCDate() !== (d ?? 1) || made.getUTCHours() !== (h ?? 0))
    return null;
  const end =
    h !== null
      ? start + 3_600_000
      : d !== null
        ? start + DAY_SECONDS * 1000
        : Date.UTC(year + (m === null ? 1 : 0), m ?? 0);
  return { startSeconds: start / 1000, endSeconds: end / 1000 };
}

/** The only folder of an account that holds flow logs. */
export function serviceFolder(account: string, hive: boolean): string {
  return `${account}${hive ? `aws-service=${SERVICE}` : SERVICE}/`;
}

/**
 * Folders of the days of a region that a span touches.
 *
 * @param region  prefix of a region
 */
export function dayFolders(region: string, hive: boolean, span: Span): string[] {
  const days: string[] = [];
  for (let at = Math.floor(span.startSeconds / DAY_SECONDS) * DAY_SECONDS; at < span.endSeconds; at += DAY_SECONDS) {
    const [year, month, day] = new Date(at * 1000).toISOString().slice(0, 10).split('-');
    days.push(hive ? `${region}year=${year}/month=${month}/day=${day}/` : `${region}${year}/${month}/${day}/`);
  }
  return days;
}
