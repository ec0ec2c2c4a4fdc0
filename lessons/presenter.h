/* presenter.h - a deck at the front of a class: one slide at a time, by key or click.
 *
 * Like a viewer it knows no terminal and no clock: it is told keys and times and answers with
 * screens. */
#pragma once

#include "lessons/deck.h"
#include "viz/viewer.h"

G_BEGIN_DECLS

typedef struct GmqPresenter GmqPresenter;

/* Stands at the first slide. The deck is lent. */
GmqPresenter *gmq_presenter_new(const GmqDeck *deck, GmqGlyphs glyphs, GmqTheme theme);
void gmq_presenter_free(GmqPresenter *presenter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqPresenter, gmq_presenter_free)

void gmq_presenter_resize(GmqPresenter *presenter, int width, int height);

/* Handles a key at that time. Space goes on: it lets a run go, ends one that goes, and then comes
 * the next slide. Returns false when the teacher leaves. */
bool gmq_presenter_key(GmqPresenter *presenter, int key, int64_t now_us);

/* A click goes on; the wheel scrolls. */
void gmq_presenter_click(GmqPresenter *presenter, int x, int y);
void gmq_presenter_wheel(GmqPresenter *presenter, int x, int y, int by);

/* As gmq_viewer_play(). */
int64_t gmq_presenter_play(GmqPresenter *presenter, int64_t now_us);

unsigned gmq_presenter_revision(const GmqPresenter *presenter);
GmqScreen *gmq_presenter_draw(const GmqPresenter *presenter);
GmqTheme gmq_presenter_theme(const GmqPresenter *presenter);

/* Goes to a slide, from 0 on; one behind the end counts as the last. */
void gmq_presenter_go(GmqPresenter *presenter, unsigned index);
unsigned gmq_presenter_slide(const GmqPresenter *presenter);

G_END_DECLS
