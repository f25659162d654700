/* What the program says of itself: `help`, and --help of each command. */
#ifndef SERVER_HELP_H
#define SERVER_HELP_H

/* Each prints to standard output. */
void help_serve(void); /* of the program as a whole, too */
void help_exec(void);
void help_wait(void);

#endif
