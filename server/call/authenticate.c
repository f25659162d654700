#include "authenticate.h"

#include <stdlib.h>
#include <string.h>

#include "../../state/clock.h"
#include "../access/credentials.h"
#include "../access/signature.h"
#include "call.h"
#include "server.h"

/* What each result is on the wire, and how that is known. */
static const struct {
    enum error error;
    enum evidence evidence;
    const char *found, *source;
} refusals_of_signature[] = {
    [SIGNATURE_MISSING] = { MissingAuthenticationTokenException, OBSERVED,
        "the call is not signed, and --auth asks for it", "recordings of sister services" },
    [SIGNATURE_INCOMPLETE] = { IncompleteSignatureException, OBSERVED,
        "the signature lacks a part, or has one that cannot be read",
        "recordings of sister services" },
    [SIGNATURE_INVALID] = { InvalidSignatureException, OBSERVED,
        "the signature is of another time, scope, secret or request: the message says which",
        "recordings of this and of sister services" },
    [SIGNATURE_UNKNOWN_KEY] = { UnrecognizedClientException, OBSERVED,
        "no access key of --credentials has this id and session token",
        "recordings of sister services" },
    [SIGNATURE_EXPIRED_TOKEN] = { ExpiredTokenException, GUESSED,
        "the access key has expired, in real time", "common knowledge" },
};

static struct access_key *
find_key(void *credentials, const char *id)
{
    return credentials_find(credentials, id);
}

static bool
turn_down(struct call *call, const struct signature *signature)
{
    call->error = refusals_of_signature[signature->result].error;
    call->rule = "SIGNATURE";
    call->found = refusals_of_signature[signature->result].found;
    call->evidence = refusals_of_signature[signature->result].evidence;
    call->source = refusals_of_signature[signature->result].source;
    call->message = signature->message;
    return false;
}

bool
authenticate(struct call *call, const struct server *server, const struct exchange *exchange)
{
    struct signature signature;
    struct access_key *key;

    call->exchange = exchange;
    call->secure = server->secure;
    if (server->auth == AUTH_OFF)
        return true;
    key = signature_check_exchange(exchange, "rekognition", clock_wall_ms(),
        &(struct signature_keys){ find_key, server->credentials }, &signature);
    if (key == NULL)
        return turn_down(call, &signature);
    call->who = principal_keep(key->who);
    if (server->auth == AUTH_POLICY)
        call->policies = server->soft ? POLICIES_SOFT : POLICIES_ON;
    memcpy(call->scope.account, key->who->account, ACCOUNT_SIZE);
    memcpy(call->scope.region, signature.region, strlen(signature.region) + 1);
    return true;
}
