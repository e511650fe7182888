/**
 * What findings of the generated week tell of.
 *
 * In:    findings. Out: which attacks are told, and which findings tell of none.
 * Holds: a finding tells of an attack that it names an address of, in the attack's hours; an attack is found where one of its own
 *        detections does.
 */
import type { Finding } from '../../../src/api/findings.ts';
import { ATTACKS } from './attacks.ts';
import type { Attack } from './attacks.ts';
import { HOUR, WEEK_BEGINS } from './places.ts';

export type ToldOfWeek = {
  readonly missed: readonly Attack[];
  /** Findings that no attack explains. */
  readonly others: readonly Finding[];
};

/** Gives findings to attacks. */
export function toldOfWeek(findings: readonly Finding[]): ToldOfWeek {
  const about = (attack: Attack, { subject, facts, firstSeconds, lastSeconds }: Finding): boolean => {
    const named = [subject.client, subject.server, facts['example_client']];
    const [from, to] = attack.hours.map((hour) => WEEK_BEGINS + hour * HOUR) as [number, number];
    return (
      [attack.who, ...(attack.also ?? [])].some((address) => named.includes(address)) &&
      firstSeconds < to &&
      lastSeconds > from
    );
  };
  return {
    missed: ATTACKS.filter(
      (attack) => !findings.some((finding) => attack.found.includes(finding.detection) && about(attack, finding)),
    ),
    others: findings.filter((finding) => !ATTACKS.some((attack) => about(attack, finding))),
  };
}
