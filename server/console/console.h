/*
 * The console: one page for people, which shows the world as the control API does.
 *
 * The rule: it is a client of the control API like any other, and has nothing of its own. The page
 * is index.html, which the build makes part of the program.
 */
#ifndef SERVER_CONSOLE_CONSOLE_H
#define SERVER_CONSOLE_CONSOLE_H

#include <stddef.h>

extern const char console_page[];
extern const size_t console_page_length;

/* Of its style and its script, as a Content-Security-Policy names them. */
extern const char console_style_hash[], console_script_hash[];

#endif
