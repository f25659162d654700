/* `rekognition-local wait`: for scripts and container health checks, until a server is ready. */
#ifndef SERVER_WAIT_H
#define SERVER_WAIT_H

/*
 * Reads `argv` from `argv[first]`. Returns the status to exit with: 0 when the server is ready, 1
 * when it was not in time, and said so in one line. Bad arguments end the program with status 2.
 */
int wait_until_ready(int argc, char **argv, int first);

#endif
