#define _GNU_SOURCE /* environ */

#include "options.h"

#include <ctype.h>
#include <errno.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../state/base/arn.h"
#include "../s3/s3.h"
#include "exec_report.h"
#include "help.h"
#include "print.h"
#include "../call/near.h"
#include "../call/server.h"
#include "../call/setting_text.h"
#include "../http/program.h"

enum option {
#define SECTION(title)
#define OPTION(id, name, value, otherwise, help) OPTION_##id,
#include "options.def"
#undef OPTION
    OPTION_COUNT
};

static const struct option_row {
    const char *name, *value, *otherwise;
} rows[OPTION_COUNT] = {
#define OPTION(id, name, value, otherwise, help) { name, value, otherwise },
#include "options.def"
#undef OPTION
#undef SECTION
};

/* What has a name on the command line beside the options of the table and what only prints. */
static const char *const others[] = { "--help", "--version" };

#define OTHER_COUNT (sizeof others / sizeof others[0])
#define VARIABLE_SIZE 64

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
add_list(enum option option, const char **lists, size_t *count, const char *text)
{
    if (*count == GATE_LISTS_MAX)
        options_refuse("--%s: given more than %d times", rows[option].name, GATE_LISTS_MAX);
    lists[(*count)++] = text;
}

static void
check_host(const char *text)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE }, *found = NULL;

    if (*text == '\0' || getaddrinfo(text, "0", &hints, &found) != 0)
        bad_value(OPTION_HOST, text, "an address of this machine, such as 127.0.0.1");
    freeaddrinfo(found);
}

/* "unix:PATH", "HOST:PORT" or "[ADDRESS]:PORT". */
static void
read_door(struct options *options, const char *text)
{
    static const char right[] = "HOST:PORT, such as 127.0.0.1:0, or unix:PATH";
    const char *colon = strrchr(text, ':');
    char *host, *end;

    options->gate.apart = true;
    options->control_host = options->control_path = NULL;
    if (strncmp(text, "unix:", 5) == 0 && text[5] != '\0') {
        options->control_path = text + 5;
        return;
    }
    if (colon == NULL || colon == text || colon[1] == '\0')
        bad_value(OPTION_CONTROL, text, right);
    options->control_port = (unsigned)read_whole(OPTION_CONTROL, colon + 1, 65535, right);
    if (strlen(text) >= sizeof options->control_text)
        bad_value(OPTION_CONTROL, text, right);
    host = options->control_text;
    memcpy(host, text, strlen(text) + 1);
    options->control_host = host;
    end = host + (colon - text);
    if (*host == '[' && end[-1] == ']') {
        options->control_host++;
        end--;
    }
    *end = '\0';
    check_host(options->control_host);
}

static void
check_s3(const char *text)
{
    char why[256];

    if (!s3_where_fits(text, why, sizeof why))
        bad_value(OPTION_S3, text, why);
}

static const char *
read_url(enum option option, const char *text)
{
    char why[256];

    if (!outbound_url_fits(text, why, sizeof why))
        bad_value(option, text, why);
    return text;
}

/* Where others are; false: it is another option. */
static bool
take_others(struct options *options, enum option option, const char *text)
{
    switch (option) {
    case OPTION_S3:
        check_s3(text);
        options->s3 = text;
        return true;
    case OPTION_AWS:
        options->aws = read_url(option, text);
        return true;
    case OPTION_SNS:
        options->sns = read_url(option, text);
        return true;
    case OPTION_KINESIS:
        options->kinesis = read_url(option, text);
        return true;
    default:
        return false;
    }
}

/* A server of everything is one of each that has no other. */
static void
spread_aws(struct options *options)
{
    if (options->s3 == NULL)
        options->s3 = options->aws;
    if (options->sns == NULL)
        options->sns = options->aws;
    if (options->kinesis == NULL)
        options->kinesis = options->aws;
}

/* Where it listens, and who may come in. */
static void
take_door(struct options *options, enum option option, const char *text)
{
    switch (option) {
    case OPTION_HOST:
        check_host(text);
        options->host = options->gate.host = text;
        break;
    case OPTION_PORT:
        options->port = (unsigned)read_whole(option, text, 65535, "a port, 0 to 65535");
        break;
    case OPTION_TLS_CERT:
        options->tls_cert = text;
        break;
    case OPTION_TLS_KEY:
        options->tls_key = text;
        break;
    case OPTION_ALLOW_HOST:
        if (!gate_takes_host(text))
            bad_value(option, text, "names of this server, such as rekognition.example.com");
        add_list(option, options->gate.hosts, &options->gate.host_count, text);
        break;
    case OPTION_ALLOW_ORIGIN:
        if (!gate_takes_origin(text))
            bad_value(option, text, "origins of pages, such as https://app.example.com, or *");
        add_list(option, options->gate.origins, &options->gate.origin_count, text);
        break;
    case OPTION_CONTROL:
        read_door(options, text);
        break;
    case OPTION_CONTROL_TOKEN:
        options->control_token = text;
        break;
    default:
        break;
    }
}

static void
take(struct options *options, enum option option, const char *text)
{
    static const char *const profiles[] = { "instant", "quick", "aws", NULL },
                             *const clocks[] = { "real", "frozen", NULL },
                             *const durabilities[] = { "process", "power", NULL },
                             *const switches[] = { "0", "1", "false", "true", NULL },
                             *const auths[] = { "off", "signature", "policy", NULL },
                             *const forms[] = { "text", "json", "off", NULL };

    switch (option) {
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
    case OPTION_AUTH:
        options->auth = (enum auth)read_choice(option, text, auths, "off, signature or policy");
        break;
    case OPTION_SOFT:
        options->soft = read_choice(option, text, switches, "1 or 0") % 2 == 1;
        break;
    case OPTION_CREDENTIALS:
        options->credentials = text;
        break;
    case OPTION_DURABILITY:
        options->durability =
            (enum durability)read_choice(option, text, durabilities, "process or power");
        break;
    case OPTION_LOG:
        options->log = (enum log_form)read_choice(option, text, forms, "text, json or off");
        break;
    case OPTION_FAIL_ON:
        if (!remarks_parse(text, &options->fail_on))
            bad_value(option, text, "some of on,ignored,unserved,unused");
        break;
    default:
        if (!take_others(options, option, text))
            take_door(options, option, text);
        break;
    }
}

/* ---- all of them -------------------------------------------------------- */

/* The environment variable of an option. */
static void
variable_of(enum option option, char *name)
{
    size_t used = strlen(VARIABLE_PREFIX);

    memcpy(name, VARIABLE_PREFIX, used);
    for (const char *c = rows[option].name; *c != '\0'; c++)
        name[used++] = (char)(*c == '-' ? '_' : toupper((unsigned char)*c));
    name[used] = '\0';
}

/* What Kubernetes and Docker put there for a service that has our name: PORT=tcp://10.0.0.1:80. */
static bool
is_address_of_cluster(const char *value)
{
    return strncmp(value, "tcp://", 6) == 0 || strncmp(value, "udp://", 6) == 0 ||
           strncmp(value, "sctp://", 7) == 0;
}

static void
take_environment(struct options *options, enum option option)
{
    char name[VARIABLE_SIZE];
    const char *value;

    variable_of(option, name);
    value = getenv(name);
    if (value != NULL && *value != '\0' && !is_address_of_cluster(value))
        take(options, option, value);
}

static void
print_and_exit(enum purpose purpose, const char *argument)
{
    if (strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0) {
        if (purpose == TO_EXEC)
            help_exec();
        else
            help_serve();
        exit(0);
    }
    if (strcmp(argument, "--version") == 0 || strcmp(argument, "-V") == 0) {
        puts(PROGRAM " " VERSION);
        exit(0);
    }
    for (size_t i = 0; i < printer_count; i++)
        if (strcmp(argument, printers[i].option) == 0) {
            printers[i].print();
            exit(0);
        }
}

/* The names without their dashes, for near_name(). */
static const char *
name_of_any(size_t i)
{
    if (i < OPTION_COUNT)
        return rows[i].name;
    i -= OPTION_COUNT;
    if (i < printer_count)
        return printers[i].option + 2;
    i -= printer_count;
    return i < OTHER_COUNT ? others[i] + 2 : NULL;
}

static void
refuse_argument(enum purpose purpose, const char *argument)
{
    char name[VARIABLE_SIZE];
    const char *meant;

    if (purpose == TO_EXEC && *argument != '-')
        options_refuse("exec needs -- before its command: " PROGRAM " exec -- %s", argument);
    snprintf(name, sizeof name, "%s", argument + strspn(argument, "-"));
    name[strcspn(name, "=")] = '\0';
    meant = near_name(name, name_of_any);
    if (meant != NULL)
        options_refuse("there is no option %s; did you mean --%s?", argument, meant);
    options_refuse("there is no option %s; see --help", argument);
}

/* "--name value" or "--name=value"; moves on *i past what it took. */
static void
take_argument(struct options *options, int argc, char **argv, int *i)
{
    const char *argument = argv[*i];
    size_t length = strcspn(argument, "=");

    print_and_exit(options->purpose, argument);
    for (enum option option = 0; option < OPTION_COUNT; option++) {
        const char *name = rows[option].name;

        if (strncmp(argument, "--", 2) != 0 || strlen(name) != length - 2 ||
            strncmp(argument + 2, name, length - 2) != 0)
            continue;
        if (option == OPTION_FAIL_ON && options->purpose != TO_EXEC)
            options_refuse("--fail-on is an option of exec");
        if (argument[length] == '\0' && rows[option].value == NULL) {
            take(options, option, "1");
            return;
        }
        if (argument[length] == '\0' && *i + 1 == argc)
            options_refuse("--%s needs a value: %s", name, rows[option].value);
        take(options, option, argument[length] == '=' ? argument + length + 1 : argv[++*i]);
        return;
    }
    refuse_argument(options->purpose, argument);
}

/* A command has a server of its own, which nobody shall notice. */
static const char *
default_of(enum option option, enum purpose purpose)
{
    if (purpose == TO_EXEC && option == OPTION_PORT)
        return "0";
    if (purpose == TO_EXEC && option == OPTION_DB)
        return ":memory:";
    if (purpose == TO_EXEC && option == OPTION_LOG)
        return "off";
    return rows[option].otherwise;
}

void
options_read(struct options *options, enum purpose purpose, int argc, char **argv, int first)
{
    *options = (struct options){ .purpose = purpose };
    for (enum option option = 0; option < OPTION_COUNT; option++)
        if (default_of(option, purpose) != NULL)
            take(options, option, default_of(option, purpose));
    for (enum option option = 0; option < OPTION_COUNT; option++)
        take_environment(options, option);
    for (int i = first; i < argc; i++)
        take_argument(options, argc, argv, &i);
    spread_aws(options);
    if ((options->tls_cert == NULL) != (options->tls_key == NULL))
        options_refuse("--tls-cert and --tls-key are given together or not at all");
    if (options->auth != AUTH_OFF && options->credentials == NULL)
        options_refuse("--auth needs --credentials: who may call");
    if (options->soft && options->auth != AUTH_POLICY)
        options_refuse("--soft is for --auth policy");
}

/* ---- variables that mean nothing ---------------------------------------- */

/*
 * Whether a cluster put it there. Kubernetes describes the service "rekognition-local" to every
 * pod of its namespace, as Docker described links: …_SERVICE_HOST, …_PORT_7356_TCP_ADDR, …_NAME,
 * and …_ENV_… for each variable of the container that is linked to.
 */
static bool
is_of_cluster(const char *name, const char *value)
{
    const char *port = strstr(name, "_PORT_");

    return is_address_of_cluster(value) || strstr(name, "_SERVICE_") != NULL ||
           (port != NULL && port[6] >= '0' && port[6] <= '9') || strstr(name, "_ENV_") != NULL ||
           (strcmp(name, VARIABLE_PREFIX "NAME") == 0 && *value == '/');
}

static const char *
name_of_option(size_t i)
{
    return i < OPTION_COUNT ? rows[i].name : NULL;
}

/* Says of a variable with our prefix what it was perhaps meant to be. */
static void
warn_of(const char *variable)
{
    char wanted[VARIABLE_SIZE], known[VARIABLE_SIZE];
    const char *meant;

    snprintf(wanted, sizeof wanted, "%s", variable + strlen(VARIABLE_PREFIX));
    for (char *c = wanted; *c != '\0'; c++)
        if (*c == '_')
            *c = '-';
    meant = near_name(wanted, name_of_option);
    for (enum option option = 0; option < OPTION_COUNT; option++)
        if (rows[option].name == meant) {
            variable_of(option, known);
            log_warning("%s is the variable of no option; did you mean %s?", variable, known);
            return;
        }
    log_warning("%s is the variable of no option; see --help", variable);
}

static bool
is_known(const char *variable)
{
    char known[VARIABLE_SIZE];

    for (enum option option = 0; option < OPTION_COUNT; option++) {
        variable_of(option, known);
        if (strcmp(variable, known) == 0)
            return true;
    }
    return strcmp(variable, URL_VARIABLE) == 0;
}

void
options_warn(void)
{
    for (char **each = environ; *each != NULL; each++) {
        size_t length = strcspn(*each, "=");
        char name[128];

        if (strncmp(*each, VARIABLE_PREFIX, strlen(VARIABLE_PREFIX)) != 0)
            continue;
        snprintf(name, sizeof name, "%.*s", (int)length, *each);
        if (!is_known(name) && !is_of_cluster(name, *each + length + ((*each)[length] == '=')))
            warn_of(name);
    }
}

/* ---- where the server is ------------------------------------------------ */

void
options_url(const struct options *options, const char *host, unsigned port,
    char out[OPTIONS_URL_SIZE])
{
    snprintf(out, OPTIONS_URL_SIZE, strchr(host, ':') == NULL ? "%s://%s:%u" : "%s://[%s]:%u",
        options->tls_cert == NULL ? "http" : "https", host, port);
}

const char *
options_near_host(const struct options *options)
{
    if (strcmp(options->host, "0.0.0.0") == 0) /* listens everywhere, so here too */
        return "127.0.0.1";
    return strcmp(options->host, "::") == 0 ? "::1" : options->host;
}

void
options_near_url(const struct options *options, unsigned port, char out[OPTIONS_URL_SIZE])
{
    options_url(options, options_near_host(options), port, out);
}
