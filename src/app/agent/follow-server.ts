/**
 * Keeps a collector at what the server assigns, and tells the server how it goes.
 *
 * In:    the link, the directory, how it stands. Out: the network now, from the assignment that was kept, and each one after it.
 * Holds: nothing here waits for the server. An assignment is kept on disk when it could be compiled, and reported when it is
 *        followed. Devices that come and go are followed within a second.
 * Fails: never: what fails is a problem that is told, and what was followed before stays.
 */
import type { HostAssignment } from '../../api/agents.ts';
import { REPORT_PATH, REPORT_SECONDS } from '../../api/agents.ts';
import { listDevices } from '../../collect/capture/devices.ts';
import { FlowgaugeError } from '../../model/errors.ts';
import type { Network } from '../collector/coverage.ts';
import type { Steer } from '../server/host.ts';
import type { Standing } from '../server/standing.ts';
import type { Steered } from '../server/steer.ts';
import type { UpEvent } from '../server/up.ts';
import { createAssignedNetworks } from './assigned-network.ts';
import { keepAssignment, readKept } from './kept-assignment.ts';
import { poll } from './poll.ts';
import { reportOf } from './report.ts';
import type { ServerLink } from './server-link.ts';

export type FollowOptions = {
  readonly link: ServerLink;
  /** Of the agent's data. */
  readonly directory: string;
  readonly standing: Standing;
  readonly program: string;
  readonly show: (event: UpEvent) => void | Promise<void>;
};

const LOOK_MILLIS = 1000;

/** Begins when it is called as a `Steer`. */
export function followServer({ link, directory, standing, program, show }: FollowOptions): Steer {
  return (problem, tell) => {
    const over = new AbortController();
    const networks = createAssignedNetworks();
    const micros = (): number => Date.now() * 1000;
    let names = '';
    const steered = (network: Network): Steered => {
      const now = network.devices.map(([name]) => name);
      const isSame = names === now.join(' ');
      names = now.join(' ');
      return { network, names: isSame ? null : now };
    };
    const follow = (assignment: HostAssignment, kept: boolean): readonly Network[] => {
      const made = networks.assign(assignment, listDevices(), micros());
      const { version, devices } = assignment;
      void show({ kind: 'assigned', version, kept, interfaces: devices.length });
      return made;
    };
    let first: Network | undefined;
    try {
      const kept = readKept(directory);
      if (kept !== null) first = follow(kept, true).at(-1);
    } catch (error) {
      problem(error);
    }
    first ??= networks.look(listDevices(), micros()).at(-1);

    let refused = '';
    const report = (): void => {
      const told = reportOf(standing, networks.assignment, listDevices(), program, Date.now());
      link.ask(REPORT_PATH, told, 0, over.signal).catch((error: unknown) => {
        // Whether the server is there is told by the poll.
        if (!(error instanceof FlowgaugeError) || error.code !== 'FG_AGENT_ANSWER' || error.message === refused) return;
        refused = error.message;
        problem(error);
      });
    };
    void poll({
      link,
      version: networks.assignment?.version ?? null,
      signal: over.signal,
      problem,
      reached: () => {
        void show({ kind: 'server-reached', url: link.url });
        report();
      },
      assigned(assignment) {
        try {
          for (const network of follow(assignment, false)) tell(steered(network));
          keepAssignment(directory, assignment);
        } catch (error) {
          problem(error);
        }
        report();
      },
    });
    let troubled = '';
    const looking = setInterval(() => {
      try {
        for (const network of networks.look(listDevices(), micros())) tell(steered(network));
        troubled = '';
      } catch (error) {
        if (String(error) !== troubled) problem(error);
        troubled = String(error);
      }
    }, LOOK_MILLIS);
    const reporting = setInterval(report, REPORT_SECONDS * 1000);
    return {
      first: steered(first!),
      end() {
        over.abort();
        clearInterval(looking);
        clearInterval(reporting);
      },
    };
  };
}
