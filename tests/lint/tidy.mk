# One mark per file that clang-tidy has nothing to say about; see tests/lint/tidy.
include Makefile
.DEFAULT_GOAL := tidied

TIDIED = $(filter-out server/model/model.c,$(SOURCES)) \
         $(wildcard tests/*/*.c tests/*/*/*.c)
SHARED = .clang-tidy build/state/sql.h $(wildcard server/*.h server/*.def server/*/*.h server/*/*.def \
         state/*.h state/*.def state/*/*.h state/*/*.def tests/support/*.h)

tidied: $(TIDIED:%=build/lint/%.tidied)

build/lint/%.tidied: % $(SHARED)
	@mkdir -p $(@D)
	@clang-tidy-14 --quiet --warnings-as-errors='*' $< -- -std=c11 -D_XOPEN_SOURCE=700 -I. -Ibuild/state \
	    $(MODULE_CFLAGS) > $@.log 2> $@.errors || { cat $@.log; grep -v 'warnings\? generated' $@.errors; exit 1; }
	@touch $@
.PHONY: tidied
