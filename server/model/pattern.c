#define PCRE2_CODE_UNIT_WIDTH 8
#include "pattern.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pcre2.h>

#include "../../state/base/memory.h"

/*
 * What one match may cost. No pattern of the model needs more than a few steps per character, and
 * legal texts have at most 100,000. Not the JIT: it knows no depth limit, wants memory that is
 * writable and executable, and would win nothing that can be measured here.
 */
#define STEPS_MAX 1000000
#define DEPTH_MAX 250000
#define HEAP_MAX_KIB (64 * 1024)

/* Java's dot: anything but a line terminator. PCRE2 has no setting that means the same
 * characters. */
#define DOT "[^\\n\\r\\u0085\\u2028\\u2029]"

/* The pattern for PCRE2, to be freed. Only the dot outside of [] needs a translation. */
static char *
translate(const char *java)
{
    char *made = memory_resize(NULL, strlen(java) * (sizeof DOT - 1) + 1);
    char *to = made;
    bool in_class = false;

    for (; *java != '\0'; java++) {
        if (*java == '.' && !in_class) {
            memcpy(to, DOT, sizeof DOT - 1);
            to += sizeof DOT - 1;
            continue;
        }
        *to++ = *java;
        if (*java == '\\' && java[1] != '\0')
            *to++ = *++java;
        else if (*java == '[')
            in_class = true;
        else if (*java == ']')
            in_class = false;
    }
    *to = '\0';
    return made;
}

/* ALT_BSUX is for \u0009. DOLLAR_ENDONLY and the anchors make it Java's `matches`: all of the
 * text. */
static pcre2_code *
compile(const char *java)
{
    const uint32_t options =
        PCRE2_UTF | PCRE2_ALT_BSUX | PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_DOLLAR_ENDONLY;
    char *text = translate(java);
    int error;
    PCRE2_SIZE offset;
    pcre2_code *code =
        pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, options, &error, &offset, NULL);

    if (code == NULL) {
        fprintf(stderr, "the pattern %s of the model: error %d of PCRE2 at %zu\n", java, error,
            offset);
        abort();
    }
    free(text);
    return code;
}

static pcre2_match_context *
make_limits(void)
{
    pcre2_match_context *limits = memory_made(pcre2_match_context_create(NULL));

    pcre2_set_match_limit(limits, STEPS_MAX);
    pcre2_set_depth_limit(limits, DEPTH_MAX);
    pcre2_set_heap_limit(limits, HEAP_MAX_KIB);
    return limits;
}

static bool
match(struct pattern *pattern, const char *text, size_t length)
{
    static pcre2_match_context *limits;
    static pcre2_match_data *data; /* of any pattern: nobody asks where the groups are */

    if (limits == NULL)
        limits = make_limits();
    if (data == NULL)
        data = memory_made(pcre2_match_data_create(1, NULL));
    if (pattern->code == NULL)
        pattern->code = compile(pattern->text);
    return pcre2_match(pattern->code, (PCRE2_SPTR)text, length, 0, PCRE2_NO_UTF_CHECK, data,
               limits) >= 0;
}

bool
pattern_matches(struct pattern *pattern, const char *text, size_t length)
{
    bool short_enough = length > 0 && length < sizeof pattern->matched;

    if (short_enough && memcmp(text, pattern->matched, length) == 0 &&
        pattern->matched[length] == '\0')
        return true;
    if (!match(pattern, text, length))
        return false;
    if (short_enough) {
        memcpy(pattern->matched, text, length);
        pattern->matched[length] = '\0';
    }
    return true;
}
