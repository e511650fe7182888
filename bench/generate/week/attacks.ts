/**
 * Twelve attacks, planted into the week.
 *
 * In:    an hour of the week. Out: the records of what attackers do in it.
 * Holds: each is in the later four days, so that three days of the usual came before it. `found` names the detections of which one
 *        at least must tell it, and of whom.
 */
import type { Random } from '../random.ts';
import type { WeekLines } from './lines.ts';
import { HOUR, NICS, SERVERS } from './places.ts';
import { stranger4 } from './usual.ts';

const { balancer, web, app, database, exposed } = NICS;

export type Attack = {
  readonly name: string;
  /** Detections of which one tells it. */
  readonly found: readonly string[];
  /** An address that the finding names. */
  readonly who: string;
  /** Others that findings about it name. */
  readonly also?: readonly string[];
  /** Hours of the week, the last not in it. */
  readonly hours: readonly [from: number, to: number];
  write(out: WeekLines, random: Random, hourSeconds: number, hour: number): void;
};

const day = (number: number, hour: number): number => number * 24 + hour;

export const ATTACKS: readonly Attack[] = [
  {
    name: 'slow scan, one port a minute',
    found: ['slow-port-scan'],
    who: '45.83.64.19',
    hours: [day(3, 6), day(3, 16)],
    write(out, random, hourSeconds, hour) {
      for (let minute = 0; minute < 60; minute++)
        out.talk({
          nic: exposed,
          peer: this.who,
          ownPort: 1 + (((hour * 60 + minute) * 61) % 60_000),
          peerPort: 40_000 + random.below(20_000),
          protocol: 6,
          atSeconds: hourSeconds + minute * 60 + random.below(50),
          opener: 'peer',
          sent: [1, 44],
          action: 'REJECT',
        });
    },
  },
  {
    name: 'brute force of ssh, every 10 s',
    found: ['ssh-brute-force'],
    who: '2a0e:97c0:3e3::66',
    hours: [day(3, 20), day(3, 22)],
    write(out, _random, hourSeconds) {
      for (let s = 0; s < HOUR; s += 10)
        out.talk({
          nic: app[0],
          peer: this.who,
          ownPort: 22,
          peerPort: out.clientPort(),
          protocol: 6,
          atSeconds: hourSeconds + s,
          lengthSeconds: 4,
          opener: 'peer',
          sent: [14, 2300],
          back: [13, 2900],
        });
    },
  },
  {
    name: 'beacon every 5 minutes, 20 % jitter',
    found: ['beacon'],
    who: '185.220.77.31',
    hours: [day(4, 0), day(4, 9)],
    write(out, random, hourSeconds) {
      for (let s = 20; s < HOUR - 60; s += 300)
        out.talk({
          nic: app[1],
          peer: this.who,
          ownPort: out.clientPort(),
          peerPort: 443,
          protocol: 6,
          atSeconds: hourSeconds + s + random.below(60),
          opener: 'own',
          sent: [6, 900],
          back: [5, 700],
        });
    },
  },
  {
    name: 'slow exfiltration, 400 KB a minute',
    found: ['slow-exfiltration'],
    who: '193.32.8.114',
    hours: [day(4, 6), day(4, 22)],
    write(out, random, hourSeconds) {
      for (let s = 0; s < HOUR; s += 60)
        out.talk({
          nic: web[0],
          peer: this.who,
          ownPort: 51_514,
          peerPort: 443,
          protocol: 6,
          atSeconds: hourSeconds + s + random.below(20),
          lengthSeconds: 20,
          opener: 'own',
          sent: [300, 380_000 + random.below(40_000)],
          back: [150, 6400],
        });
    },
  },
  {
    name: 'sweep of the neighbours for file shares',
    found: ['internal-sweep'],
    who: NICS.web[1].four,
    hours: [day(4, 13), day(4, 14)],
    write(out, random, hourSeconds) {
      for (let i = 0; i < 254; i++)
        out.talk({
          nic: web[1],
          peer: `10.0.3.${i + 1}`,
          ownPort: out.clientPort(),
          peerPort: 445,
          protocol: 6,
          atSeconds: hourSeconds + i * 2 + random.below(2),
          opener: 'own',
          sent: [3, 180],
          ...(i % 60 === 9 ? { back: [1, 40] as const } : {}),
        });
    },
  },
  {
    name: 'brute force of RDP',
    found: ['rdp-brute-force'],
    who: '80.94.95.203',
    hours: [day(4, 23), day(5, 0)],
    write(out, _random, hourSeconds) {
      for (let s = 0; s < HOUR; s += 4)
        out.talk({
          nic: app[2],
          peer: this.who,
          ownPort: 3389,
          peerPort: out.clientPort(),
          protocol: 6,
          atSeconds: hourSeconds + s,
          lengthSeconds: 2,
          opener: 'peer',
          sent: [11, 1900],
          back: [9, 1700],
        });
    },
  },
  {
    name: 'tunnel through names',
    found: ['dns-tunnel'],
    who: '77.91.124.5',
    hours: [day(5, 2), day(5, 4)],
    write(out, random, hourSeconds) {
      for (let s = 0; s < HOUR; s += 20)
        out.talk({
          nic: app[0],
          peer: this.who,
          ownPort: out.clientPort(),
          peerPort: 53,
          protocol: 17,
          atSeconds: hourSeconds + s,
          lengthSeconds: 15,
          opener: 'own',
          sent: [400, 86_000 + random.below(9000)],
          back: [400, 52_000],
        });
    },
  },
  {
    name: 'mining pool',
    found: ['crypto-pool-ports'],
    who: '141.94.96.71',
    hours: [day(5, 5), day(5, 20)],
    write(out, _random, hourSeconds) {
      for (let s = 0; s < HOUR; s += 60)
        out.talk({
          nic: app[2],
          peer: this.who,
          ownPort: 47_114,
          peerPort: 3333,
          protocol: 6,
          atSeconds: hourSeconds + s,
          lengthSeconds: 55,
          opener: 'own',
          sent: [5, 900],
          back: [5, 1300],
        });
    },
  },
  {
    name: 'a port that listens since tonight',
    found: ['new-listening-port'],
    who: NICS.web[0].four,
    hours: [day(5, 22), day(5, 24)],
    write(out, random, hourSeconds) {
      for (let i = 0; i < 5; i++)
        out.talk({
          nic: web[0],
          peer: '91.240.118.172',
          ownPort: 4444,
          peerPort: out.clientPort(),
          protocol: 6,
          atSeconds: hourSeconds + random.below(HOUR),
          lengthSeconds: 20,
          opener: 'peer',
          sent: [20, 3100],
          back: [25, 9000],
        });
    },
  },
  {
    name: 'data to a peer never seen, at night',
    found: ['upload-to-new-peer'],
    who: '2a11:27c0:200:1::7',
    also: [NICS.database.six],
    hours: [day(6, 1), day(6, 2)],
    write(out, random, hourSeconds) {
      for (let s = 0; s < 1800; s += 60)
        out.talk({
          nic: database,
          peer: this.who,
          ownPort: 50_505,
          peerPort: 443,
          protocol: 6,
          atSeconds: hourSeconds + s,
          lengthSeconds: 50,
          opener: 'own',
          sent: [9000, 11_000_000 + random.below(900_000)],
          back: [4000, 180_000],
        });
    },
  },
  {
    name: 'flood',
    found: ['inbound-flood'],
    who: balancer.four,
    hours: [day(6, 10), day(6, 11)],
    write(out, random, hourSeconds) {
      for (let minute = 20; minute < 26; minute++)
        for (let i = 0; i < 400; i++)
          out.talk({
            nic: balancer,
            peer: stranger4(random),
            ownPort: 443,
            peerPort: 1024 + random.below(60_000),
            protocol: 6,
            atSeconds: hourSeconds + minute * 60 + random.below(30),
            lengthSeconds: 20,
            opener: 'peer',
            sent: [2500, 110_000],
            back: [2, 88],
          });
    },
  },
  {
    name: 'spam',
    found: ['smtp-spam'],
    who: SERVERS[2]!.four,
    hours: [day(6, 15), day(6, 17)],
    write(out, random, hourSeconds) {
      for (let i = 0; i < 400; i++)
        out.talk({
          nic: SERVERS[2]!,
          peer: `${60 + random.below(140)}.${random.below(250)}.${random.below(250)}.${1 + random.below(250)}`,
          ownPort: out.clientPort(),
          peerPort: 25,
          protocol: 6,
          atSeconds: hourSeconds + random.below(HOUR),
          lengthSeconds: 8,
          opener: 'own',
          sent: [18, 6200],
          back: [16, 1900],
        });
    },
  },
];
