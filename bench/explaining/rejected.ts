/**
 * Makes rejected records of the benchmark's network, as they come from the internet: scans, and clients that are not let in.
 *
 * In:    how many. Out: batches of text with a header line; the same ones each time.
 * Holds: a third are to the ports that scanners ask for, the rest to any; sources are all over IPv4 and mostly new.
 */
import { createRandom } from '../generate/random.ts';
import { benchNetwork, denied4, remote4, text4 } from '../generate/network.ts';

export const SEED = 1;
const SCANNED = [22, 23, 445, 3389, 5900, 8080] as const;
const LINES = 20_000;
const BEGIN = 1_792_000_000;

/** The fields of a line. */
export const HEADER =
  'interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action tcp-flags flow-direction';

/** Text of so many records, in pieces of many lines. */
export function* rejectedText(records: number): Generator<string> {
  const network = benchNetwork(SEED);
  const random = createRandom(SEED * 2 + 9);
  yield `${HEADER}\n`;
  for (let made = 0; made < records; made += LINES) {
    const lines: string[] = [];
    for (let i = made; i < Math.min(records, made + LINES); i++) {
      const own = network.interfaces[random.below(network.interfaces.length)]!;
      const kind = random.below(20);
      const src = kind === 0 ? denied4(i, SEED) : kind < 5 ? remote4(random.below(200_000), SEED) : random.u32();
      const port = random.below(3) === 0 ? SCANNED[random.below(SCANNED.length)]! : 11_000 + random.below(50_000);
      const at = BEGIN + Math.floor((i / records) * 86_400);
      const from = 1024 + random.below(60_000);
      lines.push(
        `${own.id} ${text4(src)} ${text4(own.addresses4[0]!)} ${from} ${port} 6 1 60 ${at} ${at + 30} REJECT 2 ingress\n`,
      );
    }
    yield lines.join('');
  }
}
