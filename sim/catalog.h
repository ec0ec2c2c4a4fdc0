/* catalog.h - reads a catalog of texts and their translations, as msgfmt of gettext writes it. */
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

typedef struct {
    const unsigned char *bytes; /* a whole .mo file, lent */
    size_t n_bytes;
} GmqCatalog;

/* The translation of a text, lent from the catalog; NULL when it has none, or is no such catalog in
 * the order of bytes of this machine. With a singular and a plural the singular is the key, and the
 * answer is the first form. */
const char *gmq_catalog_find(const GmqCatalog *catalog, const char *text);

G_END_DECLS
