"""A label with a value per user: every value is a time series, and none is ever dropped.

leaks: _metrics
kept: Counter
issue: https://github.com/BerriAI/litellm/issues/12159
needs: prometheus_client
"""

from prometheus_client import Counter, Histogram
from steady import rounds

requests = Counter("requests", "requests served", ["route", "user"])
seconds = Histogram("seconds", "time taken", ["route"])
ROUTES = ("/users", "/orders", "/health")


def serve(number):
    route = ROUTES[number % len(ROUTES)]
    with seconds.labels(route).time():
        requests.labels(route, f"user-{number:08}").inc()


for number in rounds(100):
    serve(number)
