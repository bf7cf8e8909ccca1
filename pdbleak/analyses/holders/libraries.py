"""Known causes in packages that many programs use; no package is imported."""

from __future__ import annotations

from pdbleak.analyses.holders.known import KnownHolder

VIEWS = KnownHolder(
    "views of numpy arrays keep the whole array that they look into",
    r"^arrays behind views",
    "keep array[...].copy() instead of a slice, where most of the array is not needed",
    "https://numpy.org/doc/stable/user/basics.copies.html",
    least=1 << 30,
    least_size=32 << 20,
)
LIBRARIES = (
    VIEWS,
    KnownHolder(
        "Django keeps every SQL query while DEBUG is on",
        r" \.queries_log → ",
        "set DEBUG = False; in a long-running script under DEBUG call django.db.reset_queries() in the loop",
        "https://docs.djangoproject.com/en/stable/faq/models/#why-is-django-leaking-memory",
        least=1000,
    ),
    KnownHolder(
        "matplotlib.pyplot keeps every figure that is not closed",
        r"matplotlib\._pylab_helpers \S*.* \.figs → ",
        "call plt.close(figure), or make it by matplotlib.figure.Figure(), which pyplot does not keep",
        "https://matplotlib.org/stable/api/_as_gen/matplotlib.pyplot.close.html",
        least=50,
        least_size=32 << 20,
    ),
    KnownHolder(
        "a session of SQLAlchemy lives on and keeps what it loaded or was given",
        r"sqlalchemy\.orm\.(session\.Session|identity\.\S+) ",
        "use one session per request: with Session() as session; or session.expunge_all(), session.close()",
        "https://docs.sqlalchemy.org/en/20/orm/session_basics.html#session-frequently-asked-questions",
        least=20_000,
        least_size=64 << 20,
    ),
    KnownHolder(
        "a metric of prometheus_client has a child for every combination of its labels",
        r"prometheus_client\.metrics\.\S+ \._metrics → ",
        "no ids, URLs or user names as label values; metric.remove(...) or clear() drops children",
        "https://prometheus.io/docs/practices/naming/#labels",
        least=5000,
    ),
    KnownHolder(
        "mocks remember every call, with its arguments",
        r" \.(_mock_mock_calls|_mock_call_args_list|_mock_method_calls|mock_calls|method_calls"
        r"|call_args_list) → ",
        "call mock.reset_mock(), or use a plain stub where the calls are not looked at",
        "https://docs.python.org/3/library/unittest.mock.html#unittest.mock.Mock.reset_mock",
    ),
)
