#include "sim/what-if.h"

#include <string.h>

#include "sim/compare.h"
#include "sim/event-words.h"
#include "sim/language.h"
#include "sim/particle.h"
#include "sim/run.h"
#include "sim/world.h"
#include "sim/yaml.h"

/* How long what is undone by itself lasts: longer than most things take, and not for ever. */
#define LASTS "1s"

/* The longest piece of a message's body that a copy of it is sent with. */
#define BODY_MAX 1000

/* ---- steps on the wire ---- */

/* A kind of event at one end of a wire. What arrives was sent by the event that is its cause. */
typedef struct {
    GmqEventKind kind;
    bool is_sending;
    bool by_client;      /* the client sends it; otherwise the broker does */
    bool client_is_to;   /* the client stands in `to`; otherwise in `who` */
    const char *subject; /* what would be lost; {m} is the message */
} Step;

static const Step steps[] = {
    {GMQ_EVENT_CLIENT_SENT, true, true, false, N_("the publish of {m}")},
    {GMQ_EVENT_PUBLISHED, false, true, false, N_("the publish of {m}")},
    {GMQ_EVENT_CLIENT_FORWARDED, true, true, false, N_("the publish of {m}")},
    {GMQ_EVENT_CLIENT_FINISHED, true, true, false, N_("the answer to {m}")},
    {GMQ_EVENT_ACKED, false, true, true, N_("the ack of {m}")},
    {GMQ_EVENT_REJECTED, false, true, true, N_("the reject of {m}")},
    {GMQ_EVENT_DELIVERED, true, false, true, N_("the delivery of {m}")},
    {GMQ_EVENT_GOT, true, false, true, N_("the delivery of {m}")},
    {GMQ_EVENT_CLIENT_RECEIVED, false, false, false, N_("the delivery of {m}")},
    {GMQ_EVENT_CONFIRMED, true, false, false, N_("the confirm")},
    {GMQ_EVENT_CLIENT_CONFIRMED, false, false, false, N_("the confirm of {m}")},
    {GMQ_EVENT_NACKED, true, false, false, N_("the nack")},
    {GMQ_EVENT_CLIENT_NACKED, false, false, false, N_("the nack of {m}")},
    {GMQ_EVENT_RETURNED, true, false, false, N_("the return of {m}")},
    {GMQ_EVENT_CLIENT_RETURNED, false, false, false, N_("the return of {m}")},
};

static const Step *
find_step(GmqEventKind kind)
{
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        if (steps[i].kind == kind)
            return &steps[i];
    }
    return NULL;
}

/* The event that put the step on its way; NULL when the trace does not say. */
static const GmqTraceEvent *
sending_of(const GmqTrace *trace, const Step *step, const GmqTraceEvent *event)
{
    if (step->is_sending)
        return event;
    if (event->cause == 0 || event->cause >= event->number)
        return NULL;
    const GmqTraceEvent *cause = gmq_trace_event(trace, event->cause);
    const Step *sending        = find_step(cause->kind);

    return sending != NULL && sending->is_sending ? cause : NULL;
}

/* ---- offers ---- */

typedef struct {
    const GmqTrace *trace;
    const GmqScenario *scenario;
    const GmqTraceEvent *event;
    GPtrArray *offers;
} Offering;

static void
free_offer(void *data)
{
    GmqWhatIf *what = data;

    g_free(what->word);
    g_free(what->words);
    g_free(what->entry);
    g_free(what);
}

/* Takes the three texts. */
static void
offer(Offering *offering, char *word, char *words, char *entry)
{
    GmqWhatIf *what = g_new(GmqWhatIf, 1);

    *what = (GmqWhatIf){word, words, entry};
    g_ptr_array_add(offering->offers, what);
}

/* "w1#2" is the second connection of w1. Names of clients hold no "#". */
static char *
client_of(const char *name)
{
    return g_strndup(name, strcspn(name, "#"));
}

static bool
is_client(const Offering *offering, const char *name)
{
    return gmq_scenario_find_client(offering->scenario, name) != NULL;
}

/* A text of YAML in double quotes. */
static char *
quote(const char *text)
{
    g_autoptr(GString) out = g_string_new("\"");

    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\')
            g_string_append_c(out, '\\');
        if ((unsigned char)*at < 0x20)
            g_string_append_printf(out, "\\x%02x", (unsigned char)*at);
        else
            g_string_append_c(out, *at);
    }
    g_string_append_c(out, '"');
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static void
offer_drop(Offering *offering, const GmqTraceEvent *sending, const char *client,
           const char *subject)
{
    offer(offering, g_strdup("drop"),
          gmq_told(_("%s is lost: the connection of %s breaks, with all that is on its way"),
                   subject, client),
          g_strdup_printf("{when: {event: %" G_GUINT64_FORMAT "}, reset: %s}", sending->number,
                          client));
}

static void
offer_delay(Offering *offering, const GmqTraceEvent *sending, const char *client,
            const char *subject, bool by_client)
{
    offer(offering, g_strdup("delay"),
          gmq_told(_("%s is late: the line holds it, and what comes after it, for %s"), subject,
                   LASTS),
          g_strdup_printf("{when: {event: %" G_GUINT64_FORMAT "}, clog: %s, only: %s, for: " LASTS
                          "}",
                          sending->number, client, by_client ? "to broker" : "from broker"));
}

/* The client sends a second message like the first. */
static void
offer_second(Offering *offering, const GmqTraceEvent *sending, const char *client)
{
    bool is_short         = strlen(sending->text) <= BODY_MAX;
    g_autofree char *key  = quote(sending->key);
    g_autofree char *body = quote(is_short ? sending->text : "");
    g_autofree char *to   = *sending->to == '\0' ? g_strdup("default") : quote(sending->to);

    if (sending->kind != GMQ_EVENT_CLIENT_SENT || !is_short)
        return;
    offer(offering, g_strdup("duplicate"),
          gmq_told(_("%s publishes %s a second time, as a message of its own"), client,
                   sending->message),
          g_strdup_printf("{when: {event: %" G_GUINT64_FORMAT
                          "}, publish: {as: %s, to: %s, key: %s, body: %s, persistent: %s}}",
                          sending->number, client, to, key, body,
                          sending->count > 0 ? "yes" : "no"));
}

/* A message that arrived, but whose ack can not come any more, is delivered again. */
static void
offer_again(Offering *offering, const char *client)
{
    if (offering->event->kind != GMQ_EVENT_CLIENT_RECEIVED)
        return;
    offer(offering, g_strdup("duplicate"),
          gmq_told(_("%s is delivered twice: the connection of %s breaks before its ack"),
                   offering->event->message, client),
          g_strdup_printf("{when: {event: %" G_GUINT64_FORMAT "}, reset: %s}",
                          offering->event->number, client));
}

static char *
subject_of(const Step *step, const GmqTraceEvent *event)
{
    g_auto(GStrv) parts = g_strsplit(_(step->subject), "{m}", 2);

    return gmq_particles(g_strjoinv(event->message, parts));
}

static void
offer_step(Offering *offering)
{
    const Step *step = find_step(offering->event->kind);
    if (step == NULL)
        return;
    const GmqTraceEvent *sending = sending_of(offering->trace, step, offering->event);
    g_autofree char *client =
        client_of(step->client_is_to ? offering->event->to : offering->event->who);
    g_autofree char *subject = subject_of(step, offering->event);

    if (sending == NULL || !is_client(offering, client))
        return;
    offer_drop(offering, sending, client, subject);
    offer_delay(offering, sending, client, subject, step->by_client);
    offer_second(offering, sending, client);
    offer_again(offering, client);
}

static const struct {
    const char *key;
    const char *words;
    bool of_broker; /* the broker can suffer it too */
} harms[] = {
    {"crash", N_("{w} crashes, and starts again after {for}"), true},
    {"freeze", N_("{w} freezes for {for}"), true},
    {"cut", N_("{w} is cut off for {for}"), false},
};

static char *
words_of(const char *format, const char *who)
{
    g_auto(GStrv) parts    = g_strsplit(_(format), "{w}", 2);
    g_autofree char *named = g_strjoinv(who, parts);
    g_auto(GStrv) halves   = g_strsplit(named, "{for}", 2);

    return gmq_particles(g_strjoinv(LASTS, halves));
}

static void
offer_harms(Offering *offering, const char *name, bool is_broker)
{
    for (size_t i = 0; i < G_N_ELEMENTS(harms); i++) {
        if (is_broker && !harms[i].of_broker)
            continue;
        offer(offering, g_strdup_printf("%s:%s", harms[i].key, name),
              words_of(harms[i].words, is_broker ? _("the broker") : name),
              g_strdup_printf("{when: {event: %" G_GUINT64_FORMAT "}, %s: %s, for: " LASTS "}",
                              offering->event->number, harms[i].key, name));
    }
}

static void
offer_harms_of(Offering *offering, const char *name)
{
    g_autofree char *client = client_of(name);

    if (is_client(offering, client))
        offer_harms(offering, client, false);
}

static GmqScenario *
read_scenario(const GmqTraceInfo *info, const char *text, GError **error)
{
    return gmq_scenario_parse(info->scenario, text, strlen(text), error);
}

GPtrArray *
gmq_what_if_offers(const GmqTrace *trace, uint64_t event)
{
    const GmqTraceInfo *info = gmq_trace_info(trace);
    GPtrArray *offers        = g_ptr_array_new_with_free_func(free_offer);

    if (info->text == NULL || *info->text == '\0')
        return offers;
    g_autoptr(GmqScenario) scenario = read_scenario(info, info->text, NULL);
    if (scenario == NULL)
        return offers;
    Offering offering = {trace, scenario, gmq_trace_event(trace, event), offers};

    offer_step(&offering);
    offer_harms_of(&offering, offering.event->who);
    if (strcmp(offering.event->to, offering.event->who) != 0)
        offer_harms_of(&offering, offering.event->to);
    offer_harms(&offering, "broker", true);
    return offers;
}

const GmqWhatIf *
gmq_what_if_find(const GPtrArray *offers, const char *word)
{
    for (unsigned i = 0; i < offers->len; i++) {
        const GmqWhatIf *what = offers->pdata[i];
        if (strcmp(what->word, word) == 0)
            return what;
    }
    return NULL;
}

/* ---- the entry in its place ---- */

/* The line, from 1 on, before which the next key of the root begins; the one behind the last line
 * when the node is the last value. */
static unsigned
line_behind(const GmqYaml *root, const GmqYaml *node, unsigned n_lines)
{
    for (unsigned i = 1; i + 1 < root->items->len; i += 2) {
        if (root->items->pdata[i] == node)
            return ((const GmqYaml *)root->items->pdata[i + 1])->line;
    }
    return n_lines + 1;
}

/* Blank lines and comments belong to what follows. */
static bool
says_nothing(const char *line)
{
    line += strspn(line, " \t\r");
    return *line == '\0' || *line == '#';
}

/* The column of the dash before an item, counted from 0. */
static int
dash_column(char **lines, unsigned n_lines, const GmqYaml *list)
{
    const GmqYaml *first = list->items->pdata[0];

    if (first->line == 0 || first->line > n_lines)
        return 0;
    return (int)strspn(lines[first->line - 1], " ");
}

static char *
join(char **lines, unsigned before, const char *entry)
{
    g_autoptr(GString) out = g_string_new(NULL);

    for (unsigned i = 0; lines[i] != NULL; i++) {
        bool is_end = lines[i + 1] == NULL && *lines[i] == '\0';
        if (i == before)
            g_string_append_printf(out, "%s\n", entry);
        if (!is_end)
            g_string_append_printf(out, "%s\n", lines[i]);
    }
    if (before >= g_strv_length(lines))
        g_string_append_printf(out, "%s\n", entry);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* Lines above the entry keep their numbers, which captions tell. */
static char *
add_entry(const char *text, const GmqYaml *root, const char *entry)
{
    g_auto(GStrv) lines     = g_strsplit(text, "\n", -1);
    unsigned n_lines        = g_strv_length(lines);
    const GmqYaml *timeline = gmq_yaml_find(root, "timeline");

    if (timeline == NULL) {
        g_autofree char *part = g_strdup_printf("timeline:\n  - %s", entry);
        return join(lines, n_lines, part);
    }
    if (timeline->type != GMQ_YAML_LIST || timeline->is_flow || timeline->items->len == 0)
        return NULL;

    unsigned before       = line_behind(root, timeline, n_lines) - 1;
    int dash              = dash_column(lines, n_lines, timeline);
    g_autofree char *part = g_strdup_printf("%*s- %s", dash, "", entry);
    while (before > 0 && says_nothing(lines[before - 1]))
        before--;
    return join(lines, before, part);
}

char *
gmq_what_if_text(const GmqTrace *trace, const GmqWhatIf *what, GError **error)
{
    const GmqTraceInfo *info            = gmq_trace_info(trace);
    g_autoptr(GmqProblems) problems     = gmq_problems_new(info->scenario, info->text);
    g_autoptr(GmqYamlDocument) document = gmq_yaml_parse(info->text, strlen(info->text), problems);
    const GmqYaml *root                 = document == NULL ? NULL : gmq_yaml_root(document);
    char *text                          = NULL;

    if (root != NULL && root->type == GMQ_YAML_MAP && !root->is_flow)
        text = add_entry(info->text, root, what->entry);
    if (text == NULL)
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                    "the timeline of %s is not written with an entry on each line; glassmq fmt "
                    "writes it so",
                    info->scenario);
    return text;
}

GmqTrace *
gmq_what_if_run(const GmqTrace *trace, const GmqWhatIf *what, GError **error)
{
    const GmqTraceInfo *info = gmq_trace_info(trace);
    GmqRunOptions options    = {.ties = info->ties};
    g_autofree char *text    = gmq_what_if_text(trace, what, error);
    if (text == NULL)
        return NULL;
    g_autoptr(GmqScenario) scenario = read_scenario(info, text, error);
    if (scenario == NULL)
        return NULL;
    g_autoptr(GmqWorld) world = gmq_world_new_with(scenario, info->seed, &options);

    while (gmq_world_step(world))
        continue;
    return gmq_world_take_trace(world);
}

/* ---- telling ---- */

#define ONE _("As it was")
#define OTHER _("What if")

/* The numbers that a scenario expects are those of the run as it was, so that they are not met says
 * little. What the broker may never do is another matter. */
static void
tell_broken(const GmqTrace *other, GString *out)
{
    const char *verdict = gmq_trace_info(other)->verdict;
    unsigned n_broken   = 0;

    for (uint64_t n = 1; n <= gmq_trace_length(other); n++) {
        const GmqTraceEvent *event = gmq_trace_event(other, n);
        if (event->kind != GMQ_EVENT_CHECK_BROKEN)
            continue;
        g_autofree char *told = gmq_event_told(event->text);
        g_string_append_printf(out, "%s\n", told);
        n_broken++;
    }
    if (n_broken == 0 && verdict != NULL && strcmp(verdict, "broken") == 0)
        g_string_append(out,
                        _("The broker did nothing wrong: numbers that the scenario expects of the "
                          "run as it\nwas are not met.\n"));
}

void
gmq_what_if_tell_end(const GmqTrace *trace, const GmqTrace *other, GString *out)
{
    gmq_compare_tell_outcomes(trace, ONE, other, OTHER, out);
    tell_broken(other, out);
}

void
gmq_what_if_tell(const GmqTrace *trace, const GmqTrace *other, GString *out)
{
    uint64_t number = gmq_compare_traces(trace, other, GMQ_COMPARE_ALL, 1);

    if (number == 0) {
        g_string_append(out, _("It would have made no difference: both runs are the same.\n"));
        return;
    }
    gmq_compare_tell_events(trace, ONE, other, OTHER, number, out);
    g_string_append_c(out, '\n');
    gmq_what_if_tell_end(trace, other, out);
}
