/* The order of life of a server: what the options name is opened, the loop, and out. */
#ifndef SERVER_SERVE_H
#define SERVER_SERVE_H

struct options;

/* Until it is told to stop or, with a command, for as long as that runs. The status to exit with. */
int serve(const struct options *, char **command);

#endif
