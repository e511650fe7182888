/**
 * VPC Block Public Access.
 *
 * In:    `VpcBlockPublicAccessOptions` and items of `VpcBlockPublicAccessExclusions`. Out: the mode that holds for a subnet.
 * Holds: options are of one account and region; where they or the VPC do not say which, they hold. An exclusion of a subnet and of its VPC both count; the one that opens more wins. `allow-egress` makes of
 *        block-bidirectional a block-ingress (VPC User Guide, "Block public access", November 2024).
 * Fails: FG_MODEL_VALUE.
 */
import type { Described } from './described.ts';

export type BlockMode = 'block-bidirectional' | 'block-ingress';
export type BlockFact = {
  readonly accountId: string | null;
  readonly region: string | null;
  readonly mode: BlockMode | null;
};
export type ExclusionFact = { readonly resourceId: string; readonly allows: 'allow-bidirectional' | 'allow-egress' };

/** Which account and region options are of. */
export function blockPlace(item: Described): string {
  return `${item.textOr('AwsAccountId', '')} ${item.textOr('AwsRegion', '')}`;
}

/** `VpcBlockPublicAccessOptions`, which is one object. */
export function readBlock(item: Described): BlockFact {
  const mode = item.oneOf('InternetGatewayBlockMode', ['off', 'block-bidirectional', 'block-ingress']);
  return {
    accountId: item.wordOr('AwsAccountId', null),
    region: item.wordOr('AwsRegion', null),
    mode: mode === 'off' ? null : mode,
  };
}

/** An item of `VpcBlockPublicAccessExclusions`; null where it is not in force. */
export function readExclusion(item: Described): ExclusionFact | null {
  if (/^(delete|disable|create-in|create-failed)/.test(item.textOr('State', 'create-complete'))) return null;
  return {
    resourceId: item.text('ResourceArn').split('/').at(-1) ?? '',
    allows: item.oneOf('InternetGatewayExclusionMode', ['allow-bidirectional', 'allow-egress']),
  };
}

/**
 * The mode that holds for a subnet; null: nothing is blocked.
 *
 * @param vpc  the account is null where the model does not say whose it is
 */
export function blockModeOf(
  blocks: readonly BlockFact[],
  exclusions: readonly ExclusionFact[],
  subnetId: string,
  vpc: { readonly id: string; readonly accountId: string | null; readonly region: string },
): BlockMode | null {
  const block = blocks.find(
    ({ accountId, region }) =>
      (accountId ?? vpc.accountId ?? '') === (vpc.accountId ?? accountId ?? '') &&
      (region ?? vpc.region) === vpc.region,
  );
  if (!block?.mode) return null;
  const allowed = exclusions.filter((one) => one.resourceId === subnetId || one.resourceId === vpc.id);
  if (allowed.some((one) => one.allows === 'allow-bidirectional')) return null;
  return allowed.length > 0 ? 'block-ingress' : block.mode;
}
