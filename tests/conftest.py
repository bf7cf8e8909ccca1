"""For every part: the tests press Ctrl+C, so SIGINT has its action, whatever started them ignored."""

import signal

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell's background job; what the tests start would inherit it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
