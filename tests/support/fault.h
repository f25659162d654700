/*
 * What can go wrong below the store, at a moment that the test picks: SQLite is interrupted at its
 * work, or the disk fails. Each strikes once.
 */
#ifndef TESTS_SUPPORT_FAULT_H
#define TESTS_SUPPORT_FAULT_H

#include <stdbool.h>

struct store;

/* Interrupts SQLite when it has looked `after` times whether it should go on. */
void fault_interrupt(struct store *, int after);

/* From here on stores are opened on a disk that can fail. */
void fault_use_disk(void);

enum fault {
    FAULT_FULL,        /* a write: there is no room */
    FAULT_WRITE,       /* a write fails, nothing is written */
    FAULT_SHORT_WRITE, /* a write fails, half of it is written */
    FAULT_SYNC,        /* what was written does not reach the disk */
    FAULT_READ,        /* a read fails */
};

/* Lets `after` calls of the kind succeed, and fails the next. */
void fault_break_disk(enum fault, int after);

/* Nothing will go wrong any more; whether something did. */
bool fault_struck(struct store *);

#endif
