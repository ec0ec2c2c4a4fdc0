/* arena.h - many small things that live equally long: each costs a step of a pointer, and all are
 * freed at once. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

G_BEGIN_DECLS

/* Its members are for arena.h and arena.c alone. One that is all zero is empty. */
typedef struct {
    GPtrArray *blocks; /* NULL: none */
    uint8_t *place;    /* of the next thing */
    size_t left;       /* bytes there */
} GmqArena;

/* Frees all that was taken from it. */
void gmq_arena_clear(GmqArena *arena);

/* Begins a new block and takes from that; for gmq_arena_take() alone. */
void *gmq_arena_take_more(GmqArena *arena, size_t size);

/* Lends size bytes, all zero, for any kind of object. */
static inline void *
gmq_arena_take(GmqArena *arena, size_t size)
{
    uint8_t *taken = arena->place;

    size = (size + 7) & ~(size_t)7;
    if (G_UNLIKELY(size > arena->left))
        return gmq_arena_take_more(arena, size);
    arena->place += size;
    arena->left -= size;
    return taken;
}

/* A new object of that type, all zero. */
#define gmq_arena_new(arena, type) ((type *)gmq_arena_take(arena, sizeof(type)))

G_END_DECLS
