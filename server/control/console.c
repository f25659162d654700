#include "../console/console.h"

#include <stdio.h>

#include "../http/http.h"
#include "control.h"

/* The page needs nothing but itself and this server, and is part of no other page. */
#define POLICY                                                                  \
    "default-src 'none'; style-src '%s'; script-src '%s'; connect-src 'self'; " \
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

void
control_console(struct control *control)
{
    char policy[512];

    snprintf(policy, sizeof policy, POLICY, console_style_hash, console_script_hash);
    control->ended = true;
    exchange_reply(control->exchange, (struct reply){ .status = 200,
                                          .content_type = "text/html; charset=utf-8",
                                          .fixed = console_page,
                                          .length = console_page_length,
                                          .headers = { { "Content-Security-Policy", policy },
                                              { "Cache-Control", "no-cache" } } });
}
