"""An Airflow DAG of the nightly job on Spark: one task per step, each a spark-submit by jobs/spark-step. Not run so far.

Copy it to the DAGs folder and set ONEREC_HOME (a checkout that has been built), ONEREC_CONF (the configuration of the job),
SPARK_HOME and SPARK_CONF in the environment of the Airflow workers. The id of the DAG run is the run id of all steps, so a
retry skips finished work and continues interrupted work. Errors that a retry cannot fix (exit 2, configuration; exit 3,
input) fail at once.
"""

import datetime
import os
import re
import subprocess

from airflow.decorators import dag, task
from airflow.exceptions import AirflowException, AirflowFailException

# generated: steps
STEPS = ["ingest", "swing", "pairs", "align", "embed", "train", "assign", "evaluate", "publish", "report"]
# end
FINAL = {2: "the command line or the configuration is wrong", 3: "the input data is bad"}


@dag(
    schedule="0 2 * * *",
    start_date=datetime.datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": datetime.timedelta(minutes=10)},
)
def onerec_nightly():
    @task
    def step(name, run_id=None):
        command = os.path.join(os.environ["ONEREC_HOME"], "jobs", "spark-step")
        run = re.sub(r"[^A-Za-z0-9_.-]", "-", run_id)
        code = subprocess.run([command, name, os.environ["ONEREC_CONF"], run], check=False).returncode
        if code in FINAL:
            raise AirflowFailException(f"{name}: exit {code}, {FINAL[code]}")
        if code != 0:
            raise AirflowException(f"{name}: exit {code}")

    before = None
    for name in STEPS:
        now = step.override(task_id=name)(name)
        if before is not None:
            before >> now
        before = now


onerec_nightly()
