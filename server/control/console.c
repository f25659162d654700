#include "../console/console.h"

#include <string.h>

#include "../http/http.h"
#include "control.h"

/*
 * It needs nothing but its own files and this server, runs nothing that stands in a page, and is part
 * of no other page. Images are made of what it was answered.
 */
#define POLICY                                                                      \
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; " \
    "img-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

static const struct console_file *
find(const char *name)
{
    for (size_t i = 0; i < console_file_count; i++)
        if (strcmp(console_files[i].name, name) == 0)
            return &console_files[i];
    return NULL;
}

static void
answer(struct control *control, const struct console_file *file)
{
    control->ended = true;
    exchange_reply(control->exchange,
        (struct reply){ .status = 200,
            .content_type = file->media_type,
            .fixed = file->text,
            .length = file->length,
            .headers = { { "Content-Security-Policy", POLICY },
                { "X-Content-Type-Options", "nosniff" }, { "Referrer-Policy", "no-referrer" },
                { "Cache-Control", "no-cache" } } });
}

void
control_console(struct control *control)
{
    answer(control, find("index.html"));
}

void
control_console_file(struct control *control)
{
    const struct console_file *file = find(control->name);

    if (file == NULL)
        control_fail(control, 404, "NotFound", "The console has no file of this name.");
    else
        answer(control, file);
}
