/**
 * Every detection, one line each.
 *
 * In:    the files of this folder. Out: the list that `flowgauge detect` asks, in the order of names.
 * Holds: a test names a file that was left out.
 * Fails: never.
 */
import type { Detection } from '../detection.ts';
import { adminFanOut } from './admin-fan-out.ts';
import { adminFromInternet } from './admin-from-internet.ts';
import { admittedAfterProbing } from './admitted-after-probing.ts';
import { backdoorPorts } from './backdoor-ports.ts';
import { beacon } from './beacon.ts';
import { cleartextLoginFromInternet } from './cleartext-login-from-internet.ts';
import { cryptoPoolPorts } from './crypto-pool-ports.ts';
import { databaseBruteForce } from './database-brute-force.ts';
import { databaseFromInternet } from './database-from-internet.ts';
import { dnsTunnel } from './dns-tunnel.ts';
import { fileShareFromInternet } from './file-share-from-internet.ts';
import { icmpTunnel } from './icmp-tunnel.ts';
import { inboundFlood } from './inbound-flood.ts';
import { inboundSweep } from './inbound-sweep.ts';
import { interfaceNotCovered } from './interface-not-covered.ts';
import { internalPortScan } from './internal-port-scan.ts';
import { internalSweep } from './internal-sweep.ts';
import { ircPorts } from './irc-ports.ts';
import { loginAfterBruteForce } from './login-after-brute-force.ts';
import { newDnsServer } from './new-dns-server.ts';
import { newListeningPort } from './new-listening-port.ts';
import { newRuleAdmits } from './new-rule-admits.ts';
import { oddProtocol } from './odd-protocol.ts';
import { outboundFlood } from './outbound-flood.ts';
import { outboundPortScan } from './outbound-port-scan.ts';
import { outboundRejects } from './outbound-rejects.ts';
import { outboundSweep } from './outbound-sweep.ts';
import { permittedUnanswered } from './permitted-unanswered.ts';
import { portScan } from './port-scan.ts';
import { rdpBruteForce } from './rdp-brute-force.ts';
import { rdpFromInternet } from './rdp-from-internet.ts';
import { reflectionFlood } from './reflection-flood.ts';
import { rejectsByChange } from './rejects-by-change.ts';
import { remoteShellBruteForce } from './remote-shell-brute-force.ts';
import { returnPathBlocked } from './return-path-blocked.ts';
import { ruleFirstUse } from './rule-first-use.ts';
import { silentInterface } from './silent-interface.ts';
import { skippedRecords } from './skipped-records.ts';
import { slowExfiltration } from './slow-exfiltration.ts';
import { slowPortScan } from './slow-port-scan.ts';
import { smbBruteForce } from './smb-brute-force.ts';
import { smtpSpam } from './smtp-spam.ts';
import { sshBruteForce } from './ssh-brute-force.ts';
import { sshFromInternet } from './ssh-from-internet.ts';
import { torPorts } from './tor-ports.ts';
import { unusualUpload } from './unusual-upload.ts';
import { uploadToNewPeer } from './upload-to-new-peer.ts';
import { winrmBruteForce } from './winrm-brute-force.ts';

export const DETECTIONS: readonly Detection[] = [
  adminFanOut,
  adminFromInternet,
  admittedAfterProbing,
  backdoorPorts,
  beacon,
  cleartextLoginFromInternet,
  cryptoPoolPorts,
  databaseBruteForce,
  databaseFromInternet,
  dnsTunnel,
  fileShareFromInternet,
  icmpTunnel,
  inboundFlood,
  inboundSweep,
  interfaceNotCovered,
  internalPortScan,
  internalSweep,
  ircPorts,
  loginAfterBruteForce,
  newDnsServer,
  newListeningPort,
  newRuleAdmits,
  oddProtocol,
  outboundFlood,
  outboundPortScan,
  outboundRejects,
  outboundSweep,
  permittedUnanswered,
  portScan,
  rdpBruteForce,
  rdpFromInternet,
  reflectionFlood,
  rejectsByChange,
  remoteShellBruteForce,
  returnPathBlocked,
  ruleFirstUse,
  silentInterface,
  skippedRecords,
  slowExfiltration,
  slowPortScan,
  smbBruteForce,
  smtpSpam,
  sshBruteForce,
  sshFromInternet,
  torPorts,
  unusualUpload,
  uploadToNewPeer,
  winrmBruteForce,
];
