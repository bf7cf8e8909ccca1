/* Memory for the core's arrays: whole pages from the kernel, zeroed, given back at once when freed.
 *
 * The program's allocator is left alone: nothing of a capture stays behind as a hole in its heap,
 * and a page that is never written costs nothing.
 */
#ifndef PDBLEAK_MEMORY_H
#define PDBLEAK_MEMORY_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define LEAK_HUGE ((size_t)2 << 20)

static inline size_t
leak_pages(size_t bytes)
{
    return bytes == 0 ? 4096 : (bytes + 4095) & ~(size_t)4095;
}

/* Ask for huge pages where they are filled to the end: they spare 511 of 512 page faults. */
static inline void *
leak_advise(void *memory, size_t pages)
{
#ifdef MADV_HUGEPAGE
    if (pages >= 2 * LEAK_HUGE) {
        (void)madvise(memory, pages & ~(LEAK_HUGE - 1), MADV_HUGEPAGE);
    }
#endif
    return memory;
}

/* Zeroed memory, large ones on a huge page's boundary, or NULL. */
static inline void *
leak_map(size_t bytes)
{
    size_t pages = leak_pages(bytes);
    size_t slack = pages >= 2 * LEAK_HUGE ? LEAK_HUGE : 0;
    size_t skipped;
    char *memory = mmap(NULL, pages + slack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        return NULL;
    }
    if (slack != 0) {
        skipped = (LEAK_HUGE - ((uintptr_t)memory & (LEAK_HUGE - 1))) & (LEAK_HUGE - 1);
        if (skipped != 0) {
            munmap(memory, skipped);
        }
        if (slack != skipped) {
            munmap(memory + skipped + pages, slack - skipped);
        }
        memory += skipped;
    }
    return leak_advise(memory, pages);
}

static inline void
leak_unmap(void *memory, size_t bytes)
{
    if (memory != NULL) {
        munmap(memory, leak_pages(bytes));
    }
}

/* The same memory in another size, its new part zeroed; NULL leaves the old one as it was. */
static inline void *
leak_remap(void *memory, size_t old, size_t bytes)
{
    void *moved;
    size_t had = leak_pages(old);
    size_t wanted = leak_pages(bytes);
    if (memory == NULL || had == wanted) {
        return memory == NULL ? leak_map(bytes) : memory;
    }
    if (wanted < had) {
        munmap((char *)memory + wanted, had - wanted);
        return memory;
    }
    moved = leak_map(bytes);
    if (moved == NULL) {
        return NULL;
    }
#ifdef __linux__
    /* Moves the pages themselves, whole huge ones at once. */
    if (mremap(memory, had, had, MREMAP_MAYMOVE | MREMAP_FIXED, moved) == MAP_FAILED) {
        leak_unmap(moved, bytes);
        return NULL;
    }
    /* What was moved lost the advice of the new place. */
    return leak_advise(moved, wanted);
#else
    memcpy(moved, memory, old);
    leak_unmap(memory, old);
    return moved;
#endif
}

#if defined(__x86_64__) && !defined(__POPCNT__)
/* Every processor since 2008 has the instruction, but a wheel may not assume it. */
static int leak_counts_bits;

__attribute__((constructor)) static void
leak_look_for_popcnt(void)
{
    __builtin_cpu_init();
    leak_counts_bits = __builtin_cpu_supports("popcnt");
}
#endif

/* The number of set bits, without the library call that a processor without the instruction needs. */
static inline uint32_t
leak_count_bits(uint64_t bits)
{
#if defined(__x86_64__) && !defined(__POPCNT__)
    if (__builtin_expect(leak_counts_bits, 1)) {
        __asm__("popcnt %0, %0" : "+r"(bits) : : "cc");
        return (uint32_t)bits;
    }
#elif defined(__POPCNT__) || defined(__aarch64__)
    return (uint32_t)__builtin_popcountll(bits);
#endif
#if !defined(__POPCNT__) && !defined(__aarch64__)
    bits -= bits >> 1 & 0x5555555555555555;
    bits = (bits & 0x3333333333333333) + (bits >> 2 & 0x3333333333333333);
    return (uint32_t)(((bits + (bits >> 4)) & 0x0F0F0F0F0F0F0F0F) * 0x0101010101010101 >> 56);
#endif
}

/* Seconds on a clock that only rises. */
static inline double
leak_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

#endif
