#include "options.h"

#include <errno.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../state/base/arn.h"
#include "s3/s3.h"
#include "print.h"
#include "call/server.h"
#include "call/setting_text.h"
#include "http/program.h"

enum option {
#define OPTION(id, name, value, otherwise, help) OPTION_##id,
#include "options.def"
#undef OPTION
    OPTION_COUNT
};

static const struct option_row {
    const char *name, *value, *otherwise, *help;
} rows[OPTION_COUNT] = {
#define OPTION(id, name, value, otherwise, help) { name, value, otherwise, help },
#include "options.def"
#undef OPTION
};

/* Options that print something and end the program. */
static const struct printer {
    const char *name;
    void (*print)(void);
    const char *help;
} printers[] = {
    { "--print-diagram", print_diagram, "the states of a model, as a Mermaid diagram" },
    { "--print-lifecycle", print_lifecycle,
        "every lifecycle: diagrams, and the tables behind them" },
    { "--print-operations", print_operations, "which operations of the API are served" },
    { "--print-settings", print_settings,
        "every setting, its defaults and where they are known from" },
    { "--print-fixture-schema", print_fixture_schema,
        "the JSON Schema of what --load takes; it is also at GET /_local/schema/fixture" },
    { "--print-evidence", print_evidence, "how faithful each behaviour is, and which are guesses" },
};

#define PRINTER_COUNT (sizeof printers / sizeof printers[0])

void
options_refuse(const char *format, ...)
{
    va_list args;

    fputs(PROGRAM ": ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(2);
}

void
options_help(void)
{
    char left[64];

    puts("Usage: " PROGRAM " [serve] [options]\n       " PROGRAM
         " wait [--url URL] [--timeout 10s]\n\n"
         "A local Amazon Rekognition Custom Labels, for tests. Point any AWS SDK or CLI at it.\n");
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        snprintf(left, sizeof left, "--%s %s", rows[i].name, rows[i].value);
        printf("  %-22s %s", left, rows[i].help);
        if (rows[i].otherwise != NULL)
            printf(" [%s]", rows[i].otherwise);
        putchar('\n');
    }
    for (size_t i = 0; i < PRINTER_COUNT; i++)
        printf("  %-22s prints %s\n", printers[i].name, printers[i].help);
    puts(
        "  --version              prints the version\n  --help                 prints this\n\n"
        "wait returns once the server is ready: 0, or 1 when it was not within --timeout. Without\n"
        "--url it asks the server that a start in the same environment would be.\n\n"
        "Every option has an environment variable: --tls-cert is REKOGNITION_LOCAL_TLS_CERT.\n"
        "A server of S3 with {bucket} in its host (https://{bucket}.s3.{region}.amazonaws.com) is\n"
        "asked for bucket.host/key, every other for host/bucket/key; what it is asked is signed\n"
        "with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, if they are set.\n\n"
        "The control API is under /_local; GET /_local/health says whether the server is ready.");
}

/* ---- one value ---------------------------------------------------------- */

static void
bad_value(enum option option, const char *value, const char *right)
{
    options_refuse("--%s %s: must be %s", rows[option].name, value, right);
}

static uint64_t
read_whole(enum option option, const char *text, uint64_t most, const char *right)
{
    char *end;
    unsigned long long value;

    errno = 0;
    value = strtoull(text, &end, 10);
    if (errno != 0 || *text < '0' || *text > '9' || *end != '\0' || value > most)
        bad_value(option, text, right);
    return value;
}

/* The place of `text` in the NULL-ended list. */
static int
read_choice(enum option option, const char *text, const char *const *choices, const char *right)
{
    for (int i = 0; choices[i] != NULL; i++)
        if (strcmp(text, choices[i]) == 0)
            return i;
    bad_value(option, text, right);
    return -1;
}

static void
add_setting(struct options *options, const char *text)
{
    struct option_setting *setting = &options->settings[options->setting_count];
    char why[256];

    if (options->setting_count == SETTINGS_MAX)
        options_refuse("--set: given more than %d times", SETTINGS_MAX);
    if (!setting_parse(text, &setting->setting, &setting->value, why, sizeof why))
        options_refuse("--set %s: %s", text, why);
    options->setting_count++;
}

static void
check_host(const char *text)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE }, *found = NULL;

    if (*text == '\0' || getaddrinfo(text, "0", &hints, &found) != 0)
        bad_value(OPTION_HOST, text, "an address of this machine, such as 127.0.0.1");
    freeaddrinfo(found);
}

static void
check_s3(const char *text)
{
    char why[256];

    if (!s3_where_fits(text, why, sizeof why))
        bad_value(OPTION_S3, text, why);
}

static void
take(struct options *options, enum option option, const char *text)
{
    static const char *const profiles[] = { "instant", "quick", "aws", NULL },
                             *const clocks[] = { "real", "frozen", NULL },
                             *const durabilities[] = { "process", "power", NULL },
                             *const forms[] = { "text", "json", "off", NULL };

    switch (option) {
    case OPTION_HOST:
        check_host(text);
        options->host = text;
        break;
    case OPTION_PORT:
        options->port = (unsigned)read_whole(option, text, 65535, "a port, 0 to 65535");
        break;
    case OPTION_DB:
        if (*text == '\0')
            bad_value(option, text, "the path of a file, or :memory:");
        options->db = text;
        break;
    case OPTION_ACCOUNT:
        if (!account_is_valid(text))
            bad_value(option, text, "twelve digits");
        options->account = text;
        break;
    case OPTION_REGION:
        if (!region_is_valid(text))
            bad_value(option, text, "the name of a region, such as us-east-1");
        options->region = text;
        break;
    case OPTION_PROFILE:
        options->profile =
            (enum profile)read_choice(option, text, profiles, "instant, quick or aws");
        break;
    case OPTION_SET:
        add_setting(options, text);
        break;
    case OPTION_CLOCK:
        options->frozen = read_choice(option, text, clocks, "real or frozen") == 1;
        break;
    case OPTION_SEED:
        options->seed = read_whole(option, text, UINT64_MAX, "a whole number");
        options->seeded = true;
        break;
    case OPTION_LOAD:
        if (options->fixture_count == FIXTURES_MAX)
            options_refuse("--load: given more than %d times", FIXTURES_MAX);
        options->fixtures[options->fixture_count++] = text;
        break;
    case OPTION_S3:
        check_s3(text);
        options->s3 = text;
        break;
    case OPTION_AUTH:
        if (strcmp(text, "off") != 0)
            bad_value(option, text, "off: this version verifies no signatures");
        break;
    case OPTION_TLS_CERT:
        options->tls_cert = text;
        break;
    case OPTION_TLS_KEY:
        options->tls_key = text;
        break;
    case OPTION_DURABILITY:
        options->durability =
            (enum durability)read_choice(option, text, durabilities, "process or power");
        break;
    case OPTION_LOG:
        options->log = (enum log_form)read_choice(option, text, forms, "text, json or off");
        break;
    default:
        break;
    }
}

/* ---- all of them -------------------------------------------------------- */

static void
take_environment(struct options *options, enum option option)
{
    char name[64];
    const char *value;
    size_t used = (size_t)snprintf(name, sizeof name, "REKOGNITION_LOCAL_");

    for (const char *c = rows[option].name; *c != '\0'; c++)
        name[used++] = *c == '-' ? '_' : (char)(*c - 'a' + 'A');
    name[used] = '\0';
    value = getenv(name);
    if (value != NULL && *value != '\0')
        take(options, option, value);
}

static void
print_and_exit(const char *argument)
{
    if (strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0) {
        options_help();
        exit(0);
    }
    if (strcmp(argument, "--version") == 0) {
        puts(PROGRAM " " VERSION);
        exit(0);
    }
    for (size_t i = 0; i < PRINTER_COUNT; i++)
        if (strcmp(argument, printers[i].name) == 0) {
            printers[i].print();
            exit(0);
        }
}

/* "--name value" or "--name=value"; moves on *i past what it took. */
static void
take_argument(struct options *options, int argc, char **argv, int *i)
{
    const char *argument = argv[*i];
    size_t length = strcspn(argument, "=");

    print_and_exit(argument);
    for (enum option option = 0; option < OPTION_COUNT; option++) {
        const char *name = rows[option].name;

        if (strncmp(argument, "--", 2) != 0 || strlen(name) != length - 2 ||
            strncmp(argument + 2, name, length - 2) != 0)
            continue;
        if (argument[length] == '\0' && *i + 1 == argc)
            options_refuse("--%s needs a value: %s", name, rows[option].value);
        take(options, option, argument[length] == '=' ? argument + length + 1 : argv[++*i]);
        return;
    }
    options_refuse("there is no option %s; see --help", argument);
}

void
options_read(struct options *options, int argc, char **argv, int first)
{
    *options = (struct options){ .seeded = false };
    for (enum option option = 0; option < OPTION_COUNT; option++)
        if (rows[option].otherwise != NULL)
            take(options, option, rows[option].otherwise);
    for (enum option option = 0; option < OPTION_COUNT; option++)
        take_environment(options, option);
    for (int i = first; i < argc; i++)
        take_argument(options, argc, argv, &i);
    if ((options->tls_cert == NULL) != (options->tls_key == NULL))
        options_refuse("--tls-cert and --tls-key are given together or not at all");
}
