/**
 * What happens in the generated week now and then.
 *
 * In:    an hour of the week. Out: its records of what is no attack, and looks a little like one.
 */
import type { Random } from '../random.ts';
import type { WeekLines } from './lines.ts';
import { HOUR, LOGS, NICS, WEEK_BEGINS } from './places.ts';

const { balancer, web, app, database, gateway, operator, extra, exposed } = NICS;
const DAY = 86_400;
const MAIL = [
  '17.57.155.25',
  '74.125.200.26',
  '104.47.55.36',
  '64.233.184.27',
  '212.227.15.9',
  '2a00:1450:4013:c05::1b',
];

/** Writes them. */
export function rarely(out: WeekLines, random: Random, hourSeconds: number, at: () => number): void {
  const day = Math.floor((hourSeconds - WEEK_BEGINS) / DAY);
  const hour = (hourSeconds / HOUR) % 24;
  // A survey of the internet: 40 ports of each public address within two hours.
  if (hour === 7 || hour === 8) {
    const peer = `71.6.${140 + day}.${11 + day}`;
    for (const one of [balancer, exposed, gateway])
      for (let i = 0; i < 40; i++)
        out.talk({
          nic: one,
          peer,
          ownPort: 1 + ((i * 977 + day * 131 + hour) % 20_000),
          peerPort: 30_000 + random.below(30_000),
          protocol: 6,
          atSeconds: at(),
          opener: 'peer',
          sent: [1, 44],
          action: 'REJECT',
        });
  }
  // A job of one machine alone, every 15 minutes.
  for (let s = 40; s < HOUR; s += 900)
    out.talk({
      nic: app[0],
      peer: '18.66.97.12',
      ownPort: out.clientPort(),
      peerPort: 443,
      protocol: 6,
      atSeconds: hourSeconds + s,
      lengthSeconds: 2,
      opener: 'own',
      sent: [12, 3100],
      back: [14, 9000],
    });
  // Mail to a few servers.
  for (let i = 0; i < 8; i++)
    out.talk({
      nic: web[1],
      peer: MAIL[i % MAIL.length]!,
      ownPort: out.clientPort(),
      peerPort: 25,
      protocol: 6,
      atSeconds: at(),
      lengthSeconds: 5,
      opener: 'own',
      sent: [22, 9000],
      back: [18, 2000],
    });
  // Pings of a neighbour, and of somebody outside.
  for (const peer of ['10.0.2.22', '9.9.9.9', '2620:fe::fe'])
    out.talk({
      nic: operator,
      peer,
      ownPort: 0,
      peerPort: 0,
      protocol: peer.includes(':') ? 58 : 1,
      atSeconds: at(),
      lengthSeconds: 200,
      opener: 'own',
      sent: [200, 16_800],
      back: [200, 16_800],
    });
  // Somebody hands 30 MB to a service that was never used before, on each day another.
  if (hour === 14)
    out.talk({
      nic: web[0],
      peer: `146.75.${day}.140`,
      ownPort: out.clientPort(),
      peerPort: 443,
      protocol: 6,
      atSeconds: at(),
      lengthSeconds: 80,
      opener: 'own',
      sent: [22_000, 30_000_000],
      back: [9000, 500_000],
    });
  // The second app server is down for a while.
  if (day === 5 && hour === 11)
    for (let i = 0; i < 300; i++)
      out.talk({
        nic: web[0],
        peer: app[1].four,
        ownPort: out.clientPort(),
        peerPort: 9000,
        protocol: 6,
        atSeconds: hourSeconds + random.below(1800),
        opener: 'own',
        sent: [3, 180],
      });
  // One more app server, of which all is new.
  if (day >= 4)
    for (let s = 30; s < HOUR; s += 60) {
      out.talk({
        nic: extra,
        peer: LOGS[0]!,
        ownPort: 41_111,
        peerPort: 443,
        protocol: 6,
        atSeconds: hourSeconds + s,
        lengthSeconds: 20,
        opener: 'own',
        sent: [30, 30_000],
        back: [20, 1400],
      });
      out.talk({
        nic: extra,
        peer: database.four,
        ownPort: out.clientPort(),
        peerPort: 5432,
        protocol: 6,
        atSeconds: hourSeconds + s,
        opener: 'own',
        sent: [9, 1500],
        back: [10, 5200],
      });
      out.talk({
        nic: extra,
        peer: web[0].four,
        ownPort: 9000,
        peerPort: out.clientPort(),
        protocol: 6,
        atSeconds: hourSeconds + s,
        opener: 'peer',
        sent: [9, 1800],
        back: [11, 7000],
      });
    }
}
