"""What Spark reads in a folder of text.gz objects and in one of Parquet: the two lines of docs/engines.md, and one question."""

import sys

from pyspark.sql import SparkSession

text, parquet = sys.argv[1:]
spark = SparkSession.builder.master("local[1]").config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1").config("spark.ui.enabled", "false").getOrCreate()
spark.sparkContext.setLogLevel("ERROR")

flow_logs = spark.read.csv(text, sep=" ", header=True, nullValue="-", recursiveFileLookup=True)
columnar = spark.read.option("mergeSchema", True).option("recursiveFileLookup", True).parquet(parquet)

question = """SELECT srcaddr, sum(CAST(bytes AS bigint)) AS bytes, count(*) AS flows FROM flow_logs
WHERE action = 'ACCEPT' GROUP BY srcaddr ORDER BY bytes DESC, srcaddr LIMIT 3"""
for name, frame in (("text", flow_logs), ("parquet", columnar)):
    frame.createOrReplaceTempView("flow_logs")
    for row in spark.sql(question).collect():
        print(name, row["srcaddr"], row["bytes"], row["flows"])
