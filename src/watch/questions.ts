/**
 * Questions that several detections ask, of other ports or another way.
 *
 * In:    names, ways, ports and thresholds. Out: questions over the relations of `relations.ts`.
 * Holds: rows are ordered by what makes them strong, so that the first of a subject is the one whose facts are told.
 * Fails: never.
 */
import type { WatchQuery } from './detection.ts';
import { least, ports, watchQuery } from './detection.ts';

type Way = 'in' | 'out' | 'within';

/** It was refused, nobody answered, or with a reset alone. */
const FAILED = 'refused > 0 OR answered = 0 OR (protocol = 6 AND started > 0 AND greeted = 0)';

/** One client that tried many ports of one server within an hour and got nowhere at most of them. */
export function manyPorts(name: string, way: Way, number: number): WatchQuery {
  return watchQuery({
    name,
    meaning: 'clients that tried many ports of one server within an hour, most ports first',
    parameters: {
      least: least('ports without an answer at least', number),
      common: ports('ports that do not count', '53,80,123,443'),
    },
    hourly: true,
    body: (d) => `
    SELECT min(interface_id) AS interface_id, client, server, min(first_seconds) AS first_seconds, max(last_seconds) AS last_seconds,
      count(DISTINCT CASE WHEN ${FAILED} THEN port END) AS ports_without_answer, count(DISTINCT port) AS ports
    FROM fg_edges
    WHERE way = '${way}' AND protocol IN (6, 17) AND NOT ${d.among('port', 'common')}
    GROUP BY client, server, hour
    HAVING count(DISTINCT CASE WHEN ${FAILED} THEN port END) >= ${d.parameter('least')}
    ORDER BY ports_without_answer DESC, client, server, first_seconds`,
  });
}

/** One client that tried one port of many servers within an hour, of which at least half did not answer. */
export function manyServers(name: string, way: Way, number: number): WatchQuery {
  return watchQuery({
    name,
    meaning:
      'clients that tried one port of many servers within an hour, of which most did not answer, most servers first',
    parameters: { least: least('servers without an answer at least', number) },
    hourly: true,
    body: (d) => `
    SELECT min(interface_id) AS interface_id, client, port, protocol, min(first_seconds) AS first_seconds, max(last_seconds) AS last_seconds,
      count(DISTINCT CASE WHEN ${FAILED} THEN server END) AS servers_without_answer, count(DISTINCT server) AS servers
    FROM fg_edges
    WHERE way = '${way}'
    GROUP BY client, port, protocol, hour
    HAVING count(DISTINCT CASE WHEN ${FAILED} THEN server END) >= ${d.parameter('least')}
      AND count(DISTINCT CASE WHEN ${FAILED} THEN server END) * 2 >= count(DISTINCT server)
    ORDER BY servers_without_answer DESC, client, port, protocol, first_seconds`,
  });
}

/**
 * One client that logged in to one server again and again within an hour: connections that are short, but longer than those of a
 * health check. A row for each hour.
 */
export function bruteForce(name: string, loginPorts: string, outsideOnly = false): WatchQuery {
  return watchQuery({
    name,
    meaning:
      'clients that opened many short connections to a port for logging in within an hour, most connections first',
    parameters: {
      ports: ports('ports at which one logs in', loginPorts),
      least: least('connections at least', 60),
      bytes: least('bytes that a client sends in each at least, on average; a health check sends fewer', 600),
      most: least('bytes that a client sends in each at most, on average', 20_000),
    },
    hourly: true,
    body: (d) => `
    SELECT min(interface_id) AS interface_id, client, server, port, 6 AS protocol, min(first_seconds) AS first_seconds,
      max(last_seconds) AS last_seconds, count(*) AS connections, ${d.whole('CAST(sum(bytes_sent) AS BIGINT)', 'count(*)')} AS bytes_each
    FROM fg_logins
    WHERE ${d.among('port', 'ports')}${outsideOnly ? ` AND ${d.isPublic('client')}` : ''}
    GROUP BY client, server, port, hour
    HAVING count(*) >= ${d.parameter('least')} AND sum(bytes_sent) >= count(*) * ${d.parameter('bytes')}
      AND sum(bytes_sent) <= count(*) * ${d.parameter('most')}
    ORDER BY connections DESC, client, server, port, first_seconds`,
  });
}

/** A server of ours that answered somebody outside at one of some ports, with more than a reset. A row for each hour. */
export function openToInternet(name: string, openPorts: string): WatchQuery {
  return watchQuery({
    name,
    meaning: 'servers that answered somebody outside at these ports, most bytes first',
    parameters: { ports: ports('ports that are not for the internet', openPorts) },
    hourly: true,
    body: (d) => `
    SELECT min(interface_id) AS interface_id, server, port, protocol, min(first_seconds) AS first_seconds, max(last_seconds) AS last_seconds,
      count(DISTINCT client) AS clients, min(client) AS example_client, sum(bytes_back) AS bytes_back
    FROM fg_edges
    WHERE way = 'in' AND opened > 0 AND answered > 0 AND (protocol <> 6 OR greeted > 0) AND ${d.among('port', 'ports')}
    GROUP BY server, port, protocol, hour
    ORDER BY bytes_back DESC, server, port, protocol, first_seconds`,
  });
}

/** One of ours that spoke to a server outside at one of some ports, in several records of a day. */
export function speaksTo(name: string, serverPorts: string, number: number): WatchQuery {
  return watchQuery({
    name,
    meaning: 'clients of ours that spoke to servers outside at these ports, most records first',
    parameters: {
      ports: ports('ports that tell it', serverPorts),
      least: least('records of a day at least', number),
    },
    body: (d) => `
    SELECT min(interface_id) AS interface_id, client, server, port, protocol, min(first_seconds) AS first_seconds,
      max(last_seconds) AS last_seconds, sum(answered) AS records, sum(bytes_sent) AS bytes_sent, sum(bytes_back) AS bytes_back
    FROM fg_edges
    WHERE way = 'out' AND protocol = 6 AND packets_back > 2 * started AND ${d.among('port', 'ports')}
    GROUP BY client, server, port, protocol, ${d.whole('hour', '24')}
    HAVING sum(answered) >= ${d.parameter('least')}
    ORDER BY records DESC, client, server, port, first_seconds`,
  });
}
