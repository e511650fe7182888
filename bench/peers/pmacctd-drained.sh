#!/bin/sh
# Runs pmacctd over a file until its processes have nothing more to do, then stops it. Left to itself its core process
# stops the plugin at the end of the file, whatever is still in the queue between them.
# Usage: pmacctd-drained.sh CONFIG (which says pcap_savefile_wait: true)
pmacctd -f "$1" &
core=$!
used() {
  for pid in "$core" $(cat "/proc/$core/task/$core/children"); do
    sed 's/.*) //' "/proc/$pid/stat" | cut -d ' ' -f 12,13
  done
}
before=
idle=0
# It sleeps two seconds before it reads, so only a longer rest is the end.
while [ "$idle" -lt 8 ] && kill -0 "$core" 2>/dev/null; do
  sleep 0.5
  now=$(used 2>/dev/null)
  if [ "$now" = "$before" ]; then idle=$((idle + 1)); else idle=0; fi
  before=$now
done
kill -INT "$core"
wait "$core"
