"""celery's worker on the memory broker, fed by a thread: a line is a task, its result the answer."""

import sys

import lines
from celery import Celery

app = Celery("tasks", broker="memory://", backend=sys.argv[3])
app.conf.worker_hijack_root_logger = True
app.conf.broker_connection_retry_on_startup = True
app.conf.broker_transport_options = {"polling_interval": 0.02}


@app.task
def same(text):
    return text


def run_task(line):
    # The check for a task that waits for a task is one for the whole process.
    answer = same.delay(line.decode()).get(timeout=60, interval=0.01, disable_sync_subtasks=False)
    return answer.encode()


lines.serve_each(run_task)
app.worker_main(["worker", "--pool", sys.argv[2], "--concurrency", "2", "--loglevel", "WARNING"])
