# cython: language_level=3
"""Ending a walk in C from outside, and telling how far it is; knows neither walks nor sockets' peers.

The interpreter tells of Ctrl+C only to its main thread. A prompt at the other end of a socket runs in a
thread of its own, and while that thread holds the interpreter's lock no other one can read from the socket: so
the walk itself looks whether something came.
"""

cdef extern from "stop.h":
    int stop_active
    int stop_pressed
    int stop_socket
    ctypedef unsigned long pthread_t
    pthread_t stop_thread
    pthread_t pthread_self()
    bint stop_is_here()
    bint stop_is_asked()
    void stop_tell(const char *text, size_t length)
    void stop_name_thread(const char *name)

cdef extern from "Python.h":
    int PyOS_InterruptOccurred()
    int PyThreadState_SetAsyncExc(unsigned long thread, void *kind)
    void *PyExc_KeyboardInterrupt
    int PyErr_SetInterruptEx(int signum)
    int Py_AddPendingCall(int (*function)(void *) noexcept, void *argument)

cdef extern from "memory.h":
    ssize_t write(int file, const void *text, size_t length)
    int munmap(void *memory, size_t size)


cdef bint asked() noexcept:
    """Tell whether the walk that calls this shall end. Needs the GIL."""
    if stop_is_here():
        return stop_is_asked()
    return PyOS_InterruptOccurred()


cdef void tell(int progress, const char *text, size_t length) noexcept:
    """Write how far a walk is, after a carriage return: to the client, or to a terminal's descriptor."""
    if stop_is_here():
        stop_tell(text + 1, length - 1)
    else:
        write(progress, text, length)


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


def forgive(unsigned long thread):
    """Take an `interrupt` back that has not been raised yet."""
    PyThreadState_SetAsyncExc(thread, NULL)


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
