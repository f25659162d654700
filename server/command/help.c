#include "help.h"

#include <stdio.h>

#include "../http/program.h"
#include "print.h"

/* Where the variable that points an SDK at one service only is described. */
#define ENDPOINT_LINK "https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html"

static void
print_section(const char *title)
{
    printf("\n%s:\n", title);
}

static void
print_line(const char *left, const char *right)
{
    printf("  %-24s %s", left, right);
}

static void
print_option(const char *name, const char *value, const char *otherwise, const char *help)
{
    char left[64];

    snprintf(left, sizeof left, "--%s %s", name, value == NULL ? "" : value);
    print_line(left, help);
    if (otherwise != NULL)
        printf(" [%s]", otherwise);
    putchar('\n');
}

static void
print_options(void)
{
#define SECTION(title) print_section(title);
#define OPTION(id, name, value, otherwise, help) print_option(name, value, otherwise, help);
#include "options.def"
#undef OPTION
#undef SECTION
}

static void
print_printers(void)
{
    print_section("What only prints");
    for (size_t i = 0; i < printer_count; i++) {
        print_line(printers[i].option, printers[i].help);
        putchar('\n');
    }
    puts("  --version, -V            the version\n"
         "  --help, -h               this; of a command: " PROGRAM " help COMMAND");
}

void
help_serve(void)
{
    puts("Usage: " PROGRAM " [serve] [options]\n"
         "       " PROGRAM " exec [options] [--fail-on WHAT,...] -- COMMAND ...\n"
         "       " PROGRAM " wait [--url URL] [--timeout 10s]\n"
         "       " PROGRAM " help [COMMAND]\n\n"
         "A local Amazon Rekognition Custom Labels, for tests. Point any AWS SDK or CLI at it.\n\n"
         "Examples:\n"
         "  " PROGRAM "\n"
         "      serves on http://127.0.0.1:7356, and keeps everything in a file of this folder\n"
         "  AWS_ENDPOINT_URL_REKOGNITION=http://127.0.0.1:7356 aws rekognition describe-projects\n"
         "      asks it; twelve digits as AWS_ACCESS_KEY_ID are an account of their own\n"
         "  " PROGRAM " exec --profile instant --fail-on on,ignored -- pytest -n 4\n"
         "      serves while the tests run, with the endpoint in their environment");
    print_options();
    print_printers();
    puts(
        "\nEvery option has an environment variable: --tls-cert is REKOGNITION_LOCAL_TLS_CERT. "
        "The\n"
        "command line wins.\n\n"
        "A server of S3 with {bucket} in its host (https://{bucket}.s3.{region}.amazonaws.com) is\n"
        "asked for bucket.host/key, every other for host/bucket/key; what it is asked is signed\n"
        "with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, if they are set.\n"
        "--aws URL is all of --s3, --sns and --kinesis that are not given.\n\n"
        "The control API is under /_local, the console at /_local/console; GET /_local/health "
        "says\n"
        "whether the server is ready. How SDKs are pointed at it:\n"
        "  " ENDPOINT_LINK);
}

void
help_exec(void)
{
    puts("Usage: " PROGRAM " exec [options] [--fail-on WHAT,...] -- COMMAND ...\n\n"
         "Serves on a free port, and keeps nothing, while COMMAND runs, and exits as that does "
         "(128+N\n"
         "for signal N; 127 when there is no such command, 126 when it cannot be run).\n\n"
         "Examples:\n"
         "  " PROGRAM " exec -- aws rekognition describe-projects\n"
         "  " PROGRAM " exec --profile instant --fail-on on,ignored -- pytest -n 4\n\n"
         "COMMAND has in its environment where the server is, as AWS_ENDPOINT_URL_REKOGNITION "
         "and\n" URL_VARIABLE "; and, where they are unset, credentials that mean nothing and a\n"
         "region (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_DEFAULT_REGION). "
         "SIGINT\n"
         "and SIGTERM are passed on to it. Standard output is all its own.\n\n"
         "When it has ended, standard error has a line for each thing that a test suite should "
         "know;\n"
         "with --fail-on any of those it names makes the exit status 3 in place of 0:\n"
         "  on                       a version was left STARTING, RUNNING or STOPPING; what it "
         "cost\n"
         "  ignored                  a member was sent that its operation does not have\n"
         "  unserved                 an operation was called that the service does not have\n"
         "  unused                   a fault or an outcome was set and never hit\n\n"
         "Options are those of serve (see " PROGRAM " --help), on the command line and in the\n"
         "environment; but --port is 0, --db is :memory: and --log is off unless told otherwise.");
}

void
help_wait(void)
{
    puts(
        "Usage: " PROGRAM " wait [--url URL] [--timeout 10s]\n\n"
        "Returns once a server is ready, for scripts and health checks of containers.\n\n"
        "Example:\n"
        "  " PROGRAM " wait --url http://127.0.0.1:7356 --timeout 30s && run-the-tests\n\n"
        "Options:\n"
        "  --url URL                the server; a path behind it is left aside\n"
        "  --timeout DURATION       for how long to ask [10s]\n"
        "  --help, -h               this\n\n"
        "Without --url it asks REKOGNITION_LOCAL_URL; without that, where a server started in the\n"
        "same environment would be. Exits 0 when it is ready, 1 when it was not in time.");
}
