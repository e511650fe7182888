/**
 * P1: a capture file to AWS's default text, against those who turn captures into flows.
 *
 * In:    an input, with the benchmark's model or without. Out: a table; the floors that issue 2 names.
 * Holds: peers write their own binary formats (softflowd nothing), we write the larger text.
 */
import { join } from 'node:path';

import { compete } from '../contender.ts';
import type { Standing } from '../contender.ts';
import { flowgauge } from '../flowgauge.ts';
import { INPUTS, makeInput, roomFor, withWorkplace } from '../inputs.ts';
import { PEERS } from '../peers/list.ts';
import { fixed, floor, heading, standingsTable } from '../report.ts';
import type { Row, RowOptions } from './row.ts';

export const p1: Row = (options) => againstPeers(options, false);
export const p1Model: Row = (options) => againstPeers(options, true);

function againstPeers(options: RowOptions, judged: boolean): Promise<string> {
  const spec = INPUTS[options.input];
  if (spec === undefined) throw new Error(`no input ${options.input}; there are ${Object.keys(INPUTS).join(', ')}`);
  return withWorkplace(roomFor(spec), async (dir) => {
    const model = judged ? join(dir, 'model.json') : null;
    const title = `P1${judged ? ' with a model' : ''}: capture ${options.input}${options.bursty ? ', bursty,' : ''} to text`;
    const head = heading(title, options.command);
    const input = makeInput(dir, options.input, { ...spec, bursty: options.bursty }, model);
    const peers = Object.entries(PEERS).map(([name, peer]) => ({ name, made: peer(input) }));
    const missing = peers.filter(({ made }) => made === null).map(({ name }) => name);
    const contenders = [flowgauge(input, model), ...peers.flatMap(({ made }) => (made === null ? [] : [made]))];
    const standings = await compete(dir, contenders, options.rounds);
    const about = `${input.packets.toLocaleString('en')} packets, ${fixed(input.fileBytes / 1e6, 0)} MB, ${input.flows.toLocaleString('en')} flows; median of ${options.rounds}`;
    const absent = missing.length > 0 ? `- not installed: ${missing.join(', ')}\n` : '';
    return `${head}${about}\n\n${standingsTable(standings)}${absent}${verdict(standings, judged)}`;
  });
}

/** The floors: CPU against the best peer, memory against nfpcapd's. */
function verdict(standings: readonly Standing[], judged: boolean): string {
  const [ours, ...peers] = standings;
  const valid = peers.filter((one) => one.wrong === null);
  if (ours === undefined || ours.wrong !== null || valid.length === 0) return '- no comparison\n';
  const best = valid.reduce((a, b) => (b.cpuSeconds < a.cpuSeconds ? b : a));
  const lines = [
    floor(
      `CPU of ${best.contender.name}, the best peer, to ours`,
      best.cpuSeconds / ours.cpuSeconds,
      judged ? 2 : 3,
      true,
    ),
  ];
  const nfpcapd = valid.find((one) => one.contender.name === 'nfpcapd');
  if (nfpcapd !== undefined) {
    lines.push(floor("our memory to nfpcapd's", ours.peakMegabytes / nfpcapd.peakMegabytes, judged ? 2 : 1, false));
  }
  return `${lines.join('\n')}\n`;
}
