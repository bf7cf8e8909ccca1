"""A counter with the same few labels, counted up all the time.

needs: prometheus_client
"""

from prometheus_client import Counter, generate_latest
from steady import rounds

requests = Counter("requests", "Requests by method and status", ["method", "status"])

for number in rounds(200):
    requests.labels(method="GET" if number % 3 else "POST", status=str(200 + number % 4)).inc()
    if number % 200 == 0:
        generate_latest()
