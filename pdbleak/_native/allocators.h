/* What the allocators report of themselves, as their own text; looks at no object.
 *
 * All symbols are looked up at run time: a wheel is built for an older C library than it runs on, glibc's
 * reports are not everywhere, and the interpreter's is not part of its API.
 */
#ifndef PDBLEAK_ALLOCATORS_H
#define PDBLEAK_ALLOCATORS_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The interpreter's report (sys._debugmallocstats writes it to stderr), or NULL; to be freed. */
static char *
leak_report_python(void)
{
    int (*report)(FILE *) = (int (*)(FILE *))dlsym(RTLD_DEFAULT, "_PyObject_DebugMallocStats");
    char *text = NULL;
    size_t length = 0;
    FILE *stream;
    if (report == NULL || (stream = open_memstream(&text, &length)) == NULL) {
        return NULL;
    }
    (void)report(stream);
    fclose(stream);
    return text;
}

/* The file that malloc comes from, or NULL. */
static const char *
leak_malloc_file(void)
{
    Dl_info found;
    void *symbol = dlsym(RTLD_DEFAULT, "malloc");
    return symbol != NULL && dladdr(symbol, &found) ? found.dli_fname : NULL;
}

/* A function of the library that malloc comes from: another allocator may stand before glibc's. */
static void *
leak_beside_malloc(const char *name)
{
    Dl_info allocator, found;
    void *symbol = dlsym(RTLD_DEFAULT, name);
    void *beside = dlsym(RTLD_DEFAULT, "malloc");
    if (symbol == NULL || beside == NULL || !dladdr(symbol, &found) || !dladdr(beside, &allocator)) {
        return NULL;
    }
    return found.dli_fbase == allocator.dli_fbase ? symbol : NULL;
}

/* glibc's report, or NULL; to be freed. It locks one arena at a time, and no longer than it counts. */
static char *
leak_report_malloc(void)
{
    int (*report)(int, FILE *) = (int (*)(int, FILE *))leak_beside_malloc("malloc_info");
    char *text = NULL;
    size_t length = 0;
    FILE *stream;
    if (report == NULL || (stream = open_memstream(&text, &length)) == NULL) {
        return NULL;
    }
    (void)report(0, stream);
    fclose(stream);
    return text;
}

/* Give free pages back to the system: 1 if there were any, 0 if not, -1 where malloc cannot. */
static int
leak_trim_malloc(void)
{
    int (*trim)(size_t) = (int (*)(size_t))leak_beside_malloc("malloc_trim");
    return trim == NULL ? -1 : trim(0);
}

#endif
