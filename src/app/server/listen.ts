/**
 * Where the server listens: what file, environment and command line say, joined and checked.
 *
 * In:    settings, the weakest first. Out: address, port, TLS files.
 * Holds: without a word it is port 8350 of this machine alone. Beyond this machine it takes TLS, or a proxy that does it.
 * Fails: `FG_PORT`, `FG_BIND_ADDRESS`, `FG_BIND_OPEN`, `FG_TLS_PAIR`, `FG_PUBLIC_URL`, `FG_SETTING`, before anything is started.
 */
import { BlockList, isIP } from 'node:net';
import { failure } from '../../model/errors.ts';
import type { ServerSettings } from '../config.ts';

const DEFAULT_PORT = 8350;
const DEFAULT_BIND = '127.0.0.1';

export type Listen = {
  readonly address: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Paths of PEM files; null: no TLS. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
  /** True: names of hosts are looked at, for only this machine should ask. */
  readonly ownNamesOnly: boolean;
  /** Scheme, host and port under which browsers reach it; null: where it listens. */
  readonly publicUrl: string | null;
};

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Where to listen; of two that say the same setting the later one holds. */
export function listenOf(...settings: readonly ServerSettings[]): Listen {
  const {
    port = DEFAULT_PORT,
    bind = DEFAULT_BIND,
    tlsCert,
    tlsKey,
    behindProxy = false,
    publicUrl = null,
  }: Omit<ServerSettings, 'publicUrl'> & { readonly publicUrl?: string | null } = Object.assign({}, ...settings);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw failure('FG_PORT', String(port), 'the settings');
  const address = bind === 'localhost' ? DEFAULT_BIND : bind;
  const family = isIP(address);
  if (family === 0) throw failure('FG_BIND_ADDRESS', bind);
  if (tlsCert === undefined && tlsKey !== undefined) throw failure('FG_TLS_PAIR', '--tls-key', '--tls-cert');
  if (tlsCert !== undefined && tlsKey === undefined) throw failure('FG_TLS_PAIR', '--tls-cert', '--tls-key');
  const tls = tlsCert === undefined || tlsKey === undefined ? null : { cert: tlsCert, key: tlsKey };
  const isOwn = LOOPBACK.check(address, family === 6 ? 'ipv6' : 'ipv4');
  if (!isOwn && tls === null && !behindProxy) throw failure('FG_BIND_OPEN', address);
  const ownNamesOnly = isOwn && !behindProxy;
  return { address, port, tls, ownNamesOnly, publicUrl: publicUrl === null ? null : publicUrlOf(publicUrl) };
}

function publicUrlOf(given: string): string {
  const url = URL.parse(given);
  const isPlain = url !== null && `${url.origin}/` === url.href && /^https?:$/u.test(url.protocol);
  if (!isPlain) throw failure('FG_PUBLIC_URL', given);
  return url.origin;
}

/** What `FLOWGAUGE_PORT`, `_BIND`, `_TLS_CERT`, `_TLS_KEY`, `_BEHIND_PROXY` and `_PUBLIC_URL` say; an empty one says nothing. */
export function listenSettingsOf(environment: Readonly<Record<string, string | undefined>>): ServerSettings {
  const { FLOWGAUGE_PORT: port, FLOWGAUGE_BIND: bind, FLOWGAUGE_TLS_CERT: cert, FLOWGAUGE_TLS_KEY: key } = environment;
  const { FLOWGAUGE_BEHIND_PROXY: behindProxy, FLOWGAUGE_PUBLIC_URL: publicUrl } = environment;
  return {
    ...(port ? { port: portOf(port, 'FLOWGAUGE_PORT') } : {}),
    ...(bind ? { bind } : {}),
    ...(cert ? { tlsCert: cert } : {}),
    ...(key ? { tlsKey: key } : {}),
    ...(publicUrl ? { publicUrl } : {}),
    ...(behindProxy ? { behindProxy: isOn('FLOWGAUGE_BEHIND_PROXY', behindProxy) } : {}),
  };
}

/**
 * The port that a text names.
 *
 * @param where  the option or variable, for the message
 */
export function portOf(text: string, where: string): number {
  if (!/^\d{1,5}$/u.test(text) || Number(text) > 65_535) throw failure('FG_PORT', text, where);
  return Number(text);
}

function isOn(name: string, text: string): boolean {
  if (/^(?:1|true|yes|on)$/iu.test(text)) return true;
  if (/^(?:0|false|no|off)$/iu.test(text)) return false;
  throw failure('FG_SETTING', name, text, '1 or 0');
}
