"""Tasks with a countdown of a day: the worker takes each one at once, and holds it until it is due.

leaks: requests celery.worker.state | _queue Timer | _queue schedule
kept: Request
issue: https://github.com/celery/celery/issues/2218
needs: celery
"""

import threading

from celery import Celery
from celery.contrib.testing.worker import start_worker
from steady import rounds

app = Celery("reminders", broker="memory://", backend="cache+memory://")
app.conf.broker_transport_options = {"polling_interval": 0.02}
app.conf.task_ignore_result = True


@app.task
def remind(user):
    return f"remind {user}"


with start_worker(app, perform_ping_check=False, pool="solo", loglevel="ERROR"):
    print(f"{threading.active_count()} threads", flush=True)
    for number in rounds(50, warm_up=50):
        remind.apply_async((f"user-{number}",), countdown=86_400)
