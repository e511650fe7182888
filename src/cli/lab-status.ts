/**
 * `flowgauge lab status`: which labs run, and the hosts of one.
 *
 * In:    a data directory. Out: lines, or JSON; exit 3 where its lab does not run.
 * Holds: whether a lab runs is told by its processes, not by a file.
 * Fails: never.
 */
import { findLab, runningLabs } from '../app/lab/sandbox.ts';
import { readStanding } from '../app/lab/standing.ts';
import { shown } from './text-width.ts';

/** Shows it. */
export function showLab(data: string, json: boolean, enforced: string): number {
  const lab = findLab(data);
  const others = runningLabs().filter(({ pid }) => pid !== lab?.pid);
  const standing = lab === null ? null : readStanding(lab.directory);
  if (json) {
    console.log(JSON.stringify({ running: lab !== null, ...lab, ...standing, others }, null, 2));
    return lab === null ? 3 : 0;
  }
  if (lab === null) console.log(`No lab of ${data} runs.`);
  else
    console.log(
      `${lab.directory}: ${standing?.scenario ?? 'starting'}, process ${lab.pid}.${standing?.enforced === true ? ` ${enforced}` : ''}`,
    );
  for (const { name, ports, serves } of standing?.hosts ?? []) {
    const addresses = ports.flatMap((port) => port.addresses).join(' ');
    const servers = serves.map(({ kind, port }) => `${kind}/${port}`).join(' ');
    const devices = ports.map(({ device, interfaceId }) => `${device}${interfaceId === null ? '' : ` ${interfaceId}`}`);
    console.log(shown(`  ${name.padEnd(14)} ${devices.join(', ')}  ${addresses}  ${servers}`.trimEnd()));
  }
  for (const note of standing?.notes ?? []) console.log(shown(`  not in the lab: ${note}`));
  if (lab !== null && typeof standing?.problem === 'string')
    console.log(shown(`NOT BUILT as the API says, and tried again: ${standing.problem}`));
  for (const { directory, pid } of others) console.log(shown(`Another lab runs: ${directory}, process ${pid}.`));
  return lab === null ? 3 : 0;
}
