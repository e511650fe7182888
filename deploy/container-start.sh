#!/bin/sh
# First process of the container: becomes the user `flowgauge`, with what was given of the capabilities for capturing, and
# then flowgauge. Started as another user it stays that one. Without the capabilities `up` says so and shows its demonstration.
set -eu
[ "$(id -u)" -eq 0 ] || exec flowgauge "$@"

given=$(sed -n 's/^CapPrm:[[:space:]]*//p' /proc/self/status)
keep=-all
# Bits 12 and 13 of the kernel's capabilities.
[ $((0x$given >> 12 & 1)) -eq 0 ] || keep=$keep,+net_admin
[ $((0x$given >> 13 & 1)) -eq 0 ] || keep=$keep,+net_raw
exec setpriv --reuid flowgauge --regid flowgauge --clear-groups --no-new-privs \
  --inh-caps="$keep" --ambient-caps="$keep" --bounding-set="$keep" flowgauge "$@"
