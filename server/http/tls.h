/*
 * The certificate that TLS shows, and its key: of the process, and exchanged while it serves. Whoever is
 * in the middle of a handshake goes on with the one that it began with.
 */
#ifndef SERVER_HTTP_TLS_H
#define SERVER_HTTP_TLS_H

#include <stdbool.h>

#include <gnutls/abstract.h>

/* From the contents of PEM files. False: they are no certificate and its key, and nothing has changed. */
bool tls_show(const char *cert, const char *key);
void tls_forget(void);

/* For the library, which asks in every handshake. */
int tls_choose(gnutls_session_t, const gnutls_datum_t *, int, const gnutls_pk_algorithm_t *, int,
    gnutls_pcert_st **, unsigned *, gnutls_privkey_t *);

#endif
