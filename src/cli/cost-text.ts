/**
 * What things cost, for people and spreadsheets.
 *
 * In:    a report. Out: one answer of all its lines; or several short tables with a sentence each.
 * Holds: each amount stands beside its bytes and price; nothing is left out without a line that says how much.
 */
import type { ChargeKind, CostReport } from '../api/cost.ts';
import { isoOf } from '../lake/read/time-range.ts';
import type { Answer, Cell } from '../query/engine.ts';
import { printTable, write } from './table.ts';
import type { TextOutput } from './table.ts';

const GB = 2 ** 30;
/** Lines of owners for people; the rest is one line. */
const OWNERS = 20;

const WORDS: Readonly<Record<ChargeKind, string>> = {
  'nat-gateway': 'through NAT gateways',
  internet: 'out to the internet',
  'cross-zone': 'into another zone',
  'inter-region': 'into another region, peered',
  'transit-gateway': 'into transit gateways',
  'interface-endpoint': 'through interface endpoints',
  'gateway-endpoint': 'through gateway endpoints',
  'aws-service': 'to services of AWS, by the internet gateway',
  'vpn-or-direct-connect': 'through virtual private gateways',
  'local-gateway': 'through local gateways',
  'zone-not-known': 'inside, zone not known',
  'same-zone': 'inside one zone',
};

type Columns = readonly (readonly [name: string, type: string])[];

function answer(columns: Columns, rows: readonly (readonly Cell[])[]): Pick<Answer, 'columns' | 'rows'> {
  async function* batches(): AsyncGenerator<readonly (readonly Cell[])[]> {
    yield rows;
  }
  return { columns: columns.map(([name, type]) => ({ name, type, unit: null })), rows: batches() };
}

/** Every line of a report, one table. */
export function costAnswer(report: CostReport): Pick<Answer, 'columns' | 'rows'> {
  const { natGateways: nat, log } = report;
  const rows: Cell[][] = [
    ...report.charges.map((c): Cell[] => ['charge', c.charge, c.fromZone, c.toZone, null, c.bytes, c.perGB, c.cost, c.estimated]), // prettier-ignore
    ...(nat === null ? [] : [['hours', 'nat-gateway', null, null, null, null, null, nat.cost, true] as Cell[]]),
    ...report.owners.map((o): Cell[] => ['owner', o.charge, null, null, o.owner, o.bytes, null, o.cost, null]),
    ...report.endpointSavings.map((s): Cell[] => ['saved-by-endpoint', s.service, null, null, null, s.bytes, null, s.saves, false]), // prettier-ignore
    ...log.amounts.flatMap((a): Cell[][] => [
      ['log-delivery-a-month', `${a.destination} ${a.format}`, null, null, null, a.bytesAMonth, null, a.deliveryAMonth, true],
      ['log-storage-a-month', `${a.destination} ${a.format}`, null, null, null, null, null, a.storageAMonth, true],
    ]), // prettier-ignore
  ];
  const columns: Columns = [
    ['part', 'VARCHAR'],
    ['what', 'VARCHAR'],
    ['from_zone', 'VARCHAR'],
    ['to_zone', 'VARCHAR'],
    [report.ownedBy.replaceAll('-', '_'), 'VARCHAR'],
    ['bytes', 'BIGINT'],
    ['per_gb', 'DOUBLE'],
    ['cost', 'DOUBLE'],
    ['estimated', 'BOOLEAN'],
  ];
  return answer(columns, rows);
}

/** For people. */
export async function costText(report: CostReport, output: TextOutput): Promise<void> {
  const { prices, charges, owners, natGateways, endpointSavings, log, total } = report;
  const { currency } = prices;
  const when =
    report.fromSeconds === null || report.toSeconds === null
      ? 'all records'
      : `${isoOf(report.fromSeconds)} to ${isoOf(report.toSeconds)}`;
  await write(output, `${when}, ${log.records} records. Prices: ${prices.region}, ${prices.asOf}, ${currency}; ${prices.status}.\n\n`); // prettier-ignore
  const money: readonly [string, string] = [currency.toLowerCase(), 'DECIMAL'];
  const rows = charges.map((c): Cell[] => [
    WORDS[c.charge],
    c.fromZone === null ? null : `${c.fromZone} -> ${c.toZone}`,
    gigabytes(c.bytes),
    c.perGB,
    amount(c.cost),
    c.estimated ? 'estimated' : '',
  ]);
  if (natGateways !== null && natGateways.count > 0)
    rows.push([`${natGateways.count} NAT gateways, ${natGateways.hours.toFixed(1)} hours`, null, null, null, amount(natGateways.cost), 'if they stood all the time']); // prettier-ignore
  rows.push(['all that has a price', null, null, null, amount(total), '']);
  await printTable(
    answer([['charged for', 'VARCHAR'], ['zones', 'VARCHAR'], ['GB', 'DECIMAL'], ['a GB', 'DECIMAL'], money, ['', 'VARCHAR']], rows), // prettier-ignore
    output,
  );
  await printOwners(owners, report.ownedBy, money, output);
  for (const { service, bytes, saves } of endpointSavings)
    await write(output, `\nA gateway endpoint for ${service} would have saved up to ${amount(saves)} ${currency}: ${gigabytes(bytes)} GB went to it through NAT gateways (a service in another region cannot be reached by one).\n`); // prettier-ignore
  await printLog(report, money, output);
}

async function printOwners(
  owners: CostReport['owners'],
  ownedBy: string,
  money: readonly [string, string],
  output: TextOutput,
): Promise<void> {
  const priced = owners.filter(({ cost }) => (cost ?? 0) > 0);
  if (priced.length === 0) return;
  const rows = priced.slice(0, OWNERS).map((o): Cell[] => [o.owner, WORDS[o.charge], gigabytes(o.bytes), amount(o.cost)]); // prettier-ignore
  const others = priced.slice(OWNERS);
  if (others.length > 0)
    rows.push([
      `${others.length} more, with -o csv`,
      null,
      gigabytes(others.reduce((sum, { bytes }) => sum + bytes, 0)),
      amount(others.reduce((sum, { cost }) => sum + cost!, 0)),
    ]);
  await write(output, '\n');
  await printTable(answer([[ownedBy, 'VARCHAR'], ['charged for', 'VARCHAR'], ['GB', 'DECIMAL'], money], rows), output);
}

async function printLog({ log }: CostReport, money: readonly [string, string], output: TextOutput): Promise<void> {
  if (log.amounts.length === 0) {
    await write(output, '\nWhat the flow logs cost a month is told for a range of time: ask with --last.\n');
    return;
  }
  const rows = log.amounts.map((a): Cell[] => [
    a.destination === 's3' ? 'S3' : 'CloudWatch Logs',
    a.format,
    gigabytes(a.bytesAMonth),
    amount(a.deliveryAMonth),
    amount(a.storageAMonth),
  ]);
  await write(output, `\nThese records are ${log.isLeast ? 'at least ' : ''}${gigabytes(log.textBytes)} GB of text, ${log.objects} objects with ${gigabytes(log.storedBytes)} GB were read. A month of as many, delivered to one place:\n`); // prettier-ignore
  await printTable(
    answer([['destination', 'VARCHAR'], ['format', 'VARCHAR'], ['GB of text', 'DECIMAL'], [`delivery ${money[0]}`, 'DECIMAL'], [`storage ${money[0]}`, 'DECIMAL']], rows), // prettier-ignore
    output,
  );
}

function gigabytes(bytes: number): string {
  const value = bytes / GB;
  return value >= 100 ? value.toFixed(0) : value >= 0.01 || value === 0 ? value.toFixed(2) : value.toPrecision(2);
}

function amount(cost: number | null): string | null {
  if (cost === null) return null;
  return cost >= 0.01 || cost === 0 ? cost.toFixed(2) : cost.toPrecision(2);
}
