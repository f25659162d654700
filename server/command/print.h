/* The tables of the program as pages of documentation, in Markdown on standard output. */
#ifndef SERVER_PRINT_H
#define SERVER_PRINT_H

#include <stddef.h>

/* Options that print something and end the program. */
extern const struct printer {
    const char *option;
    void (*print)(void);
    const char *help;
} printers[];
extern const size_t printer_count;

#endif
