/**
 * What traffic is sent when: the same for the same seed.
 *
 * In:    a scenario, a seed, how long and how much. Out: attempts in the order of their time.
 * Holds: no clock and no chance but the seed's. The first attempts are one of each exchange, so that a short run has them all;
 *        then the exchanges come up by their weights.
 * Fails: never.
 */
import type { Exchange } from './scenario.ts';

/** One attempt of a use of an exchange; `step` counts those of a use. */
export type Attempt = {
  readonly atMillis: number;
  readonly exchange: number;
  readonly port: number;
  readonly step: number;
};

/** Numbers from 0 to below 1 (mulberry32). */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Draws up a schedule.
 *
 * @param perSecond  uses of exchanges; a scan of many ports is one use and as many attempts
 */
export function scheduleOf(
  traffic: readonly Exchange[],
  seed: number,
  seconds: number,
  perSecond: number,
): readonly Attempt[] {
  const next = random(seed);
  const uses = Math.max(traffic.length, Math.round(seconds * perSecond));
  const total = traffic.reduce((sum, { weight }) => sum + weight, 0);
  const pick = (): number => {
    let left = next() * total;
    return Math.max(
      0,
      traffic.findIndex(({ weight }) => (left -= weight) < 0),
    );
  };
  return Array.from({ length: uses }, (_, i) => ({
    exchange: i < traffic.length ? i : pick(),
    atMillis: Math.floor(((i + next()) / uses) * seconds * 1000),
  }))
    .flatMap(({ exchange, atMillis }) => {
      const { port, ports = 1, times = 1 } = traffic[exchange]!;
      return Array.from({ length: ports * times }, (_, step) => ({
        atMillis: atMillis + step * 3,
        exchange,
        port: port + (step % ports),
        step,
      }));
    })
    .sort((a, b) => a.atMillis - b.atMillis);
}
