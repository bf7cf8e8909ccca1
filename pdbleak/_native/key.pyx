# cython: language_level=3
"""What happens to Ctrl+C before any Python runs; says who has it, and knows neither prompts nor programs."""

cdef extern from "key.h":
    enum:
        KEY_FREE
        KEY_DEAF
        KEY_TYPING
        KEY_CHILDREN
        KEY_TEXT
    long KEY_AGAIN_NS
    ctypedef struct key_ledger:
        int count
        int *pids
    ctypedef int sig_atomic_t
    ctypedef int pid_t
    ctypedef unsigned long pthread_t
    sig_atomic_t key_state
    sig_atomic_t key_missed
    sig_atomic_t key_held
    pid_t key_owner
    pthread_t key_main
    int key_trip
    int key_dump
    int key_sink
    int key_has_timer
    char *key_stuck_text
    char *key_child_text
    key_ledger *key_shielded
    pid_t getpid()
    pthread_t pthread_self()
    int key_install()
    int key_install_trip()
    void key_ignore()
    int key_share(int descriptor)
    int key_seen()
    int key_hold()
    int key_make_timer()
    void key_set_timer(long seconds, long nanoseconds, long again)
    int key_guard(int descriptor)
    void key_unguard()

cdef extern from "Python.h":
    int PyErr_SetInterruptEx(int signum)

cdef extern from "string.h":
    char *strncpy(char *target, const char *source, size_t size)

FREE = KEY_FREE
DEAF = KEY_DEAF
TYPING = KEY_TYPING


def take(int trip, int dump, bytes stuck, bytes child):
    """Take the key for this process: a press trips the signal `trip`, and the second one says `stuck`.

    `trip` has the interpreter's handler already; the one that takes its place does the same. `child` is what a
    forked child says once, its process id in place of `#`. `dump` is a signal that writes the main thread's
    stack. To be called from the main thread. Raises OSError.
    """
    global key_owner, key_main, key_trip, key_dump, key_has_timer
    key_owner = getpid()
    key_main = pthread_self()
    key_trip = trip
    key_dump = dump
    strncpy(key_stuck_text, stuck, KEY_TEXT - 1)
    strncpy(key_child_text, child, KEY_TEXT - 1)
    key_has_timer = key_make_timer()
    if key_install_trip() != 0 or key_install() != 0:
        raise OSError("the handlers of the key cannot be set")


def shield(int owner, bytes child):
    """Ignore the key in this process, which another one owns, and only that: a sent SIGINT is the program's."""
    global key_owner
    key_owner = owner
    strncpy(key_child_text, child, KEY_TEXT - 1)
    if key_install() != 0:
        raise OSError("the handler of SIGINT cannot be set")


def install():
    """Set the handler of SIGINT, as `take` and `shield` do."""
    key_install()


def ignore():
    """Ignore SIGINT in earnest, until `install`: only this passes on to what is executed."""
    key_ignore()


def share(int descriptor):
    """Keep the list of shielded children in a shared mapping: of `descriptor`, or of the forked ones with -1."""
    if key_share(descriptor) != 0:
        raise OSError("no memory to share with the children")


def owner():
    """Return the process that the key belongs to."""
    return key_owner


def speak_on(int descriptor):
    """Write what is said from C to this descriptor."""
    global key_sink
    key_sink = descriptor


def mean(int state):
    """Make a press open a prompt (FREE), do nothing (DEAF), or cancel what is typed (TYPING).

    Returns whether one came that did nothing.
    """
    global key_state, key_missed, key_held
    key_state = state
    missed = bool(key_missed or key_held)
    key_missed = key_held = 0
    return missed


def seen():
    """Tell whether a press waits to be seen, and take it."""
    return bool(key_seen())


def hold():
    """Have a press that cancels what is typed come again a little later. Return whether that can be."""
    return bool(key_hold())


def trip():
    """Make the interpreter call the handler of SIGINT as if the signal had arrived, wake-up byte included."""
    PyErr_SetInterruptEx(2)


def alarm(double seconds):
    """Trip the key's signal after some time, in the main thread; 0 calls it off. Return whether that can be.

    It is repeated until the next call: one that comes just before a system call blocks is not heard. A press
    that is held comes at once: there is one timer.
    """
    global key_held
    cdef long whole = <long>seconds
    if key_held:
        key_held = 0
        PyErr_SetInterruptEx(2)
    key_set_timer(whole, <long>((seconds - whole) * 1e9), KEY_AGAIN_NS if seconds > 0 else 0)
    return bool(key_has_timer)


def shielded():
    """Return the children that were spared a press since the last call."""
    if key_shielded == NULL:
        return []
    cdef int i, count = min(key_shielded.count, KEY_CHILDREN)
    found = sorted({key_shielded.pids[i] for i in range(count)} - {0})
    for i in range(count):
        key_shielded.pids[i] = 0
    key_shielded.count = 0
    return found


def guard(int descriptor):
    """Remember a terminal's modes; they are put back if the process dies. Return whether it was remembered."""
    return bool(key_guard(descriptor))


def unguard():
    """Forget the terminal."""
    key_unguard()
