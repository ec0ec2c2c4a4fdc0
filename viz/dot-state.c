#include "viz/dot-state.h"

#include "core/amqp/snapshot.h"
#include "viz/dot-part.h"

/* A move from more states than this is drawn once, from a box that stands for them. */
#define SINGLE_MOST 2

static void
draw_state(const GmqMachineView *machine, size_t index, GString *out)
{
    const GmqStateView *state = &machine->states[index];
    bool is_first             = index == 0;

    g_string_append_printf(out,
                           "    %s_%s [label=<<TABLE BORDER=\"%d\" CELLBORDER=\"0\" "
                           "CELLSPACING=\"0\" CELLPADDING=\"5\" STYLE=\"ROUNDED\" COLOR=\"" LINE
                           "\" BGCOLOR=\"%s\"><TR><TD><B>%s</B></TD></TR><TR><TD><FONT "
                           "POINT-SIZE=\"11\">",
                           machine->name, state->name, is_first ? 3 : 1,
                           is_first ? FILL_PRODUCER : FILL_EXCHANGE, state->name);
    gmq_xml_append(out, state->text);
    g_string_append(out, "<BR/>listed as \"");
    gmq_xml_append(out, state->word);
    g_string_append(out, "\"</FONT></TD></TR></TABLE>>];\n");
}

static unsigned
count_bits(unsigned bits)
{
    unsigned n = 0;

    for (; bits != 0; bits &= bits - 1)
        n++;
    return n;
}

static const char *
style_of(const GmqMoveView *move)
{
    return count_bits(move->from) > SINGLE_MOST ? ", style=dashed" : "";
}

/* "start-ok" over "sends tune" */
static void
draw_words(const GmqMoveView *move, GString *out)
{
    g_string_append(out, "label=<<TABLE BORDER=\"0\" CELLPADDING=\"3\"><TR><TD><B>");
    gmq_xml_append(out, move->cause);
    g_string_append(out, "</B>");
    if (*move->answer != '\0') {
        g_string_append(out, "<BR/>we say ");
        gmq_xml_append(out, move->answer);
    }
    g_string_append_printf(out, "</TD></TR></TABLE>>%s];\n", style_of(move));
}

/* What can happen in most states comes from a box of its own: "HEADER, OPEN, RUNNING". */
static void
draw_crowd(const GmqMachineView *machine, size_t index, GString *out)
{
    const GmqMoveView *move = &machine->moves[index];
    unsigned n              = count_bits(move->from);
    unsigned shown          = 0;

    g_string_append_printf(out, "    %s_from_%zu [label=<<FONT COLOR=\"" LINE "\">", machine->name,
                           index);
    if (n + 1 >= machine->n_states)
        g_string_append(out, n == machine->n_states ? "any state" : "any state but ");
    for (size_t i = 0; i < machine->n_states; i++) {
        bool is_in   = (move->from & (1u << i)) != 0;
        bool is_told = n == machine->n_states ? false : n + 1 == machine->n_states ? !is_in : is_in;
        if (is_told)
            g_string_append_printf(out, "%s%s", shown++ == 0 ? "" : "<BR/>",
                                   machine->states[i].name);
    }
    g_string_append(out, "</FONT>>];\n");
    g_string_append_printf(out, "    %s_from_%zu -> %s_%s [", machine->name, index, machine->name,
                           machine->states[move->to].name);
    draw_words(move, out);
}

static void
draw_move(const GmqMachineView *machine, size_t index, GString *out)
{
    const GmqMoveView *move = &machine->moves[index];

    if (count_bits(move->from) > SINGLE_MOST) {
        draw_crowd(machine, index, out);
        return;
    }
    for (size_t i = 0; i < machine->n_states; i++) {
        if ((move->from & (1u << i)) == 0)
            continue;
        g_string_append_printf(out, "    %s_%s -> %s_%s [", machine->name, machine->states[i].name,
                               machine->name, machine->states[move->to].name);
        draw_words(move, out);
    }
}

static void
draw_machine(const GmqMachineView *machine, GString *out)
{
    g_string_append_printf(out,
                           "  subgraph cluster_%s {\n    graph [label=<<B>a %s</B> >, labeljust=l, "
                           "style=rounded, color=\"" LINE "\", fontsize=14, margin=18];\n",
                           machine->name, machine->name);
    for (size_t i = 0; i < machine->n_states; i++)
        draw_state(machine, i, out);
    for (size_t i = 0; i < machine->n_moves; i++)
        draw_move(machine, i, out);
    g_string_append(out, "  }\n");
}

static const char head[] =
    "digraph states {\n"
    "  graph [rankdir=LR, ranksep=0.6, nodesep=0.3, pad=0.3, labelloc=t, fontname=\"Helvetica\", "
    "fontsize=18, fontcolor=\"" INK "\", label=<<B>How connections and channels live</B><BR/> >];\n"
    "  node [shape=plain, fontname=\"Helvetica\", fontsize=14, fontcolor=\"" INK "\"];\n"
    "  edge [fontname=\"Helvetica\", fontsize=11, fontcolor=\"" INK "\", color=\"" INK "\"];\n";

char *
gmq_dot_draw_states(void)
{
    size_t n                       = 0;
    const GmqMachineView *machines = gmq_snapshot_machines(&n);
    GString *out                   = g_string_new(head);

    for (size_t i = 0; i < n; i++)
        draw_machine(&machines[i], out);
    g_string_append(out, "}\n");
    return g_string_free(out, FALSE);
}
