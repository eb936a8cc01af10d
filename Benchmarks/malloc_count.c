/* Counts what a process takes from malloc, by LD_PRELOAD, and appends the number to $MALLOC_COUNT_FILE when it exits.
 * The C library's own names are called behind the counter: looking them up with dlsym could itself allocate. */
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static atomic_ulong count;

static void one_more(void) { atomic_fetch_add_explicit(&count, 1, memory_order_relaxed); }

void *malloc(size_t size) { return one_more(), __libc_malloc(size); }
void *calloc(size_t items, size_t size) { return one_more(), __libc_calloc(items, size); }
void *realloc(void *old, size_t size) { return one_more(), __libc_realloc(old, size); }
void *memalign(size_t alignment, size_t size) { return one_more(), __libc_memalign(alignment, size); }
void *aligned_alloc(size_t alignment, size_t size) { return one_more(), __libc_memalign(alignment, size); }

int posix_memalign(void **result, size_t alignment, size_t size) {
    one_more();
    void *memory = __libc_memalign(alignment, size);
    if (memory == NULL) return ENOMEM;
    *result = memory;
    return 0;
}

__attribute__((destructor)) static void report(void) {
    unsigned long total = atomic_load(&count);
    const char *path = getenv("MALLOC_COUNT_FILE");
    FILE *file = path ? fopen(path, "a") : NULL;
    if (file == NULL) return;
    fprintf(file, "%lu\n", total);
    fclose(file);
}
