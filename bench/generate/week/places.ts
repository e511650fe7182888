/**
 * Who is in the generated week: interfaces, and whom they speak to.
 *
 * In:    nothing. Out: interfaces with their addresses, addresses outside, and when the week begins.
 */
import type { Nic } from './lines.ts';

const nic = (name: string, four: string, six: string): Nic => ({
  id: `eni-0${name}`,
  four,
  six: `2600:1f18:4a:${six}`,
});

/** The interfaces. */
export const NICS = {
  balancer: nic('ba1a0011', '10.0.0.10', '1::10'),
  web: [nic('0eb10101', '10.0.1.11', '2::11'), nic('0eb20212', '10.0.1.12', '2::12')],
  app: [
    nic('a9910323', '10.0.2.21', '3::21'),
    nic('a9920434', '10.0.2.22', '3::22'),
    nic('a9930505', '10.0.2.23', '3::23'),
  ],
  database: nic('db010616', '10.0.3.31', '4::31'),
  gateway: nic('0a7a0727', '10.0.0.5', '1::5'),
  monitor: nic('30010838', '10.0.9.9', '9::9'),
  operator: nic('09500909', '10.0.9.10', '9::10'),
  resolver: nic('d5300a1a', '10.0.9.53', '9::53'),
  /** Is started on the fifth day, when there is much to do. */
  extra: nic('0e180c0c', '10.0.2.29', '3::29'),
  /** Has a public address and rules that let nobody in. */
  exposed: nic('e0900b2b', '10.0.0.77', '1::77'),
} as const;

const { web, app, database } = NICS;
export const SERVERS: readonly Nic[] = [...web, ...app, database];

/** Where updates, time, names, logs and copies of the database are. */
export const MIRRORS = ['91.189.91.81', '91.189.91.82', '185.125.190.36'];
export const MIRROR6 = '2620:2d:4000:1::16';
export const CLOCKS = ['162.159.200.1', '162.159.200.123', '94.130.49.186', '51.15.175.180'];
export const NAMES = ['1.1.1.1', '8.8.8.8'];
export const LOGS = ['3.233.150.12', '3.233.151.80'];
export const AGENT = '52.46.130.9';
export const STORE = ['52.216.10.14', '52.217.88.4', '54.231.130.9', '16.182.40.1'];
export const PARTNERS = ['34.120.8.8', '151.101.2.132', '104.18.7.9', '13.107.42.14', '140.82.112.3'];

export const HOUR = 3600;

/** Monday. */
export const WEEK_BEGINS = Date.UTC(2026, 10, 16) / 1000;
