/**
 * What records are charged for, in SQL.
 *
 * In:    which fields the files hold, and by which one costs are told apart. Out: a SELECT of sums by charge, zones, owner.
 * Holds: what was sent counts (`egress`), so that traffic between two recorded interfaces counts once; at NAT gateways and
 *        interface endpoints both directions count, for both are charged. Nothing is sampled. What no field tells and
 *        addresses hint at is marked as estimated; what stands for a missing field is in `INSTEAD`.
 * Fails: never.
 */
import type { ChargeKind, OwnerField } from '../../api/cost.ts';
import { FIELDS, columnName } from '../../record/fields/list.ts';
import type { HeldFields } from '../../query/held-fields.ts';
import { quoteName } from '../../storage/duck/quote.ts';

/** Fields without which nothing can be said. */
export const NEEDED: readonly string[] = ['srcaddr', 'dstaddr', 'bytes', 'action'];

/** By field: what is done where files lack it. */
export const INSTEAD: Readonly<Record<string, string>> = {
  'flow-direction':
    'what private addresses sent to public ones is taken for sent to the internet, and nothing else is charged',
  'traffic-path': 'what went to public addresses is taken for sent through an internet gateway',
  'az-id': 'nothing is known of zones',
  'next-hop-az-id': 'the zone of the other side is the one in which its address was recorded',
  'next-hop-interface-type': 'transit gateways and interface endpoints are not told from other neighbours',
  'interface-type': 'every interface that passes on packets of others is taken for a NAT gateway',
  'pkt-srcaddr': 'nothing is known of NAT gateways',
  'pkt-dstaddr': 'nothing is known of NAT gateways',
  'pkt-src-aws-service': 'what gateway endpoints would have saved is not known',
  'pkt-dst-aws-service': 'what gateway endpoints would have saved is not known',
  'interface-id': 'NAT gateways are not counted',
};

/** Of a row: the rest are its sums. `log` has records and bytes of text in place of a charge. */
export type ChargeRow = readonly [
  charge: ChargeKind | 'log' | 'nat-hours',
  fromZone: string | null,
  toZone: string | null,
  service: string | null,
  owner: string | null,
  estimated: boolean,
  records: number,
  bytes: number,
];

const NAT_TYPES = "('nat_gateway', 'regional_nat_gateway')";
/** Services that gateway endpoints lead to. */
const GATEWAY_SERVICES = "('S3', 'DYNAMODB')";

/** The statement; its columns are those of `ChargeRow`. */
export function chargesSql(held: HeldFields, ownedBy: OwnerField): string {
  const column = (field: string): string => held.column(field);
  const begins = held.byAny('start') ? 'began_in_range(start_time)' : 'true';
  const parts = [
    ...sentCharges(),
    natCharges(held),
    endpointCharges(),
    `SELECT 'nat-hours', NULL, NULL, NULL, NULL, false, count(DISTINCT id), 0 FROM r WHERE is_nat`,
    `SELECT 'log', NULL, NULL, NULL, NULL, false, count(*), coalesce(sum(${textLength(held)}), 0) FROM flow_logs WHERE ${begins}`,
  ];
  return `
    WITH r AS (
      SELECT srcaddr, dstaddr, bytes, ${column('flow-direction')} AS direction, ${column('traffic-path')} AS path,
        ${column('az-id')} AS zone, ${column('next-hop-az-id')} AS hop_zone, ${column('next-hop-interface-type')} AS hop,
        ${column('interface-type')} AS kind, ${column('interface-id')} AS id, ${ownedBy.includes('-tag') ? `url_decode(${column(ownedBy)})` : column(ownedBy)} AS owner,
        ${column('pkt-srcaddr')} AS pkt_src, ${column('pkt-dstaddr')} AS pkt_dst,
        ${column('pkt-src-aws-service')} AS src_service, ${column('pkt-dst-aws-service')} AS dst_service,
        (${column('pkt-srcaddr')} = srcaddr) <> (${column('pkt-dstaddr')} = dstaddr)
          AND ${held.byAll('interface-type') ? 'interface_type' : `coalesce(${column('interface-type')}, 'nat_gateway')`} IN ${NAT_TYPES}
          AND is_private(CASE WHEN srcaddr = ${column('pkt-srcaddr')} THEN srcaddr ELSE dstaddr END) AS is_nat
      FROM flow_logs
      WHERE action = 'ACCEPT' AND bytes > 0 AND ${begins}
    ),
    homes AS (
      SELECT address, min(zone) AS zone FROM (
        SELECT CASE direction WHEN 'egress' THEN srcaddr WHEN 'ingress' THEN dstaddr END AS address, zone FROM r)
      WHERE address IS NOT NULL GROUP BY address HAVING min(zone) = max(zone)
    ),
    owners AS (
      SELECT srcaddr AS address, min(owner) AS owner FROM r
      WHERE direction = 'egress' AND owner IS NOT NULL AND coalesce(is_nat, false) = false
      GROUP BY srcaddr HAVING min(owner) = max(owner)
    ),
    -- What a NAT gateway passes on it sends to the internet itself: its own record of that counts.
    clients AS (SELECT DISTINCT srcaddr FROM r WHERE is_nat AND srcaddr = pkt_src),
    sent AS (
      SELECT r.*, coalesce(hop_zone, homes.zone) AS peer_zone,
        coalesce(path, CASE WHEN is_public(dstaddr) THEN 0 ELSE 1 END) AS way, path IS NULL AS guessed,
        coalesce(hop, '') = 'transit_gateway' AS to_transit
      FROM r LEFT JOIN homes ON homes.address = dstaddr
      WHERE (direction = 'egress' OR (direction IS NULL AND is_private(srcaddr) AND is_public(dstaddr)))
        AND NOT (path IS NULL AND is_public(dstaddr) AND srcaddr IN (FROM clients))
    )
    ${parts.join('\n    UNION ALL\n    ')}`;
}

/** What interfaces sent, by its way; each record once, but that a transit gateway or endpoint may be in another zone. */
function sentCharges(): string[] {
  const row = (charge: ChargeKind, where: string, service: string = 'NULL', estimated: string = 'guessed'): string =>
    `SELECT '${charge}' AS charge, CAST(NULL AS VARCHAR) AS from_zone, CAST(NULL AS VARCHAR) AS to_zone, CAST(${service} AS VARCHAR) AS service, owner,
      ${estimated} AS estimated, count(*) AS records, sum(bytes) AS bytes
    FROM sent WHERE ${where} GROUP BY ALL`;
  return [
    row('internet', 'way IN (0, 2, 8) AND NOT to_transit AND dst_service IS NULL'),
    row('aws-service', 'way IN (0, 2, 8) AND NOT to_transit AND dst_service IS NOT NULL', 'dst_service'),
    row('gateway-endpoint', 'way = 7', 'dst_service'),
    row('inter-region', 'way = 5'),
    row('vpn-or-direct-connect', 'way = 3'),
    row('local-gateway', 'way = 6'),
    row('transit-gateway', 'to_transit', 'NULL', 'false'),
    `SELECT 'cross-zone', zone, peer_zone, NULL, owner, hop_zone IS NULL, count(*), sum(bytes)
    FROM sent WHERE way IN (1, 4) AND zone <> peer_zone GROUP BY ALL`,
    row('same-zone', 'way IN (1, 4) AND zone = peer_zone AND NOT to_transit'),
    row('zone-not-known', 'way IN (1, 4) AND (zone = peer_zone) IS NULL AND NOT to_transit'),
  ];
}

/** The side of a NAT gateway where those are that it works for: there each packet is once. */
function natCharges(held: HeldFields): string {
  const service = `CASE WHEN coalesce(dst_service, src_service) IN ${GATEWAY_SERVICES} THEN coalesce(dst_service, src_service) END`;
  return `SELECT 'nat-gateway', NULL, NULL, ${service}, owners.owner, ${held.byAll('interface-type') ? 'false' : 'r.kind IS NULL'}, count(*), sum(bytes)
    FROM r LEFT JOIN owners ON owners.address = CASE WHEN srcaddr = pkt_src THEN srcaddr ELSE dstaddr END
    WHERE is_nat GROUP BY ALL`;
}

/** Interface endpoints charge for both directions; their own interfaces tell both. */
function endpointCharges(): string {
  return `SELECT 'interface-endpoint', NULL, NULL, NULL, owners.owner, false, count(*), sum(bytes)
    FROM r LEFT JOIN owners ON owners.address = CASE direction WHEN 'ingress' THEN srcaddr ELSE dstaddr END
    WHERE kind = 'vpc_endpoint' GROUP BY ALL`;
}

/** Bytes of a record's line: its values, and a blank or newline behind each; absent values are a hyphen. */
function textLength(held: HeldFields): string {
  const lengths = FIELDS.filter(({ name }) => held.byAny(name)).map(({ name }) => {
    const length = `strlen(CAST(${quoteName(columnName(name))} AS VARCHAR))`;
    return held.byAll(name) ? `coalesce(${length}, 1) + 1` : `coalesce(${length} + 1, 0)`;
  });
  return lengths.join(' + ');
}

/** Whether all files hold the same fields. */
export function isUniform(held: HeldFields): boolean {
  return FIELDS.every(({ name }) => held.byAny(name) === held.byAll(name));
}
