#include "sim/arena.h"

#define BLOCK_SIZE 32768

void
gmq_arena_clear(GmqArena *arena)
{
    if (arena->blocks != NULL)
        g_ptr_array_unref(arena->blocks);
    *arena = (GmqArena){0};
}

/* What is large gets a block of its own, and the one that is in use stays so. */
void *
gmq_arena_take_more(GmqArena *arena, size_t size)
{
    bool is_large  = size > BLOCK_SIZE / 4;
    uint8_t *block = g_malloc0(is_large ? size : BLOCK_SIZE);

    if (arena->blocks == NULL)
        arena->blocks = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(arena->blocks, block);
    if (!is_large) {
        arena->place = block + size;
        arena->left  = BLOCK_SIZE - size;
    }
    return block;
}
