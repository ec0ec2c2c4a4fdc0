#include "sim/conditions.h"
#include "sim/deed.h"
#include "sim/language.h"
#include "sim/units.h"

/* ---- when ---- */

static void
refuse_word(GmqScenarioReader *reader, const GmqYaml *node, GmqTrigger trigger)
{
    const char *known[GMQ_N_CONDITIONS];
    size_t n_known = 0;

    for (unsigned i = 0; i < GMQ_N_CONDITIONS; i++) {
        const GmqConditionInfo *info = gmq_condition_info((GmqCondition)i);

        if (info->trigger == trigger)
            known[n_known++] = info->word;
    }
    g_autofree char *sentence = g_strdup_printf(_("\"%s\" never happens."), node->text);
    gmq_read_unknown(reader, node, sentence, known, n_known);
}

/* "3 ready" as 3 and "ready"; any other text stays as it is. */
static const char *
split_number(const char *text, uint64_t *number, bool *has_number)
{
    const char *blank     = strchr(text, ' ');
    g_autofree char *head = blank == NULL ? NULL : g_strndup(text, (size_t)(blank - text));

    *has_number = head != NULL && gmq_read_count(head, number);
    return *has_number ? blank + 1 : text;
}

static void
read_condition(GmqScenarioReader *reader, const GmqYaml *node, GmqTimelineEntry *entry)
{
    const char *text = gmq_read_text(reader, node, _("This"));
    bool has_number;

    if (text == NULL)
        return;
    const char *word = split_number(text, &entry->number, &has_number);
    entry->is        = gmq_condition_find(entry->trigger, word);
    if (entry->is == GMQ_N_CONDITIONS)
        refuse_word(reader, node, entry->trigger);
    else if (has_number != (gmq_condition_info(entry->is)->form == GMQ_CONDITION_NUMBER))
        gmq_read_problem(reader, node,
                         has_number ? _("No number stands before \"%s\".")
                                    : _("A number stands before \"%s\", as in 3 %s."),
                         word, word);
}

/* The parts of a "when": who, and the key under which his condition stands. */
static void
read_subject(GmqScenarioReader *reader, const GmqYaml *when, const GmqYaml *subject,
             const GmqYaml *condition, GmqTimelineEntry *entry)
{
    static const struct {
        const char *key;
        unsigned kinds;
    } subjects[] = {
        [GMQ_TRIGGER_MESSAGE] = {"is", GMQ_NAME_COPY},
        [GMQ_TRIGGER_QUEUE]   = {"has", GMQ_NAME_QUEUE},
        [GMQ_TRIGGER_CLIENT]  = {"is", GMQ_NAME_CLIENT},
    };
    const char *text = gmq_read_text(reader, subject, _("A name"));

    entry->name = gmq_read_keep(reader, text == NULL ? "" : text);
    if (text != NULL)
        gmq_read_refer(reader, subject, subjects[entry->trigger].kinds);
    if (condition == NULL)
        gmq_read_problem(reader, when, _("This needs \"%s\"."), subjects[entry->trigger].key);
    else
        read_condition(reader, condition, entry);
}

static void
read_when(GmqScenarioReader *reader, const GmqYaml *node, GmqTimelineEntry *entry)
{
    static const GmqKeyOwner owners[] = {GMQ_IN_WHEN, GMQ_N_OWNERS};
    GmqWhenNodes when                 = {0};

    if (!gmq_read_is_map(reader, node, "\"when\""))
        return;
    gmq_read_map(reader, node, owners, &when);
    unsigned n_subjects = (when.message != NULL) + (when.queue != NULL) + (when.client != NULL);
    if (n_subjects + (when.event > 0) != 1) {
        gmq_read_problem(reader, node, _("\"when\" is about one message, queue, client or event."));
        return;
    }
    if (when.event > 0) {
        entry->trigger = GMQ_TRIGGER_EVENT;
        entry->number  = when.event;
        if (when.is != NULL || when.has != NULL)
            gmq_read_problem(reader, node, _("An event happens; it neither \"is\" nor \"has\"."));
        return;
    }
    if (when.queue != NULL ? when.is != NULL : when.has != NULL)
        gmq_read_problem(reader, node,
                         _("A queue \"has\" something; all others \"is\" something."));

    if (when.message != NULL) {
        entry->trigger = GMQ_TRIGGER_MESSAGE;
        read_subject(reader, node, when.message, when.is, entry);
    } else if (when.queue != NULL) {
        entry->trigger = GMQ_TRIGGER_QUEUE;
        read_subject(reader, node, when.queue, when.has, entry);
    } else {
        entry->trigger = GMQ_TRIGGER_CLIENT;
        read_subject(reader, node, when.client, when.is, entry);
    }
}

/* ---- ask ---- */

static bool
is_among(char *const *choices, const char *answer)
{
    return g_strv_contains((const char *const *)choices, answer);
}

static char *
read_kept(GmqScenarioReader *reader, const GmqYaml *node, const char *what)
{
    const char *text = node == NULL ? NULL : gmq_read_text(reader, node, what);
    return text == NULL ? NULL : gmq_read_keep(reader, text);
}

static char **
read_choices(GmqScenarioReader *reader, const GmqYaml *node)
{
    GPtrArray *choices = gmq_read_new_array(reader, NULL);

    if (node != NULL && gmq_read_is_list(reader, node, "\"choices\"")) {
        for (unsigned i = 0; i < node->items->len; i++) {
            char *choice = read_kept(reader, node->items->pdata[i], _("A choice"));

            if (choice != NULL)
                g_ptr_array_add(choices, choice);
        }
        if (choices->len < 2)
            gmq_read_problem(reader, node, _("A question has two choices or more."));
    }
    g_ptr_array_add(choices, NULL);
    return (char **)choices->pdata;
}

static GmqQuestion *
read_ask(GmqScenarioReader *reader, const GmqYaml *node)
{
    static const GmqKeyOwner owners[] = {GMQ_IN_ASK, GMQ_N_OWNERS};
    GmqAskNodes ask                   = {0};

    if (!gmq_read_is_map(reader, node, "\"ask\""))
        return NULL;
    gmq_read_map(reader, node, owners, &ask);
    gmq_read_need(reader, node, GMQ_IN_ASK, "question");
    gmq_read_need(reader, node, GMQ_IN_ASK, "choices");
    gmq_read_need(reader, node, GMQ_IN_ASK, "answer");

    GPtrArray *owned      = gmq_read_new_array(reader, g_free);
    GmqQuestion *question = g_new0(GmqQuestion, 1);
    g_ptr_array_add(owned, question);
    question->question = read_kept(reader, ask.question, "\"question\"");
    question->choices  = read_choices(reader, ask.choices);
    question->answer   = read_kept(reader, ask.answer, "\"answer\"");
    question->because  = read_kept(reader, ask.because, "\"because\"");
    if (question->answer != NULL && !is_among(question->choices, question->answer))
        gmq_read_problem(reader, ask.answer, _("The answer is one of the choices."));
    return question;
}

/* ---- an entry ---- */

/* What it does is known by its nodes, and whether any of that can be undone by the class. */
static bool
has_deed(const GmqEntryNodes *nodes, bool that_can_be_undone)
{
    for (unsigned i = 0; i < GMQ_N_DEEDS; i++) {
        if (nodes->deeds[i] != NULL &&
            (!that_can_be_undone || gmq_deed_class((GmqDeedKind)i)->undo != NULL))
            return true;
    }
    return false;
}

static bool
says_something(const GmqEntryNodes *nodes)
{
    return nodes->entry.say != NULL || nodes->ask != NULL || nodes->entry.pause;
}

static bool
does(const GmqEntryNodes *nodes, GmqDeedKind one, GmqDeedKind other)
{
    return nodes->deeds[one] != NULL || nodes->deeds[other] != NULL;
}

/* Keys that mean nothing without another. */
static void
check_companions(GmqScenarioReader *reader, const GmqYaml *node, const GmqEntryNodes *nodes)
{
    if (nodes->cut_side != GMQ_CUT_BOTH && !does(nodes, GMQ_DEED_CUT, GMQ_DEED_CLOG))
        gmq_read_problem(reader, node, _("\"only\" needs a \"cut\" or a \"clog\"."));
    if (nodes->end_side != GMQ_N_ENDS && !does(nodes, GMQ_DEED_RESET, GMQ_DEED_CLOSE))
        gmq_read_problem(reader, node, _("\"side\" needs a \"reset\" or a \"close\"."));
    if (gmq_yaml_find(node, "slow_close") != NULL && nodes->deeds[GMQ_DEED_CLOSE] == NULL)
        gmq_read_problem(reader, node, _("\"slow_close\" needs a \"close\"."));
    if (nodes->set != NULL && nodes->deeds[GMQ_DEED_LINK] == NULL)
        gmq_read_problem(reader, node, _("\"set\" needs a \"link\"."));
}

static void
check_entry(GmqScenarioReader *reader, const GmqYaml *node, const GmqEntryNodes *nodes)
{
    const GmqTimelineEntry *entry = &nodes->entry;
    bool is_when                  = nodes->when != NULL;

    if ((nodes->at_ns >= 0) + (nodes->after_ns >= 0) + is_when != 1)
        gmq_read_problem(reader, node, _("An entry has one trigger: at, after or when."));
    if (nodes->after_ns >= 0 && reader->scenario->timeline->len == 0)
        gmq_read_problem(reader, node, _("There is no entry above to come after."));
    if (!is_when && (nodes->times != NULL || gmq_yaml_find(node, "wait") != NULL))
        gmq_read_problem(reader, node, _("\"wait\" and \"times\" need a \"when\"."));
    if (!has_deed(nodes, false) && !says_something(nodes))
        gmq_read_problem(reader, node, _("Nothing happens here: an entry does or says something."));
    if (entry->for_ns > 0 && !has_deed(nodes, true))
        gmq_read_problem(reader, node, _("\"for\" needs something that can be undone."));
    check_companions(reader, node, nodes);
}

static void
read_deeds(GmqScenarioReader *reader, GmqEntryNodes *nodes)
{
    nodes->entry.deeds = gmq_read_new_array(reader, g_free);
    for (unsigned i = 0; i < GMQ_N_DEEDS; i++) {
        if (nodes->deeds[i] == NULL)
            continue;
        GmqDeed *deed = g_new0(GmqDeed, 1);

        deed->kind = (GmqDeedKind)i;
        gmq_deed_class(deed->kind)->read(reader, nodes, deed);
        g_ptr_array_add(nodes->entry.deeds, deed);
    }
}

static void
read_times(GmqScenarioReader *reader, const GmqYaml *node, GmqTimelineEntry *entry)
{
    if (node->type == GMQ_YAML_SCALAR && strcmp(node->text, "every") == 0)
        entry->times = UINT64_MAX;
    else
        gmq_read_count_node(reader, node, 1, 1000000000, &entry->times);
}

static void
read_entry(GmqScenarioReader *reader, const GmqYaml *node)
{
    static const GmqKeyOwner owners[] = {GMQ_IN_ENTRY, GMQ_N_OWNERS};
    GmqEntryNodes nodes               = {.at_ns = -1, .after_ns = -1};
    GmqTimelineEntry *entry           = &nodes.entry;

    entry->line    = node->line;
    entry->times   = 1;
    entry->chance  = UINT64_MAX;
    nodes.cut_side = GMQ_CUT_BOTH;
    nodes.end_side = GMQ_N_ENDS;
    if (gmq_read_is_map(reader, node, _("An entry of the timeline"))) {
        gmq_read_map(reader, node, owners, &nodes);
        check_entry(reader, node, &nodes);
    }
    entry->trigger = nodes.after_ns >= 0 ? GMQ_TRIGGER_AFTER : GMQ_TRIGGER_AT;
    entry->time_ns = MAX(MAX(nodes.at_ns, nodes.after_ns), 0);
    if (nodes.when != NULL)
        read_when(reader, nodes.when, entry);
    if (nodes.times != NULL)
        read_times(reader, nodes.times, entry);
    if (nodes.ask != NULL)
        entry->ask = read_ask(reader, nodes.ask);
    read_deeds(reader, &nodes);
    g_ptr_array_add(reader->scenario->timeline, g_memdup2(entry, sizeof *entry));
}

void
gmq_read_timeline(GmqScenarioReader *reader, const void *node, void *target)
{
    const GmqYaml *list = node;

    (void)target;
    if (!gmq_read_is_list(reader, list, "\"timeline\""))
        return;
    for (unsigned i = 0; i < list->items->len; i++)
        read_entry(reader, list->items->pdata[i]);
}

void
gmq_read_check_timeline(GmqScenarioReader *reader)
{
    const GmqScenario *scenario = reader->scenario;

    for (unsigned i = 0; i < scenario->timeline->len && scenario->stop_ns > 0; i++) {
        const GmqTimelineEntry *entry = scenario->timeline->pdata[i];

        if (entry->trigger == GMQ_TRIGGER_AT && entry->time_ns > scenario->stop_ns)
            gmq_problems_add(reader->problems, entry->line, 1,
                             _("This would happen after \"stop\", so it never does."));
    }
}
