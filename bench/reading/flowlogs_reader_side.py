"""flowlogs-reader's side of P2: its record class over the rows of text.gz files, as its reader of S3 makes them.

    python flowlogs_reader_side.py DIR RECORDS

Out: on stdout the records, the sum of bytes, wall and CPU seconds and the version, as JSON.
"""
import csv
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
        reader = csv.DictReader(lines, delimiter=' ')
        reader.fieldnames = [name.replace('-', '_') for name in reader.fieldnames]
        for row in reader:
            if row['log_status'] != 'OK':
                rows += 1
                continue
            record = FlowRecord(row)
            rows += 1
            total += record.bytes or 0
    if rows >= most:
        break
print(json.dumps({
    'rows': rows, 'sum': total, 'wallSeconds': time.perf_counter() - wall, 'cpuSeconds': time.process_time() - cpu,
    'version': importlib.metadata.version('flowlogs-reader'),
}))
