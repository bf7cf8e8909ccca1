"""Known causes that are registries of callbacks: what is registered is never taken out."""

from __future__ import annotations

from pdbleak.analyses.holders.known import KnownHolder

AT_EXIT = KnownHolder(
    "callbacks that are registered at exit stay until the program ends",
    r"^callbacks at exit",
    "register once for the program, not once per request; atexit.unregister(callback) takes one out",
    "https://docs.python.org/3/library/atexit.html#atexit.unregister",
)
CALLBACKS = (
    AT_EXIT,
    KnownHolder(
        "receivers of a signal stay connected, with all that they are bound to",
        r"(\S*[Ss]ignal \.(receivers|_by_receiver|_by_sender)|\.(_)?receivers) → ",
        "disconnect the receiver when its owner goes; connect(..., weak=False) and lambdas keep it for ever",
        "https://docs.djangoproject.com/en/stable/topics/signals/#listening-to-signals",
    ),
    KnownHolder(
        "weakref.finalize keeps each callback and its arguments while the object that it watches lives",
        r"^module weakref .* \._registry → dict .*weakref\.finalize",
        "watch the short-lived object, not its class or the application; call finalizer.detach()",
        "https://docs.python.org/3/library/weakref.html#weakref.finalize",
    ),
    KnownHolder(
        "callbacks wait at a future that does not finish",
        r"(Future|Task) \._callbacks → ",
        "call future.remove_done_callback(callback), or wait with asyncio.wait_for on a future of one's own",
        "https://docs.python.org/3/library/asyncio-future.html#asyncio.Future.remove_done_callback",
    ),
    KnownHolder(
        "handlers of events stay registered, with all that they are bound to",
        r" \.(_?(listeners|observers|subscribers|callbacks|_events|event_handlers|on_event))( → |$)"
        r"(?!.*weakref\.\w+$)",
        "unregister the callback when its owner goes, or register weakref.WeakMethod(method)",
        "https://docs.python.org/3/library/weakref.html#weakref.WeakMethod",
    ),
)
