#include "again.h"

#include <string.h>

#include "../../state/base/digest.h"
#include "../../state/store.h"
#include "../../state/token.h"
#include "../model/model.h"
#include "call.h"
#include "operation.h"

static const char member[] = "ClientRequestToken";

/* Of what is asked, in the order of the model: a request is the same in whatever order its members come. */
static const char *
digest_of(struct call *call)
{
    const struct shape *input = call->model->input;
    struct sha256_ctx hash;
    char *digest = store_alloc(call->store, SHA256_HEX_SIZE);

    sha256_init(&hash);
    for (size_t i = 0; i < input->member_count; i++) {
        const char *name = input->members[i].name;
        const char *text = strcmp(name, member) == 0 ? NULL : input_json(call, name);

        if (text == NULL)
            continue;
        sha256_update(&hash, strlen(name), (const uint8_t *)name);
        sha256_update(&hash, strlen(text), (const uint8_t *)text);
    }
    sha256_hex_end(&hash, digest);
    return digest;
}

static struct token
token_of(struct call *call)
{
    return (struct token){ .scope = call->scope,
        .operation = call->operation->name,
        .token = input_text(call, member) };
}

static bool
answer_again(struct call *call, const struct token *token)
{
    if (strcmp(token->digest, digest_of(call)) != 0) {
        call->asked = token->token;
        return granted(call,
            refuse(call->store, RESULT_TOKEN_USED,
                "%s was made with that token, and asked for something else", token->operation));
    }
    if (strlen(token->answer) > strlen("{}"))
        set_members(call->output, token->answer + 1, strlen(token->answer) - strlen("{}"));
    return true;
}

bool
again_or(struct call *call, bool (*answer)(struct call *))
{
    struct token token = token_of(call);

    if (token.token != NULL && token_find(call->store, &token))
        return answer_again(call, &token);
    if (!answer(call))
        return false;
    if (token.token == NULL)
        return true;
    token.digest = digest_of(call);
    token.answer = written_end(&call->answer);
    token_keep(call->store, &token);
    return true;
}
