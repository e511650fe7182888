/**
 * What only who knows the rules can tell: six questions.
 *
 * In:    the records as a loaded table with its relations, the network over time. Out: rows as detections' queries give them; null where
 *        the network says nothing of the matter.
 * Holds: rules are asked by the same tables as packets ask, as of the records' times. Rejects that a change caused need the records one
 *        by one: they are read again, and only where something changed while they were made.
 * Fails: as reading the source does.
 */
import type { TimedChange } from '../api/rejects.ts';
import { Attribution } from '../explain/records/attribution.ts';
import { timesOf } from '../explain/records/model-times.ts';
import type { AskedVersion, ModelTimes } from '../explain/records/model-times.ts';
import { readRecords } from '../explain/records/read-records.ts';
import { causedRejects, changesWithin } from '../explain/rule-changes/caused-rejects.ts';
import type { FlowTable } from '../lake/read/loaded-table.ts';
import { EGRESS, INGRESS } from '../network/verdict/group-rules.ts';
import { formatAddress } from '../network/vpc/addresses.ts';
import type { AskOptions } from '../query/ask.ts';
import type { ModelHistory } from '../storage/state/open-model.ts';
import { quoteText } from '../storage/duck/quote.ts';
import type { RuleQuestion } from './detection.ts';
import { rowsOf } from './found-rows.ts';
import type { FoundRow } from './found-rows.ts';
import { LEARN_SECONDS } from './known.ts';
import { EdgeJudge, usedRules } from './rule-use.ts';
import type { RuleUse } from './rule-use.ts';

type Values = Readonly<Record<string, string | bigint>>;
type Rows = Promise<readonly FoundRow[] | null>;

/** Rows of a question of which the rule is looked for. */
const MOST_NAMED = 100;
/** Peers that evidence names. */
const MOST_PEERS = 20;
const PORTS_TOLD = 10;

/** Answers about one place. Relations `fg_edges` and `fg_known` must be there. */
export class RuleQuestions {
  readonly #from: string;
  readonly #options: AskOptions;
  readonly #table: FlowTable;
  readonly #times: ModelTimes;
  readonly #signal: AbortSignal;
  readonly #judge = new EdgeJudge();
  #uses: Promise<readonly RuleUse[]> | null = null;

  constructor(from: string, options: AskOptions, table: FlowTable, network: ModelHistory, signal: AbortSignal) {
    this.#from = from;
    this.#options = options;
    this.#table = table;
    this.#times = timesOf(network);
    this.#signal = signal;
  }

  /** Asks one question. */
  ask(question: RuleQuestion, values: Values): Rows {
    switch (question) {
      case 'new-rule-admits':
        return this.#newRuleAdmits(values);
      case 'rule-first-use':
        return this.#ruleFirstUse();
      case 'rejects-by-change':
        return this.#rejectsByChange(values);
      case 'permitted-unanswered':
        return this.#unanswered(values);
      case 'return-path-blocked':
        return this.#returnPath(values);
      case 'interface-not-covered':
        return this.#notCovered(values);
    }
  }

  /** What rules of groups and entries of ACLs admitted. */
  #used(): Promise<readonly RuleUse[]> {
    return (this.#uses ??= usedRules(this.#table.duck, this.#times, this.#signal));
  }

  #newest(): AskedVersion {
    return this.#times.asked(this.#times.count - 1);
  }

  /** Changes while the records were made, and up to some seconds before. */
  async #changes(before: number): Promise<readonly TimedChange[]> {
    const [first, last] = await this.#span();
    return changesWithin(this.#times, first - before, last);
  }

  async #span(): Promise<readonly [first: number, last: number]> {
    const [row = []] = await this.#table.duck.all('SELECT min(first_seconds), max(last_seconds) FROM fg_edges');
    return [Number(row[0] ?? 0), Number(row[1] ?? 0)];
  }

  async #newRuleAdmits(values: Values): Rows {
    if (this.#times.count < 2) return null;
    const added = new Map(
      (await this.#changes(Number(values['within'] ?? 0)))
        .filter(({ kind }) => kind === 'rule-added' || kind === 'rule-changed')
        .map((change) => [`${change.of} ${change.id}`, change]),
    );
    if (added.size === 0) return [];
    return (await this.#used()).flatMap((rule): FoundRow[] => {
      const change = added.get(`${rule.of} ${rule.ruleId}`);
      if (change === undefined || rule.records < Number(values['least'] ?? 1)) return [];
      if (rule.lastSeconds < change.atSeconds) return [];
      return [
        {
          rule_id: rule.ruleId,
          first_seconds: Math.max(rule.firstSeconds, change.atSeconds),
          last_seconds: rule.lastSeconds,
          ...usedFor(rule),
          said_before: change.before,
          changed_seconds: change.atSeconds,
          evidence: ofRule(rule),
        },
      ];
    });
  }

  /** Rules that are known to have admitted nothing, though somebody has looked for three days or more. */
  async #ruleFirstUse(): Rows {
    const used = await this.#used();
    const { duck } = this.#table;
    for (let from = 0; from < used.length; from += 500) {
      const rows = used
        .slice(from, from + 500)
        .map(
          ({ of, ruleId, isEntry, firstSeconds, records }) =>
            `('${isEntry ? 'entry-admits' : 'admits'}', ${quoteText(`${of} ${ruleId}`)}, '', ${Math.floor(firstSeconds / 86_400)}, ${firstSeconds}, ${records})`,
        );
      await duck.run(`INSERT INTO fg_known VALUES ${rows.join(', ')}`);
    }
    const firsts = await duck.all(
      `SELECT subject, min(first_seconds), min(min(first_seconds)) OVER (PARTITION BY kind) FROM fg_known
       WHERE kind IN ('admits', 'entry-admits') GROUP BY kind, subject`,
    );
    const [began] = await this.#span();
    const news = new Map(
      firsts.map(([subject, first, since]) => [String(subject), [Number(first), Number(since)] as const]),
    );
    const young = new Set(
      (await this.#changes(LEARN_SECONDS))
        .filter(({ kind }) => kind === 'rule-added' || kind === 'rule-changed')
        .map(({ of, id }) => `${of} ${id}`),
    );
    return used.flatMap((rule): FoundRow[] => {
      const key = `${rule.of} ${rule.ruleId}`;
      const [first, since] = news.get(key) ?? [0, 0];
      if (young.has(key) || first < began || first - since < LEARN_SECONDS) return [];
      return [
        {
          rule_id: rule.ruleId,
          first_seconds: first,
          last_seconds: rule.lastSeconds,
          ...usedFor(rule),
          watched_since_seconds: since,
          evidence: ofRule(rule),
        },
      ];
    });
  }

  async #rejectsByChange(values: Values): Rows {
    if (this.#times.count < 2 || this.#from === '-') return null;
    if ((await this.#changes(0)).length === 0) return [];
    const attribution = new Attribution(this.#times, this.#options.range ?? null);
    const { onPlanned: _, onProgress: __, ...reading } = this.#options;
    await readRecords(this.#from, reading, (batch) => attribution.take(batch));
    return causedRejects(attribution, this.#times)
      .filter(({ records }) => records >= Number(values['least'] ?? 1))
      .map((caused): FoundRow => {
        const [change] = caused.changes;
        const peers = [...new Set(caused.flows.slice(0, MOST_PEERS).map((flow) => quoteText(remoteOf(flow))))].join(
          ', ',
        );
        return {
          rule_id: change!.id,
          first_seconds: caused.firstRejectedSeconds,
          last_seconds: caused.lastRejectedSeconds,
          changes: caused.changes
            .map(({ kind, of, id }) => [kind, of, id].filter((word) => word !== null).join(' '))
            .join(', '),
          said_before: change!.before,
          says_now: change!.after,
          changed_seconds: change!.atSeconds,
          certainty: caused.certainty,
          flows: caused.flows.length,
          records: caused.records,
          evidence: `action = 'REJECT' AND (srcaddr IN (${peers}) OR dstaddr IN (${peers}))`,
        };
      });
  }

  async #unanswered(values: Values): Rows {
    const rows = await rowsOf(
      this.#table.duck,
      `
      SELECT edges.interface_id, edges.server, edges.port, edges.protocol, min(edges.first_seconds) AS first_seconds, max(edges.last_seconds) AS last_seconds,
        sum(edges.started) AS tries, count(DISTINCT edges.client) AS clients, min(edges.client) AS example_client,
        max(served.last_day) AS served_until_day
      FROM fg_edges AS edges
      JOIN (
        SELECT subject, object, min(first_seconds) AS first_seconds, max(day) AS last_day FROM fg_known WHERE kind = 'serves' GROUP BY subject, object
      ) AS served ON served.subject = edges.server AND served.object = CAST(edges.port AS VARCHAR) || '/' || CAST(edges.protocol AS VARCHAR)
      WHERE edges.way <> 'out' AND edges.protocol = 6 AND served.first_seconds < edges.first_seconds
      GROUP BY edges.interface_id, edges.server, edges.port, edges.protocol, edges.hour
      HAVING sum(edges.started) >= ${String(values['least'])} AND sum(edges.answered) = 0 AND sum(edges.answers_refused) = 0
      ORDER BY tries DESC, edges.server, edges.port, first_seconds`,
    );
    return rows.map((row, at) => {
      const { example_client: client, ...rest } = row;
      const rule = at < MOST_NAMED ? this.#admits(row, String(client)) : null;
      return { ...rest, example_client: client ?? null, admitted_by: rule };
    });
  }

  async #returnPath(values: Values): Rows {
    const rows = await rowsOf(
      this.#table.duck,
      `
      SELECT interface_id, client, server, port, protocol, min(first_seconds) AS first_seconds, max(last_seconds) AS last_seconds,
        sum(opened) AS records_accepted, sum(answers_refused) AS answers_refused
      FROM fg_edges
      WHERE opened > 0 AND answers_refused > 0 AND protocol IN (6, 17)
      GROUP BY interface_id, client, server, port, protocol
      HAVING sum(answers_refused) >= ${String(values['least'])}
      ORDER BY answers_refused DESC, client, server, port`,
    );
    const named: FoundRow[] = [];
    for (const [at, row] of rows.entries()) {
      const of = at < MOST_NAMED ? await this.#deniesAnswer(row) : null;
      named.push({ ...row, rule_id: of, evidence: null });
    }
    return named;
  }

  async #notCovered(values: Values): Rows {
    const { snapshot } = this.#newest();
    if (snapshot.flowLogs.length === 0) return null;
    const covered = new Set(snapshot.flowLogs.flatMap(({ interfaces }) => interfaces));
    const bare = snapshot.interfaces.filter(
      ({ number, addresses }) => number > 0 && addresses.length > 0 && !covered.has(number),
    );
    const found: FoundRow[] = [];
    for (const { id, addresses } of bare) {
      const list = addresses.map((address) => quoteText(formatAddress(address))).join(', ');
      const rows = await rowsOf(
        this.#table.duck,
        `
        SELECT ${quoteText(id)} AS interface_id, min(first_seconds) AS first_seconds, max(last_seconds) AS last_seconds,
          sum(opened + refused + answered + answers_refused) AS records, sum(bytes_sent + bytes_back) AS bytes, count(DISTINCT interface_id) AS told_by
        FROM fg_edges
        WHERE (client IN (${list}) OR server IN (${list}))
          AND NOT EXISTS (SELECT 1 FROM fg_edges AS own WHERE own.interface_id = ${quoteText(id)})
        HAVING sum(opened + refused + answered + answers_refused) >= ${String(values['least'])}`,
      );
      found.push(...rows.map((row) => ({ ...row, evidence: `(srcaddr IN (${list}) OR dstaddr IN (${list}))` })));
    }
    return found.sort((a, b) => Number(b['records']) - Number(a['records']));
  }

  /** The rule of the server's groups that lets a conversation in; null where none is known. */
  #admits(row: FoundRow, client: string): string | null {
    const { asked, at } = this.#placeOf(row);
    const [port, protocol] = [Number(row['port']), Number(row['protocol'])];
    if (at === 0 || !this.#judge.load(asked, client, String(row['server']), protocol, 0, port)) return null;
    return asked.snapshot.rules[Math.max(0, this.#judge.admits(asked, at, INGRESS, port))]?.id ?? null;
  }

  /** The entry of an ACL that refuses an answer; null where none is known. */
  async #deniesAnswer(row: FoundRow): Promise<string | null> {
    const { asked, at } = this.#placeOf(row);
    const [client, server] = [String(row['client']), String(row['server'])];
    const [from, protocol] = [Number(row['port']), Number(row['protocol'])];
    const [record] = await this.#table.duck.all(
      `SELECT dstport FROM flow_logs WHERE action = 'REJECT' AND srcaddr = ${quoteText(server)} AND dstaddr = ${quoteText(client)}
         AND srcport = ${from} AND protocol = ${protocol} LIMIT 1`,
    );
    const port = Number(record?.[0] ?? 0);
    if (at === 0 || record === undefined || !this.#judge.load(asked, server, client, protocol, from, port)) return null;
    const held = asked.snapshot.interfaces[at]?.addresses.map(formatAddress) ?? [];
    const entry = this.#judge.entry(asked, at, held.includes(server) ? EGRESS : INGRESS, port);
    return entry < 0 ? (asked.snapshot.rules[-entry]?.id ?? null) : null;
  }

  #placeOf(row: FoundRow): { readonly asked: AskedVersion; readonly at: number } {
    const asked = this.#times.asked(Math.max(0, this.#times.at(Number(row['first_seconds']))));
    return { asked, at: asked.interfaces.get(String(row['interface_id'])) ?? 0 };
  }
}

function usedFor({ of, says, records, bytes, peers, ports, example }: RuleUse): FoundRow {
  return { of, says, records, bytes, peers: peers.size, ports: [...ports].slice(0, PORTS_TOLD).join(' '), example };
}

/** Records of the ports that a rule was used for, and of some of its peers. */
function ofRule({ ports, peers }: RuleUse): string | null {
  const [portList, peerList] = [
    [...ports].slice(0, PORTS_TOLD).join(', '),
    [...peers].slice(0, MOST_PEERS).map(quoteText).join(', '),
  ];
  return `(srcport IN (${portList}) OR dstport IN (${portList})) AND (srcaddr IN (${peerList}) OR dstaddr IN (${peerList}))`;
}

function remoteOf({ family, remote }: { readonly family: number; readonly remote: ArrayLike<number> }): string {
  const words = Array.from(remote).slice(0, family === 4 ? 1 : 4);
  return formatAddress({ family: family === 4 ? 4 : 6, words });
}
