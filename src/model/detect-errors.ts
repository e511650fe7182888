/**
 * The words of errors about detections and what they found.
 *
 * In:    the facts of what happened. Out: entries of the catalogue in `errors.ts`.
 */

/** Part of `ERRORS`. */
export const DETECT_ERRORS = {
  FG_DETECTION_UNKNOWN: {
    owner: 'command-line',
    text: (name: string, near: readonly string[]) =>
      `there is no detection "${name}"; nothing was read${near.length === 0 ? '' : `; there is ${near.join(', ')}`}; list them with \`flowgauge detect show\``,
  },
  FG_DETECTION_PARAMETER: {
    owner: 'command-line',
    text: (text: string) =>
      `--param is "${text}"; nothing was read; write it as DETECTION.NAME=VALUE, such as port-scan.least=50; \`flowgauge detect show DETECTION\` has the names`,
  },
  FG_FINDINGS_NONE: {
    owner: 'command-line',
    text: (directory: string) =>
      `no findings are kept in "${directory}": it has no state file; nothing was done; \`flowgauge up\`, \`import\`, \`keys add\` and \`watch worker --detect\` make one, and \`flowgauge detect --data DIR\` then keeps what it finds there; or name another directory with --data`,
  },
  FG_FINDING_UNKNOWN: {
    owner: 'command-line',
    text: (id: string) =>
      `no finding "${id}" is kept there; nothing was changed; \`flowgauge detect list\` has those that are`,
  },
  FG_SUPPRESSION_UNKNOWN: {
    owner: 'command-line',
    text: (number: string) =>
      `no suppression "${number}" holds; nothing was changed; \`flowgauge detect suppress --list\` has those that do`,
  },
  FG_LOOK_ENDED: {
    owner: 'surroundings',
    text: (how: string) =>
      `the process that looked at the newest records ended before its answer (${how}); findings that were kept stay, and the next look begins by itself; where it was killed, look at the machine's memory`,
  },
  FG_ALERT_FAILING: {
    owner: 'surroundings',
    text: (receiver: string, became: 'waiting' | 'unsure' | 'given-up', why: string) =>
      `an alert to "${receiver}" went wrong: ${why}; ${became === 'waiting' ? 'it is tried again' : became === 'unsure' ? 'it may have been received and is not sent again' : 'it is given up'}; findings are in the console and in \`flowgauge detect list\`; look at the receiver, and at \`alerts\` in flowgauge.json`,
  },
  FG_ALERT_UNSURE: {
    owner: 'surroundings',
    text: (alerts: number) =>
      `alerts that were being sent when the server ended: ${alerts}; whether they were received is not known, and they are not sent again; the findings are in the console and in \`flowgauge detect list\``,
  },
  FG_SUPPRESS_WHAT: {
    owner: 'command-line',
    text: () =>
      'nothing says what is to be suppressed; nothing was changed; name findings (fnd-…), or --detection NAME with or without --address ADDRESS',
  },
} as const;
