#include "viz/html.h"

#include <string.h>

#include "sim/language.h"
#include "viz/html-assets.h"
#include "viz/xml.h"

/* "'sha256-...'": the browser runs and obeys what has this hash, and nothing else. */
static char *
hash_of(const char *text)
{
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    guint8 digest[32];
    gsize size = sizeof(digest);

    g_checksum_update(checksum, (const guchar *)text, (gssize)strlen(text));
    g_checksum_get_digest(checksum, digest, &size);
    g_autofree char *base64 = g_base64_encode(digest, size);
    return g_strdup_printf("'sha256-%s'", base64);
}

static char *
make_title(const GmqStage *stage)
{
    const GmqTraceInfo *info = gmq_trace_info(stage->trace);
    bool has_title           = info->title != NULL && *info->title != '\0';

    return gmq_xml_escape(has_title                ? info->title
                          : info->scenario != NULL ? info->scenario
                                                   : "A run");
}

char *
gmq_html_page(const GmqStage *stage, GmqHtmlRange range, const GmqFilter *filter)
{
    g_auto(GmqEnglish) english = gmq_english_begin();
    g_autofree char *data      = gmq_html_data(stage, range, filter);
    g_autofree char *title     = make_title(stage);
    g_autofree char *style     = hash_of(gmq_html_style);
    g_autofree char *script    = hash_of(gmq_html_script);
    GString *out               = g_string_new(NULL);
    const struct {
        const char *name;
        const char *text;
    } parts[] = {
        {"{{title}}", title},          {"{{style-hash}}", style},       {"{{script-hash}}", script},
        {"{{style}}", gmq_html_style}, {"{{script}}", gmq_html_script}, {"{{data}}", data},
    };

    for (const char *at = gmq_html_template; *at != '\0';) {
        size_t i = 0;
        while (i < G_N_ELEMENTS(parts) && !g_str_has_prefix(at, parts[i].name))
            i++;
        if (i == G_N_ELEMENTS(parts)) {
            g_string_append_c(out, *at++);
            continue;
        }
        g_string_append(out, parts[i].text);
        at += strlen(parts[i].name);
    }
    return g_string_free(out, FALSE);
}
