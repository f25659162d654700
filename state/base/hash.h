/* Texts into numbers that are the same on every run and every machine: for tables, and as seeds. */
#ifndef STATE_BASE_HASH_H
#define STATE_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t hash_bytes(const void *bytes, size_t length); /* FNV-1a of 64 bits */

#endif
