#include "viz/answer.h"

#include <string.h>

#include "sim/language.h"

static const GmqQuestion *
question_of(const GmqStage *stage, uint64_t asked)
{
    return gmq_stage_question(stage, gmq_trace_event(stage->trace, asked));
}

uint64_t
gmq_answer_asked(const GmqView *view)
{
    uint64_t asked = 0;

    for (unsigned i = 0; i < view->stage->marks->len; i++) {
        uint64_t mark = g_array_index(view->stage->marks, uint64_t, i);
        if (mark > view->now->event)
            break;
        const GmqQuestion *question = question_of(view->stage, mark);
        if (question != NULL && question->choices != NULL && question->choices[0] != NULL)
            asked = mark;
    }
    return asked;
}

int
gmq_answer_given(const GmqView *view, uint64_t asked)
{
    for (unsigned i = 0; view->answers != NULL && i < view->answers->len; i++) {
        const GmqViewAnswer *answer = &g_array_index(view->answers, GmqViewAnswer, i);
        if (answer->event == asked)
            return answer->choice;
    }
    return -1;
}

uint64_t
gmq_answer_told(const GmqStage *stage, uint64_t asked)
{
    for (unsigned i = 0; i < stage->marks->len; i++) {
        uint64_t mark             = g_array_index(stage->marks, uint64_t, i);
        const GmqTraceEvent *said = gmq_trace_event(stage->trace, mark);
        if (mark > asked && (said->kind == GMQ_EVENT_PAUSED || said->kind == GMQ_EVENT_ASKED))
            return mark;
    }
    return gmq_trace_length(stage->trace);
}

char *
gmq_answer_choices(const GmqView *view, uint64_t asked)
{
    const GmqQuestion *question = question_of(view->stage, asked);
    g_autoptr(GString) line     = g_string_new(NULL);
    int given                   = gmq_answer_given(view, asked);
    int marked                  = given >= 0 ? given : view->choice - 1;

    for (int i = 0; question->choices[i] != NULL; i++)
        g_string_append_printf(line, "%s(%c) %s", i == 0 ? "" : " | ", i == marked ? '*' : ' ',
                               question->choices[i]);
    if (view->choice == 0)
        g_string_append(line, given >= 0 ? _(" (locked in)") : _(" (press p to answer)"));
    return g_strdup(line->str);
}

char *
gmq_answer_verdict(const GmqView *view, bool *is_right)
{
    uint64_t asked = gmq_answer_asked(view);
    int given      = asked > 0 ? gmq_answer_given(view, asked) : -1;
    uint64_t told  = asked > 0 ? gmq_answer_told(view->stage, asked) : 0;

    if (view->is_presenting || given < 0 || view->now->event < told)
        return NULL;
    uint64_t over = gmq_stage_next_mark(view->stage, told);
    if (over > 0 && view->now->event >= over)
        return NULL;

    const GmqQuestion *question = question_of(view->stage, asked);
    const char *said            = question->choices[given];
    const char *because         = question->because != NULL ? question->because : "";
    *is_right                   = strcmp(said, question->answer) == 0;
    if (*is_right)
        return g_strdup_printf(_("You said %s, and that is right. %s"), said, because);
    return g_strdup_printf(_("You said %s, but it is %s. %s"), said, question->answer, because);
}
