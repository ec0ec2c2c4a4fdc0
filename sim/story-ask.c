/* Questions to those who watch: each is told when it is asked, and its answer at the end. */
#include "sim/language.h"
#include "sim/story-private.h"

static const GmqQuestion *
find_question(const GmqStory *story, const GmqTraceEvent *event)
{
    for (unsigned i = 0; story->scenario != NULL && i < story->scenario->timeline->len; i++) {
        const GmqTimelineEntry *entry = story->scenario->timeline->pdata[i];

        if (entry->line == event->count && entry->ask != NULL)
            return entry->ask;
    }
    return NULL;
}

static void
add_choices(GString *text, const GmqQuestion *question)
{
    for (size_t i = 0; question->choices[i] != NULL; i++) {
        const char *between = question->choices[i + 1] == NULL ? _(" or ") : ", ";
        g_string_append_printf(text, "%s%s", i == 0 ? " (" : between, question->choices[i]);
    }
    g_string_append_c(text, ')');
}

void
gmq_story_ask(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    const GmqQuestion *question = find_question(story, event);
    g_autoptr(GString) text     = g_string_new(_("Question: "));

    g_string_append(text, event->text);
    if (question != NULL) {
        add_choices(text, question);
        if (!g_ptr_array_find(story->questions, question, NULL))
            g_ptr_array_add(story->questions, (gpointer)question);
    }
    gmq_story_set_apart(story, out, text->str);
}

void
gmq_story_answer(GmqStory *story, GString *out)
{
    for (unsigned i = 0; i < story->questions->len; i++) {
        const GmqQuestion *question = story->questions->pdata[i];
        g_autofree char *text = g_strdup_printf("%s %s.%s%s", question->question, question->answer,
                                                question->because == NULL ? "" : " ",
                                                question->because == NULL ? "" : question->because);

        gmq_story_set_apart(story, out, text);
    }
    if (story->questions->len > 0)
        g_string_truncate(out, out->len - 1); /* the empty line: what follows brings its own */
}
