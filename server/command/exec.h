/*
 * `rekognition-local exec`: a server for as long as a command runs.
 *
 * The rule: the command is the program's only child, and the loop goes on until it has ended; what
 * it has started itself and left behind finds the port closed then.
 */
#ifndef SERVER_EXEC_H
#define SERVER_EXEC_H

struct http;
struct options;
struct server;

/*
 * To be called before any thread is started: SIGINT, SIGTERM and the end of the command wait for
 * exec_begin(). SIGPIPE and SIGHUP are ignored, by us, not by the command.
 */
void exec_signals(void);

/*
 * Starts the command, with the server in its environment, and has http_stop() called once it has
 * ended, or could not be started. SIGINT and SIGTERM are passed on to it from here on.
 */
void exec_begin(char **command, const struct options *, struct http *);

/*
 * The status to exit with, once the loop has ended; reports what the command left and what it asked
 * for in vain.
 */
int exec_end(struct server *, const struct options *);

#endif
