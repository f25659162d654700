#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/access/credentials.h"
#include "server/access/signature.h"
#include "state/base/array.h"
#include "state/base/instant.h"

#define KEY "AKIDEXAMPLE"
#define SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
#define HEADERS_MAX 16

static const struct vector {
    const char *name, *token;
    bool normalized;
    const char *request, *canonical;
} vectors[] = {
#define VECTOR(name, token, normalized, request, canonical) \
    { name, token, normalized, request, canonical },
#include "vectors.def"
#undef VECTOR
};

/* A request, read from its text: "METHOD TARGET HTTP/1.1", headers, an empty line, a body. */
struct parsed {
    struct signature_request request;
    struct sigv4_header headers[HEADERS_MAX];
    char *text;
};

static void
parse(struct parsed *parsed, const char *text)
{
    char *line = parsed->text = strdup(text), *end;
    char *query;

    parsed->request = (struct signature_request){ .headers = parsed->headers, .query = "" };
    parsed->request.method = line;
    line = strchr(line, ' ');
    *line++ = '\0';
    parsed->request.path = line;
    end = strstr(line, " HTTP/1.1\n");
    *end = '\0';
    if ((query = strchr(line, '?')) != NULL) {
        *query++ = '\0';
        parsed->request.query = query;
    }
    line = end + strlen(" HTTP/1.1\n");
    while (*line != '\0' && *line != '\n') {
        struct sigv4_header *header = &parsed->headers[parsed->request.header_count++];

        header->name = line;
        line = strchr(line, ':');
        *line++ = '\0';
        header->value = line;
        do
            line = strchr(line, '\n') + 1;
        while (*line == ' '); /* a folded line goes on */
        line[-1] = '\0';
    }
    parsed->request.body = *line == '\0' ? line : line + 1;
    parsed->request.length = strlen(parsed->request.body);
}

static struct access_key *
find(void *context, const char *id)
{
    struct access_key *key = context;

    return strcmp(key->id, id) == 0 ? key : NULL;
}

static int64_t
at(const char *text)
{
    int64_t ms = 0;

    assert_true(instant_parse(text, &ms));
    return ms;
}

/* The result, whose message is the caller's. */
static struct signature
judge(const struct signature_request *request, struct access_key *key, int64_t now_ms)
{
    struct signature signature;
    struct access_key *found = signature_check(request, "service", now_ms,
        &(struct signature_keys){ find, key }, &signature);

    assert_int_equal(found != NULL, signature.result == SIGNATURE_FINE);
    assert_int_equal(signature.message == NULL, signature.result == SIGNATURE_FINE);
    return signature;
}

static struct access_key
key_with(const char *token)
{
    return (struct access_key){ .id = (char *)(uintptr_t)KEY,
        .secret = (char *)(uintptr_t)SECRET,
        .token = (char *)(uintptr_t)token };
}

static void
every_published_request_is_taken_as_signed(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(vectors); i++) {
        struct access_key key = key_with(vectors[i].token);
        struct parsed parsed;
        struct signature signature;

        parse(&parsed, vectors[i].request);
        signature = judge(&parsed.request, &key, at("2015-08-30T12:36:00.000Z"));
        if (signature.result != SIGNATURE_FINE)
            fail_msg("%s: %s", vectors[i].name, signature.message);
        free(parsed.text);
    }
}

static void
every_published_canonical_request_is_told_when_the_secret_is_another(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(vectors); i++) {
        struct access_key key = key_with(vectors[i].token);
        struct parsed parsed;
        struct signature signature;

        key.secret = (char *)(uintptr_t) "another";
        parse(&parsed, vectors[i].request);
        signature = judge(&parsed.request, &key, at("2015-08-30T12:36:00.000Z"));
        assert_int_equal(signature.result, SIGNATURE_INVALID);
        if (vectors[i].normalized && vectors[i].token == NULL &&
            strstr(signature.message, vectors[i].canonical) == NULL)
            fail_msg("%s: %s", vectors[i].name, signature.message);
        if (vectors[i].token != NULL && strstr(vectors[i].name, "query") == NULL)
            assert_null(strstr(signature.message, vectors[i].token));
        free(signature.message);
        free(parsed.text);
    }
}

/* One byte of it after the other is another one; its head is not, where it would be no request. */
static void
a_published_request_that_was_altered_is_not_as_signed(void **state)
{
    const char *text = NULL;
    struct access_key key = key_with(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT(vectors); i++)
        if (strcmp(vectors[i].name, "post-x-www-form-urlencoded") == 0)
            text = vectors[i].request;
    assert_non_null(text);
    for (size_t i = 0; i < strlen(text); i++) {
        struct parsed parsed;
        struct signature signature;
        char *altered = strdup(text);

        if (strchr(" \n:/", altered[i]) == NULL && i > 20) {
            altered[i] = altered[i] == '7' ? '8' : '7';
            parse(&parsed, altered);
            signature = judge(&parsed.request, &key, at("2015-08-30T12:36:00.000Z"));
            if (signature.result == SIGNATURE_FINE)
                fail_msg("taken: %s", altered);
            free(signature.message);
            free(parsed.text);
        }
        free(altered);
    }
}

#define DATE "20150830T123600Z"
#define HEAD(authorization, more)                                             \
    "POST / HTTP/1.1\nHost:example.amazonaws.com\nX-Amz-Date:" DATE "\n" more \
    "Authorization:" authorization "\n\n{}"
#define SCOPE "20150830/us-east-1/service/aws4_request"
#define SIGNED ", SignedHeaders=host;x-amz-date, Signature=00"
#define ALGORITHM "AWS4-HMAC-SHA256 "

static const struct {
    const char *request;
    enum signature_result result;
    const char *message;
} refusals[] = {
    { "POST / HTTP/1.1\nHost:a\n\n", SIGNATURE_MISSING, "Missing Authentication Token" },
    { "POST /?a=b HTTP/1.1\nHost:a\n\n", SIGNATURE_MISSING, "Missing Authentication Token" },
    { "POST /?X-Amz-Algorithm=AWS4-HMAC-SHA256 HTTP/1.1\nHost:a\nAuthorization:x\n\n",
        SIGNATURE_INVALID,
        "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP "
        "header." },
    { "POST / HTTP/1.1\nHost:a\nAuthorization:Basic abc\n\n", SIGNATURE_INCOMPLETE,
        "Authorization header requires 'Credential' parameter. Authorization header requires "
        "'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. "
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
        "Authorization=Basic abc" },
    { HEAD(ALGORITHM "Credential=" KEY "/" SCOPE ", Signature=00", ""), SIGNATURE_INCOMPLETE,
        "Authorization header requires 'SignedHeaders' parameter. Authorization=" ALGORITHM
        "Credential=" KEY "/" SCOPE ", Signature=00" },
    { HEAD("AWS4-ECDSA-P256-SHA256 Credential=" KEY "/" SCOPE SIGNED, ""), SIGNATURE_INCOMPLETE,
        "Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256' (only AWS4-HMAC-SHA256 for now). " },
    { HEAD(ALGORITHM "Credential=" KEY "/x" SIGNED, ""), SIGNATURE_INCOMPLETE,
        "Credential must have exactly 5 slash-delimited elements, e.g. "
        "keyid/date/region/service/term, got '" KEY "/x'" },
    { HEAD(ALGORITHM "Credential=" KEY "/20150831/US East/s3/aws5" SIGNED, ""),
        SIGNATURE_INCOMPLETE, NULL },
    { HEAD(ALGORITHM "Credential=" KEY "/20150831/US-East/s3/aws5" SIGNED, ""), SIGNATURE_INVALID,
        "Credential should be scoped to a valid region, not 'US-East'. Credential should be scoped "
        "to correct service: 'service'. Credential should be scoped with a valid terminator: "
        "'aws4_request', not 'aws5'. Date in Credential scope does not match YYYYMMDD from "
        "ISO-8601 "
        "version of date from HTTP: '20150831' != '20150830', from '" DATE "'." },
    { HEAD(ALGORITHM "Credential=" KEY "/" SCOPE ", SignedHeaders=x-amz-date, Signature=00", ""),
        SIGNATURE_INVALID, "'Host' must be a 'SignedHeader' in the AWS Authorization." },
    { "POST / HTTP/1.1\nHost:a\nDate:Sun, 30 Aug 2015 12:36:00 GMT\nAuthorization:" ALGORITHM
      "Credential=" KEY "/" SCOPE SIGNED "\n\n",
        SIGNATURE_INCOMPLETE,
        "Date must be in ISO-8601 'basic format'. Got 'Sun, 30 Aug 2015 12:36:00 GMT'. See "
        "http://en.wikipedia.org/wiki/ISO_8601" },
    { HEAD(ALGORITHM "Credential=AKIDNOBODY/" SCOPE SIGNED, ""), SIGNATURE_UNKNOWN_KEY,
        "The security token included in the request is invalid." },
    { HEAD(ALGORITHM "Credential=" KEY "/" SCOPE SIGNED, "X-Amz-Security-Token:t\n"),
        SIGNATURE_UNKNOWN_KEY, "The security token included in the request is invalid" },
    { "POST /?X-Amz-Algorithm=AWS4-HMAC-SHA256 HTTP/1.1\nHost:a\n\n", SIGNATURE_INCOMPLETE,
        "AWS query-string parameters must include 'X-Amz-Credential'. AWS query-string parameters "
        "must include 'X-Amz-Signature'. AWS query-string parameters must include "
        "'X-Amz-SignedHeaders'. AWS query-string parameters must include 'X-Amz-Date'. Re-examine "
        "the query-string parameters." },
};

static void
every_failure_has_the_words_of_the_service(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(refusals); i++) {
        struct access_key key = key_with(NULL);
        struct parsed parsed;
        struct signature signature;

        parse(&parsed, refusals[i].request);
        signature = judge(&parsed.request, &key, at("2015-08-30T12:36:00.000Z"));
        if (refusals[i].message != NULL && signature.message != NULL)
            assert_string_equal(signature.message, refusals[i].message);
        if (refusals[i].message != NULL)
            assert_int_equal(signature.result, refusals[i].result);
        else
            assert_int_not_equal(signature.result, SIGNATURE_FINE);
        free(signature.message);
        free(parsed.text);
    }
}

static void
a_signature_lasts_five_minutes_and_a_signed_query_as_long_as_it_says(void **state)
{
    static const struct {
        const char *name, *now, *message;
    } cases[] = {
        { "post-vanilla", "2015-08-30T12:41:00.000Z", NULL },
        { "post-vanilla", "2015-08-30T12:41:01.000Z",
            "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z "
            "(20150830T124101Z - 5 min.)" },
        { "post-vanilla", "2015-08-30T12:31:00.000Z", NULL },
        { "post-vanilla", "2015-08-30T12:30:59.000Z",
            "Signature not yet current: 20150830T123600Z is still later than 20150830T123559Z "
            "(20150830T123059Z + 5 min.)" },
        { "post-vanilla, in the query", "2015-08-30T13:36:00.000Z", NULL },
        { "post-vanilla, in the query", "2015-08-30T13:36:01.000Z",
            "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z "
            "(20150830T133601Z - 3600 sec.)" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct access_key key = key_with(NULL);
        struct parsed parsed;
        struct signature signature;

        for (size_t v = 0; v < COUNT(vectors); v++)
            if (strcmp(vectors[v].name, cases[i].name) == 0)
                parse(&parsed, vectors[v].request);
        signature = judge(&parsed.request, &key, at(cases[i].now));
        if (cases[i].message == NULL)
            assert_int_equal(signature.result, SIGNATURE_FINE);
        else
            assert_string_equal(signature.message, cases[i].message);
        free(signature.message);
        free(parsed.text);
    }
}

static void
a_key_that_has_expired_is_told_so(void **state)
{
    struct access_key key = key_with(NULL);
    struct parsed parsed;
    struct signature signature;

    (void)state;
    for (size_t v = 0; v < COUNT(vectors); v++)
        if (strcmp(vectors[v].name, "post-vanilla") == 0)
            parse(&parsed, vectors[v].request);
    key.expires_ms = at("2015-08-30T12:36:00.000Z");
    signature = judge(&parsed.request, &key, at("2015-08-30T12:36:00.000Z"));
    assert_int_equal(signature.result, SIGNATURE_EXPIRED_TOKEN);
    free(signature.message);
    signature = judge(&parsed.request, &key, at("2015-08-30T12:35:59.999Z"));
    assert_int_equal(signature.result, SIGNATURE_FINE);
    free(parsed.text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_published_request_is_taken_as_signed),
        cmocka_unit_test(every_published_canonical_request_is_told_when_the_secret_is_another),
        cmocka_unit_test(a_published_request_that_was_altered_is_not_as_signed),
        cmocka_unit_test(every_failure_has_the_words_of_the_service),
        cmocka_unit_test(a_signature_lasts_five_minutes_and_a_signed_query_as_long_as_it_says),
        cmocka_unit_test(a_key_that_has_expired_is_told_so),
    };

    return cmocka_run_group_tests_name("signature", tests, NULL, NULL);
}
