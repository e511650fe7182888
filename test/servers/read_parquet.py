"""What pyarrow reads in Parquet files, as JSON: a line for each file, given by name."""

import json
import sys

import pyarrow.parquet as parquet

for path in sys.argv[1:]:
    # Partitions in the path are not the file's: it is opened alone.
    with open(path, "rb") as file:
        whole = parquet.ParquetFile(file)
        table = whole.read()
        schema = whole.schema
        columns = [schema.column(at) for at in range(len(schema.names))]
        groups = [whole.metadata.row_group(at) for at in range(whole.num_row_groups)]
        said = {
            "rowGroups": [group.num_rows for group in groups],
            # The smallest and largest value and the absent ones of each column, as the footer has them.
            "bounds": [
                [
                    [s.min if s.has_min_max else None, s.max if s.has_min_max else None, s.null_count]
                    for s in (group.column(at).statistics for at in range(group.num_columns))
                ]
                for group in groups
            ],
            "columns": [
                [column.name, column.physical_type, column.converted_type, str(table.schema.field(column.name).type)]
                for column in columns
            ],
            "lines": [
                " ".join("-" if value is None else str(value) for value in row)
                for row in zip(*(table.column(name).to_pylist() for name in schema.names))
            ],
        }
    json.dump(said, sys.stdout)
    print()
