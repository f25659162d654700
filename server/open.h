/*
 * Opens what the options name. What cannot be opened ends the program, with a line that says why.
 */
#ifndef SERVER_OPEN_H
#define SERVER_OPEN_H

struct http;
struct options;
struct outbound;
struct server;
struct store;

/* With the settings that the options give. */
struct store *open_store(const struct options *);

/* All fixtures or none; a world that has something in it already is left as it is. */
void load_fixtures(struct store *, const struct options *);

/* What the files of certificate and key say; NULL without TLS. */
struct tls {
    char *cert, *key;
};

struct tls open_tls(const struct options *);
void close_tls(struct tls *); /* after http_close() */

char *open_token(const struct options *); /* of the control API, to be freed; NULL: there is none */

struct http *open_http(const struct options *, struct server *, const struct tls *);
struct outbound *open_outbound(const struct options *, struct http *); /* NULL: S3 is off */
struct outbound *open_word(const struct options *, struct http *); /* NULL: nobody is to be told */

#endif
