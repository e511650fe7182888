/** A reject as the collector tells it, for tests. */
import type { RejectTold } from '../collector/reject-feed.ts';

/** An SSH attempt that no rule admits. */
export const reject = (srcport: number): RejectTold => ({
  atMicros: 1.7e15 + srcport,
  interfaceId: 'eni-1',
  direction: 'ingress',
  srcaddr: '10.0.0.1',
  dstaddr: '10.0.0.2',
  srcport,
  dstport: 22,
  protocol: 6,
  tcpFlags: 2,
  packets: 1,
  bytes: 60,
  stage: 'sg-ingress',
  ruleId: 'default-deny',
});
