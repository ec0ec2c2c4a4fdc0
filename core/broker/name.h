/* name.h - names of exchanges and queues (AMQP.md 9.4). */
#pragma once

#include "core/base/limits.h"
#include "core/base/slice.h"

G_BEGIN_DECLS

/* Returns the name without CR and LF: itself when there are none, else built in storage. */
static inline GmqSlice
gmq_name_strip(GmqSlice name, char storage[GMQ_SHORTSTR_MAX])
{
    size_t size = 0;

    for (size_t i = 0; i < name.size; i++) {
        if (name.data[i] != '\r' && name.data[i] != '\n')
            storage[size++] = (char)name.data[i];
    }
    return size == name.size ? name : (GmqSlice){(const uint8_t *)storage, size};
}

G_END_DECLS
