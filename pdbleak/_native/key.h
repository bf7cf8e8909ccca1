/* What happens to Ctrl+C before any Python runs: plain C, callable from a signal handler; knows no Python object.

   The interpreter's own handler would write SIGINT into the program's wake-up descriptor, and an event loop
   would run its callback after the prompt. So a press trips another signal, one that nobody uses: its byte
   wakes the loop and means nothing to it. */

#include <Python.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/syscall.h>
#endif

#define KEY_TEXT 400
#define KEY_CHILDREN 1023
/* A press that comes just before a system call blocks would not interrupt it: it is repeated once. */
#define KEY_AGAIN_NS 50000000L
/* Sooner than this, a second press is an impatient finger, which is told then if nothing has come by then. */
#define KEY_STUCK_MS 300
/* A press that is held is tried again after this time. */
#define KEY_HOLD_NS 10000000L

enum { KEY_FREE, KEY_DEAF, KEY_TYPING };

typedef struct {
    volatile int count;
    volatile int pids[KEY_CHILDREN];
} key_ledger;

static volatile sig_atomic_t key_state = KEY_FREE;
static volatile sig_atomic_t key_waiting, key_hurried, key_missed, key_held, key_told;
static struct timespec key_since;
static pid_t key_owner;
static pthread_t key_main;
static int key_trip, key_dump, key_sink = 2;
static char key_stuck_text[KEY_TEXT], key_child_text[KEY_TEXT];
static key_ledger *key_shielded;
static int key_has_timer;

static void key_say(int descriptor, const char *text)
{
    size_t left = strlen(text);
    while (left > 0) {
        ssize_t written = write(descriptor, text, left);
        if (written <= 0)
            return;
        text += written;
        left -= (size_t)written;
    }
}

/* ---- a timer without a thread ---- */

#if defined(__linux__) && defined(SYS_timer_create) && defined(SIGEV_THREAD_ID)
static int key_timer;

static int key_make_timer(void)
{
    struct sigevent event;
    memset(&event, 0, sizeof event);
    event.sigev_notify = SIGEV_THREAD_ID;
    event.sigev_signo = key_trip;
    /* glibc names this member only in newer versions. */
    event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
    return syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, &key_timer) == 0;
}

static void key_set_timer(long seconds, long nanoseconds, long again)
{
    struct itimerspec when;
    memset(&when, 0, sizeof when);
    when.it_value.tv_sec = seconds;
    when.it_value.tv_nsec = nanoseconds;
    when.it_interval.tv_nsec = again;
    if (key_has_timer && getpid() == key_owner)
        syscall(SYS_timer_settime, key_timer, 0, &when, NULL);
}
#else
static int key_make_timer(void) { return 0; }
static void key_set_timer(long seconds, long nanoseconds, long again)
{
    (void)seconds;
    (void)nanoseconds;
    (void)again;
}
#endif

/* ---- the key ---- */

static void key_shield(void)
{
    if (key_shielded != NULL) {
        int slot = __atomic_fetch_add(&key_shielded->count, 1, __ATOMIC_SEQ_CST);
        if (slot >= 0 && slot < KEY_CHILDREN)
            key_shielded->pids[slot] = (int)getpid();
    }
    if (!key_told) {
        char digits[16];
        int at = sizeof digits - 1;
        long left = (long)getpid();
        const char *rest = key_child_text;
        key_told = 1;
        digits[at] = '\0';
        do {
            digits[--at] = (char)('0' + left % 10);
            left /= 10;
        } while (left > 0);
        /* One write per line, or the lines of several children would mix. */
        char line[2 * KEY_TEXT];
        size_t length = 0;
        for (; *rest != '\0' && length < sizeof line - 20; rest++) {
            if (*rest == '#') {
                memcpy(line + length, digits + at, strlen(digits + at));
                length += strlen(digits + at);
            } else {
                line[length++] = *rest;
            }
        }
        line[length] = '\0';
        key_say(2, line);
    }
}

static int key_is_stuck(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (now.tv_sec - key_since.tv_sec) * 1000 + (now.tv_nsec - key_since.tv_nsec) / 1000000 >= KEY_STUCK_MS;
}

static void key_complain(void)
{
    key_hurried = 0;
    key_say(key_sink, key_stuck_text);
    if (key_dump > 0)
        pthread_kill(key_main, key_dump);
}

static void key_press(void)
{
    if (!key_waiting) {
        clock_gettime(CLOCK_MONOTONIC, &key_since);
        key_hurried = 0;
        key_waiting = 1;
    } else if (key_is_stuck()) {
        key_complain();
    } else {
        key_hurried = 1;
    }
    key_set_timer(0, KEY_AGAIN_NS, key_hurried ? KEY_AGAIN_NS : 0);
    if (pthread_equal(pthread_self(), key_main))
        PyErr_SetInterruptEx(key_trip);
    else
        pthread_kill(key_main, key_trip);
}

/* At a prompt: SIGINT itself, because the walks in C ask for it. An editor that was about to wait for the next
   character would not hear of it, so the timer's signal comes after it. */
static void key_cancel(void)
{
    key_set_timer(0, KEY_AGAIN_NS, 0);
    PyErr_SetInterruptEx(SIGINT);
}

/* Keep a press that came where it must not be raised; it comes again. Returns 0 where there is no timer. */
static int key_hold(void)
{
    if (!key_has_timer)
        return 0;
    key_held = 1;
    key_set_timer(0, KEY_HOLD_NS, 0);
    return 1;
}

/* The handler of the signal that a press trips: the interpreter's, the word to a finger that was too quick, and
   the press that was held. */
static void key_tripped(int signum)
{
    int saved = errno;
    if (key_hurried && key_waiting && key_is_stuck() && getpid() == key_owner) {
        key_set_timer(0, 0, 0);
        key_complain();
    }
    if (key_held) {
        key_held = 0;
        key_cancel();
    } else {
        PyErr_SetInterruptEx(signum);
    }
    errno = saved;
}

static void key_arrived(int signum, siginfo_t *info, void *context)
{
    int saved = errno;
    (void)signum;
    (void)context;
#ifdef SI_KERNEL
    int typed = info->si_code == SI_KERNEL;
#else
    int typed = info->si_pid == 0;
#endif
    if (getpid() != key_owner) {
        if (typed)
            key_shield();
        else
            PyErr_SetInterruptEx(SIGINT);
    } else if (key_state == KEY_TYPING) {
        key_cancel();
    } else if (!typed && info->si_pid == key_owner) {
        /* It is the program's own doing. */
        PyErr_SetInterruptEx(SIGINT);
    } else if (key_state == KEY_FREE) {
        key_press();
    } else {
        key_missed = 1;
    }
    errno = saved;
}

static int key_install_trip(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = key_tripped;
    action.sa_flags = SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    return sigaction(key_trip, &action, NULL);
}

static int key_install(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = key_arrived;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    return sigaction(SIGINT, &action, NULL);
}

static void key_ignore(void)
{
    signal(SIGINT, SIG_IGN);
}

static int key_share(int descriptor)
{
    int flags = MAP_SHARED | (descriptor < 0 ? MAP_ANONYMOUS : 0);
    void *page = mmap(NULL, sizeof(key_ledger), PROT_READ | PROT_WRITE, flags, descriptor, 0);
    if (page == MAP_FAILED)
        return -1;
    key_shielded = page;
    return 0;
}

static int key_seen(void)
{
    int waiting = key_waiting;
    key_waiting = 0;
    if (waiting)
        key_set_timer(0, 0, 0);
    return waiting;
}

/* ---- the terminal, when the process dies at the prompt ---- */

static const int key_deadly[] = {SIGTERM, SIGHUP, SIGQUIT, SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL};
#define KEY_DEADLY ((int)(sizeof key_deadly / sizeof key_deadly[0]))
static struct sigaction key_before[KEY_DEADLY];
static volatile sig_atomic_t key_guarded[KEY_DEADLY];
static struct termios key_terminal;
static int key_terminal_at = -1;

static void key_dying(int signum)
{
    int saved = errno;
    sigset_t stops;
    if (getpid() == key_owner && key_terminal_at >= 0) {
        /* From the background, setting the terminal would stop the process. */
        sigemptyset(&stops);
        sigaddset(&stops, SIGTTOU);
        pthread_sigmask(SIG_BLOCK, &stops, NULL);
        tcsetattr(key_terminal_at, TCSANOW, &key_terminal);
        pthread_sigmask(SIG_UNBLOCK, &stops, NULL);
    }
    for (int i = 0; i < KEY_DEADLY; i++)
        if (key_deadly[i] == signum)
            sigaction(signum, &key_before[i], NULL);
    errno = saved;
    raise(signum);
}

static int key_guard(int descriptor)
{
    if (key_terminal_at >= 0 || tcgetattr(descriptor, &key_terminal) != 0)
        return 0;
    key_terminal_at = descriptor;
    for (int i = 0; i < KEY_DEADLY; i++) {
        struct sigaction action;
        if (sigaction(key_deadly[i], NULL, &key_before[i]) != 0)
            continue;
        /* What the program answers itself is left to it; a crash is a crash, whoever reports it. */
        if (key_before[i].sa_handler != SIG_DFL && (i < 3 || key_before[i].sa_handler == SIG_IGN))
            continue;
        memset(&action, 0, sizeof action);
        action.sa_handler = key_dying;
        action.sa_flags = SA_ONSTACK | SA_NODEFER;
        sigemptyset(&action.sa_mask);
        key_guarded[i] = sigaction(key_deadly[i], &action, NULL) == 0;
    }
    return 1;
}

static void key_unguard(void)
{
    for (int i = 0; i < KEY_DEADLY; i++) {
        struct sigaction now;
        if (key_guarded[i] && sigaction(key_deadly[i], NULL, &now) == 0 && now.sa_handler == key_dying)
            sigaction(key_deadly[i], &key_before[i], NULL);
        key_guarded[i] = 0;
    }
    key_terminal_at = -1;
}
