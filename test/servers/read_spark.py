"""A Spark of one machine that is asked through its standard input: a line of JSON for each question, a line for each answer.

{"run": "flow_logs = spark.read…"} runs lines of the docs; {"sql": "SELECT …"} gives the columns and rows. Functions of flowgauge that Spark
has no form for are defined here in Python; networks and addresses are those of the standard library.
"""

import datetime
import ipaddress
import json
import sys

from pyspark.sql import SparkSession

NETWORKS = {}


def address_of(text):
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def cidr_contains(address, network):
    if address is None or network is None:
        return None
    if network not in NETWORKS:
        NETWORKS[network] = ipaddress.ip_network(network, strict=False)
    found = address_of(address)
    return None if found is None else found in NETWORKS[network]


def in_any(address, networks):
    """`networks` is text with commas."""
    if address is None or address_of(address) is None:
        return None
    return any(cidr_contains(address, each) for each in networks.split(","))


settings = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "1g",
    "spark.ui.enabled": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.shuffle.partitions": "1",
    # So that "end" is a name, as in the SQL of the other engines.
    "spark.sql.ansi.enabled": "true",
    "spark.sql.ansi.doubleQuotedIdentifiers": "true",
}
builder = SparkSession.builder.master("local[1]")
for name, value in settings.items():
    builder = builder.config(name, value)
spark = builder.getOrCreate()
spark.sparkContext.setLogLevel("ERROR")
spark.udf.register("cidr_contains", cidr_contains, "boolean")
spark.udf.register("in_any", in_any, "boolean")


def plain(value):
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value


def answer(asked):
    if "run" in asked:
        exec(asked["run"], {"spark": spark})
        return {}
    frame = spark.sql(asked["sql"])
    columns = [{"name": field.name, "type": field.dataType.simpleString()} for field in frame.schema.fields]
    return {"columns": columns, "rows": [[plain(value) for value in row] for row in frame.collect()]}


for line in sys.stdin:
    try:
        told = answer(json.loads(line))
    except Exception as error:
        told = {"error": str(error)[:2000]}
    print(json.dumps(told), flush=True)
