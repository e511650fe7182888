/**
 * The words of errors about questions why traffic passes.
 *
 * In:    the facts of what happened. Out: entries of the catalogue in `errors.ts`.
 */

/** Part of `ERRORS`. */
export const DIAGNOSE_ERRORS = {
  FG_DIAGNOSE_END: {
    owner: 'command-line',
    text: (option: string, text: string) =>
      `${option} is "${text}", which is no address, block or \`internet\`, nor an interface, instance or subnet that the model has; nothing was asked; give one of these, such as 10.0.1.10, 10.0.1.10:443, 10.0.0.0/16, eni-… or i-…`,
  },
  FG_DIAGNOSE_ACCEPTED: {
    owner: 'command-line',
    text: (record: string) =>
      `"${record}" is no rejected record, so there is nothing that rejected it; nothing was asked; give a record whose action is REJECT, or two ends`,
  },
  FG_NO_RECORD_OF: {
    owner: 'command-line',
    text: (text: string) =>
      `"${text}" is no address, interface or instance; nothing was asked; give one of these, such as 10.0.1.10, eni-… or i-…`,
  },
  FG_NO_RECORD_INSTANCE: {
    owner: 'command-line',
    text: (text: string) =>
      `which interfaces ${text} has is not known here, for nothing was imported and no model given; nothing was asked; name an interface or an address, give --vpc MODEL, or run \`flowgauge import aws\` first`,
  },
  FG_DIAGNOSE_PAIR: {
    owner: 'command-line',
    text: (from: string, to: string) =>
      `no address of ${from} can talk to one of ${to}: they have no address family in common, or are the same interface; nothing was asked; name an address of the other family, or another end`,
  },
  FG_DIAGNOSE_OUTSIDE: {
    owner: 'command-line',
    text: (from: string, to: string) =>
      `neither ${from} nor ${to} is at an interface of the model, so no rule of it has a say; nothing was asked; name an interface, an instance or an address that one of them holds, or give a newer model`,
  },
  FG_DIAGNOSE_PORT: {
    owner: 'command-line',
    text: (protocol: string, needs: boolean) =>
      needs
        ? `${protocol} needs a port; nothing was asked; give it with --port N, or write it behind the address of --to`
        : `${protocol} has no ports; nothing was asked; leave --port out, or give --protocol tcp or udp`,
  },
  FG_DIAGNOSE_PROTOCOL: {
    owner: 'command-line',
    text: (text: string) =>
      `"${text}" is no protocol; nothing was asked; give tcp, udp, icmp, icmpv6 or a number from 0 to 255`,
  },
  FG_DIAGNOSE_NUMBER: {
    owner: 'command-line',
    text: (option: string, text: string) =>
      `${option} is "${text}"; nothing was asked; give a whole number from 0 to 65535`,
  },
  FG_PROVE_END: {
    owner: 'command-line',
    text: (option: string, text: string, why: string) =>
      `${option} is "${text}": ${why}; nothing was sent; name one instance, or a host outside, that \`flowgauge lab status\` lists`,
  },
  FG_PROVE_PROTOCOL: {
    owner: 'command-line',
    text: (text: string) =>
      `--prove sends tcp, udp, icmp and icmpv6, not ${text}; nothing was sent; leave --prove out, or give one of these`,
  },
  FG_PROVE_FAMILY: {
    owner: 'command-line',
    text: (protocol: string, address: string) =>
      `${protocol} is not sent to ${address}, which is of the other address family; nothing was sent; give ${protocol === 'icmp' ? 'icmpv6' : 'icmp'}, or an address of the other family`,
  },
  FG_PROVE_FAILED: {
    owner: 'surroundings',
    text: (host: string, why: string) =>
      `host ${host} of the lab could not do its part: ${why}; what was sent until then stayed in the lab; try again, with another --source-port where that one is taken`,
  },
} as const;
