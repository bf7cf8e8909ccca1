/* Whether the running walk shall end: Ctrl+C at a terminal, or at the far end of a socket; plain C. */

#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif
#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

/* One client at a time, and so one thread that runs its commands. */
static volatile int stop_active, stop_pressed, stop_socket = -1;
static pthread_t stop_thread;

static int stop_is_by(pthread_t thread)
{
    return pthread_equal(pthread_self(), thread);
}

static int stop_is_here(void)
{
    return stop_active && stop_is_by(stop_thread);
}

/* While a command runs, a client sends nothing but its Ctrl+C, or hangs up. */
static int stop_is_asked(void)
{
    struct pollfd waiting;
    if (stop_pressed)
        return 1;
    if (stop_socket < 0)
        return 0;
    waiting.fd = stop_socket;
    waiting.events = POLLIN;
    waiting.revents = 0;
    return poll(&waiting, 1, 0) > 0;
}

/* A frame so small goes as a whole or, to a client that does not read, not at all. */
static void stop_tell(const char *text, size_t length)
{
    char frame[256] = {0, 0, 0, 0};
    static const char before[] = "{\"progress\":\"", after[] = "\"}";
    size_t total = sizeof before - 1 + length + sizeof after - 1;
    if (stop_socket < 0 || total + 4 > sizeof frame)
        return;
    frame[3] = (char)total;
    memcpy(frame + 4, before, sizeof before - 1);
    memcpy(frame + 4 + sizeof before - 1, text, length);
    memcpy(frame + 4 + sizeof before - 1 + length, after, sizeof after - 1);
    (void)!send(stop_socket, frame, total + 4, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void stop_name_thread(const char *name)
{
#ifdef __linux__
    prctl(PR_SET_NAME, name, 0, 0, 0);
#else
    (void)name;
#endif
}
