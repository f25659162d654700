# rekognition-local. `make help` lists the targets; the ones that need something installed
# install it (see docker/deps.sh), except `make` itself, which says what is missing.

CFLAGS   ?= -O2 -g
PREFIX   ?= /usr/local
SECONDS_PER_FUZZER = $(or $(SECONDS),30)

# The pinned source of the service description: what server/model is generated from.
BOTOCORE = 1.44.5

MODULES  = libmicrohttpd gnutls libcjson sqlite3 libpcre2-8 nettle libcurl libjpeg libpng zlib
WARNINGS = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
           -Wno-format-truncation -Wno-unknown-warning-option $(if $(WERROR),-Werror)

# Objects live in one tree per way of building: TREE=release is what is shipped, without
# assertions; debug and asan are what the tests run, with them; fuzz is for the fuzzers.
TREE      ?= release
B          = build/$(TREE)
# What is given away, linked with archives: see docker/portable/. HOST=aarch64-linux-gnu is for another machine.
HOST      ?= $(shell gcc -dumpmachine)
LIBRARIES  = build/portable/libraries/$(HOST)
ifeq ($(TREE),fuzz)
CC = clang-14
endif
ifeq ($(TREE),portable)
CC = $(HOST)-gcc
B = build/portable/$(HOST)
PKG_CONFIG = PKG_CONFIG_LIBDIR=/usr/lib/$(HOST)/pkgconfig:/usr/share/pkgconfig pkg-config
MODULES := $(filter-out libcurl,$(MODULES))
CPPFLAGS += -I$(LIBRARIES)/include
endif
PKG_CONFIG ?= pkg-config

SANITIZE   = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
LINK_release = -pie -Wl,-z,relro,-z,now,-z,noexecstack
# Hardened: what the compiler does not know is left out.
HARDENED  := $(foreach flag,-fstack-clash-protection -fcf-protection=full,$(shell \
                 $(CC) $(flag) -x c -c -o /dev/null /dev/null 2>/dev/null && echo $(flag)))
FLAGS_release = -DNDEBUG -fPIE -fstack-protector-strong $(HARDENED) \
                $(if $(filter -O0,$(CFLAGS)),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
FLAGS_portable = $(FLAGS_release) -DLIBCURL_LINKED -ffunction-sections -fdata-sections -ffile-prefix-map=$(CURDIR)=.
FLAGS_debug   = -O1
FLAGS_asan    = -O1 $(SANITIZE)
FLAGS_tsan    = -O1 -fsanitize=thread -fno-omit-frame-pointer
FLAGS_fuzz    = -O1 $(SANITIZE) -fsanitize=fuzzer-no-link

MODULE_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(MODULES) 2>/dev/null)
MODULE_LIBS   := $(shell $(PKG_CONFIG) --libs $(MODULES) 2>/dev/null)
compile = $(CC) -std=c11 -D_XOPEN_SOURCE=700 -Ibuild/state $(MODULE_CFLAGS) $(CPPFLAGS) \
          $(CFLAGS) $(WARNINGS) $(FLAGS_$(TREE))
link    = $(CC) $(CFLAGS) $(FLAGS_$(TREE)) $(LINK_$(TREE)) $(LDFLAGS)
# This Makefile again, for another tree or after something was installed, on all cores.
again   = $(MAKE) --no-print-directory $(if $(filter -j%,$(MAKEFLAGS)),,-j $(shell nproc))
Q       = $(if $V,,@)
say     = @echo '  $(1) $@'
# libcurl is not linked, but loaded when it is needed: see server/s3/libcurl.h.
libs    = -Wl,--as-needed $(MODULE_LIBS) -lpthread -ldl -lm $(LIBS_$(TREE))

# What is shipped has mimalloc in place of the C library's allocator: replies are trees of small pieces,
# and describing costs a sixth less. The sanitizers and valgrind have allocators of their own.
LIBS_release = -Wl,--no-as-needed -lmimalloc

SOURCES = $(wildcard server/*.c server/*/*.c state/*.c state/*/*.c)
OBJECTS = $(SOURCES:%.c=$(B)/%.o) $(B)/state/sql.o $(B)/server/console_files.o
LIBRARY = $(B)/librekognition.a
SUPPORT = $(patsubst %.c,$(B)/%.o,$(wildcard tests/support/*.c))
TESTS   = $(patsubst %.c,$(B)/%,$(wildcard $(foreach d,state server,tests/$d/test_*.c tests/$d/*/test_*.c)))
FUZZERS = $(patsubst %.c,$(B)/%,$(wildcard tests/fuzz/fuzz_*.c))
DOCUMENTS = $(filter-out build/%,$(wildcard *.md */*.md */*/*.md))
BINARY  = $(if $(filter release,$(TREE)),build,$(B))/rekognition-local

all: ## build build/rekognition-local
all: $(BINARY)

deps: ## install what building needs
	@docker/deps.sh build

run: ## build and start the server; ARGS='--port 0 …' are its options
	@docker/deps.sh build
	@+$(again) all
	exec build/rekognition-local $(ARGS)

test: ## run every test; T='some words' runs those whose names have them
	@docker/deps.sh build test
	@+$(again) TREE=debug programs
	@tests/run --tree build/debug $(T)

check-asan: ## run every test with address, leak and undefined-behaviour checks
	@docker/deps.sh build test
	@+$(again) TREE=asan programs
	@tests/run --tree build/asan --slow 3 $(T)

check-tsan: ## run the stories with a check for data races
	@docker/deps.sh build test
	@+$(again) TREE=tsan build/tsan/rekognition-local
	@tests/run --tree build/tsan --only wire --slow 6 $(T)

check-valgrind: ## run the C tests and the cases under valgrind
	@docker/deps.sh build test valgrind
	@+$(again) TREE=debug programs
	@tests/run --tree build/debug --valgrind --slow 20 $(T)

fuzz: ## run each fuzzer for SECONDS=30
	@docker/deps.sh build fuzz
	@+$(again) TREE=fuzz fuzzers
	@tests/fuzz/run $(SECONDS_PER_FUZZER) $(patsubst %.c,build/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))

bench: ## measure, as ratios to the bare parts, and count the instructions of calls
	@docker/deps.sh build bench
	@+$(again) all
	@tests/bench/run build/rekognition-local
	@tests/bench/jobs build/rekognition-local
	@tests/bench/instructions build/rekognition-local --check

demo: ## a world with its console, and a model's life walked by the aws CLI
	@docker/deps.sh build test
	@+$(again) all
	@tests/demo/run build/rekognition-local

lint: ## format, static analysis and the rules of the house
	@docker/deps.sh build lint
	@tests/lint/run

format: ## lay out the C files as the house does
	@docker/deps.sh lint
	@tests/lint/format --write

model: ## generate server/model from the public service description
	@docker/deps.sh test
	@test -d build/model-venv/botocore-$(BOTOCORE) || { rm -rf build/model-venv && \
	    python3 -m venv build/model-venv && \
	    build/model-venv/bin/pip install -q --disable-pip-version-check botocore==$(BOTOCORE) && \
	    mkdir build/model-venv/botocore-$(BOTOCORE); }
	python3 server/model/generate.py \
	    build/model-venv/lib/python3*/site-packages/botocore/data/rekognition/2016-06-27/service-2.json.gz \
	    server/model

schema: ## generate state/sql/schema.sql from the migrations
	state/sql/generate.py >build/schema.sql && mv build/schema.sql state/sql/schema.sql

docs: ## write what the tables say into the papers
docs: all
	@tests/docs build/rekognition-local $(DOCUMENTS)

install: ## install the program, its manual page, completions and units under DESTDIR and PREFIX=/usr/local
install: all
	docker/share/install build/rekognition-local "$(DESTDIR)" "$(PREFIX)"

deb: ## make a Debian package in build/dist/
	@docker/deps.sh build deb
	@+$(again) all
	@docker/deb/build build/rekognition-local "$$(dpkg --print-architecture)" build/dist

dist: ## make all that is given away in build/dist/; HOSTS='x86_64-linux-gnu aarch64-linux-gnu' for several machines
	@docker/deps.sh build test deb dist
	@tests/sdk/setup
	@+$(again) all
	@docker/dist $(HOSTS)

nightly: ## run what takes long: every place where the disk can fail, and every way to get it
	@docker/deps.sh build test deb dist image ways
	@docker/portable/cross arm64
	@+$(MAKE) --no-print-directory check-asan
	@+$(MAKE) --no-print-directory check-tsan
	@+$(again) TREE=debug programs
	@TEST_LONG=1 tests/run --tree build/debug --only c --slow 6 state faults
	@TEST_LONG=1 tests/run --tree build/debug --only c --slow 6 state power
	@+$(MAKE) --no-print-directory dist HOSTS='$(HOST) aarch64-linux-gnu'
	@docker/check.sh
	@tests/ways/run --all

docker: ## build the container image
	docker build -f docker/Dockerfile -t rekognition-local .

clean: ## remove everything that was built
	rm -rf build

help: ## print this list
	@sed -n 's/^\([a-z-]*\): ## /\1\t/p' $(MAKEFILE_LIST) | \
	    awk -F '\t' '{ printf "  %-15s %s\n", $$1, $$2 }'

# --- how things are built ---------------------------------------------------------------

programs: $(BINARY) $(TESTS)
fuzzers: $(FUZZERS)

ifeq ($(TREE),portable)
$(BINARY): $(OBJECTS) docker/portable/link
	$(call say,LINK)
	$(Q)docker/portable/link $(HOST) $(LIBRARIES) $@ $(OBJECTS)

$(OBJECTS): | $(LIBRARIES)/made
$(LIBRARIES)/made: docker/portable/libraries docker/portable/no_p11.c
	$(call say,LIBRARIES)
	@mkdir -p $(LIBRARIES)
	$(Q)docker/portable/libraries $(HOST) $(LIBRARIES) >$(LIBRARIES).log 2>&1 || { tail -n 40 $(LIBRARIES).log; exit 1; }
else
$(BINARY): $(OBJECTS)
	$(call say,LINK)
	$(Q)$(link) -o $@ $^ $(libs)
endif

$(LIBRARY): $(filter-out $(B)/server/main.o,$(OBJECTS))
	@rm -f $@ && ar rcs $@ $^

$(TESTS): %: %.o $(SUPPORT) $(LIBRARY)
	$(call say,LINK)
	$(Q)$(link) -o $@ $^ $(libs) -lcmocka

$(FUZZERS): %: %.o $(LIBRARY)
	$(call say,LINK)
	$(Q)$(link) -fsanitize=fuzzer -o $@ $^ $(libs)

$(B)/tests/%.o: private CPPFLAGS += -I.
$(B)/%.o: %.c build/state/sql.h $(B)/flags | build/needs
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(compile) -MMD -MP -c -o $@ $<

$(B)/state/sql.o: build/state/sql.c build/state/sql.h $(B)/flags | build/needs
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(compile) -c -o $@ $<

# The header has only the names, and keeps its age while they stay the same.
build/state/sql.h: state/sql/embed.awk state/resources.def state/sql/statements.sql | build/needs
	@mkdir -p $(@D)
	@LC_ALL=C awk -v part=h -f $^ > $@.new || { rm $@.new; exit 1; }
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@
build/state/sql.c: state/sql/embed.awk state/resources.def state/sql/statements.sql state/sql/schema.sql \
                   $(sort $(wildcard state/sql/[0-9]*.sql)) | build/needs
	@mkdir -p $(@D)
	$(call say,AWK)
	$(Q)LC_ALL=C awk -v part=c -f $^ > $@

$(B)/server/console_files.o: build/server/console_files.c server/console/console.h $(B)/flags | build/needs
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(compile) -I. -c -o $@ $<

build/server/console_files.c: server/console/embed.awk $(foreach e,html css js svg,$(sort $(wildcard server/console/*.$e))) | build/needs
	@mkdir -p $(@D)
	$(call say,AWK)
	$(Q)LC_ALL=C awk -f $^ > $@

# What is missing is said once, before the first compiler error.
build/needs: docker/deps.sh
	@mkdir -p $(@D)
	@docker/deps.sh --check build
	@touch $@

# Other flags make another tree of objects: build it anew.
$(B)/flags: always
	@mkdir -p $(@D)
	@echo '$(compile)' | cmp -s - $@ || echo '$(compile)' > $@
always:

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all deps run test check-asan check-tsan check-valgrind fuzz bench demo lint format model schema docs install \
        deb dist nightly docker clean help programs fuzzers always
-include $(OBJECTS:.o=.d) $(SUPPORT:.o=.d) $(TESTS:=.d) $(FUZZERS:=.d)
