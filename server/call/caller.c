#include "caller.h"

#include <assert.h>
#include <string.h>

#include "../access/credentials.h"
#include "../http/http.h"
#include "../json/text.h"
#include "server.h"

/* A text that is known to fit. */
static void
copy(char *out, const char *text, size_t size)
{
    size_t length = strlen(text);

    assert(length < size);
    (void)size;
    memcpy(out, text, length + 1);
}

/* Copies what stands before '/' and steps over it; false when there is no '/' or no room. */
static bool
take_part(const char **text, char *out, size_t size)
{
    size_t length = strcspn(*text, "/,; ");

    if ((*text)[length] != '/' || length >= size)
        return false;
    memcpy(out, *text, length);
    out[length] = '\0';
    *text += length + 1;
    return true;
}

/*
 * "AWS4-HMAC-SHA256 Credential=KEY/20261123/us-east-1/rekognition/aws4_request, …", or the same in
 * the query.
 */
static const char *
credential_of(const struct exchange *exchange)
{
    const char *authorization = exchange_header(exchange, "Authorization");
    const char *credential = authorization == NULL ? NULL : strstr(authorization, "Credential=");

    if (credential != NULL)
        return credential + strlen("Credential=");
    return exchange_argument(exchange, "X-Amz-Credential");
}

struct caller
caller_of(const struct server *server, const struct exchange *exchange)
{
    const char *credential = credential_of(exchange);
    char key[ACCESS_KEY_ID_SIZE], date[16], region[REGION_SIZE];
    struct caller caller = { .access_key_id = "" };
    const struct access_key *known;

    copy(caller.scope.account, server->account, ACCOUNT_SIZE);
    copy(caller.scope.region, server->region, REGION_SIZE);
    if (credential == NULL || !take_part(&credential, key, sizeof key) ||
        !take_part(&credential, date, sizeof date) ||
        !take_part(&credential, region, sizeof region))
        return caller;
    copy(caller.access_key_id, key, sizeof caller.access_key_id);
    text_mend(caller.access_key_id);
    known = server->credentials == NULL ? NULL : credentials_find(server->credentials, key);
    if (known != NULL)
        memcpy(caller.scope.account, known->who->account, ACCOUNT_SIZE);
    else if (account_is_valid(key) && server->auth == AUTH_OFF)
        memcpy(caller.scope.account, key, ACCOUNT_SIZE);
    if (region_is_valid(region)) /* some clients sign an empty one */
        memcpy(caller.scope.region, region, strlen(region) + 1);
    return caller;
}

bool
caller_is_waiter(const struct exchange *exchange)
{
    const char *agent = exchange_header(exchange, "User-Agent");
    const char *list = agent == NULL ? NULL : strstr(agent, " m/");

    if (list == NULL)
        return false;
    for (list += strlen(" m/"); *list != '\0' && *list != ' '; list += *list == ',') {
        size_t length = strcspn(list, ", ");

        if (length == 1 && *list == 'B')
            return true;
        list += length;
    }
    return false;
}

void
caller_service(const struct exchange *exchange, char *out, size_t size)
{
    const char *credential = credential_of(exchange);
    char part[ACCESS_KEY_ID_SIZE];

    *out = '\0';
    if (credential == NULL || !take_part(&credential, part, sizeof part) ||
        !take_part(&credential, part, sizeof part) || !take_part(&credential, part, sizeof part) ||
        !take_part(&credential, part, sizeof part))
        return;
    if (strlen(part) < size &&
        strspn(part, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(part))
        memcpy(out, part, strlen(part) + 1);
}
