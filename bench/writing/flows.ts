/**
 * Flow batches in memory, as the aggregator would hand them over: what the writing benchmark prints.
 *
 * In:    a number of records. Out: batches of the generator's flows, with the snapshot and decisions that they name.
 */
import { createDecisionTable } from '../../src/network/verdict/decisions.ts';
import type { DecisionTable } from '../../src/network/verdict/decisions.ts';
import { FLOW_BATCH_ROWS, flowBatchBytes, flowBatchOver } from '../../src/model/batch.ts';
import type { FlowBatch } from '../../src/model/batch.ts';
import { compileSnapshot, readModel } from '../../src/network/vpc/model.ts';
import type { VpcSnapshot } from '../../src/network/vpc/snapshot.ts';
import { TCP, createFlows } from '../generate/flows.ts';
import { benchModel } from '../generate/model.ts';
import { benchNetwork } from '../generate/network.ts';
import { START_SECONDS } from '../generate/packets.ts';
import { createRandom } from '../generate/random.ts';

export const WINDOW_SECONDS = 60;
/** Records to a window, as in input A. */
export const WINDOW_ROWS = 150_000;

export type Flows = {
  readonly snapshot: VpcSnapshot;
  readonly decisions: DecisionTable;
  readonly batches: readonly FlowBatch[];
};

/** The flows of a seed. */
export function flowsInMemory(records: number, seed: number): Flows {
  const network = benchNetwork(seed);
  const snapshot = compileSnapshot(readModel([{ name: 'model', json: benchModel(network) }]), {
    version: 1,
    atMicros: 0,
  });
  const numbers = new Map(snapshot.interfaces.map((i) => [i.id, i.number]));
  const decisions = createDecisionTable();
  const decided = network.interfaces.map(({ id }) =>
    (['ACCEPT', 'REJECT'] as const).map((action) =>
      decisions.numberOf({
        interface: numbers.get(id) ?? 0,
        direction: 'ingress',
        action,
        stage: 'sg-ingress',
        rule: 0,
        rejectReason: null,
        source: 'model',
      }),
    ),
  );
  const draw = createFlows(network, seed);
  const random = createRandom(seed);
  const batches: FlowBatch[] = [];
  for (let made = 0; made < records;) {
    const windowStartSeconds = START_SECONDS + Math.floor(made / WINDOW_ROWS) * WINDOW_SECONDS;
    const head = { snapshotVersion: 1, windowStartSeconds, intervalSeconds: WINDOW_SECONDS, open: false };
    const rows = Math.min(FLOW_BATCH_ROWS, records - made, WINDOW_ROWS - (made % WINDOW_ROWS));
    const batch = flowBatchOver(new ArrayBuffer(flowBatchBytes()), head, rows);
    for (let row = 0; row < rows; row++) {
      const flow = draw(false);
      const reverse = !flow.rejected && random.below(100) < 45;
      const holder = flow.server >= 0 ? flow.server : flow.client;
      batch.decision[row] = decided[holder]?.[flow.rejected ? 1 : 0] ?? 0;
      batch.family[row] = flow.family;
      batch.protocol[row] = flow.protocol === 1 && flow.family === 6 ? 58 : flow.protocol;
      const [from, to] = reverse ? [flow.serverAddress, flow.clientAddress] : [flow.clientAddress, flow.serverAddress];
      batch.src.set(flow.family === 6 ? from : from.subarray(0, 1), row * 4);
      batch.dst.set(flow.family === 6 ? to : to.subarray(0, 1), row * 4);
      const [fromPort, toPort] = reverse ? [flow.serverPort, flow.clientPort] : [flow.clientPort, flow.serverPort];
      batch.ports[row] = flow.protocol === 1 ? 0 : ((fromPort << 16) | toPort) >>> 0;
      const packets = Math.min(flow.packets, 5000);
      batch.packets[row] = packets;
      batch.bytes[row] = packets * (52 + random.below(800));
      const first = random.below(WINDOW_SECONDS);
      batch.firstMicros[row] = (windowStartSeconds + first) * 1e6;
      batch.lastMicros[row] = (windowStartSeconds + first + random.below(WINDOW_SECONDS - first)) * 1e6;
      batch.tcpFlags[row] = flow.protocol === TCP ? 3 : 0;
    }
    batches.push(batch);
    made += rows;
  }
  return { snapshot, decisions, batches };
}
