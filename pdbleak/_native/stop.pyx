# cython: language_level=3
"""Ending a walk in C from outside, and telling how far it is; knows neither walks nor sockets' peers.

The interpreter tells of Ctrl+C only to its main thread. A prompt at the other end of a socket runs in a
thread of its own, and while that thread holds the interpreter's lock no other one can read from the socket: so
the walk itself looks whether something came.
"""

from libc.stdio cimport snprintf

cdef extern from "stop.h":
    int stop_active
    int stop_pressed
    int stop_socket
    ctypedef unsigned long pthread_t
    pthread_t stop_thread
    pthread_t pthread_self()
    bint stop_is_here()
    bint stop_is_asked()
    bint stop_is_by(pthread_t thread)
    void stop_tell(const char *text, size_t length)
    void stop_name_thread(const char *name)

cdef extern from "Python.h":
    int PyOS_InterruptOccurred()
    int PyThreadState_SetAsyncExc(unsigned long thread, void *kind)
    ctypedef struct PyThreadState:
        void *async_exc
    PyThreadState *PyThreadState_Get()
    void *PyExc_KeyboardInterrupt
    int PyErr_SetInterruptEx(int signum)
    int Py_AddPendingCall(int (*function)(void *) noexcept, void *argument)

cdef extern from "memory.h":
    ssize_t write(int file, const void *text, size_t length)
    int munmap(void *memory, size_t size)
    double leak_now()

# The command that tells how long it takes: its name, where to, since when, when again; whether it has.
cdef bytes name_of_command = b""
cdef int terminal = -1
cdef pthread_t teller
cdef double began = 0
cdef double due = 0
cdef bint told = False


cdef bint asked() noexcept:
    """Tell whether the walk that calls this shall end. Needs the GIL."""
    if stop_is_here():
        return stop_is_asked()
    return PyOS_InterruptOccurred()


cdef bint asked_and_told() noexcept:
    """Tell as `asked` does, and the terminal how long the command runs. Needs the GIL."""
    keep_telling()
    return asked()


cpdef void keep_telling() noexcept:
    """Tell the terminal how long the command runs, if it is time."""
    global due
    cdef double now
    cdef char text[96]
    cdef int length
    if terminal < 0 or not stop_is_by(teller):
        return
    now = leak_now()
    if now >= due:
        due = now + 0.25
        # The spaces cover what a capture has told before.
        length = snprintf(text, sizeof(text), b"\r%.40s ... %.0f s                    ",
                          <const char *>name_of_command, now - began)
        tell(terminal, text, length)


cdef void tell(int progress, const char *text, size_t length) noexcept:
    """Write how far a walk is, after a carriage return: to the client, or to a terminal's descriptor."""
    global told
    told = True
    if stop_is_here():
        stop_tell(text + 1, length - 1)
    else:
        write(progress, text, length)


def begin_telling(int progress, bytes name, double after=1.0):
    """Let the walks of this thread's command tell a terminal's descriptor how long it takes; -1 is none."""
    global name_of_command, terminal, teller, began, due, told
    name_of_command = name
    terminal = progress
    teller = pthread_self()
    began = leak_now()
    due = began + after
    told = False


def tell_share(str what, double share):
    """Tell the terminal which share of its work the command has done, if it is time."""
    global due
    cdef bytes text
    cdef double now = leak_now()
    if terminal >= 0 and now >= due and stop_is_by(teller):
        due = now + 0.25
        text = f"\r{what} ... {share:.0%}                    ".encode()
        tell(terminal, text, len(text))


def erase_told():
    """Erase what was told from the terminal; a client does that by itself."""
    global told
    if told and terminal >= 0 and stop_is_by(teller) and not stop_is_here():
        write(terminal, b"\r\x1b[K", 4)
    told = False


def end_telling():
    """Undo `begin_telling`, and erase what was told."""
    global terminal
    erase_told()
    terminal = -1


def listen_for(int socket):
    """Let the commands of this thread be ended by whatever comes from `socket` (-1: by `press` alone)."""
    global stop_active, stop_pressed, stop_socket, stop_thread
    stop_pressed = 0
    stop_socket = socket
    stop_thread = pthread_self()
    stop_active = 1


def listen_no_more():
    """Undo `listen_for`."""
    global stop_active, stop_pressed, stop_socket
    stop_active = 0
    stop_pressed = 0
    stop_socket = -1


def press():
    """End the walk that runs in the listening thread."""
    global stop_pressed
    stop_pressed = stop_active


def interrupt(unsigned long thread):
    """Raise KeyboardInterrupt in a thread, by `threading.get_ident`'s number, when it next runs Python."""
    PyThreadState_SetAsyncExc(thread, PyExc_KeyboardInterrupt)


def is_interrupted():
    """Tell whether an `interrupt` of this thread is still to be raised.

    It has to be: up to 3.12 one that is taken back leaves all threads looking for it for good, at every turn
    of a loop, and a traced one on 3.11 does nothing else.
    """
    return PyThreadState_Get().async_exc != NULL


def trip(int signum):
    """Make the main thread call the handler of a signal, as if it had arrived, when it next runs Python."""
    PyErr_SetInterruptEx(signum)


cdef object calls = []


cdef int call_next(void *unused) noexcept:
    try:
        if calls:
            calls.pop(0)()
    except BaseException:
        # It would be raised in whatever the main thread is doing.
        pass
    return 0


def call_in_main(function):
    """Call a function in the main thread when it next runs Python. Raises OSError where too many calls wait."""
    calls.append(function)
    if Py_AddPendingCall(call_next, NULL) != 0:
        calls.remove(function)
        raise OSError("the interpreter takes no more calls")


def give_back(size_t page):
    """Give a page of memory back that a debugger has asked for in this process; 0 is none."""
    if page and page % 4096 == 0:
        munmap(<void *>page, 4096)


def name_thread(bytes name):
    """Name the calling thread for `ps` and the like, in at most 15 bytes."""
    stop_name_thread(name)
