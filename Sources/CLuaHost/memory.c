#include "host.h"

#include <stdlib.h>
#include <string.h>

// A parser makes about ten small objects a line; taking them from lists by size instead of malloc is worth
// a tenth of its time, and counting slabs instead of objects keeps the cap true in spite of fragmentation.

static inline size_t class_of(size_t size) { return (size - 1) / CLASS_STEP; }

static void *take_small(host_heap *heap, size_t size, bool forced) {
    size_t class = class_of(size);
    void *block = heap->free[class];
    if (block != NULL) {
        memcpy(&heap->free[class], block, sizeof(void *));
        return block;
    }
    size_t rounded = (class + 1) * CLASS_STEP;
    if ((size_t)(heap->bump_end - heap->bump) < rounded) {
        if (!forced && heap->used + SLAB_BYTES > heap->limit) return NULL;
        slab *fresh = malloc(SLAB_BYTES);
        if (fresh == NULL) return NULL;
        size_t rest = (size_t)(heap->bump_end - heap->bump);
        if (rest >= CLASS_STEP) {
            memcpy(heap->bump, &heap->free[class_of(rest)], sizeof(void *));
            heap->free[class_of(rest)] = heap->bump;
        }
        fresh->next = heap->slabs;
        heap->slabs = fresh;
        heap->used += SLAB_BYTES;
        heap->bump = (char *)(fresh + 1);
        heap->bump_end = (char *)fresh + SLAB_BYTES;
    }
    block = heap->bump;
    heap->bump += rounded;
    return block;
}

static void give_small(host_heap *heap, void *block, size_t size) {
    size_t class = class_of(size);
    memcpy(block, &heap->free[class], sizeof(void *));
    heap->free[class] = block;
}

/// A single instruction can move or hash all of a stack or a table each time that it grows: the only chance to stop it
/// is when it asks for more.
static bool fits(const host_heap *heap, size_t size) {
    if (size > heap->block_limit || heap->used > heap->limit || size > heap->limit - heap->used) return false;
    return size < LARGE_BYTES || !limits_is_late(heap->host);
}

static void *allocate(host_heap *heap, size_t size, bool forced) {
    if (size <= CLASS_LIMIT) return take_small(heap, size, forced);
    if (!forced && !fits(heap, size)) return NULL;
    void *block = malloc(size);
    if (block != NULL) heap->used += size;
    return block;
}

/// A new object of a kind that Lua names, or something without a kind (0).
static void *create(host_heap *heap, size_t kind, size_t size) {
    bool is_large = size >= LARGE_BYTES;
    if (is_large && !large_fits(heap->host, kind, size)) return NULL;
    void *block = allocate(heap, size, false);
    if (is_large && block != NULL) large_note(heap->host, kind, block, size);
    return block;
}

static void release(host_heap *heap, void *block, size_t size) {
    if (size <= CLASS_LIMIT) {
        give_small(heap, block, size);
    } else {
        heap->used -= size;
        if (size >= LARGE_BYTES) large_forget(&heap->large, block);
        free(block);
    }
}

void *heap_allocate(void *context, void *block, size_t old_size, size_t new_size) {
    host_heap *heap = context;
    if (new_size == 0) {
        if (block != NULL && old_size > 0) release(heap, block, old_size);
        return NULL;
    }
    // For a new block the old size is the kind of object.
    if (block == NULL) {
        heap->allocations++;
        heap->allocated += new_size;
        void *made = create(heap, old_size, new_size);
        // No error handler runs for a lack of memory, and afterwards the script's frames are gone. Not where a block grows: it
        // may be the very stack on which they lie.
        if (made == NULL && heap->host->running != NULL) limits_note_line(heap->host->running, heap->host);
        return made;
    }
    if (old_size <= CLASS_LIMIT && new_size <= CLASS_LIMIT && class_of(old_size) == class_of(new_size)) return block;
    bool shrinks = new_size < old_size;
    if (!shrinks) {
        heap->allocations++;
        heap->allocated += new_size - old_size;
    }
    if (old_size > CLASS_LIMIT && new_size > CLASS_LIMIT) {
        if (!shrinks && (new_size > heap->block_limit || !fits(heap, new_size - old_size))) return NULL;
        if (old_size >= LARGE_BYTES) large_forget(&heap->large, block);
        void *moved = realloc(block, new_size);
        if (moved != NULL) heap->used += new_size - old_size;
        return moved;
    }
    // Lua counts on shrinking to succeed, so it may go a slab over the limit.
    void *moved = allocate(heap, new_size, shrinks);
    if (moved == NULL) return NULL;
    memcpy(moved, block, shrinks ? new_size : old_size);
    release(heap, block, old_size);
    return moved;
}

void heap_free(host_heap *heap) {
    while (heap->slabs != NULL) {
        slab *next = heap->slabs->next;
        free(heap->slabs);
        heap->slabs = next;
    }
}

char *arena_copy(host_arena *arena, const char *bytes, size_t length) {
    arena_chunk *chunk = arena->chunks;
    if (chunk == NULL || chunk->capacity - chunk->used < length) {
        if (arena->used + length > arena->limit) return NULL;
        size_t capacity = length > 16 * 1024 ? length : 16 * 1024;
        chunk = malloc(sizeof *chunk + capacity);
        if (chunk == NULL) return NULL;
        chunk->next = arena->chunks;
        chunk->used = 0;
        chunk->capacity = capacity;
        arena->chunks = chunk;
        arena->used += capacity;
    }
    char *copy = chunk->bytes + chunk->used;
    if (length > 0) memcpy(copy, bytes, length);
    chunk->used += length;
    return copy;
}

void arena_reset(host_arena *arena) {
    arena_chunk *chunk = arena->chunks;
    arena_begin(arena);
    if (chunk == NULL) return;
    // The oldest chunk stays for the next call.
    while (chunk->next != NULL) {
        arena_chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    chunk->used = 0;
    arena->chunks = chunk;
    arena->used = chunk->capacity;
    arena_begin(arena);
}

void arena_free(host_arena *arena) {
    while (arena->chunks != NULL) {
        arena_chunk *next = arena->chunks->next;
        free(arena->chunks);
        arena->chunks = next;
    }
}

ailua_value *list_add(host_list *list, uint8_t role) {
    if (list->count == list->capacity) {
        size_t capacity = list->capacity == 0 ? 64 : list->capacity * 2;
        ailua_value *grown = capacity > 65536 ? NULL : realloc(list->values, capacity * sizeof *grown);
        if (grown == NULL) return NULL;
        list->values = grown;
        list->capacity = capacity;
    }
    if (list->arena.limit == 0) arena_begin(&list->arena);
    ailua_value *value = &list->values[list->count++];
    memset(value, 0, sizeof *value);
    value->role = role;
    return value;
}

void list_clear(host_list *list) {
    list->count = 0;
    arena_reset(&list->arena);
}

void list_free(host_list *list) {
    free(list->values);
    arena_free(&list->arena);
}
