/**
 * How long an interface tracks idle connections, where it was told so.
 *
 * In:    what a request asks for. Out: the same as it is described. Fails: `InvalidParameterValue`.
 * @see VPC User Guide, "Idle connection tracking timeout", August 2026
 */
import { invalidParameterValue } from './errors.ts';

const RANGES = {
  TcpEstablishedTimeout: [60, 432_000],
  UdpStreamTimeout: [60, 180],
  UdpTimeout: [30, 60],
} as const;
type Timeouts = { readonly [K in keyof typeof RANGES]?: number };

/** Checks the seconds that are given. */
export function checkTimeouts(given: Timeouts): Timeouts {
  for (const name of Object.keys(RANGES) as (keyof Timeouts)[]) {
    const [least, most] = RANGES[name];
    const value = given[name];
    if (value !== undefined && (value < least || value > most))
      throw invalidParameterValue(name, String(value), `It must be ${least} to ${most} seconds.`);
  }
  return given;
}
