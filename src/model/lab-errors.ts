/**
 * The part of the catalogue of errors that is about the lab.
 *
 * In:    the facts of what happened. Out: words.
 * Holds: as errors.ts.
 */

/** Entries of `ERRORS`. */
export const LAB_ERRORS = {
  FG_LAB_CALL: {
    owner: 'ours',
    text: (operation: string, why: string) =>
      `the lab's network could not be made: ${operation} was answered with: ${why}; nothing was started; please report it`,
  },
  FG_LAB_SCENARIO: {
    owner: 'command-line',
    text: (given: string, known: readonly string[]) =>
      `there is no scenario "${given}"; nothing was started; name one of ${known.join(', ')}`,
  },
  FG_LAB_OTHER: {
    owner: 'command-line',
    text: (directory: string, scenario: string, wanted: string) =>
      `"${directory}" holds the scenario ${scenario}, not ${wanted}; nothing was started; name another directory with --data, or remove that one`,
  },
  FG_LAB_FOREIGN: {
    owner: 'command-line',
    text: (directory: string) =>
      `"${directory}" is there and holds no lab; nothing was started; name another directory with --data`,
  },
  FG_LAB_RUNS: {
    owner: 'content',
    text: (directory: string, pid: number, scenario: string) =>
      `the lab of "${directory}" runs already (process ${pid}, scenario ${scenario}); nothing was started; \`flowgauge lab status\` shows it, \`flowgauge lab down\` ends it`,
  },
  FG_LAB_NONE: {
    owner: 'content',
    text: (directory: string) =>
      `no lab of "${directory}" runs; start one with \`flowgauge lab up\`, or name its directory with --data`,
  },
  FG_LAB_FORBIDDEN: {
    owner: 'surroundings',
    text: (why: string, help: string) => `the lab cannot run here: ${why}; nothing was started; ${help}`,
  },
  FG_LAB_PLACE: {
    owner: 'command-line',
    text: (directory: string) =>
      `"${directory}" lies below /run, which is another one inside the lab; nothing was started; name another directory with --data`,
  },
  FG_LAB_START: {
    owner: 'surroundings',
    text: (why: string, log: string) =>
      `the lab did not start: ${why}; what it had made is gone again; "${log}" has what it said`,
  },
  FG_LAB_HOST: {
    owner: 'command-line',
    text: (given: string, known: readonly string[]) =>
      `the lab has no host "${given}"; nothing was run; it has ${known.join(', ')}`,
  },
  FG_LAB_NUMBER: {
    owner: 'command-line',
    text: (option: string, given: string, least: number, most: number) =>
      `${option} "${given}" is no whole number from ${least} to ${most}; nothing was sent`,
  },
  FG_LAB_COMMAND: {
    owner: 'surroundings',
    text: (command: string, why: string) => `\`${command}\` failed: ${why}; the lab's network is not as the facts say`,
  },
  FG_LAB_STAYS: {
    owner: 'surroundings',
    text: (pid: number, why: string) =>
      `process ${pid} of the lab could not be ended: ${why}; what it holds is still there; run \`flowgauge lab down\` as the user who started it`,
  },
} as const;
