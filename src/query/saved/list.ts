/**
 * Every saved query, one line each.
 *
 * In:    the files of this folder. Out: the list that `flowgauge query --list` prints, in the order of names.
 * Holds: a test names a file that was left out.
 * Fails: never.
 */

import type { SavedQuery } from '../saved-query.ts';
import { acceptedTraffic } from './accepted-traffic.ts';
import { adminPortTraffic } from './admin-port-traffic.ts';
import { ipv4Traffic } from './ipv4-traffic.ts';
import { ipv6Traffic } from './ipv6-traffic.ts';
import { rejectedTcpTraffic } from './rejected-tcp-traffic.ts';
import { rejectedTraffic } from './rejected-traffic.ts';
import { sshRdpTraffic } from './ssh-rdp-traffic.ts';
import { topTalkers } from './top-talkers.ts';
import { topTalkersPacketLevel } from './top-talkers-packet-level.ts';
import { topTalkingInstances } from './top-talking-instances.ts';
import { topTalkingSubnets } from './top-talking-subnets.ts';
import { topTcpTraffic } from './top-tcp-traffic.ts';
import { totalBytesTransferred } from './total-bytes-transferred.ts';
import { totalBytesTransferredPacketLevel } from './total-bytes-transferred-packet-level.ts';
import { trafficFrmSrcAddr } from './traffic-frm-src-addr.ts';
import { trafficToDstAddr } from './traffic-to-dst-addr.ts';

export const SAVED_QUERIES: readonly SavedQuery[] = [
  acceptedTraffic,
  adminPortTraffic,
  ipv4Traffic,
  ipv6Traffic,
  rejectedTcpTraffic,
  rejectedTraffic,
  sshRdpTraffic,
  topTalkers,
  topTalkersPacketLevel,
  topTalkingInstances,
  topTalkingSubnets,
  topTcpTraffic,
  totalBytesTransferred,
  totalBytesTransferredPacketLevel,
  trafficFrmSrcAddr,
  trafficToDstAddr,
];
