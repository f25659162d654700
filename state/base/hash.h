/* Texts into numbers that are the same on every run and every machine: for tables, and as seeds. */
#ifndef STATE_BASE_HASH_H
#define STATE_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t hash_bytes(const void *bytes, size_t length); /* FNV-1a of 64 bits */

/* Every bit of it depends on every bit of the word: the finalizer of SplitMix64. */
uint64_t hash_mix(uint64_t word);

/* The n-th word of the stream of a seed: SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom
 * number generators", 2014). */
uint64_t hash_draw(uint64_t seed, uint64_t n);

/* A word as a number from 0 on, below 1. */
double hash_ratio(uint64_t word);

#endif
