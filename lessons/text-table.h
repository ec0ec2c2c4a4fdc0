/* text-table.h - rows of words that line up on a terminal, whatever their characters are. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct GmqTextTable GmqTextTable;

/* A table with that head. sides has a letter for each column: l for left, r for right. */
GmqTextTable *gmq_text_table_new(const char *sides, const char *const *head);
void gmq_text_table_free(GmqTextTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqTextTable, gmq_text_table_free)

/* Adds a row, whose cells the table frees; there are as many as there are sides. */
void gmq_text_table_add(GmqTextTable *table, char **cells);

/* Appends the rows, each with its '\n' and without blanks at its end. */
void gmq_text_table_print(const GmqTextTable *table, GString *out);

G_END_DECLS
