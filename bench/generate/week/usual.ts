/**
 * What a small public network records when nobody attacks it.
 *
 * In:    an hour of the week. Out: its records. The mix is told in docs/detect.md.
 * Holds: an hour depends on the seed and on itself alone, so that hours can be made one by one.
 */
import type { Random } from '../random.ts';
import type { WeekLines } from './lines.ts';
import { AGENT, CLOCKS, HOUR, LOGS, MIRROR6, MIRRORS, NAMES, NICS, PARTNERS, SERVERS, STORE } from './places.ts';
import { rarely } from './rarely.ts';

const { balancer, web, app, database, gateway, monitor, operator, resolver, exposed } = NICS;

const PROBED = [
  22, 23, 80, 443, 445, 3389, 8080, 8443, 5900, 6379, 2375, 1433, 3306, 5060, 123, 161, 53, 1900, 11_211, 9200,
];

/** How much of it. */
export type Mix = {
  /** Rejected probes a day. */
  readonly probesADay: number;
  /** Addresses that the monitor touches each minute; 0: it rests. */
  readonly monitored: number;
  /** Visitors' connections each minute at noon. */
  readonly visits: number;
  /** Connections each minute through the NAT gateway. */
  readonly fanOut: number;
};

/** Writes one hour, which begins at a second that is a multiple of 3,600. */
export function usualHour(out: WeekLines, random: Random, hourSeconds: number, mix: Mix): void {
  const hour = (hourSeconds / HOUR) % 24;
  const at = (): number => hourSeconds + random.below(HOUR);
  probes(out, random, at, Math.round(mix.probesADay / 24));
  visitors(out, random, at, Math.round(mix.visits * (0.4 + 0.6 * Math.sin((hour / 24) * Math.PI)) * 60));
  machinery(out, random, hourSeconds);
  fanOut(out, random, at, mix.fanOut * 60);
  if (hour === 2) backup(out, random, hourSeconds);
  if (hour === 4) updates(out, random, at);
  if (hour === 3 || (hour >= 9 && hour < 17)) operate(out, random, at);
  touch(out, random, hourSeconds, mix.monitored);
  rarely(out, random, hourSeconds, at);
}

/** Someone on the internet; a few of them come again. */
export function stranger(random: Random): string {
  if (random.below(8) === 0)
    return `2a${(0x01 + random.below(15)).toString(16).padStart(2, '0')}:${(1 + random.below(0xfffe)).toString(16)}:${(1 + random.below(0xfffe)).toString(16)}::${(1 + random.below(0xfffe)).toString(16)}`;
  const first = [5, 14, 23, 31, 45, 61, 64, 71, 80, 89, 91, 103, 118, 141, 162, 167, 185, 193, 198, 205, 212][
    random.below(21)
  ]!;
  return `${first}.${random.below(250)}.${random.below(250)}.${1 + random.below(250)}`;
}

/** Half are single tries, the others are scanners that look at a few ports of all three public addresses. */
function probes(out: WeekLines, random: Random, at: () => number, count: number): void {
  const targets = [balancer, exposed, gateway];
  for (let left = count; left > 0;) {
    const peer = stranger(random);
    const tries = random.below(2) === 0 ? 1 : 1 + random.below(9);
    const began = at();
    for (let i = 0; i < tries && left > 0; i++, left--) {
      const port = random.below(3) === 0 ? 1 + random.below(65_534) : PROBED[random.below(PROBED.length)]!;
      const protocol = [53, 123, 161, 1900, 11_211, 5060].includes(port) ? 17 : 6;
      out.talk({
        nic: targets[random.below(3)]!,
        peer,
        ownPort: port,
        peerPort: 1024 + random.below(64_000),
        protocol,
        atSeconds: began + random.below(200),
        opener: 'peer',
        sent: [1 + random.below(3), 44 * (1 + random.below(3))],
        action: 'REJECT',
      });
    }
  }
}

/** Through the balancer to a web server, to an app server, to the database. */
function visitors(out: WeekLines, random: Random, at: () => number, count: number): void {
  for (let i = 0; i < count; i++) {
    const atSeconds = at();
    const front = web[random.below(web.length)]!;
    const middle = app[random.below(app.length)]!;
    const [up, down] = [600 + random.below(3000), 4000 + random.below(90_000)];
    const packets = 8 + Math.floor(down / 1200);
    const lengthSeconds = random.below(40);
    out.talk({
      nic: balancer,
      peer: stranger(random),
      ownPort: random.below(9) === 0 ? 80 : 443,
      peerPort: out.clientPort(),
      protocol: 6,
      atSeconds,
      lengthSeconds,
      opener: 'peer',
      sent: [packets, up + packets * 40],
      back: [packets, down],
    });
    const port = out.clientPort();
    out.talk({
      nic: balancer,
      peer: front.four,
      ownPort: port,
      peerPort: 8080,
      protocol: 6,
      atSeconds,
      lengthSeconds,
      opener: 'own',
      sent: [packets, up],
      back: [packets, down],
    });
    out.talk({
      nic: front,
      peer: balancer.four,
      ownPort: 8080,
      peerPort: port,
      protocol: 6,
      atSeconds,
      lengthSeconds,
      opener: 'peer',
      sent: [packets, up],
      back: [packets, down],
    });
    if (i % 2 === 0)
      out.talk({
        nic: front,
        peer: middle.four,
        ownPort: out.clientPort(),
        peerPort: 9000,
        protocol: 6,
        atSeconds,
        opener: 'own',
        sent: [9, 1800],
        back: [11, 7000],
      });
    if (i % 4 === 0)
      out.talk({
        nic: middle,
        peer: database.four,
        ownPort: out.clientPort(),
        peerPort: 5432,
        protocol: 6,
        atSeconds,
        opener: 'own',
        sent: [9, 1500],
        back: [10, 5200],
      });
  }
}

/** What goes on whether somebody visits or not: health checks, time, names, logs, an agent that asks every five minutes. */
function machinery(out: WeekLines, random: Random, hourSeconds: number): void {
  for (const front of web)
    for (let s = 3; s < HOUR; s += 30)
      out.talk({
        nic: front,
        peer: balancer.four,
        ownPort: 8080,
        peerPort: out.clientPort(),
        protocol: 6,
        atSeconds: hourSeconds + s,
        opener: 'peer',
        sent: [5, 320],
        back: [4, 410],
      });
  // A network load balancer looks every ten seconds whether the database's port of ssh answers.
  for (let s = 1; s < HOUR; s += 10)
    out.talk({
      nic: database,
      peer: '10.0.0.40',
      ownPort: 22,
      peerPort: out.clientPort(),
      protocol: 6,
      atSeconds: hourSeconds + s,
      opener: 'peer',
      sent: [3, 140],
      back: [2, 92],
    });
  for (const [at, one] of SERVERS.entries()) {
    for (let s = 11 * at; s < HOUR; s += 1024)
      out.talk({
        nic: one,
        peer: CLOCKS[(at + s) % CLOCKS.length]!,
        ownPort: 123,
        peerPort: 123,
        protocol: 17,
        atSeconds: hourSeconds + s,
        opener: 'own',
        sent: [1, 76],
        back: [1, 76],
      });
    for (let s = random.below(60); s < HOUR; s += 60)
      out.talk({
        nic: one,
        peer: LOGS[at % 2]!,
        ownPort: 40_000 + at,
        peerPort: 443,
        protocol: 6,
        atSeconds: hourSeconds + s,
        lengthSeconds: 20,
        opener: 'own',
        sent: [30, 24_000 + random.below(12_000)],
        back: [20, 1400],
      });
    for (let s = at * 7; s < HOUR; s += 300)
      out.talk({
        nic: one,
        peer: AGENT,
        ownPort: out.clientPort(),
        peerPort: 443,
        protocol: 6,
        atSeconds: hourSeconds + s,
        opener: 'own',
        sent: [9, 1900],
        back: [8, 3400],
      });
    for (let i = 0; i < 40; i++)
      out.talk({
        nic: one,
        peer: resolver.four,
        ownPort: out.clientPort(),
        peerPort: 53,
        protocol: 17,
        atSeconds: hourSeconds + random.below(HOUR),
        opener: 'own',
        sent: [2, 130],
        back: [2, 300],
      });
  }
  for (let i = 0; i < 200; i++)
    out.talk({
      nic: resolver,
      peer: NAMES[random.below(2)]!,
      ownPort: out.clientPort(),
      peerPort: 53,
      protocol: 17,
      atSeconds: hourSeconds + random.below(HOUR),
      opener: 'own',
      sent: [2, 140],
      back: [2, 420],
    });
}

/** A NAT gateway: many hosts behind one address, to whatever is on the internet. */
function fanOut(out: WeekLines, random: Random, at: () => number, count: number): void {
  for (let i = 0; i < count; i++) {
    const inside = `10.0.${16 + random.below(4)}.${1 + random.below(200)}`;
    const peer = random.below(4) === 0 ? stranger4(random) : PARTNERS[random.below(PARTNERS.length)]!;
    const [port, peerPort] = [out.clientPort(), random.below(12) === 0 ? 80 : 443];
    const both = {
      nic: gateway,
      peerPort,
      protocol: 6 as const,
      atSeconds: at(),
      lengthSeconds: random.below(30),
      sent: [12, 2600 + random.below(4000)] as const,
      back: [20, 9000 + random.below(200_000)] as const,
    };
    // The gateway records what comes from inside, and what it sends on under its own address.
    out.talk({ ...both, own: peer, ownPort: peerPort, peer: inside, peerPort: port, opener: 'peer' });
    out.talk({ ...both, peer, ownPort: port, opener: 'own' });
  }
}

export function stranger4(random: Random): string {
  return `${20 + random.below(160)}.${random.below(250)}.${random.below(250)}.${1 + random.below(250)}`;
}

/** The database goes to S3, half an hour each night. */
function backup(out: WeekLines, random: Random, hourSeconds: number): void {
  for (let s = 0; s < 1800; s += 60)
    for (const peer of STORE)
      out.talk({
        nic: database,
        peer,
        ownPort: out.clientPort(),
        peerPort: 443,
        protocol: 6,
        atSeconds: hourSeconds + s,
        lengthSeconds: 50,
        opener: 'own',
        sent: [20_000, 26_000_000 + random.below(3_000_000)],
        back: [9000, 400_000],
      });
}

function updates(out: WeekLines, random: Random, at: () => number): void {
  for (const one of SERVERS)
    for (const peer of [...MIRRORS, MIRROR6])
      out.talk({
        nic: one,
        peer,
        ownPort: out.clientPort(),
        peerPort: random.below(2) === 0 ? 80 : 443,
        protocol: 6,
        atSeconds: at(),
        lengthSeconds: 90,
        opener: 'own',
        sent: [9000, 500_000],
        back: [30_000, 41_000_000],
      });
}

/** Configuration is brought to every server over ssh. */
function operate(out: WeekLines, random: Random, at: () => number): void {
  for (const one of SERVERS)
    for (let i = 0; i < 3; i++) {
      const [atSeconds, port, own] = [at(), out.clientPort(), random.below(3) === 0 ? one.six : one.four];
      const both = {
        protocol: 6 as const,
        atSeconds,
        lengthSeconds: 25,
        sent: [90, 26_000] as const,
        back: [80, 31_000] as const,
      };
      out.talk({ ...both, nic: operator, peer: own, ownPort: port, peerPort: 22, opener: 'own' });
      out.talk({
        ...both,
        nic: one,
        peer: own.includes(':') ? operator.six : operator.four,
        ownPort: 22,
        peerPort: port,
        opener: 'peer',
      });
    }
}

/** The monitor asks so many addresses each minute; two in a hundred are gone. */
function touch(out: WeekLines, random: Random, hourSeconds: number, monitored: number): void {
  for (let minute = 0; minute < 60; minute++)
    for (let i = 0; i < monitored; i++) {
      const isGone = i % 50 === 49;
      out.talk({
        nic: monitor,
        peer: `10.${16 + (i >> 8)}.0.${i & 255}`,
        ownPort: out.clientPort(),
        peerPort: 9100,
        protocol: 6,
        atSeconds: hourSeconds + minute * 60 + random.below(60),
        opener: 'own',
        sent: isGone ? [2, 120] : [6, 420],
        ...(isGone ? {} : { back: [8, 9000] as const }),
      });
    }
}
