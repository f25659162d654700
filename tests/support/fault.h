/*
 * What can go wrong below the store, at a moment that the test picks: SQLite is interrupted at its
 * work, or the disk is full. Each strikes once.
 */
#ifndef TESTS_SUPPORT_FAULT_H
#define TESTS_SUPPORT_FAULT_H

#include <stdbool.h>

struct store;

/* Interrupts SQLite when it has looked `after` times whether it should go on. */
void fault_interrupt(struct store *, int after);

/* From here on stores are opened on a disk that can be made full. */
void fault_use_disk(void);

/* Lets `after` writes succeed, and fails the next with SQLITE_FULL. */
void fault_fill_disk(int after);

/* Nothing will go wrong any more; whether something did. */
bool fault_struck(struct store *);

#endif
