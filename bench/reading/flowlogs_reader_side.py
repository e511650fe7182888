"""flowlogs-reader's side of P2: its record class over the lines of text.gz files, as its readers use it.

    python flowlogs_reader_side.py DIR RECORDS

Out: on stdout the records, the sum of bytes, wall and CPU seconds and the version, as JSON.
"""
import gzip
import importlib.metadata
import json
import pathlib
import sys
import time

from flowlogs_reader import FlowRecord

directory, most = pathlib.Path(sys.argv[1]), int(sys.argv[2])
wall, cpu = time.perf_counter(), time.process_time()
rows = total = 0
for path in sorted(directory.rglob('*.log.gz')):
    with gzip.open(path, 'rt') as lines:
        fields = tuple(name.replace('-', '_') for name in next(lines).split())
        for line in lines:
            record = FlowRecord({'message': line.rstrip('\n')}, fields)
            rows += 1
            total += record.bytes or 0
    if rows >= most:
        break
print(json.dumps({
    'rows': rows, 'sum': total, 'wallSeconds': time.perf_counter() - wall, 'cpuSeconds': time.process_time() - cpu,
    'version': importlib.metadata.version('flowlogs-reader'),
}))
