#include "token.h"

#include "query.h"
#include "setting.h"
#include "store.h"

static int64_t
since(struct store *store)
{
    int64_t keep_ms = setting_int(store, SETTING_TOKEN_KEEP);

    return store_now(store) > keep_ms ? store_now(store) - keep_ms : 0;
}

static void
bind(struct query *q, const struct token *token)
{
    query_text(q, ":account", token->scope.account);
    query_text(q, ":region", token->scope.region);
    query_text(q, ":operation", token->operation);
    query_text(q, ":token", token->token);
}

bool
token_find(struct store *store, struct token *token)
{
    struct query q = query(store, SQL_TOKEN_FIND);

    bind(&q, token);
    query_int(&q, ":since", since(store));
    if (!query_row(&q))
        return false;
    token->digest = query_column_text(&q, 0);
    token->answer = query_column_text(&q, 1);
    query_done(&q);
    return true;
}

/* Those that are too old go when another comes. */
void
token_keep(struct store *store, const struct token *token)
{
    struct query q = query(store, SQL_TOKEN_FORGET);

    query_text(&q, ":account", token->scope.account);
    query_int(&q, ":since", since(store));
    query_run(&q);
    q = query(store, SQL_TOKEN_KEEP);
    bind(&q, token);
    query_text(&q, ":digest", token->digest);
    query_text(&q, ":answer", token->answer);
    query_int(&q, ":now", store_now(store));
    query_run(&q);
}
