/**
 * Who is told of findings, as the settings file of `up` says.
 *
 * In:    its member `alerts`. Out: receivers.
 * Holds: names are told apart, for metrics and the outbox know receivers by them. Secrets may lie in files of their own
 *        (`urlFile`, `passwordFile`); what was read is nowhere but in the receiver.
 * Fails: with the words that `wrong` makes an error of; FG_SEARCH_URL, FG_SEARCH_LOGIN.
 */
import { readFileSync } from 'node:fs';
import type { Severity } from '../../api/findings.ts';
import { codeOf } from '../../storage/object/file-errors.ts';
import type { SearchLogin } from '../sinks/opensearch-client.ts';
import type { Receiver } from './receiver.ts';
import { searchIndexReceiver } from './search-index.ts';
import { snsReceiver, topicRegion } from './sns.ts';
import { webhookReceiver } from './webhook.ts';

const SEVERITIES: readonly Severity[] = ['info', 'low', 'medium', 'high'];
const TYPES = ['webhook', 'sns', 'search-index'] as const;
const COMMON = ['name', 'type', 'least'];
const KNOWN: Readonly<Record<(typeof TYPES)[number], readonly string[]>> = {
  webhook: ['url', 'urlFile', 'form', 'idempotent'],
  sns: ['topicArn', 'profile', 'endpoint'],
  'search-index': ['url', 'index', 'user', 'passwordFile', 'apiKeyFile', 'signFor', 'region', 'profile'],
};
const MOST = 20;
const INDEX = 'flowgauge-findings';

type Json = Readonly<Record<string, unknown>>;
type Wrong = (why: string) => Error;

/**
 * Reads them.
 *
 * @param value  of `alerts`; undefined: nobody is told
 * @param wrong  makes the error for a setting that cannot be used
 */
export function receiversOf(value: unknown, wrong: Wrong): readonly Receiver[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length > MOST) throw wrong(`alerts is no list of at most ${MOST} receivers`);
  const receivers = value.map((one: unknown, at) => receiverOf(one, `alerts[${at}]`, wrong));
  const twice = receivers.find(({ name }, at) => receivers.findIndex((other) => other.name === name) !== at);
  if (twice !== undefined) throw wrong(`two receivers of alerts are named "${twice.name}"`);
  return receivers;
}

function receiverOf(value: unknown, place: string, wrong: Wrong): Receiver {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(`${place} is no object`);
  const json = value as Json;
  const type = TYPES.find((one) => one === json['type']);
  if (type === undefined) throw wrong(`${place}.type is not one of ${TYPES.join(', ')}`);
  const known = [...COMMON, ...KNOWN[type]];
  const stranger = Object.keys(json).find((key) => !known.includes(key));
  if (stranger !== undefined) throw wrong(`${place} has no setting "${stranger}", a ${type} has ${known.join(', ')}`);
  const text = (key: string, shape: RegExp, wanted: string): string | undefined => {
    const given = json[key];
    if (given === undefined) return undefined;
    // The value stays untold: it may be a secret.
    if (typeof given !== 'string' || !shape.test(given)) throw wrong(`${place}.${key} is not ${wanted}`);
    return given;
  };
  const reader: Reader = {
    place,
    text,
    wrong,
    flag(key) {
      const given = json[key];
      if (given !== undefined && typeof given !== 'boolean') throw wrong(`${place}.${key} is not true or false`);
      return given ?? false;
    },
    secret(key) {
      const path = text(key, /./su, 'the path of a file');
      if (path === undefined) return undefined;
      try {
        return readFileSync(path, 'utf8').trim();
      } catch (error) {
        throw wrong(`${place}.${key} "${path}" cannot be read (${codeOf(error)})`);
      }
    },
  };
  const name = text('name', /^[A-Za-z0-9][\w.-]{0,62}$/u, 'a name of letters, digits and -._');
  if (name === undefined) throw wrong(`${place} has no name`);
  const least = SEVERITIES.find((one) => one === (json['least'] ?? 'low'));
  if (least === undefined) throw wrong(`${place}.least is not one of ${SEVERITIES.join(', ')}`);
  switch (type) {
    case 'webhook':
      return webhookOf(name, least, reader);
    case 'sns':
      return topicOf(name, least, reader);
    case 'search-index':
      return indexOf(name, least, reader);
  }
}

type Reader = {
  readonly place: string;
  readonly text: (key: string, shape: RegExp, wanted: string) => string | undefined;
  readonly flag: (key: string) => boolean;
  /** What a file holds. */
  readonly secret: (key: string) => string | undefined;
  readonly wrong: Wrong;
};

const URL_SHAPE = /^https?:\/\/[^/\s]/u;

function webhookOf(name: string, least: Severity, { place, text, flag, secret, wrong }: Reader): Receiver {
  const url = URL.parse(text('url', URL_SHAPE, 'a URL') ?? secret('urlFile') ?? '');
  if (url === null || !/^https?:$/u.test(url.protocol)) throw wrong(`${place} has neither url nor urlFile with a URL`);
  const form = text('form', /^(?:slack|json)$/u, 'slack or json') === 'json' ? 'json' : 'slack';
  return webhookReceiver({ name, least, url, form, idempotent: flag('idempotent') });
}

function topicOf(name: string, least: Severity, { place, text, wrong }: Reader): Receiver {
  const topicArn = text('topicArn', /./su, 'an ARN');
  if (topicArn === undefined || topicRegion(topicArn) === null) throw wrong(`${place}.topicArn is no ARN of a topic`);
  const profile = text('profile', /./su, 'the name of a profile');
  const endpoint = text('endpoint', URL_SHAPE, 'a URL');
  const access = { ...(profile === undefined ? {} : { profile }), ...(endpoint === undefined ? {} : { endpoint }) };
  return snsReceiver({ name, least, topicArn, access });
}

function indexOf(name: string, least: Severity, reader: Reader): Receiver {
  const { place, text, wrong } = reader;
  const url = text('url', URL_SHAPE, 'a URL');
  if (url === undefined) throw wrong(`${place} has no url`);
  // https://www.elastic.co/guide/en/elasticsearch/reference/8.17/indices-create-index.html
  const index = text('index', /^(?![-_+.])[^A-Z\\/*?"<>| ,#:\s]{1,200}$/u, 'the name of an index') ?? INDEX;
  return searchIndexReceiver({ name, least, url, index, login: loginOf(reader) });
}

function loginOf({ place, text, secret, wrong }: Reader): SearchLogin {
  const user = text('user', /./su, 'a name');
  const password = secret('passwordFile');
  const key = secret('apiKeyFile');
  const service = text('signFor', /^(?:es|aoss)$/u, 'es or aoss');
  const region = text('region', /^[a-z0-9-]+$/u, 'a region');
  const profile = text('profile', /./su, 'the name of a profile');
  if ([user, key, service].filter((one) => one !== undefined).length > 1)
    throw wrong(`${place} has more than one of user, apiKeyFile and signFor`);
  if ((user === undefined) !== (password === undefined)) throw wrong(`${place} has one of user and passwordFile alone`);
  if (user !== undefined) return { kind: 'basic', user, password: password! };
  if (key !== undefined) return { kind: 'api-key', key };
  if (service === undefined) return { kind: 'none' };
  if (region === undefined) throw wrong(`${place} signs for ${service} and has no region`);
  return {
    kind: 'aws',
    service: service === 'aoss' ? 'aoss' : 'es',
    region,
    ...(profile === undefined ? {} : { profile }),
  };
}
