/**
 * Every saved query, one line each.
 *
 * In:    the files of this folder. Out: the list that `flowgauge query --list` prints, in the order of names.
 * Holds: a test names a file that was left out.
 * Fails: never.
 */

import type { SavedQuery } from '../saved-query.ts';
import { acceptedFromInternet } from './accepted-from-internet.ts';
import { acceptedRejectedOverTime } from './accepted-rejected-over-time.ts';
import { acceptedTraffic } from './accepted-traffic.ts';
import { adminPortTraffic } from './admin-port-traffic.ts';
import { busyMinutes } from './busy-minutes.ts';
import { bytesBetween } from './bytes-between.ts';
import { bytesByAwsService } from './bytes-by-aws-service.ts';
import { bytesByEcsService } from './bytes-by-ecs-service.ts';
import { bytesByEncryption } from './bytes-by-encryption.ts';
import { bytesByInstanceTag } from './bytes-by-instance-tag.ts';
import { bytesByNextHopType } from './bytes-by-next-hop-type.ts';
import { bytesBySublocation } from './bytes-by-sublocation.ts';
import { bytesByTrafficPath } from './bytes-by-traffic-path.ts';
import { bytesOverTime } from './bytes-over-time.ts';
import { conversations } from './conversations.ts';
import { crossZoneBytes } from './cross-zone-bytes.ts';
import { dailyTopSources } from './daily-top-sources.ts';
import { dailyTrend } from './daily-trend.ts';
import { databasePorts } from './database-ports.ts';
import { deniedOutbound } from './denied-outbound.ts';
import { dnsToInternet } from './dns-to-internet.ts';
import { externalSources } from './external-sources.ts';
import { flowLengths } from './flow-lengths.ts';
import { hostSweeps } from './host-sweeps.ts';
import { instancePortBytes } from './instance-port-bytes.ts';
import { internalTraffic } from './internal-traffic.ts';
import { ipv4Traffic } from './ipv4-traffic.ts';
import { ipv6Traffic } from './ipv6-traffic.ts';
import { largeTransfers } from './large-transfers.ts';
import { logGaps } from './log-gaps.ts';
import { logHealth } from './log-health.ts';
import { natGatewayBytes } from './nat-gateway-bytes.ts';
import { newSources } from './new-sources.ts';
import { newlyRejected } from './newly-rejected.ts';
import { oddProtocols } from './odd-protocols.ts';
import { offHours } from './off-hours.ts';
import { portScans } from './port-scans.ts';
import { privatePublicBoundary } from './private-public-boundary.ts';
import { rejectReasons } from './reject-reasons.ts';
import { rejectedByInstance } from './rejected-by-instance.ts';
import { rejectedByPort } from './rejected-by-port.ts';
import { rejectedBySource } from './rejected-by-source.ts';
import { rejectedBySubnet } from './rejected-by-subnet.ts';
import { rejectedTcpTraffic } from './rejected-tcp-traffic.ts';
import { rejectedTraffic } from './rejected-traffic.ts';
import { sourcesSeen } from './sources-seen.ts';
import { sshRdpFromInternet } from './ssh-rdp-from-internet.ts';
import { sshRdpTraffic } from './ssh-rdp-traffic.ts';
import { topPairs } from './top-pairs.ts';
import { topPorts } from './top-ports.ts';
import { topTalkers } from './top-talkers.ts';
import { topTalkersPacketLevel } from './top-talkers-packet-level.ts';
import { topTalkingInstances } from './top-talking-instances.ts';
import { topTalkingSubnets } from './top-talking-subnets.ts';
import { topTcpTraffic } from './top-tcp-traffic.ts';
import { totalBytesTransferred } from './total-bytes-transferred.ts';
import { totalBytesTransferredPacketLevel } from './total-bytes-transferred-packet-level.ts';
import { trafficByInterface } from './traffic-by-interface.ts';
import { trafficByVpc } from './traffic-by-vpc.ts';
import { trafficFrmSrcAddr } from './traffic-frm-src-addr.ts';
import { trafficToDstAddr } from './traffic-to-dst-addr.ts';
import { unanswered } from './unanswered.ts';

export const SAVED_QUERIES: readonly SavedQuery[] = [
  acceptedFromInternet,
  acceptedRejectedOverTime,
  acceptedTraffic,
  adminPortTraffic,
  busyMinutes,
  bytesBetween,
  bytesByAwsService,
  bytesByEcsService,
  bytesByEncryption,
  bytesByInstanceTag,
  bytesByNextHopType,
  bytesBySublocation,
  bytesByTrafficPath,
  bytesOverTime,
  conversations,
  crossZoneBytes,
  dailyTopSources,
  dailyTrend,
  databasePorts,
  deniedOutbound,
  dnsToInternet,
  externalSources,
  flowLengths,
  hostSweeps,
  instancePortBytes,
  internalTraffic,
  ipv4Traffic,
  ipv6Traffic,
  largeTransfers,
  logGaps,
  logHealth,
  natGatewayBytes,
  newSources,
  newlyRejected,
  oddProtocols,
  offHours,
  portScans,
  privatePublicBoundary,
  rejectReasons,
  rejectedByInstance,
  rejectedByPort,
  rejectedBySource,
  rejectedBySubnet,
  rejectedTcpTraffic,
  rejectedTraffic,
  sourcesSeen,
  sshRdpFromInternet,
  sshRdpTraffic,
  topPairs,
  topPorts,
  topTalkers,
  topTalkersPacketLevel,
  topTalkingInstances,
  topTalkingSubnets,
  topTcpTraffic,
  totalBytesTransferred,
  totalBytesTransferredPacketLevel,
  trafficByInterface,
  trafficByVpc,
  trafficFrmSrcAddr,
  trafficToDstAddr,
  unanswered,
];
