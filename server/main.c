/* The commands. */

#include <stdio.h>
#include <string.h>

#include "call/near.h"
#include "command/help.h"
#include "http/program.h"
#include "command/options.h"
#include "record/log.h"
#include "serve.h"
#include "command/wait.h"

static int
start(enum purpose purpose, int argc, char **argv, int first, char **command)
{
    struct options options;
    int status;

    options_read(&options, purpose, argc, argv, first);
    log_open(options.log);
    options_warn();
    status = serve(&options, command);
    log_close();
    return status;
}

static int
command_serve(int argc, char **argv, int first)
{
    return start(TO_SERVE, argc, argv, first, NULL);
}

/* What is behind "--" is the command. */
static int
command_exec(int argc, char **argv, int first)
{
    struct options options;
    int end = first;

    while (end < argc && strcmp(argv[end], "--") != 0)
        end++;
    if (end + 1 < argc)
        return start(TO_EXEC, end, argv, first, argv + end + 1);
    /* It may be asked for help, or be wrong itself. */
    options_read(&options, TO_EXEC, end, argv, first);
    options_refuse("exec needs a command behind --, such as: " PROGRAM " exec -- pytest");
}

static int command_help(int argc, char **argv, int first);

static const struct command {
    const char *name;
    int (*run)(int argc, char **argv, int first); /* reads from argv[first]; the exit status */
    void (*help)(void);
} commands[] = {
    { "serve", command_serve, help_serve }, /* also when none is named */
    { "exec", command_exec, help_exec },
    { "wait", wait_until_ready, help_wait },
    { "help", command_help, help_serve },
};

#define COMMAND_COUNT (sizeof commands / sizeof commands[0])

static const char *
name_of_command(size_t i)
{
    return i < COMMAND_COUNT ? commands[i].name : NULL;
}

/* Ends the program when there is none of that name. */
static const struct command *
find_command(const char *name)
{
    const char *meant = near_name(name, name_of_command);

    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(name, commands[i].name) == 0)
            return &commands[i];
    if (meant != NULL)
        options_refuse("there is no command %s; did you mean %s?", name, meant);
    options_refuse("there is no command %s; see --help", name);
}

static int
command_help(int argc, char **argv, int first)
{
    if (first < argc && *argv[first] != '-')
        find_command(argv[first])->help();
    else
        help_serve();
    return 0;
}

int
main(int argc, char **argv)
{
    if (argc > 1 && *argv[1] != '-')
        return find_command(argv[1])->run(argc, argv, 2);
    return command_serve(argc, argv, 1);
}
