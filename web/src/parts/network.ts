/**
 * The network as screens need it: names, and what can be chosen.
 *
 * In:    a time, or the newest. Out: the answer as a state; names by id; groups and ACLs by the ids of their rules.
 */
import { useMemo } from 'react';
import type { NetworkAnswer, NetworkRule } from '../../../src/api/network.ts';
import type { Explained } from './use-explained.ts';
import { useExplained } from './use-explained.ts';

/** @param at  seconds since 1970; null: the newest */
export function useNetwork(at: number | null = null): Explained<NetworkAnswer> {
  return useExplained<NetworkAnswer>(at === null ? '/api/network' : `/api/network?at=${at}`);
}

export type Names = ReadonlyMap<string, string>;

/** Names by id, of instances too. */
export function useNames(network: NetworkAnswer | null): Names {
  return useMemo(() => {
    const names = new Map<string, string>();
    if (network === null) return names;
    const { vpcs, subnets, interfaces, groups, acls, routeTables, flowLogs } = network;
    for (const { id, name } of [...vpcs, ...subnets, ...groups, ...acls, ...routeTables, ...flowLogs])
      if (name !== null) names.set(id, name);
    for (const { id, name, instanceId, instanceName } of interfaces) {
      const own = instanceName ?? name;
      if (own !== null) names.set(id, own);
      if (instanceId !== null && instanceName !== null) names.set(instanceId, instanceName);
    }
    return names;
  }, [network]);
}

/** A rule, and the group or ACL that has it. */
export type OwnedRule = { readonly of: string; readonly rule: NetworkRule };

/** Rules by id. */
export function useRules(network: NetworkAnswer | null): ReadonlyMap<string, OwnedRule> {
  return useMemo(() => {
    const rules = new Map<string, OwnedRule>();
    for (const { id, rules: own } of [...(network?.groups ?? []), ...(network?.acls ?? [])])
      for (const rule of own) rules.set(rule.id, { of: id, rule });
    return rules;
  }, [network]);
}
