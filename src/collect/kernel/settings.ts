/**
 * How connection tracking of the kernel is set, so that it tracks as rule V3 says.
 *
 * In:    nothing. Out: settings under `net.netfilter`, for a namespace of our own; seconds, but for the switches.
 * Holds: a TCP connection's packets are its own whatever their sequence numbers, for AWS looks at no window; ages are those of
 *        EC2 (User Guide, "Connection tracking", November 2024).
 */
export const CONNTRACK_SETTINGS: readonly (readonly [string, number])[] = [
  ['nf_conntrack_tcp_be_liberal', 1],
  ['nf_conntrack_tcp_loose', 1],
  ['nf_conntrack_tcp_timeout_established', 432_000],
  ['nf_conntrack_tcp_timeout_syn_sent', 600],
  ['nf_conntrack_tcp_timeout_syn_recv', 600],
  ['nf_conntrack_tcp_timeout_fin_wait', 432_000],
  ['nf_conntrack_tcp_timeout_close_wait', 432_000],
  ['nf_conntrack_tcp_timeout_last_ack', 120],
  ['nf_conntrack_tcp_timeout_time_wait', 120],
  ['nf_conntrack_tcp_timeout_close', 10],
  ['nf_conntrack_udp_timeout', 30],
  ['nf_conntrack_udp_timeout_stream', 180],
  ['nf_conntrack_icmp_timeout', 600],
  ['nf_conntrack_icmpv6_timeout', 600],
  ['nf_conntrack_generic_timeout', 600],
];
