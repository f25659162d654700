#include "paper.h"

#include <stdlib.h>

#include "../../state/base/memory.h"
#include "../json/write.h"

void
paper_add_result(struct paper *paper, const char *source_ref, const char *answer)
{
    struct written line = { .depth = 0 };
    struct part object = written_object(&line);

    set_text(object, "source-ref", source_ref);
    set_json(object, "detect-moderation-labels", answer);
    text_add_string(&paper->results, written_end(&line));
    text_add(&paper->results, "\n", 1);
    free(line.text.bytes);
    paper->valid++;
}

/* The name of its first member is spelt so in the guide. */
void
paper_add_error(struct paper *paper, const char *source_ref, const char *code, const char *message)
{
    struct written error = { .depth = 0 };
    struct part object = written_object(&error);

    paper->invalid++;
    set_int(object, "line-numer", paper->valid + paper->invalid);
    set_text(object, "source-ref", source_ref);
    set_text(object, "code", code);
    set_text(object, "message", message);
    if (paper->errors.length > 0)
        text_add(&paper->errors, ",", 1);
    text_add_string(&paper->errors, written_end(&error));
    free(error.text.bytes);
}

static char *
take(struct text *text)
{
    char *bytes = text->bytes == NULL ? memory_text("") : text->bytes;

    *text = (struct text){ .bytes = NULL };
    return bytes;
}

char *
paper_take_results(struct paper *paper)
{
    return take(&paper->results);
}

char *
paper_take_summary(struct paper *paper)
{
    struct written summary = { .depth = 0 };
    struct part object = written_object(&summary), statistics;
    struct text list = { .bytes = NULL };

    set_text(object, "version", "1.0");
    statistics = set_object(object, "statistics");
    set_int(statistics, "total-json-lines", paper->valid + paper->invalid);
    set_int(statistics, "valid-json-lines", paper->valid);
    set_int(statistics, "invalid-json-lines", paper->invalid);
    text_add(&list, "[", 1);
    if (paper->errors.length > 0)
        text_add(&list, paper->errors.bytes, paper->errors.length);
    text_add(&list, "]", 1);
    set_json(object, "errors", list.bytes);
    free(list.bytes);
    written_end(&summary);
    return summary.text.bytes;
}

void
paper_free(struct paper *paper)
{
    free(paper->results.bytes);
    free(paper->errors.bytes);
    *paper = (struct paper){ .valid = 0 };
}
