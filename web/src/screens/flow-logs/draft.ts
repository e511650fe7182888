/**
 * A flow log that is being thought out: what was chosen, and the request that it makes.
 *
 * In:    choices. Out: bodies for the server; what is missing before a step is done.
 * Holds: pure. Whether something is right is the server's to say; only what is not given is told here.
 */
import type { CreateFlowLogsBody, NewDestination } from '../../../../src/api/flow-logs.ts';

export type Draft = {
  readonly kind: CreateFlowLogsBody['resourceType'];
  /** With the region that they are in. */
  readonly resources: readonly { readonly id: string; readonly region: string }[];
  readonly traffic: CreateFlowLogsBody['traffic'];
  readonly intervalSeconds: 60 | 600;
  readonly destination: NewDestination;
  readonly format: string;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
};

export const LOCAL_BUCKET = 'arn:aws:s3:::local/';

export const DESTINATIONS: Readonly<Record<NewDestination['type'], NewDestination>> = {
  s3: { type: 's3', place: LOCAL_BUCKET, role: '', fileFormat: 'plain-text', hive: false, hourly: false },
  'cloud-watch-logs': {
    type: 'cloud-watch-logs',
    place: '',
    role: '',
    fileFormat: 'plain-text',
    hive: false,
    hourly: false,
  },
  'kinesis-data-firehose': {
    type: 'kinesis-data-firehose',
    place: '',
    role: '',
    fileFormat: 'plain-text',
    hive: false,
    hourly: false,
  },
};

/** @param format  AWS's default */
export function newDraft(format: string, of: Draft['resources'] = []): Draft {
  return {
    kind: kindOf(of[0]?.id ?? ''),
    resources: of,
    traffic: 'ALL',
    intervalSeconds: 60,
    destination: DESTINATIONS.s3,
    format,
    tags: [],
  };
}

/** What an id is of. */
export function kindOf(id: string): Draft['kind'] {
  if (id.startsWith('eni-')) return 'NetworkInterface';
  return id.startsWith('subnet-') ? 'Subnet' : 'VPC';
}

/** What a step lacks, in words; null: nothing. */
export function missingIn(step: 'resources' | 'destination' | 'tags', draft: Draft): string | null {
  switch (step) {
    case 'resources': {
      if (draft.resources.length === 0) return 'Choose at least one resource.';
      const regions = new Set(draft.resources.map(({ region }) => region));
      return regions.size > 1
        ? `A flow log is made in one region; these are in ${[...regions].toSorted().join(' and ')}. Choose those of one.`
        : null;
    }
    case 'destination':
      return draft.destination.place.trim() === '' ? 'Say where the records go.' : null;
    case 'tags': {
      const keys = draft.tags.map(({ key }) => key);
      if (keys.includes('')) return 'Each tag has a key; remove the one without.';
      const twice = keys.find((key, i) => keys.indexOf(key) < i);
      return twice === undefined ? null : `The key ${twice} is there twice; remove one.`;
    }
  }
}

/**
 * The request.
 *
 * @param clientToken  the same for each try of one draft
 * @param check        true: it is only said what would be
 */
export function bodyOf(draft: Draft, clientToken: string, check: boolean): CreateFlowLogsBody {
  const { kind, resources, traffic, intervalSeconds, destination, format, tags } = draft;
  return {
    region: resources[0]?.region ?? '',
    check,
    resourceType: kind,
    resourceIds: resources.map(({ id }) => id),
    traffic,
    intervalSeconds,
    format,
    destination: { ...destination, place: destination.place.trim(), role: destination.role.trim() },
    tags: Object.fromEntries(tags.map(({ key, value }) => [key, value])),
    clientToken,
  };
}

/** Names of fields in a format's text, as far as it has such. */
export function namesIn(format: string): string[] {
  return [...format.matchAll(/\$\{([^${}\s]+)\}/gu)].map(([, name = '']) => name);
}

/** The text of a format of these fields. */
export const formatOf = (names: readonly string[]): string => names.map((name) => `\${${name}}`).join(' ');

/** A format with a field more, or without it. */
export function withField(format: string, name: string, isIn: boolean): string {
  const names = namesIn(format).filter((one) => one !== name);
  return formatOf(isIn ? [...names, name] : names);
}

/** A format with a field one place earlier or later. */
export function moved(format: string, name: string, by: -1 | 1): string {
  const names = namesIn(format);
  const at = names.indexOf(name);
  const to = at + by;
  if (at < 0 || to < 0 || to >= names.length) return format;
  names.splice(at, 1);
  names.splice(to, 0, name);
  return formatOf(names);
}
