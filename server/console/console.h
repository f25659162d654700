/*
 * The console: pages for people, which show the world as the control API does, and act on it.
 *
 * The rule: it is a client of the control API and of the API like any other, and has nothing of its
 * own. Its files lie here as a browser reads them; the build makes them part of the program.
 */
#ifndef SERVER_CONSOLE_CONSOLE_H
#define SERVER_CONSOLE_CONSOLE_H

#include <stddef.h>

struct console_file {
    const char *name; /* "index.html": the page that has the others */
    const char *media_type;
    const char *text;
    size_t length;
};

extern const struct console_file console_files[];
extern const size_t console_file_count;

#endif
