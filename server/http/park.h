/* Exchanges that are not to be ended yet. */
#ifndef SERVER_HTTP_PARK_H
#define SERVER_HTTP_PARK_H

#include <stdbool.h>
#include <stdint.h>

struct exchange;

/* Whatever ends the exchange leaves no earlier than `ms` from now. Costs memory only. */
void exchange_delay(struct exchange *, int64_t ms);

/* Parks the exchange, which waits for something to happen: the handler is called with it again at
   the poll after http_recall(), and when `ms` have passed since the first call of this for the
   exchange. False: they have (or the server is stopping), and it must be ended now.
   So: `if (busy(…) && exchange_park(exchange, hold_ms)) return;` */
bool exchange_park(struct exchange *, int64_t ms);

/* Puts the exchange aside, for want of what its handler cannot do without: it is called with it
   again at the poll after http_bring_back(), and neither time nor the end of the server takes the
   place of that. How long it may be parked, before or after, is not touched. */
void exchange_put_aside(struct exchange *);

#endif
