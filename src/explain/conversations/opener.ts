/**
 * Who opened a conversation.
 *
 * In:    a row of a batch whose sides are filled. Out: the opener, and what it was told by.
 * Holds: flags tell, then ports, then times, and times only where the records of both directions do not overlap: start and end
 *        are spans, not times of packets (rule W4). What contradicts itself, such as SYNs from both ends, is passed over.
 */
import type { ConversationBatch } from './batch.ts';
import {
  BY_FLAGS,
  BY_LOWER_PORT,
  BY_NOTHING,
  BY_ONE_WAY,
  BY_PORTS,
  BY_TIME,
  HAS_SYN,
  HAS_SYN_ACK,
  OPENER_LOCAL,
  OPENER_REMOTE,
  OPENER_UNKNOWN,
} from './batch.ts';

const TCP = 6;
const UDP = 17;
const SCTP = 132;

/** Ports below are given to services alone; from the second on Linux and others choose for clients. */
const SYSTEM_PORTS = 1024;
const CLIENT_PORTS = 32_768;
const FTP_DATA = 20;

/** 0 a service's, 1 either, 2 a client's. */
function kindOf(port: number): number {
  return port < SYSTEM_PORTS ? 0 : port < CLIENT_PORTS ? 1 : 2;
}

function set(batch: ConversationBatch, row: number, opener: number, by: number): void {
  batch.opener[row] = opener;
  batch.openerBy[row] = by;
}

/** Sets `opener` and `openerBy` of a row. */
export function inferOpener(batch: ConversationBatch, row: number): void {
  const { ingress, egress } = batch;
  const protocol = batch.protocol[row] as number;
  if (protocol === TCP) {
    const fromRemote = ingress.flags[row] as number;
    const fromLocal = egress.flags[row] as number;
    const remote = (fromRemote & HAS_SYN) !== 0 || (fromLocal & HAS_SYN_ACK) !== 0;
    const local = (fromLocal & HAS_SYN) !== 0 || (fromRemote & HAS_SYN_ACK) !== 0;
    if (remote !== local) {
      set(batch, row, remote ? OPENER_REMOTE : OPENER_LOCAL, BY_FLAGS);
      return;
    }
  }
  const hasPorts = protocol === TCP || protocol === UDP || protocol === SCTP;
  const localPort = batch.localPort[row] as number;
  const remotePort = batch.remotePort[row] as number;
  if (hasPorts) {
    const order = kindOf(localPort) - kindOf(remotePort);
    if (order !== 0) {
      set(batch, row, order < 0 ? OPENER_REMOTE : OPENER_LOCAL, BY_PORTS);
      return;
    }
  }
  if (ingress.records[row] === 0 || egress.records[row] === 0) {
    set(batch, row, ingress.records[row] === 0 ? OPENER_LOCAL : OPENER_REMOTE, BY_ONE_WAY);
    return;
  }
  const remoteLast = ingress.lastSeconds[row] as number;
  const localLast = egress.lastSeconds[row] as number;
  if (remoteLast < (egress.firstSeconds[row] as number)) set(batch, row, OPENER_REMOTE, BY_TIME);
  else if (localLast < (ingress.firstSeconds[row] as number)) set(batch, row, OPENER_LOCAL, BY_TIME);
  else if (hasPorts && localPort !== remotePort)
    set(batch, row, localPort < remotePort ? OPENER_REMOTE : OPENER_LOCAL, BY_LOWER_PORT);
  else set(batch, row, OPENER_UNKNOWN, BY_NOTHING);
}

/**
 * Whether the opener of a row is beyond doubt, so that rules which do not fit leave it as it is: flags told it, or the port of
 * a service stands against one that systems choose for clients. Of FTP's data the service opens.
 */
export function isOpenerCertain(batch: ConversationBatch, row: number): boolean {
  const by = batch.openerBy[row];
  if (by !== BY_PORTS) return by === BY_FLAGS;
  const localPort = batch.localPort[row] as number;
  const remotePort = batch.remotePort[row] as number;
  const isFtpData = localPort === FTP_DATA || remotePort === FTP_DATA;
  return !isFtpData && Math.abs(kindOf(localPort) - kindOf(remotePort)) === 2;
}
