#include "sim/cmd-shared.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/language.h"
#include "sim/units.h"

bool
gmq_command_is_ascii(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

    /* There is no Korean in ASCII: who asks for it can read UTF-8. */
    if (strcmp(gmq_language(), "en") != 0)
        return false;
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        const char *value = g_getenv(names[i]);

        if (value == NULL || *value == '\0')
            continue;
        g_autofree char *lower = g_ascii_strdown(value, -1);
        return strstr(lower, "utf-8") == NULL && strstr(lower, "utf8") == NULL;
    }
    return true;
}

bool
gmq_command_read_seed(const GmqUsage *usage, const char *option, const char *text, uint64_t *seed)
{
    if (text == NULL || gmq_read_seed(text, seed))
        return true;
    gmq_usage_wrong(usage,
                    "%s takes a whole number, 0x and hex digits, or the 40 digits of a commit, "
                    "not \"%s\"",
                    option, text);
    return false;
}

bool
gmq_command_read_time(const GmqUsage *usage, const char *option, const char *text, int64_t *ns)
{
    if (text == NULL || gmq_read_duration(text, ns))
        return true;
    gmq_usage_wrong(usage, "%s takes a time such as 1.5s or 250ms, not \"%s\"", option, text);
    return false;
}

/* GLib writes a file of another name first, and would tell of that one. */
int
gmq_command_write(const GmqUsage *usage, const char *path, const char *text)
{
    g_autoptr(GError) error = NULL;

    if (path == NULL) {
        fputs(text, stdout);
        return EXIT_SUCCESS;
    }
    if (g_file_set_contents(path, text, -1, &error))
        return EXIT_SUCCESS;
    const char *reason = strrchr(error->message, ':');
    fprintf(stderr, "glassmq %s: cannot write %s%s.\n", usage->command, path,
            reason != NULL ? reason : "");
    return EXIT_FAILURE;
}

void
gmq_command_flush(GString *text)
{
    fwrite(text->str, 1, text->len, stdout);
    g_string_truncate(text, 0);
}
