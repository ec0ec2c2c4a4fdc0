#include <string.h>

#include "sim/finish.h"
#include "viz/ladder-part.h"

#define NOWHERE UINT_MAX

/* A rung while the ladder is made. */
typedef struct {
    GmqRung rung;
    GmqStepClass class_;
    bool is_chosen;
} Draft;

/* A publish that the broker has to confirm. */
typedef struct {
    unsigned column;
    uint16_t channel;
    uint64_t tag;
    const char *message;
} Publish;

typedef struct {
    GmqLadder *ladder;
    const GmqLadderWish *wish;
    size_t stem;         /* size of the message's name */
    GArray *drafts;      /* of Draft, in the order of their first events */
    GArray *moving;      /* of unsigned: drafts of arrows that have not arrived */
    GArray *of_event;    /* of unsigned: draft of that event and 1, from wish->from on */
    GArray *unconfirmed; /* of Publish, oldest first */
    GArray *columns;     /* of unsigned: column of each client */
    unsigned holder;     /* column where the wished message is; NOWHERE: not begun, or over */
    bool has_begun;      /* a client has started, and the broker tells no more what it has */
    bool is_broker_down;
} Make;

static Draft *
draft_at(const Make *make, unsigned index)
{
    return &g_array_index(make->drafts, Draft, index);
}

static uint64_t
first_event(const Make *make)
{
    return MAX(make->wish->from, 1);
}

static unsigned
column_of(const Make *make, const char *name)
{
    GmqPlace place = gmq_picture_find(make->ladder->stage->whole, GMQ_PLACE_CLIENT, name);

    return place.kind == GMQ_PLACE_NONE ? NOWHERE
                                        : g_array_index(make->columns, unsigned, place.index);
}

static GArray *
columns_of_clients(const GmqLadder *ladder)
{
    GArray *columns = g_array_new(FALSE, TRUE, sizeof(unsigned));

    g_array_set_size(columns, ladder->stage->whole->clients->len);
    for (unsigned i = 0; i < ladder->columns->len; i++) {
        const GmqLadderColumn *column = gmq_ladder_column(ladder, i);
        if (column->place.kind == GMQ_PLACE_CLIENT)
            g_array_index(columns, unsigned, column->place.index) = i;
    }
    return columns;
}

/* ---- what is wanted ---- */

static bool
is_wished_message(const Make *make, const char *message)
{
    return *message != '\0' &&
           gmq_picture_stem(make->ladder->stage->whole, message) == make->stem &&
           strncmp(message, make->wish->message, make->stem) == 0;
}

static bool
is_wished(const Make *make, const GmqTraceEvent *event)
{
    if (make->wish->message != NULL && !is_wished_message(make, event->message))
        return false;
    return make->wish->match == NULL || make->wish->match(make->wish->user, event);
}

/* What befalls the place where the wished message is belongs to its life. */
static bool
befalls_holder(const Make *make, GmqEventKind kind, unsigned column)
{
    return make->wish->message != NULL && make->holder == column &&
           (kind == GMQ_EVENT_FAULT_CRASH || kind == GMQ_EVENT_FAULT_STOP);
}

/* ---- rungs ---- */

static void
remember(Make *make, const GmqTraceEvent *event, unsigned index)
{
    g_array_index(make->of_event, unsigned, event->number - first_event(make)) = index + 1;
}

static Draft *
add_draft(Make *make, const GmqTraceEvent *event, const GmqLadderRow *row, GmqRungKind kind,
          unsigned from, unsigned to)
{
    Draft draft = {
        .rung      = {.kind       = kind,
                      .end        = GMQ_ARROW_ARRIVED,
                      .event      = event->number,
                      .last_event = event->number,
                      .time_ns    = event->time_ns,
                      .last_ns    = event->time_ns,
                      .from       = from,
                      .to         = to,
                      .message    = event->message,
                      .n_messages = strcmp(event->text, GMQ_FINISH_ACK_ALL) == 0 ? 2 : 1,
                      .is_answer  = (row->flags & GMQ_STEP_ANSWER) != 0,
                      .is_dotted  = (row->flags & GMQ_STEP_DOTTED) != 0,
                      .is_fault   = (row->flags & GMQ_STEP_FAULT) != 0,
                      .is_again   = event->redelivered},
        .class_    = row->class_,
        .is_chosen = is_wished(make, event),
    };

    g_array_append_val(make->drafts, draft);
    remember(make, event, make->drafts->len - 1);
    return draft_at(make, make->drafts->len - 1);
}

static void
end_arrow(Draft *draft, GmqArrowEnd end, const GmqTraceEvent *event)
{
    draft->rung.end        = end;
    draft->rung.last_event = event->number;
    draft->rung.last_ns    = event->time_ns;
}

/* Where the wished message is from now on. */
static void
move_holder(Make *make, const Draft *draft, GmqEventKind kind)
{
    if (make->wish->message == NULL || !draft->is_chosen || draft->class_ == GMQ_CLASS_CONFIRM ||
        draft->class_ == GMQ_CLASS_RETURN || draft->rung.kind == GMQ_RUNG_SPAN)
        return;
    make->holder = kind == GMQ_EVENT_ACKED ? NOWHERE : draft->rung.to;
}

/* ---- arrows ---- */

static void
start_arrow(Make *make, const GmqTraceEvent *event, const GmqLadderRow *row, unsigned from,
            unsigned to)
{
    Draft *draft            = add_draft(make, event, row, GMQ_RUNG_ARROW, from, to);
    unsigned index          = make->drafts->len - 1;
    unsigned client         = from == make->ladder->broker ? to : from;
    const GmqPicture *whole = make->ladder->stage->whole;
    GmqPlace place          = gmq_ladder_column(make->ladder, client)->place;

    /* Nobody tells when something reaches a client that is not ours. */
    if (*gmq_picture_client(whole, place.index)->role == '\0') {
        move_holder(make, draft, event->kind);
        return;
    }
    draft->rung.end = GMQ_ARROW_MOVING;
    g_array_append_val(make->moving, index);
}

static bool
fits(const Make *make, const Draft *draft, const GmqTraceEvent *event, GmqStepClass class_,
     unsigned from, unsigned to)
{
    if (draft->class_ != class_ || draft->rung.from != from || draft->rung.to != to)
        return false;
    if (draft->rung.event == event->cause || class_ == GMQ_CLASS_CONNECT || class_ == GMQ_CLASS_TX)
        return true;
    if (class_ == GMQ_CLASS_CONFIRM)
        return gmq_trace_event(make->ladder->stage->trace, draft->rung.event)->tag >= event->tag;
    return strcmp(draft->rung.message, event->message) == 0;
}

/* The place in make->moving of the arrow that the event caused to leave, or else of the first one
 * that fits. The length of the list when there is none. */
static unsigned
find_moving(const Make *make, const GmqTraceEvent *event, GmqStepClass class_, unsigned from,
            unsigned to, bool is_caused)
{
    for (unsigned i = 0; class_ != GMQ_CLASS_NONE && i < make->moving->len; i++) {
        const Draft *draft = draft_at(make, g_array_index(make->moving, unsigned, i));
        if (fits(make, draft, event, class_, from, to) &&
            (!is_caused || draft->rung.event == event->cause))
            return i;
    }
    return make->moving->len;
}

/* The arrow that the event belongs to as well: it brought an answer for several messages. */
static Draft *
find_shared(const Make *make, const GmqTraceEvent *event, GmqStepClass class_)
{
    if (class_ == GMQ_CLASS_NONE || event->cause < first_event(make))
        return NULL;
    unsigned index = g_array_index(make->of_event, unsigned, event->cause - first_event(make));
    if (index == 0 || draft_at(make, index - 1)->class_ != class_)
        return NULL;
    return draft_at(make, index - 1);
}

static void
arrive(Make *make, const GmqTraceEvent *event, const GmqLadderRow *row, unsigned from, unsigned to)
{
    unsigned place = find_moving(make, event, row->class_, from, to, true);
    Draft *draft   = place < make->moving->len ? NULL : find_shared(make, event, row->class_);

    if (draft == NULL && place == make->moving->len)
        place = find_moving(make, event, row->class_, from, to, false);
    if (draft == NULL && place < make->moving->len) {
        unsigned index = g_array_index(make->moving, unsigned, place);
        draft          = draft_at(make, index);
        end_arrow(draft, GMQ_ARROW_ARRIVED, event);
        draft->rung.is_again |= event->redelivered;
        remember(make, event, index);
        g_array_remove_index(make->moving, place);
    }
    if (draft == NULL)
        draft = add_draft(make, event, row, GMQ_RUNG_ARROW, from, to);
    draft->is_chosen |= is_wished(make, event);
    move_holder(make, draft, event->kind);
}

/* ---- confirms ---- */

static void
await_confirm(Make *make, const GmqTraceEvent *event, unsigned column)
{
    Publish publish = {column, event->channel, event->tag, event->message};

    if (event->tag > 0)
        g_array_append_val(make->unconfirmed, publish);
}

/* A confirm names no message: the number tells which ones it is about. */
static void
name_confirm(Make *make, const GmqTraceEvent *event, unsigned column)
{
    Draft *draft   = draft_at(make, make->drafts->len - 1);
    uint64_t named = 0;

    for (unsigned i = 0; i < make->unconfirmed->len;) {
        const Publish *publish = &g_array_index(make->unconfirmed, Publish, i);
        bool is_meant          = publish->column == column && publish->channel == event->channel &&
                        (publish->tag == event->tag ||
                         (event->count > 0 && (publish->tag < event->tag || event->tag == 0)));
        if (!is_meant) {
            i++;
            continue;
        }
        draft->rung.message = publish->message;
        if (make->wish->message != NULL)
            draft->is_chosen |= is_wished_message(make, publish->message);
        named++;
        g_array_remove_index(make->unconfirmed, i);
    }
    draft->rung.n_messages = MAX(named, 1);
}

static void
forget_confirms(Make *make, unsigned column)
{
    for (unsigned i = make->unconfirmed->len; i > 0; i--) {
        if (g_array_index(make->unconfirmed, Publish, i - 1).column == column)
            g_array_remove_index(make->unconfirmed, i - 1);
    }
}

/* ---- what is lost ---- */

/* The arrows of that column, or of all when it is NOWHERE; only those to the broker or only those
 * to clients unless both. One that arrives all the same was not lost. */
static void
lose(Make *make, const GmqTraceEvent *event, unsigned column, bool to_broker, bool to_client)
{
    for (unsigned i = 0; i < make->moving->len; i++) {
        Draft *draft     = draft_at(make, g_array_index(make->moving, unsigned, i));
        bool is_to_there = draft->rung.to == make->ladder->broker;
        unsigned client  = is_to_there ? draft->rung.from : draft->rung.to;

        if ((column == NOWHERE || column == client) && (is_to_there ? to_broker : to_client) &&
            draft->rung.end == GMQ_ARROW_MOVING && draft->class_ != GMQ_CLASS_CONNECT)
            end_arrow(draft, GMQ_ARROW_LOST, event);
    }
}

/* On a new connection nothing of the old one arrives. */
static void
begin_anew(Make *make, const GmqTraceEvent *event, unsigned column)
{
    lose(make, event, column, true, true);
    for (unsigned i = make->moving->len; i > 0; i--) {
        const Draft *draft = draft_at(make, g_array_index(make->moving, unsigned, i - 1));
        if (draft->rung.end == GMQ_ARROW_LOST &&
            (draft->rung.from == column || draft->rung.to == column))
            g_array_remove_index(make->moving, i - 1);
    }
}

static void
see_broker(Make *make, const GmqTraceEvent *event)
{
    if (event->kind == GMQ_EVENT_FAULT_CRASH || event->kind == GMQ_EVENT_BROKER_STOPPED) {
        lose(make, event, NOWHERE, true, false);
        make->is_broker_down = true;
        make->has_begun      = false;
    }
    if (event->kind == GMQ_EVENT_STARTED) {
        make->is_broker_down = false;
        make->has_begun |= event->number > 1 && strcmp(event->text, "new") != 0;
    }
}

static void
see_end(Make *make, const GmqTraceEvent *event, unsigned column)
{
    if (strcmp(event->who, "broker") == 0)
        see_broker(make, event);
    if (column == NOWHERE)
        return;
    make->has_begun |= event->kind == GMQ_EVENT_CLIENT_STARTED;
    if (event->kind == GMQ_EVENT_CONNECTION_OPENED) {
        begin_anew(make, event, column);
        make->has_begun = true;
    }
    if (event->kind == GMQ_EVENT_CONNECTION_CLOSED) {
        lose(make, event, column, true, true);
        forget_confirms(make, column);
    }
    if (event->kind == GMQ_EVENT_CLIENT_CLOSED || event->kind == GMQ_EVENT_FAULT_CRASH)
        lose(make, event, column, make->is_broker_down, true);
}

/* ---- one event ---- */

static void
note(Make *make, const GmqTraceEvent *event, const GmqLadderRow *row, unsigned column)
{
    Draft *draft = add_draft(make, event, row, GMQ_RUNG_NOTE, column, column);

    draft->is_chosen |= befalls_holder(make, event->kind, column);
    move_holder(make, draft, event->kind);
}

static void
place_at_who(Make *make, const GmqTraceEvent *event, const GmqLadderRow *row, unsigned client)
{
    if (client != NOWHERE)
        note(make, event, row, client);
    else if (strcmp(event->who, "all") == 0)
        add_draft(make, event, row, GMQ_RUNG_SPAN, 0, make->ladder->columns->len - 1);
    else
        note(make, event, row, make->ladder->broker);
}

static void
place(Make *make, const GmqTraceEvent *event, const GmqLadderRow *row, unsigned client)
{
    unsigned broker = make->ladder->broker;
    bool is_there   = client != NOWHERE;

    switch (row->step) {
    case GMQ_STEP_SEND:
    case GMQ_STEP_PUSH:
        if (is_there)
            start_arrow(make, event, row, row->step == GMQ_STEP_SEND ? client : broker,
                        row->step == GMQ_STEP_SEND ? broker : client);
        break;
    case GMQ_STEP_SENT:
    case GMQ_STEP_PUSHED:
        if (is_there)
            arrive(make, event, row, row->step == GMQ_STEP_SENT ? client : broker,
                   row->step == GMQ_STEP_SENT ? broker : client);
        break;
    case GMQ_STEP_AT_CLIENT:
        if (is_there)
            note(make, event, row, client);
        break;
    case GMQ_STEP_AT_BROKER:
        if (make->has_begun || (row->flags & GMQ_STEP_EARLY) == 0)
            note(make, event, row, broker);
        break;
    case GMQ_STEP_AT_WHO:
        place_at_who(make, event, row, client);
        break;
    case GMQ_STEP_OVER_ALL:
        add_draft(make, event, row, GMQ_RUNG_SPAN, 0, make->ladder->columns->len - 1);
        break;
    default:
        break;
    }
}

static void
add_event(Make *make, const GmqTraceEvent *event)
{
    const GmqLadderRow *row = gmq_ladder_row(event);
    bool is_in_to           = (row->flags & GMQ_STEP_TO) != 0;
    unsigned client         = column_of(make, is_in_to ? event->to : event->who);

    see_end(make, event, client);
    place(make, event, row, client);
    if (client == NOWHERE)
        return;
    if (event->kind == GMQ_EVENT_PUBLISHED)
        await_confirm(make, event, client);
    if (event->kind == GMQ_EVENT_CONFIRMED || event->kind == GMQ_EVENT_NACKED)
        name_confirm(make, event, client);
}

/* ---- the whole ---- */

static void
choose(const Make *make, int64_t now_ns)
{
    GmqLadder *ladder = make->ladder;

    for (unsigned i = 0; i < make->drafts->len; i++) {
        Draft *draft = draft_at(make, i);
        if (!draft->is_chosen)
            continue;
        if (draft->rung.end == GMQ_ARROW_MOVING)
            draft->rung.last_ns = now_ns;
        g_array_append_val(ladder->rungs, draft->rung);
        if (draft->rung.kind == GMQ_RUNG_SPAN)
            continue;
        g_array_index(ladder->columns, GmqLadderColumn, draft->rung.from).is_used = true;
        g_array_index(ladder->columns, GmqLadderColumn, draft->rung.to).is_used   = true;
    }
}

void
gmq_ladder_make(GmqLadder *ladder, const GmqLadderWish *wish, uint64_t last)
{
    Make make = {.ladder      = ladder,
                 .wish        = wish,
                 .stem        = wish->message == NULL ? 0 : strlen(wish->message),
                 .drafts      = g_array_new(FALSE, FALSE, sizeof(Draft)),
                 .moving      = g_array_new(FALSE, FALSE, sizeof(unsigned)),
                 .of_event    = g_array_new(FALSE, TRUE, sizeof(unsigned)),
                 .unconfirmed = g_array_new(FALSE, FALSE, sizeof(Publish)),
                 .columns     = columns_of_clients(ladder),
                 .holder      = NOWHERE,
                 .has_begun   = wish->from > 1};

    g_array_set_size(make.of_event, (unsigned)(last - first_event(&make) + 1));
    for (uint64_t n = first_event(&make); n <= last; n++)
        add_event(&make, gmq_trace_event(ladder->stage->trace, n));
    choose(&make, gmq_trace_event(ladder->stage->trace, last)->time_ns);
    g_array_free(make.drafts, TRUE);
    g_array_free(make.moving, TRUE);
    g_array_free(make.of_event, TRUE);
    g_array_free(make.unconfirmed, TRUE);
    g_array_free(make.columns, TRUE);
}
