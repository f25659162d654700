#include "page.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "query.h"
#include "setting.h"
#include "store.h"

/* Thirty-two digits of SHA-256: nobody guesses it, and a token stays short. */
#define SEAL_LENGTH 32

static void
seal(struct store *store, const char *list, const char *place, char out[SHA256_HEX_SIZE])
{
    struct query q = query(store, SQL_WORLD_SECRET);
    const char *secret = "";
    const char *sealed;

    if (query_row(&q)) {
        secret = query_column_text(&q, 0);
        query_done(&q);
    }
    sealed = store_format(store, "%s\n%s\n%s", secret, place, list);
    sha256_hex(sealed, strlen(sealed), out);
    out[SEAL_LENGTH] = '\0';
}

static const char *
token_of(struct store *store, const char *list, const char *place)
{
    char sealed[SHA256_HEX_SIZE], *plain, *token;

    seal(store, list, place, sealed);
    plain = store_format(store, "%s.%s", sealed, place);
    token = store_alloc(store, BASE64_ENCODED_SIZE(strlen(plain)));
    base64_encode(plain, strlen(plain), token);
    return token;
}

const char *
page_token(struct store *store, const char *list, int64_t after, int64_t id)
{
    return token_of(store, list,
        store_format(store, "%" PRIx64 ".%" PRIx64 ".%" PRIx64, store_now(store), after, id));
}

const char *
page_token_of_text(struct store *store, const char *list, const char *after)
{
    return token_of(store, list,
        store_format(store, "%" PRIx64 ".0.0.%s", store_now(store), after));
}

/* The opposite of page_token(); false for anything that page_token() did not make. */
static bool
unseal(struct store *store, const char *list, const char *token, int64_t *made, struct page *page)
{
    size_t length = strlen(token), decoded;
    char *plain = store_alloc(store, BASE64_DECODED_SIZE(length) + 1);
    char sealed[SHA256_HEX_SIZE];
    uint64_t words[3];
    int end = 0;

    if (!base64_decode(token, length, (unsigned char *)plain, &decoded))
        return false;
    plain[decoded] = '\0';
    if (strlen(plain) != decoded || decoded <= SEAL_LENGTH || plain[SEAL_LENGTH] != '.' ||
        sscanf(plain + SEAL_LENGTH, ".%" SCNx64 ".%" SCNx64 ".%" SCNx64 "%n", &words[0], &words[1],
            &words[2], &end) != 3)
        return false;
    seal(store, list, plain + SEAL_LENGTH + 1, sealed);
    *made = (int64_t)words[0];
    page->after = (int64_t)words[1];
    page->after_id = (int64_t)words[2];
    page->after_text = plain + SEAL_LENGTH + end + (plain[SEAL_LENGTH + end] == '.');
    return strncmp(plain, sealed, SEAL_LENGTH) == 0;
}

enum result
page_open(struct store *store, const char *list, const char *token, struct page *page)
{
    int64_t made, life;

    page->first = token == NULL || *token == '\0';
    if (page->first)
        return RESULT_OK;
    if (!unseal(store, list, token, &made, page))
        return refuse(store, RESULT_PAGE_TOKEN, "not a token that this list gave");
    life = setting_int(store, SETTING_PAGE_LIFE);
    if (store_now(store) - made > life)
        return refuse_limit(store, RESULT_PAGE_TOKEN, SETTING_PAGE_LIFE,
            "the token is %" PRId64 " ms old", store_now(store) - made);
    return RESULT_OK;
}

void
page_bind(const struct page *page, struct query *q, int64_t before)
{
    query_int(q, ":after", page->first ? before : page->after);
    query_int(q, ":after_id", page->first ? before : page->after_id);
    query_int(q, ":limit", page->size + 1);
}

void
page_bind_text(const struct page *page, struct query *q)
{
    query_text(q, ":after", page->first ? "" : page->after_text);
    query_int(q, ":limit", page->size + 1);
}

bool
page_row(struct page *page, struct query *q, size_t count)
{
    bool found = query_row(q);

    if (found && (int64_t)count < page->size)
        return true;
    page->more = found;
    query_done(q);
    return false;
}
