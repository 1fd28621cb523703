"""Spark with Delta Lake, for the test beside it: one JSON request {"sql": ..., "out": ...} a line on stdin, one JSON
answer a line on stdout. With `out`, the rows are put into one Parquet file of that name.
"""
import glob
import json
import os
import shutil
import sys

from pyspark.sql import SparkSession

home = os.environ.get("COMPONENTS_HOME") or os.path.expanduser("~/.cache/lakewright-components")
os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.jars", ",".join(sorted(glob.glob(home + "/jars-delta/*.jar"))))
    .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
    .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
    .config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.driver.host", "127.0.0.1")
    .config("spark.ui.enabled", "false")
    .config("spark.driver.memory", "2g")
    .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
    .config("spark.sql.shuffle.partitions", "2")
    .config("spark.databricks.delta.snapshotPartitions", "2")
    .config("spark.sql.session.timeZone", "UTC")
    .config("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("ERROR")

for line in sys.stdin:
    request = json.loads(line)
    try:
        frame = spark.sql(request["sql"])
        if "out" in request:
            folder = request["out"] + ".folder"
            frame.coalesce(1).write.parquet(folder)
            shutil.move(glob.glob(folder + "/*.parquet")[0], request["out"])
            answer = {"columns": frame.columns}
        else:
            answer = {"columns": frame.columns, "rows": [list(row) for row in frame.collect()]}
    except Exception as error:  # the caller decides what an error means
        answer = {"error": str(error)}
    print(json.dumps(answer, default=str), flush=True)
