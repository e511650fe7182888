/**
 * Field of version 10: who encrypts the traffic.
 *
 * In:    nothing. Out: the field.
 * Holds: bit 1 is the hardware (both ends are Nitro interfaces of the model), bit 2 the application: TCP port 443 of an
 *        endpoint, judged by the port alone (spec section 9). Where the other end is not known it is `-`, never a guess.
 */
import { INGRESS, field } from './field.ts';
import { NO_TRAFFIC } from './v2.ts';
import type { Field, FlowsInPrint, World } from './field.ts';

const TCP = 6;
/** 0 to 3 are AWS's codes. */
const NOT_KNOWN = 4;
/** Codes of traffic-path. */
const GATEWAY_ENDPOINT = 7;
const FIRST_GATEWAY = 3;

/** The code of record `i`; `NOT_KNOWN` where the model does not tell. */
function encryptionOf(flows: FlowsInPrint, i: number, { snapshot }: World): number {
  const recording = snapshot.interfaces[flows.interface[i]!]!;
  if (!snapshot.vpcs[recording.vpc]?.encryption) return NOT_KNOWN;
  // The service is the destination of what goes out, and the source of what comes in.
  const servicePort = (flows.direction[i] === INGRESS ? flows.srcport : flows.dstport)[i];
  const https = flows.protocol[i] === TCP && servicePort === 443;
  const nextHop = flows.nextHop[i]!;
  const trafficPath = flows.trafficPath[i]!;
  if (nextHop > 0) {
    const other = snapshot.interfaces[nextHop]!;
    const hardware = recording.nitro && other.nitro ? 1 : 0;
    return hardware + (https && other.kindWord === 'vpc_endpoint' ? 2 : 0);
  }
  if (trafficPath === GATEWAY_ENDPOINT) return https ? 2 : 0;
  return trafficPath >= FIRST_GATEWAY ? 0 : NOT_KNOWN;
}

export const V10: readonly Field[] = [
  field({
    name: 'encryption-status',
    version: 10,
    column: 'INTEGER',
    from: 'peer',
    meaning:
      '0 clear text, 1 encrypted by the Nitro hardware of both ends, 2 by the application (TCP 443 of an endpoint, judged by the port), 3 both.',
    absent: `where the VPC has no encryption controls or the other end is not known; ${NO_TRAFFIC}`,
    print: {
      kind: 'numbered',
      count: () => 5,
      find: (flows, found, world) => {
        for (let i = 0; i < flows.count; i++) found[i] = encryptionOf(flows, i, world);
      },
      text: (code) => (code === NOT_KNOWN ? null : String(code)),
    },
  }),
];
