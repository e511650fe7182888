/**
 * Which scripts for `nft` the process with capabilities takes.
 *
 * In:    the text of a script. Out: null, or the first line that is refused.
 * Holds: a line is one command on the table `inet flowgauge`, or lists the chains of all tables; of the words of nft only those
 *        that `collect/kernel/` writes are known. No line can change another table, name a file, define a variable, or send or queue a packet. One
 *        rule can log: some of what was rejected, headers only, no more than so many a second.
 * Fails: never.
 */

/** The only table that is ours. */
export const TABLE = 'inet flowgauge';
/** By it all that is judged comes in. */
export const ENTRY_CHAIN = 'h_forward';

/** Prints the counters of our table, and sets them to 0. */
export const RESET_COUNTERS: string = `reset counters table ${TABLE}\n`;

/** Where rejected packets go, with the decision in their mark. */
export const REJECT_CHAIN = 'rej_all';
/** The group of NFLOG to which some of them are told; the number is that of `up`'s port. */
export const REJECT_GROUP = 8350;
/** Counts what is told there. */
export const TOLD_COUNTER = 'n_rejects_told';
/** The rule that tells them: 128 bytes hold the headers. */
export const TELL_REJECTS = `limit rate 50/second burst 100 packets counter name ${TOLD_COUNTER} log group ${REJECT_GROUP} snaplen 128 queue-threshold 1`;

/** Lists base chains of all tables. */
export const CHAINS = 'list chains\n';
/** What the names of tables of iptables-legacy stand behind in the answer to that. */
export const LEGACY = '# iptables-legacy: ';

const COMMAND =
  /^(?:(?:add|delete) table inet flowgauge$|(?:add|delete|flush) (?:set|map|chain|rule|element|counter) inet flowgauge [a-z0-9_]+(?: |$)|list (?:set|chain) inet flowgauge [a-z0-9_]+$|reset counters table inet flowgauge$|list chains$)/;
/** What may stand in a line besides names of devices. */
const CHARACTERS = /^[a-z0-9_ .:,;@{}<>=!&|/*()-]*$/;
// A star at the end would mean all devices whose names begin so, and nft 1.0.6 has no escape that stays one in a set.
const DEVICE_NAME = String.raw`[^"\s;{}\\]{0,14}[^"\s;{}\\*]`;
const DEVICE = new RegExp(`"${DEVICE_NAME}"`, 'g');
const IS_DEVICE = new RegExp(`^${DEVICE_NAME}$`);
/** Whether a connection is translated is asked, never ordered. */
const TRANSLATED = /\bct status (?:snat|dnat|snat,dnat) /g;
const NUMBER = /^(?:0x[0-9a-f]+|[0-9]+|[0-9a-f:]*:[0-9a-f:.]*)$/;
/** Names of ours have an underscore; so do names of types, which do no harm. */
const OURS = /^[a-z][a-z0-9]*_[a-z0-9_]+$/;
const WORDS = new Set(
  `accept ack add and bytes chain code counter counters ct daddr delete direction dport drop dynamic element elements established
  fin filter flags flowgauge flush forward frag goto h hook icmp icmpv6 iif iifname inet input ip ip6 ipv4 ipv6 jhash jump l4proto
  list chains map mark meta mod name nfproto off offset oif oifname or original output packets policy postrouting prerouting priority proto
  related reply reset return rst rule saddr sctp seed set size sport src dst state status syn table tcp timeout type udp update
  verdict vmap 30s 1h`.split(/\s+/),
);

/** Whether rules can name a device: Linux allows names with signs that end a string of nft, or mean something in it. */
export function canStandInRules(device: string): boolean {
  return IS_DEVICE.test(device);
}

/** The first line that is no command for our table; null where all are. */
export function refusedLine(script: string): string | null {
  for (const line of script.split('\n')) if (line !== '' && !isOurs(line)) return line;
  return null;
}

const PASSES =
  /^add chain inet flowgauge [a-z0-9_]+(?: \{ type filter hook [a-z]+ priority -?\d+; policy accept; \})?$/;
/** What a rule may end with, and all that it may do before: count, and put elements into sets of ours. */
const ACTS = new Set(['drop', 'accept', 'set', 'mark', 'or', 'delete', 'queue', 'reject']);

/**
 * The first line that could drop a packet, let one through that another chain of the hook would not, or change one; null
 * where none does. What is left can count, and return or go to chains of which the same is true.
 */
export function changesPackets(script: string): string | null {
  for (const line of script.split('\n')) {
    const [command, kind] = line.split(' ', 2);
    if (command === 'add' && kind === 'chain' && !PASSES.test(line)) return line;
    if (command === 'add' && kind === 'map') return line;
    if (command !== 'add' || kind !== 'rule') continue;
    const words = line.replaceAll(DEVICE, ' ').split(/[^a-z0-9_]+/);
    if (words.slice(4).some((word) => ACTS.has(word))) return line;
  }
  return null;
}

const LOGS = `add rule ${TABLE} ${REJECT_CHAIN} ${TELL_REJECTS}`;

function isOurs(line: string): boolean {
  if (line === LOGS) return true;
  if (!COMMAND.test(line)) return false;
  const bare = line.replaceAll(DEVICE, ' ').replaceAll(TRANSLATED, ' ');
  if (!CHARACTERS.test(bare)) return false;
  let depth = 0;
  for (const sign of bare) {
    if (sign === '{') depth++;
    else if (sign === '}') depth--;
    // What ends a command is only there inside of a set's braces.
    if (depth < 0 || (sign === ';' && depth === 0)) return false;
  }
  return depth === 0 && bare.split(/[^a-z0-9_:.]+/).every(isKnown);
}

function isKnown(word: string): boolean {
  if (word === '' || word === '.' || word === ':' || WORDS.has(word) || OURS.test(word)) return true;
  // Addresses, and lists like `10.0.0.1` or `fd00::1`.
  return NUMBER.test(word) || /^[0-9]+(?:\.[0-9]+){3}$/.test(word);
}
