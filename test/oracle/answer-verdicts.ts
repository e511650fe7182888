/**
 * The verdict engine, asked by a program in another language.
 *
 * In:    on stdin a scene a line: `{"model": describe answers, "packets": [[at, src, dst, protocol, sport, dport, flags,
 *        icmpType, icmpCode, icmpId], …]}`. Out: for each scene a line, a list of `packet interface direction action stage
 *        rule`, one for each observation.
 */
import { createInterface } from 'node:readline';
import { createObservationBatch, createPacketBatch, NO_ICMP } from '../../src/model/batch.ts';
import { parseAddress } from '../../src/network/vpc/addresses.ts';
import { compileSnapshot, readModel } from '../../src/network/vpc/model.ts';
import { createDecisionTable } from '../../src/network/verdict/decisions.ts';
import { createJudge } from '../../src/network/verdict/judge.ts';

type Sent = readonly [number, string, string, number, number, number, number, number, number, number];
type Scene = { readonly model: object; readonly packets: readonly Sent[] };

const MOST = 4096;
const SOURCE = { name: 'scene', snapLength: 96, devices: [], linkPairs: [{ src: '', dst: '' }] };
const batch = createPacketBatch(MOST);
const out = createObservationBatch(MOST);

function put(row: number, [at, from, to, protocol, sport, dport, flags, type, code, id]: Sent): void {
  const [src, dst] = [parseAddress(from), parseAddress(to)];
  if (!src || !dst) throw new Error(`no addresses: ${from} ${to}`);
  batch.atMicros[row] = at;
  batch.family[row] = src.family;
  batch.protocol[row] = protocol;
  if (src.family === 4) {
    batch.src4[row] = src.words[0] ?? 0;
    batch.dst4[row] = dst.words[0] ?? 0;
  } else {
    batch.src6.set(src.words, row * 4);
    batch.dst6.set(dst.words, row * 4);
  }
  batch.ports[row] = ((sport << 16) | dport) >>> 0;
  batch.ipBytes[row] = 40;
  batch.tcpFlags[row] = flags;
  batch.icmp[row] = type < 0 ? NO_ICMP : (type << 8) | code;
  batch.icmpId[row] = id;
  batch.quoted[row] = -1;
}

function answer({ model, packets }: Scene): string[] {
  const snapshot = compileSnapshot(readModel([{ name: 'scene', json: model }]), { version: 1, atMicros: 0 });
  const decisions = createDecisionTable();
  const judge = createJudge(snapshot, decisions, { named: new Map(), vlans: new Map(), live: false });
  const lines: string[] = [];
  for (let from = 0; from < packets.length; from += MOST) {
    batch.rows = Math.min(MOST, packets.length - from);
    for (let row = 0; row < batch.rows; row++) put(row, packets[from + row]!);
    judge.judge(batch, SOURCE, out);
    for (let i = 0; i < out.rows; i++) {
      const { interface: at, direction, action, stage, rule } = decisions.list[out.decision[i]!]!;
      const denied = action === 'REJECT' ? 'default-deny' : '-';
      const name = rule === 0 ? denied : snapshot.rules[rule]!.id;
      lines.push(`${from + out.packet[i]!} ${snapshot.interfaces[at]!.id} ${direction} ${action} ${stage} ${name}`);
    }
  }
  return lines;
}

for await (const line of createInterface({ input: process.stdin }))
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line) as Scene))}\n`);
