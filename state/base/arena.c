#include "arena.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

#define BLOCK_SIZE 16384

struct arena_block {
    struct arena_block *next;
    size_t used, size;
    alignas(max_align_t) char bytes[];
};

static struct arena_block *
block_new(struct arena_block *next, size_t size)
{
    struct arena_block *block = memory_resize(NULL, sizeof *block + size);

    *block = (struct arena_block){ .next = next, .size = size };
    return block;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
    struct arena_block *block = arena->blocks;
    void *memory;

    size = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    if (block == NULL || block->size - block->used < size)
        block = arena->blocks = block_new(block, size > BLOCK_SIZE ? size : BLOCK_SIZE);
    memory = block->bytes + block->used;
    block->used += size;
    return memory;
}

char *
arena_text(struct arena *arena, const char *text, size_t length)
{
    char *copy = arena_alloc(arena, length + 1);

    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

/* The block that stays is an ordinary one, so that a step of ordinary size never calls malloc(). */
void
arena_reset(struct arena *arena)
{
    struct arena_block *keep = NULL;

    while (arena->blocks != NULL) {
        struct arena_block *block = arena->blocks;

        arena->blocks = block->next;
        if (keep == NULL && block->size == BLOCK_SIZE) {
            keep = block;
            keep->used = 0;
        } else {
            free(block);
        }
    }
    if (keep != NULL)
        keep->next = NULL;
    arena->blocks = keep;
}

void
arena_free(struct arena *arena)
{
    arena_reset(arena);
    free(arena->blocks);
    arena->blocks = NULL;
}
