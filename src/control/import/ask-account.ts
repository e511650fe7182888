/**
 * Asks for everything of a network in one account and region.
 *
 * In:    somebody to ask. Out: answers as `recordAnswers` takes them, and what was refused.
 * Holds: pages are read to their end; a kind of which a page was refused has no answer. A few calls are under way at a
 *        time. All answers hold for the time at which it was begun.
 * Fails: as `Asker` does; a refused call is data.
 */
import { KINDS } from '../../network/vpc/kinds.ts';
import type { Answer } from '../../storage/state/record-answers.ts';
import type { Asker } from './ask-aws.ts';
import { Refused } from './ask-aws.ts';
import { CALLS } from './calls.ts';
import type { Call, Service } from './calls.ts';
import { itemsOf } from './items.ts';

/** A call that the account did not answer. */
export type RefusedCall = {
  readonly account: string;
  readonly region: string;
  readonly call: string;
  readonly code: string;
  readonly message: string;
  /** True: the service failed and denied nothing. */
  readonly fault: boolean;
};

/** How far it is. */
export type ImportProgress = (done: number, of: number, items: number) => void;

const AT_ONCE = 4;
/** The most tasks that may be asked for by name. */
const TASKS = 100;

/** Asks for all kinds. */
export async function askAccount(
  asker: Asker,
  account: string,
  atMicros: number,
  progress: ImportProgress,
): Promise<{ readonly answers: Answer[]; readonly refused: RefusedCall[] }> {
  const { region } = asker;
  const answers: Answer[] = [];
  const refused: RefusedCall[] = [];
  let done = 0;
  let items = 0;
  const waiting = CALLS.toReversed();
  const refusedCall = (call: string, { code, message, isFault }: Refused): RefusedCall => ({
    account,
    region,
    call,
    code,
    message,
    fault: isFault,
  });
  const work = async (): Promise<void> => {
    for (let call = waiting.pop(); call !== undefined; call = waiting.pop()) {
      try {
        const found = call.service === 'ecs' ? await askTasks(asker) : await askPages(asker, call);
        const without =
          call.kind === 'ManagedPrefixLists' ? await addEntries(asker, found) : new Map<object, Refused>();
        // A list without its entries would say that it has none: what is known of it stays.
        const told = found.filter((item) => !without.has(item));
        const whole = without.size === 0;
        answers.push({ kind: call.kind, account, region, atMicros, whole, items: itemsOf(call.kind, told) });
        const [first] = without.values();
        if (first !== undefined) refused.push(refusedCall('ec2:GetManagedPrefixListEntries', first));
        items += found.length;
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        refused.push(refusedCall(`${call.service}:${call.action}`, error));
      }
      progress(++done, CALLS.length, items);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const order = [...KINDS.keys()];
  answers.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  return { answers, refused };
}

/** The names of pages: of EC2 and ECS, and of the plain Query protocol. */
const PAGES: Readonly<
  Record<Service, { readonly size: string; readonly ask: string; readonly told: readonly string[] }>
> = {
  ec2: { size: 'MaxResults', ask: 'NextToken', told: ['NextToken'] },
  sts: { size: 'MaxResults', ask: 'NextToken', told: ['NextToken'] },
  ecs: { size: 'maxResults', ask: 'nextToken', told: ['nextToken'] },
  elasticloadbalancing: { size: 'PageSize', ask: 'Marker', told: ['NextMarker'] },
  autoscaling: { size: 'MaxRecords', ask: 'NextToken', told: ['NextToken'] },
};

async function* pages(
  asker: Asker,
  service: Service,
  action: string,
  size: number | null,
  parameters: Readonly<Record<string, string>> = {},
): AsyncIterable<Record<string, unknown>> {
  const names = PAGES[service];
  let token: string | undefined;
  do {
    const page = await asker.ask(service, action, {
      ...parameters,
      ...(size === null ? {} : { [names.size]: size }),
      ...(token === undefined ? {} : { [names.ask]: token }),
    });
    yield page;
    const next = names.told.map((name) => page[name]).find((told) => typeof told === 'string' && told !== '');
    // A token that comes back as it was would be asked for ever.
    token = next === token ? undefined : (next as string | undefined);
  } while (token !== undefined);
}

async function askPages(asker: Asker, call: Call): Promise<object[]> {
  const found: object[] = [];
  for await (const page of pages(asker, call.service, call.action, call.page)) {
    let level: unknown[] = [page];
    for (const member of call.path ?? [call.kind])
      level = level.flatMap((one) => (one as Record<string, unknown>)[member] ?? []);
    found.push(...(level as object[]));
  }
  return found;
}

/** Adds the entries of prefix lists; gives the lists whose entries were refused. */
async function addEntries(asker: Asker, lists: readonly object[]): Promise<ReadonlyMap<object, Refused>> {
  const without = new Map<object, Refused>();
  for (const list of lists as Record<string, unknown>[]) {
    const entries: unknown[] = [];
    try {
      const asked = { PrefixListId: String(list['PrefixListId']) };
      for await (const page of pages(asker, 'ec2', 'GetManagedPrefixListEntries', 100, asked))
        entries.push(...((page['Entries'] ?? []) as unknown[]));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      without.set(list, error);
      continue;
    }
    list['Entries'] = entries;
  }
  return without;
}

async function askTasks(asker: Asker): Promise<object[]> {
  const found: object[] = [];
  for await (const clusters of pages(asker, 'ecs', 'ListClusters', TASKS))
    for (const cluster of (clusters['clusterArns'] ?? []) as string[])
      for await (const listed of pages(asker, 'ecs', 'ListTasks', TASKS, { cluster })) {
        const tasks = (listed['taskArns'] ?? []) as string[];
        if (tasks.length === 0) continue;
        const answer = await asker.ask('ecs', 'DescribeTasks', { cluster, tasks });
        found.push(...((answer['tasks'] ?? []) as object[]));
      }
  return found;
}
