/*
 * Pages of a list: where one ended, sealed in a token.
 *
 * A token is good for the list it was made for (same operation, caller and
 * filters), for as long as `page.tokenLife`, over restarts, and for nobody who
 * made it up. The place in it is the last row shown, so rows that come and go
 * between two pages are never shown twice, nor others left out.
 */
#ifndef STATE_PAGE_H
#define STATE_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "result.h"

struct query;
struct store;

/* The order of lists is two whole numbers, an age or a rank and a row id, or a text that nothing else in it has. */
struct page {
    int64_t after, after_id; /* of the last row of the page before; meaningless on the first */
    const char *after_text;  /* instead, in a list whose order is a text */
    bool first;
    int64_t size; /* rows wanted */
    bool more;    /* set after the last row: another page follows */
};

/*
 * `list` names the list and its filters. NULL and "" are the first page.
 * RESULT_PAGE_TOKEN when the token is not good.
 */
enum result page_open(struct store *, const char *list, const char *token, struct page *);

/* The token that goes on behind the row (after, id). Lives until the step ends. */
const char *page_token(struct store *, const char *list, int64_t after, int64_t id);

/* The same, of a list whose order is a text, in which there are no spaces. */
const char *page_token_of_text(struct store *, const char *list, const char *after);

/*
 * Binds :after, :after_id and :limit of a list to a page. `before` lies before the first row in the
 * order of the list. The limit is one row more than wanted, to see whether another page follows.
 */
void page_bind(const struct page *, struct query *, int64_t before);

void page_bind_text(const struct page *,
    struct query *); /* the same without :after_id; "" lies before all */

/* The next row, when `count` are of the page already; at its end the query is done, and `more` is set. */
bool page_row(struct page *, struct query *, size_t count);

#endif
