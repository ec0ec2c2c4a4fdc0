/* catalogs.h - the catalogs of texts, compiled in: files of msgfmt, made of *.po when the program
 * is built (embed.py). */
#pragma once

#include <stddef.h>

/* Korean. */
extern const unsigned char gmq_catalog_ko[];
extern const size_t gmq_catalog_ko_bytes;
