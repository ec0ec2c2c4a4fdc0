/* lesson-pages.c - from the lines of lesson.md to pages and blocks. */
#include <string.h>

#include "lessons/lesson-private.h"

#define FENCE "```"

typedef struct {
    GmqLesson *lesson;
    const char *at; /* the line that is read next */
    unsigned line;  /* its number, from 1 on */
    GString *text;  /* of the page, as far as no step has it */
    const char *heading;
    unsigned heading_line;
    unsigned text_line; /* where text began */
    bool has_step;      /* of the page */
} Reader;

/* ---- lines ---- */

static size_t
line_size(const Reader *reader)
{
    return strcspn(reader->at, "\n");
}

static void
skip_line(Reader *reader)
{
    reader->at += line_size(reader);
    reader->at += *reader->at == '\n' ? 1 : 0;
    reader->line++;
}

/* The line without spaces at its end; the caller frees it. */
static char *
line_text(const Reader *reader)
{
    return g_strchomp(g_strndup(reader->at, line_size(reader)));
}

static bool
line_is(const Reader *reader, const char *word)
{
    size_t size = strlen(word);
    size_t rest = line_size(reader);

    if (rest < size || strncmp(reader->at, word, size) != 0)
        return false;
    return strspn(reader->at + size, " \t\r") == rest - size;
}

/* ---- the head ---- */

static void
read_head(Reader *reader)
{
    if (!line_is(reader, "---")) {
        gmq_problems_add(reader->lesson->problems, 1, 1,
                         "A lesson begins with a line ---, then title, minutes and terms, then "
                         "another line ---.");
        return;
    }
    skip_line(reader);
    GmqLessonYaml part = {reader->at, 0, reader->line};
    while (*reader->at != '\0' && !line_is(reader, "---"))
        skip_line(reader);
    part.size = (size_t)(reader->at - part.start);
    if (*reader->at == '\0')
        gmq_problems_add(reader->lesson->problems, 1, 1, "The second line --- is missing.");
    skip_line(reader);

    const GmqYaml *yaml = gmq_lesson_yaml(reader->lesson, &part);
    if (yaml != NULL)
        gmq_lesson_read_head(reader->lesson, yaml);
}

/* ---- pages ---- */

/* The text of the page so far, which belongs to the next step. */
static const char *
take_text(Reader *reader)
{
    const char *text = g_string_chunk_insert(reader->lesson->texts, g_strstrip(reader->text->str));

    g_string_truncate(reader->text, 0);
    return text;
}

static GmqStep
next_step(Reader *reader, GmqStepKind kind)
{
    reader->has_step = true;
    return (GmqStep){
        .kind    = kind,
        .line    = reader->text_line,
        .heading = reader->heading,
        .text    = take_text(reader),
    };
}

static void
end_page(Reader *reader)
{
    GmqStep step = {0};

    if (strspn(reader->text->str, " \t\r\n") < reader->text->len) {
        step = next_step(reader, GMQ_STEP_READ);
        g_ptr_array_add(reader->lesson->steps, g_memdup2(&step, sizeof step));
    } else if (!reader->has_step && *reader->heading != '\0') {
        gmq_problems_add(reader->lesson->problems, reader->heading_line, 1,
                         "This page has no text.");
    }
    g_string_truncate(reader->text, 0);
}

static void
begin_page(Reader *reader, const char *heading)
{
    end_page(reader);
    reader->heading      = g_string_chunk_insert(reader->lesson->texts, heading);
    reader->heading_line = reader->line;
    reader->has_step     = false;
    skip_line(reader);
}

/* The title stands at the head as well, because lists of lessons show it. */
static void
read_title(Reader *reader, const char *title)
{
    GmqLesson *lesson = reader->lesson;

    if (lesson->steps->len > 0 || *reader->heading != '\0')
        gmq_problems_add(lesson->problems, reader->line, 1,
                         "The title, a line with one #, stands once, in front of all pages.");
    else if (*lesson->title != '\0' && strcmp(title, lesson->title) != 0)
        gmq_problems_add(lesson->problems, reader->line, 1,
                         "This title is not the one at the head of the file, \"%s\".",
                         lesson->title);
    skip_line(reader);
}

/* ---- what stands between backquotes ---- */

static void
add_line(Reader *reader)
{
    bool is_blank = strspn(reader->at, " \t\r") >= line_size(reader);

    if (reader->text->len == 0)
        reader->text_line = reader->line;
    if (reader->text->len > 0 || !is_blank)
        g_string_append_len(reader->text, reader->at, (gssize)line_size(reader));
    if (reader->text->len > 0)
        g_string_append_c(reader->text, '\n');
    skip_line(reader);
}

/* Skips to the line that closes the fence; returns what stands before it. */
static GmqLessonYaml
read_inside(Reader *reader, unsigned fence_line)
{
    GmqLessonYaml part = {reader->at, 0, reader->line};

    while (*reader->at != '\0' && !line_is(reader, FENCE))
        skip_line(reader);
    part.size = (size_t)(reader->at - part.start);
    if (*reader->at == '\0')
        gmq_problems_add(reader->lesson->problems, fence_line, 1,
                         "The line " FENCE " that closes this is missing.");
    return part;
}

static void
read_code(Reader *reader)
{
    unsigned line = reader->line;

    add_line(reader);
    GmqLessonYaml part = read_inside(reader, line);
    g_string_append_len(reader->text, part.start, (gssize)part.size);
    if (*reader->at != '\0')
        add_line(reader);
}

static void
read_block(Reader *reader, const char *word)
{
    unsigned line    = reader->line;
    GmqStepKind kind = gmq_lesson_block_kind(reader->lesson, word, line);

    if (reader->text->len == 0)
        reader->text_line = line;
    skip_line(reader);
    GmqLessonYaml part = read_inside(reader, line);
    skip_line(reader);
    if (kind == GMQ_STEP_READ)
        return;
    GmqStep step        = next_step(reader, kind);
    const GmqYaml *yaml = gmq_lesson_yaml(reader->lesson, &part);
    if (yaml != NULL)
        gmq_lesson_read_block(reader->lesson, yaml, &step);
}

static void
read_line(Reader *reader)
{
    g_autofree char *line = line_text(reader);

    if (g_str_has_prefix(line, FENCE) && line[strlen(FENCE)] != '\0')
        read_block(reader, g_strchug(line + strlen(FENCE)));
    else if (g_str_has_prefix(line, FENCE))
        read_code(reader);
    else if (g_str_has_prefix(line, "## "))
        begin_page(reader, g_strchug(line + 3));
    else if (g_str_has_prefix(line, "# "))
        read_title(reader, g_strchug(line + 2));
    else
        add_line(reader);
}

void
gmq_lesson_read_pages(GmqLesson *lesson)
{
    g_autoptr(GString) text = g_string_new(NULL);
    Reader reader = {.lesson = lesson, .at = lesson->text, .line = 1, .text = text, .heading = ""};

    read_head(&reader);
    while (*reader.at != '\0')
        read_line(&reader);
    end_page(&reader);
    if (lesson->steps->len == 0)
        gmq_problems_add(lesson->problems, 1, 1, "This lesson has no page: a page begins with ##.");
}
