/**
 * Words of the topology.
 */
import type { TopologyBox, TopologyMeasure } from '../../../../src/api/topology.ts';
import { bytesText, countText, manyText } from '../../format.ts';

const KIND_WORDS: Readonly<Record<TopologyBox['kind'], string>> = {
  vpc: 'VPC',
  zone: 'Zone',
  subnet: 'Subnet',
  group: 'Groups',
  interface: 'Interface',
  internet: 'Internet',
  'aws-service': 'AWS service',
  peering: 'Peering',
  'on-premises': 'On premises',
  'link-local': 'Link-local',
  multicast: 'Multicast',
  'no-interface': 'No interface',
  more: 'More',
};

export const kindWord = (kind: TopologyBox['kind']): string => KIND_WORDS[kind];

export const MEASURE_WORDS: Readonly<Record<TopologyMeasure, string>> = {
  bytes: 'Bytes',
  packets: 'Packets',
  flows: 'Flows',
  rejects: 'Rejects',
};

/** `1.2 MiB`, `12 packets`. */
export function measureText(measure: TopologyMeasure, value: number): string {
  if (measure === 'bytes') return bytesText(value);
  const noun = { packets: 'packet', flows: 'flow', rejects: 'reject' }[measure];
  return manyText(value, noun);
}

/** For a column that says what it counts. */
export const cellText = (measure: TopologyMeasure, value: number): string =>
  measure === 'bytes' ? bytesText(value) : countText(value);

/** A box in a few words. */
export function boxWords({ kind, label, detail, interfaces }: TopologyBox): string {
  const isOne = kind === 'interface' || kind === 'more' || label === kindWord(kind);
  const name = isOne ? label : `${kindWord(kind)} ${label}`;
  const parts = [detail, kind !== 'interface' && interfaces > 0 ? manyText(interfaces, 'interface') : null];
  return [name, ...parts].filter(Boolean).join(', ');
}
