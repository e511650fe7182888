/**
 * The scenarios, by name.
 *
 * In:    nothing. Out: one line for each file of this folder. Holds: the first is what `lab up` takes without a word.
 * Fails: never.
 */
import type { Scenario } from '../scenario.ts';
import { attack } from './attack.ts';
import { intrusion } from './intrusion.ts';
import { nat } from './nat.ts';
import { threeTier } from './three-tier.ts';
import { twoVpcPeering } from './two-vpc-peering.ts';

export const SCENARIOS: readonly Scenario[] = [threeTier, twoVpcPeering, nat, attack, intrusion];
