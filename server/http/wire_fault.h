/* Ends of an exchange that are no reply: what networks and broken servers do. */
#ifndef SERVER_HTTP_WIRE_FAULT_H
#define SERVER_HTTP_WIRE_FAULT_H

enum wire_fault {
    WIRE_NONE,
    WIRE_RESET,    /* the connection is reset */
    WIRE_EMPTY,    /* it is closed without a byte */
    WIRE_GARBAGE,  /* bytes that are not HTTP, then it is closed */
    WIRE_TRUNCATE, /* a 200 whose JSON body stops half way to its Content-Length */
    WIRE_HANG,     /* nothing, until the client or the idle limit gives up */
};

#endif
