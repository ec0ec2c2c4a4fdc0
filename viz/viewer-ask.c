/* Questions of the scenario, and what the reader answers. */
#include <string.h>

#include "sim/language.h"
#include "viz/answer.h"
#include "viz/viewer-private.h"

static const GmqQuestion *
open_question(const GmqViewer *viewer)
{
    const GmqTraceEvent *event = gmq_trace_event(viewer->stage->trace, viewer->asked);

    return gmq_stage_question(viewer->stage, event);
}

static void
close_question(GmqViewer *viewer)
{
    viewer->asked       = 0;
    viewer->view.choice = 0;
}

static void
tell_how(GmqViewer *viewer)
{
    gmq_viewer_tell(viewer, _("Digits or arrows choose, Enter locks in, Esc leaves it open."));
}

/* The question of the moment can be answered until the run tells the answer, and only once. */
GMQ_PRESS(predict)
{
    GmqView view     = gmq_viewer_view(viewer);
    uint64_t asked   = gmq_answer_asked(&view);
    int locked       = asked > 0 ? gmq_answer_given(&view, asked) : -1;
    GmqPane previous = viewer->view.focus;

    (void)key, (void)now_us;
    if (asked == 0) {
        gmq_viewer_tell(viewer, _("There is no question now."));
        return;
    }
    if (locked >= 0) {
        gmq_viewer_tell(viewer, _("You have answered this question: the run will show."));
        return;
    }
    if (viewer->now->event >= gmq_answer_told(viewer->stage, asked)) {
        gmq_viewer_tell(viewer, _("The run has shown the answer already."));
        return;
    }
    gmq_viewer_stop(viewer);
    viewer->asked       = asked;
    viewer->view.choice = 1;
    tell_how(viewer);
    viewer->view.focus = GMQ_PANE_STORY;
    if (previous != GMQ_PANE_STORY && viewer->view.is_zoomed)
        viewer->view.is_zoomed = false;
}

static void
lock_in(GmqViewer *viewer, const GmqQuestion *question)
{
    GmqViewAnswer answer = {viewer->asked, viewer->view.choice - 1};

    g_array_append_val(viewer->answers, answer);
    gmq_viewer_tell(viewer, _("You say: %s. Space runs it, and the run will show."),
                    question->choices[answer.choice]);
    close_question(viewer);
    viewer->view.focus = GMQ_PANE_FLOW;
}

void
gmq_viewer_key_choice(GmqViewer *viewer, int key)
{
    const GmqQuestion *question = open_question(viewer);
    int n                       = (int)g_strv_length(question->choices);
    int choice                  = viewer->view.choice - 1;

    tell_how(viewer);
    switch (key) {
    case GMQ_KEY_LEFT:
    case GMQ_KEY_UP:
    case GMQ_KEY_BACKTAB:
    case 'h':
    case 'k':
        viewer->view.choice = (choice + n - 1) % n + 1;
        break;
    case GMQ_KEY_RIGHT:
    case GMQ_KEY_DOWN:
    case GMQ_KEY_TAB:
    case 'l':
    case 'j':
        viewer->view.choice = (choice + 1) % n + 1;
        break;
    case GMQ_KEY_ENTER:
    case '\n':
        lock_in(viewer, question);
        break;
    case GMQ_KEY_ESC:
    case 'q':
    case 'p':
        g_clear_pointer(&viewer->notice, g_free);
        close_question(viewer);
        viewer->view.focus = GMQ_PANE_FLOW;
        break;
    default:
        if (key >= '1' && key < '1' + n)
            viewer->view.choice = key - '0';
        break;
    }
}
