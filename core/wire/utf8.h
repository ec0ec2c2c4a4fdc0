/* utf8.h - whether bytes are UTF-8 (RFC 3629). NUL is a character like any other. */
#pragma once

#include "core/base/slice.h"

G_BEGIN_DECLS

/* The size of the character that left bytes at a place begin with; 0 when they begin with none.
 * left is at least 1. */
size_t gmq_utf8_step(const uint8_t *at, size_t left);

bool gmq_utf8_check(GmqSlice text);

G_END_DECLS
