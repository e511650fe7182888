"""Flow logs in a model, and the objects that `capture -w` writes for them.

In:    a model; a directory of objects.  Out: random FlowLogs; the records of each flow log; what is wrong with a key.
"""

from __future__ import annotations

import gzip
import random
import re
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from model import Model
from records import DEFAULT, WIDE

Json = dict[str, Any]
REGION = "us-east-1"
NAME = re.compile(r"(\d{12})_vpcflowlogs_([a-z0-9-]+)_(fl-[0-9a-f]+)_(\d{8}T\d{4})Z_([0-9a-f]{8})\.log\.gz")
MIDDLE = "vpc-id interface-id pkt-srcaddr pkt-dstaddr srcaddr dstaddr protocol packets bytes end start tcp-flags action".split()
SHORT = "action flow-direction interface-id srcport dstport protocol packets start end log-status x-verdict-stage".split()


def random_flow_logs(rng: random.Random, model: Json) -> list[Json]:
    """Two to five flow logs on VPCs, subnets and interfaces."""
    logs = []
    for number in range(rng.randrange(2, 6)):
        kind, key = rng.choice([("Vpcs", "VpcId"), ("Subnets", "SubnetId"), ("NetworkInterfaces", "NetworkInterfaceId")])
        fields = rng.choice([DEFAULT, WIDE, MIDDLE, SHORT])
        prefix = rng.choice(["", "team-a/", "a/b/"])
        logs.append({
            "CreationTime": "2020-01-01T00:00:00.000Z", "DeliverLogsStatus": "SUCCESS",
            "FlowLogId": f"fl-{rng.getrandbits(68):017x}", "FlowLogStatus": "ACTIVE",
            "ResourceId": rng.choice(model[kind])[key], "TrafficType": rng.choice(["ALL", "ACCEPT", "REJECT"]),
            "LogDestinationType": "s3", "LogDestination": f"arn:aws:s3:::flow-bucket/{number}/{prefix}",
            "LogFormat": " ".join(f"${{{f}}}" for f in fields), "Tags": [],
            "MaxAggregationInterval": rng.choice([60, 600]),
            "DestinationOptions": {"FileFormat": "plain-text", "HiveCompatiblePartitions": rng.random() < 0.5,
                                   "PerHourPartition": rng.random() < 0.5}})
    return logs


def fields_of(log: Json) -> list[str]:
    """The field names of a flow log's format."""
    return re.findall(r"\$\{([a-z0-9-]+)\}", log["LogFormat"])


def interfaces_of(log: Json, model: Model) -> set[str]:
    """The interfaces that a flow log covers."""
    resource = log["ResourceId"]
    return {i.id for i in model.interfaces if resource in (i.id, i.subnet, i.vpc)}


def folder_of(log: Json, account: str, slot: datetime) -> str:
    """Where an object of a slot belongs, below the destination directory."""
    options = log["DestinationOptions"]
    prefix = log["LogDestination"].split(":::", 1)[1].split("/", 1)[1]
    if options["HiveCompatiblePartitions"]:
        path = f"AWSLogs/aws-account-id={account}/aws-service=vpcflowlogs/aws-region={REGION}/"
        path += slot.strftime("year=%Y/month=%m/day=%d/")
        hour = slot.strftime("hour=%H/")
    else:
        path = f"AWSLogs/{account}/vpcflowlogs/{REGION}/" + slot.strftime("%Y/%m/%d/")
        hour = slot.strftime("%H/")
    return prefix + path + (hour if options["PerHourPartition"] else "")


def read_objects(destination: Path, logs: list[Json], account: str) -> tuple[dict[str, list[str]], list[str]]:
    """Records by flow log id, and everything wrong with the objects' names, headers and slots."""
    found: dict[str, list[str]] = {log["FlowLogId"]: [] for log in logs}
    wrong: list[str] = []
    by_id = {log["FlowLogId"]: log for log in logs}
    for path in sorted(p for p in destination.rglob("*") if p.is_file()):
        shown = path.relative_to(destination).as_posix()
        if shown.startswith("_flowgauge/"):
            continue
        match = NAME.fullmatch(path.name)
        if not match or match[3] not in by_id:
            wrong.append(f"name of {shown}")
            continue
        log = by_id[match[3]]
        slot = datetime.strptime(match[4], "%Y%m%dT%H%M").replace(tzinfo=timezone.utc)
        if shown != folder_of(log, account, slot) + path.name or match[1] != account:
            wrong.append(f"place of {shown}")
        fields = fields_of(log)
        header, *lines = gzip.decompress(path.read_bytes()).decode().splitlines()
        if header != " ".join(fields) or not lines:
            wrong.append(f"header or emptiness of {shown}")
        end = fields.index("end")
        if any(int(line.split(" ")[end]) // 300 * 300 != int(slot.timestamp()) for line in lines):
            wrong.append(f"slot of {shown}")
        found[match[3]] += lines
    return found, wrong
