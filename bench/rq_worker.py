"""A worker that does everything that waits, for each line of stdin: `bench.rq_worker KIND URL`.

KIND is `lean` for ours, with its beat, or `simple` for RQ's own. Grading is a constant here: what
is measured is RQ. Answers with the CPU seconds of this process, all its threads included.
"""

import sys
from time import process_time
from typing import Final

from redis import Redis
from rq import SimpleWorker

from graders.quality import analysis_grade
from sandbox.exam import Analysis
from worker import jobs
from worker.logs import configure_logs
from worker.messages import Graded, GradeJob, GradeReport
from worker.rq_beat import Beat
from worker.rq_clients import worker_client
from worker.rq_wire import QUEUE_NAME
from worker.rq_worker import LeanWorker

GRADE: Final = analysis_grade(Analysis(complexity=1, line_count=1))


def graded(job: GradeJob) -> GradeReport:
    """Grade without a sandbox."""
    return Graded(job_id=job.job_id, grade=GRADE)


def lean(url: str) -> None:
    """Let our worker do what waits, as `worker.work` sets it up."""
    worker = LeanWorker(
        QUEUE_NAME, connection=worker_client(url), serializer="json", log_job_description=False
    )
    beat = Beat(worker, url)
    beat.start()
    worker.work(burst=True, logging_level="WARNING")
    beat.stop()


def simple(url: str) -> None:
    """Let RQ's worker do what waits, with its logging turned down."""
    worker = SimpleWorker(
        QUEUE_NAME, connection=Redis.from_url(url), serializer="json", log_job_description=False
    )
    worker.log_result_lifespan = False
    worker.work(burst=True, logging_level="WARNING")


def main() -> None:
    """Serve until stdin ends."""
    kind, url = sys.argv[1:]
    configure_logs("warning", sys.stderr)
    jobs.install(graded)
    drain = {"lean": lean, "simple": simple}[kind]
    for _ in sys.stdin:
        before_s = process_time()
        drain(url)
        sys.stdout.write(f"{process_time() - before_s}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
