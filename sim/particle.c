#include "sim/particle.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "sim/language.h"

/* How a word ends: in a vowel, in an L, which some particles take for one, or in another
 * consonant. */
typedef enum {
    END_VOWEL,
    END_L,
    END_CONSONANT
} End;

static const struct {
    const char *mark;
    const char *forms[3]; /* by End */
} particles[] = {
    {"{은}", {"는", "은", "은"}},     {"{는}", {"는", "은", "은"}},
    {"{이}", {"가", "이", "이"}},     {"{가}", {"가", "이", "이"}},
    {"{을}", {"를", "을", "을"}},     {"{를}", {"를", "을", "을"}},
    {"{와}", {"와", "과", "과"}},     {"{과}", {"와", "과", "과"}},
    {"{로}", {"로", "로", "으로"}},   {"{란}", {"란", "이란", "이란"}},
    {"{라}", {"라", "이라", "이라"}},
};

#define FIRST_SYLLABLE 0xac00
#define LAST_SYLLABLE 0xd7a3
#define N_FINALS 28 /* of a syllable; the first is none */
#define FINAL_L 8

/* Latin words as Koreans mostly say them, by their last letters: mail 메일, machine 머신, billing
 * 빌링, shop 샵, topic 토픽, but client 클라이언트, tasks 태스크스. */
static End
end_of_latin(const char *word, size_t n)
{
    size_t last = n - 1 - (n > 2 && word[n - 1] == 'e'); /* an e at the end is silent */
    char before = last > 0 ? word[last - 1] : ' ';

    if (strchr("lL", word[last]) != NULL)
        return END_L;
    if (strchr("mnMN", word[last]) != NULL)
        return END_CONSONANT;
    if (last + 1 < n)
        return END_VOWEL;
    bool is_hard = (word[last] == 'g' && before == 'n') || (word[last] == 'c' && before == 'i') ||
                   (strchr("pbt", word[last]) != NULL && strchr("aeiou", before) != NULL);
    return is_hard ? END_CONSONANT : END_VOWEL;
}

/* Digits by their Korean names: 영 일 이 삼 사 오 육 칠 팔 구. */
static End
end_of_character(gunichar c)
{
    if (c >= FIRST_SYLLABLE && c <= LAST_SYLLABLE) {
        gunichar final = (c - FIRST_SYLLABLE) % N_FINALS;
        return final == 0 ? END_VOWEL : final == FINAL_L ? END_L : END_CONSONANT;
    }
    if (c >= 0x80)
        return END_VOWEL;
    if (strchr("178", (int)c) != NULL)
        return END_L;
    return strchr("036", (int)c) != NULL ? END_CONSONANT : END_VOWEL;
}

/* What closes a word, a quote or a bracket, is not spoken. */
static End
end_of_word(const GString *text)
{
    const char *at = text->str + text->len;

    while (at > text->str) {
        at         = g_utf8_prev_char(at);
        gunichar c = g_utf8_get_char(at);
        if (c != 0 && c < 0x80 && strchr("\"')]}*`", (int)c) != NULL)
            continue;
        return c < 0x80 && g_ascii_isalpha((char)c)
                   ? end_of_latin(text->str, (size_t)(at - text->str) + 1)
                   : end_of_character(c);
    }
    return END_VOWEL;
}

static const char *
read_particle(const char *at, const GString *before, const char **form)
{
    for (size_t i = 0; i < G_N_ELEMENTS(particles); i++) {
        size_t n = strlen(particles[i].mark);

        if (strncmp(at, particles[i].mark, n) == 0) {
            *form = particles[i].forms[end_of_word(before)];
            return at + n;
        }
    }
    return NULL;
}

char *
gmq_particles(char *text)
{
    if (strcmp(gmq_language(), "ko") != 0 || strchr(text, '{') == NULL)
        return text;

    GString *out = g_string_new(NULL);
    for (const char *at = text; *at != '\0';) {
        const char *form   = "";
        const char *behind = *at == '{' ? read_particle(at, out, &form) : NULL;

        if (behind != NULL)
            g_string_append(out, form);
        else
            g_string_append_c(out, *at);
        at = behind != NULL ? behind : at + 1;
    }
    g_free(text);
    return g_string_free(out, FALSE);
}

char *
gmq_told(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    char *text = g_strdup_vprintf(format, args);
    va_end(args);
    return gmq_particles(text);
}

void
gmq_told_append(GString *out, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    g_autofree char *text = gmq_particles(g_strdup_vprintf(format, args));
    va_end(args);
    g_string_append(out, text);
}
