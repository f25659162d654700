#include "tls.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/base/memory.h"

#define CHAIN_MAX 16

struct identity {
    struct identity *older;
    gnutls_pcert_st chain[CHAIN_MAX];
    unsigned length;
    gnutls_privkey_t key;
};

/* The library has no room for a context of ours in its question. */
static struct identity *shown;

static gnutls_datum_t
datum_of(const char *text)
{
    return (gnutls_datum_t){ (unsigned char *)(uintptr_t)text, (unsigned)strlen(text) };
}

static void
identity_free(struct identity *identity)
{
    for (unsigned i = 0; i < identity->length; i++)
        gnutls_pcert_deinit(&identity->chain[i]);
    if (identity->key != NULL)
        gnutls_privkey_deinit(identity->key);
    free(identity);
}

static bool
key_is_of(struct identity *identity)
{
    gnutls_pubkey_t of_key;
    unsigned char one[64], other[64];
    size_t one_size = sizeof one, other_size = sizeof other;
    bool same;

    if (gnutls_pubkey_init(&of_key) < 0)
        return false;
    same = gnutls_pubkey_import_privkey(of_key, identity->key, 0, 0) >= 0 &&
           gnutls_pubkey_get_key_id(of_key, GNUTLS_KEYID_USE_SHA256, one, &one_size) >= 0 &&
           gnutls_pubkey_get_key_id(identity->chain[0].pubkey, GNUTLS_KEYID_USE_SHA256, other,
               &other_size) >= 0 &&
           one_size == other_size && memcmp(one, other, one_size) == 0;
    gnutls_pubkey_deinit(of_key);
    return same;
}

bool
tls_show(const char *cert, const char *key)
{
    struct identity *identity = memory_new(sizeof *identity);
    gnutls_datum_t certificate = datum_of(cert), secret = datum_of(key);
    unsigned length = CHAIN_MAX;

    if (gnutls_pcert_list_import_x509_raw(identity->chain, &length, &certificate,
            GNUTLS_X509_FMT_PEM, 0) >= 0)
        identity->length = length;
    if (identity->length == 0 || gnutls_privkey_init(&identity->key) < 0 ||
        gnutls_privkey_import_x509_raw(identity->key, &secret, GNUTLS_X509_FMT_PEM, NULL, 0) < 0 ||
        !key_is_of(identity)) {
        identity_free(identity);
        return false;
    }
    identity->older = shown;
    shown = identity;
    return true;
}

void
tls_forget(void)
{
    while (shown != NULL) {
        struct identity *older = shown->older;

        identity_free(shown);
        shown = older;
    }
}

int
tls_choose(gnutls_session_t session, const gnutls_datum_t *authorities, int authority_count,
    const gnutls_pk_algorithm_t *algorithms, int algorithm_count, gnutls_pcert_st **chain,
    unsigned *length, gnutls_privkey_t *key)
{
    (void)session, (void)authorities, (void)authority_count, (void)algorithms;
    (void)algorithm_count;
    if (shown == NULL)
        return -1;
    *chain = shown->chain;
    *length = shown->length;
    *key = shown->key;
    return 0;
}
