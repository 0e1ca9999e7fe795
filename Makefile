# Quire's build. `make help` lists the targets. GNU make, gcc or clang.
#
# Objects go to build/<variant>/: release (what `make` builds), asan, coverage, fuzz, and gcc and clang
# (compiled by lint, not linked). Files are found by wildcard:
# a new app/<dir>/<name>.c, tests/unit/<dir>/<name>_test.c or tests/fuzz/<name>.c needs no line here.

VARIANT     ?= release
PREFIX      ?= /usr/local
UNITS       ?= $(PREFIX)/lib/systemd/system
# What QUIRE_CONF is when the environment has none; empty: .env here.
CONF_FILE   ?=
CONFORMANCE ?= tests/conformance/suite
DEPS        ?= scripts/deps
FUZZ_SECONDS ?= 60
ifeq ($(origin CC),default)
CC = gcc
endif

OUT := build/$(VARIANT)
BIN := $(if $(filter release,$(VARIANT)),build/quire,$(OUT)/quire)

# -- compiling ------------------------------------------------------------------------------------------------

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wundef -Wvla \
        -Wformat=2 -Wswitch-enum
IS_CLANG := $(findstring clang,$(CC))
WARN += $(if $(IS_CLANG),-Winitializer-overrides,-Woverride-init)
WARN += $(if $(WERROR),-Werror)

SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
CFLAGS_release  := -O2 -g -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
LDFLAGS_release := -pie -Wl,-z,relro,-z,now
CFLAGS_gcc      := $(CFLAGS_release)
CFLAGS_clang    := $(CFLAGS_release)
CFLAGS_asan     := -O1 -g $(SANITIZE) -DARENA_DEBUG
LDFLAGS_asan    := $(SANITIZE)
CFLAGS_coverage := -O0 -g --coverage
LDFLAGS_coverage := --coverage
CFLAGS_fuzz     := -O1 -g $(SANITIZE) -fsanitize=fuzzer-no-link -DARENA_DEBUG
LDFLAGS_fuzz    := $(SANITIZE) -fsanitize=fuzzer

# What ships is optimized as a whole (worth 4 to 5 % of requests a second, docs/benchmarks.md). Its objects hold
# ordinary code beside the compiler's own, so that the many test programs link at once; -fno-lto asks for that.
ifeq ($(VARIANT)$(IS_CLANG),release)
CFLAGS_release  += -flto -ffat-lto-objects
# After `make profile`, and until the source changes, it is laid out by what was counted; what was never asked for is
# compiled as without. COUNTING=yes is the build that counts.
CHANGED         := $(if $(wildcard build/profile/done),$(shell find app include -name '*.[ch]' -newer build/profile/done -print -quit),never)
CFLAGS_release  += $(if $(COUNTING),-fprofile-generate=$(CURDIR)/build/profile,$(if $(CHANGED),,\
                   -fprofile-use=$(CURDIR)/build/profile -fprofile-partial-training -Wno-missing-profile))
LDFLAGS_whole   := -flto=auto $(CFLAGS_release)
LDFLAGS_release += -fno-lto
endif

# Libraries that have a .pc file are asked once, and only when something is compiled: `make help` and `make deps`
# work on a bare machine. Their headers are not ours to warn about, hence -isystem.
PACKAGES := libmariadb libjwt libcrypt libcrypto libmagic libcurl icu-uc zlib
once = $(eval $(1) := $(2))$($(1))
PKG_CFLAGS = $(call once,PKG_CFLAGS,$(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(PACKAGES))))
PKG_LIBS   = $(call once,PKG_LIBS,$(shell pkg-config --libs $(PACKAGES)) -lfcgi -lm)

# CPPFLAGS, CFLAGS and LDFLAGS are the caller's and come last.
COMPILE = $(CC) -std=c17 -D_GNU_SOURCE -Iinclude -include include/banned.h $(PKG_CFLAGS) $(WARN) $(CFLAGS_$(VARIANT)) \
          $(DEFINES) $(CPPFLAGS) $(CFLAGS)
LINK    = $(CC) $(LDFLAGS_$(VARIANT)) $(LDFLAGS)
LINK_WHOLE = $(CC) $(LDFLAGS_$(VARIANT)) $(LDFLAGS_whole) $(LDFLAGS)

SRC  := $(sort $(wildcard app/*/*.c))
UNIT := $(sort $(wildcard tests/unit/*/*_test.c))
FUZZ := $(sort $(wildcard tests/fuzz/*.c))
TWIN := $(sort $(wildcard tests/bench/twin/*.c))
SUPPORT := $(sort $(wildcard tests/support/*.c))
TORTURE := $(sort $(wildcard tests/torture/*.c))
COMPARE := tests/schemas/compare.c
WEIGH := tests/weight/weigh.c
KILL := $(sort $(wildcard tests/kill/*.c))
COMPOSE := $(sort $(wildcard tests/compose/*.c))

LIB      := $(OUT)/libquire.a
OBJ      := $(SRC:%.c=$(OUT)/%.o)
MAIN     := $(OUT)/app/main.o
UNIT_BIN := $(UNIT:tests/%.c=$(OUT)/%)
SUPPORT_LIB := $(OUT)/libsupport.a
TORTURE_BIN := $(patsubst tests/%.c,$(OUT)/%,$(filter %_torture.c,$(TORTURE)))
KILL_BIN := $(KILL:tests/%.c=$(OUT)/%)
COMPOSE_BIN := $(COMPOSE:tests/%.c=$(OUT)/%)
FUZZ_BIN := $(FUZZ:tests/%.c=$(OUT)/%)

.PHONY: all objects deps run quire assets migration test check unit unit-programs served api browser property chaos torture lint format asan coverage fuzz profile bench bench-twin bench-pages bench-document bench-waiting bench-storm bench-cached bench-road bench-instructions soak bench-timing bench-counting conformance \
        install uninstall deb package-test boot-test clean help force print-flags fuzz-programs
.DELETE_ON_ERROR:
.SECONDARY:

all: $(BIN) ## build build/quire (CC=clang, WERROR=1, V=1)

comma := ,
# One line a step; V=1 shows the commands.
say = $(if $(V),,@echo '  $(1)';)

$(BIN): $(MAIN) $(LIB)
	$(call say,LINK $@)$(LINK_WHOLE) -o $@ $(MAIN) $(LIB) $(PKG_LIBS)

$(LIB): $(OBJ) $(OUT)/sources
	@rm -f $@
	$(call say,AR $@)ar rcs $@ $(OBJ)

$(OUT)/%.o: %.c $(OUT)/flags
	@mkdir -p $(@D)
	$(call say,CC $<)$(COMPILE) -MMD -MP -c -o $@ $<

$(MAIN): private DEFINES = -DQUIRE_VERSION='"$(VERSION)"' -DQUIRE_MIGRATIONS_DIR='"$(PREFIX)/share/quire/migrations"' \
                                -DQUIRE_MAIL_TEMPLATES='"$(PREFIX)/share/quire/mails"' -DQUIRE_CONF_FILE='"$(CONF_FILE)"'
$(MAIN): $(OUT)/version

# Small files that change only when what they hold does: other flags compile everything, another list of sources makes the
# library anew, another version compiles main.c; nothing else does.
VERSION = $(call once,VERSION,$(patsubst v%,%,$(or $(shell git describe --tags --match 'v[0-9]*' 2>/dev/null),$(shell cat VERSION))))
keep = @mkdir -p $(@D); printf '%s\n' $(1) | cmp -s - $@ || printf '%s\n' $(1) >$@
$(OUT)/flags: force
	$(call keep,'$(subst ','\'',$(COMPILE) $(LINK_WHOLE))')
$(OUT)/sources: force
	$(call keep,'$(SRC)')
$(OUT)/version: force
	$(call keep,'$(VERSION) $(PREFIX) $(CONF_FILE)')

objects: $(OBJ) $(if $(wildcard app/main.c),$(MAIN)) $(patsubst %.c,$(OUT)/%.o,$(UNIT) $(SUPPORT) $(TORTURE) $(COMPARE) $(WEIGH) $(KILL) $(COMPOSE) $(TWIN))

# For tests/lint: how a file is compiled.
print-flags:
	@printf '%s\n' '$(subst ','\'',$(filter-out $(CC),$(COMPILE)))' '-DQUIRE_VERSION=""' '-DQUIRE_MIGRATIONS_DIR=""' '-DQUIRE_MAIL_TEMPLATES=""' '-DQUIRE_CONF_FILE=""'

-include $(OBJ:.o=.d) $(MAIN:.o=.d) $(patsubst %.c,$(OUT)/%.d,$(UNIT) $(FUZZ) $(SUPPORT) $(TORTURE) $(COMPARE) $(WEIGH) $(KILL) $(COMPOSE) $(TWIN))

# -- running --------------------------------------------------------------------------------------------------

deps: ## install what is missing to build, run and test (Debian)
	$(DEPS) run test

run: ## build, then serve the site on http://127.0.0.1:8080 (PORT=) with its data in var/
	@scripts/run --check
	@$(DEPS) run
	@$(MAKE) --no-print-directory all
	@exec scripts/run

assets: ## what the pages take from npm, into app/web/vendor
	@scripts/assets

install: all assets ## install under DESTDIR= and PREFIX=/usr/local
	install -d $(addprefix $(DESTDIR)$(PREFIX)/,bin share/quire/migrations share/quire/mails share/quire/web share/doc/quire/conf share/doc/quire/docs share/doc/quire/scripts)
	install -m 755 build/quire $(DESTDIR)$(PREFIX)/bin/quire
	$(if $(wildcard migrations/*.sql),install -m 644 $(wildcard migrations/*.sql) $(DESTDIR)$(PREFIX)/share/quire/migrations)
	install -m 644 $(wildcard mails/*) $(DESTDIR)$(PREFIX)/share/quire/mails
	rm -rf $(DESTDIR)$(PREFIX)/share/quire/web/vendor
	cp -R app/web/. $(DESTDIR)$(PREFIX)/share/quire/web
	rm $(DESTDIR)$(PREFIX)/share/quire/web/vendor/.made-of
	install -m 644 LICENSE nginx.conf.example $(wildcard *.md) $(DESTDIR)$(PREFIX)/share/doc/quire
	install -m 644 $(wildcard docs/*.md docs/*.svg) $(DESTDIR)$(PREFIX)/share/doc/quire/docs
	cp -R $(filter-out conf/floors,$(wildcard conf/* conf/.env.example)) $(DESTDIR)$(PREFIX)/share/doc/quire/conf
	install -d $(DESTDIR)$(UNITS) $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/man/man5
	build/quire man quire >$(DESTDIR)$(PREFIX)/share/man/man1/quire.1
	build/quire man quire.conf >$(DESTDIR)$(PREFIX)/share/man/man5/quire.conf.5
	for unit in $(notdir $(wildcard conf/quire*.service conf/quire*.socket conf/quire*.target)); do \
	    sed 's,/usr/local/bin/,$(PREFIX)/bin/,' "conf/$$unit" >"$(DESTDIR)$(UNITS)/$$unit" && chmod 644 "$(DESTDIR)$(UNITS)/$$unit" || exit 1; done
	cp -R $(wildcard conf/quire*.d) $(DESTDIR)$(UNITS)
	install -m 755 scripts/nginx-conf $(DESTDIR)$(PREFIX)/share/doc/quire/scripts
	chmod -R u=rwX,go=rX $(addprefix $(DESTDIR)$(PREFIX)/share/,quire doc/quire) $(addprefix $(DESTDIR)$(UNITS)/,$(notdir $(wildcard conf/quire*.d))) # whatever the umask
	chmod 644 $(DESTDIR)$(PREFIX)/share/man/man1/quire.1 $(DESTDIR)$(PREFIX)/share/man/man5/quire.conf.5

uninstall: ## remove what install has put under DESTDIR= and PREFIX=/usr/local; settings, pictures and the database stay
	rm -f $(DESTDIR)$(PREFIX)/bin/quire $(DESTDIR)$(PREFIX)/share/man/man1/quire.1 $(DESTDIR)$(PREFIX)/share/man/man5/quire.conf.5
	rm -rf $(addprefix $(DESTDIR)$(PREFIX)/share/,quire doc/quire)
	rm -rf $(addprefix $(DESTDIR)$(UNITS)/,$(notdir $(wildcard conf/quire*.service conf/quire*.socket conf/quire*.target conf/quire*.d)))

deb: assets ## build/deb/quire_VERSION_ARCH.deb, by Debian's own tools
	@$(DEPS) run deb
	@exec scripts/deb

package-test: ## installs, runs, upgrades and removes the package in a clean Debian tree (root, some minutes)
	@$(DEPS) run test deb
	@exec tests/package/run

boot-test: ## the package under systemd, on an emulated machine that boots (root, some ten minutes)
	@$(DEPS) run deb boot
	@exec tests/package/boot

quire: ## a command on the site of make run: ARGS="user list"
	@scripts/quire $(ARGS)

migration: ## draft the migration to what is declared: name="add summary" (ARGS=--allow-loss)
	@$(DEPS) run
	@$(MAKE) --no-print-directory all
	@exec scripts/migration "$(name)" $(ARGS)

# -- testing --------------------------------------------------------------------------------------------------

test: ## unit tests, api tests through nginx, the pool and MariaDB, pages in Chromium, then the black-box suite
	@$(DEPS) test
	@$(MAKE) --no-print-directory check

# All cores compile, unless -j says otherwise; then one thing runs after another.
# From one seed, so that a change is judged by what it changed; QUIRE_SEED= asks something else, and so does `make property`.
check: export QUIRE_SEED ?= 20261121
check:
	@$(MAKE) --no-print-directory $(if $(filter -j%,$(MAKEFLAGS)),,-j$$(nproc)) -Otarget VARIANT=$(VARIANT) $(BIN) unit-programs $(API_BIN)
	@$(MAKE) --no-print-directory VARIANT=$(VARIANT) unit
	@$(MAKE) --no-print-directory VARIANT=$(VARIANT) served
	@$(MAKE) --no-print-directory VARIANT=$(VARIANT) conformance

unit: unit-programs ## the unit tests alone (cmocka, no database)
	@tests/unit/run $(UNIT_BIN)

unit-programs: $(UNIT_BIN)

# What the tests share. The stand-ins for two doors (fake_db, fake_fcgi) come before the real ones, so that a program
# that uses them never sees those; the tests of the doors themselves, under io, get no stand-ins.
$(OUT)/tests/%.o: private DEFINES = -Itests
$(SUPPORT_LIB): $(SUPPORT:%.c=$(OUT)/%.o) $(OUT)/flags
	@rm -f $@
	$(call say,AR $@)ar rcs $@ $(filter %.o,$^)

$(OUT)/unit/%_test: $(OUT)/tests/unit/%_test.o $(SUPPORT_LIB) $(LIB)
	@mkdir -p $(@D)
	$(call say,LINK $@)$(LINK) -o $@ $< $(if $(findstring /unit/io/,$@),$(OUT)/tests/support/folder.o,$(SUPPORT_LIB)) $(LIB) $(PKG_LIBS) -lcmocka

# What tests of a real site need, and where they find it.
API_BIN = $(BIN) $(TORTURE_BIN) $(KILL_BIN) $(COMPOSE_BIN) $(OUT)/schemas/compare $(OUT)/weight/weigh
API_ENV = QUIRE_BIN=$(CURDIR)/$(BIN) QUIRE_TORTURE=$(CURDIR)/$(OUT)/torture QUIRE_KILL=$(CURDIR)/$(OUT)/kill \
	QUIRE_COMPOSE=$(CURDIR)/$(OUT)/compose QUIRE_COMPARE=$(CURDIR)/$(OUT)/schemas/compare QUIRE_WEIGH=$(CURDIR)/$(OUT)/weight/weigh

# The api tests and the pages side by side.
served: $(API_BIN)
	@$(API_ENV) tests/browser/run tests/api tests/browser

api: $(API_BIN) ## the api tests alone (FILES= names some of them)
	@$(API_ENV) tests/api/run $(FILES)

browser: $(BIN) ## the pages in Chromium, with screenshots in build/artefacts (FILES= names some of the tests)
	@QUIRE_BIN=$(CURDIR)/$(BIN) tests/browser/run $(FILES)

property: ## made-up requests to every operation of the document (ARGS="--requests 100000 --seed 7")
	@$(DEPS) test
	@$(MAKE) --no-print-directory VARIANT=$(VARIANT) $(BIN)
	@QUIRE_BIN=$(CURDIR)/$(BIN) tests/property/run $(ARGS)

$(OUT)/schemas/compare: $(OUT)/tests/schemas/compare.o $(LIB)
$(OUT)/weight/weigh: $(OUT)/tests/weight/weigh.o $(LIB)
$(OUT)/schemas/compare $(OUT)/weight/weigh:
	@mkdir -p $(@D)
	$(call say,LINK $@)$(LINK) -o $@ $< $(LIB) $(PKG_LIBS)

$(OUT)/compose/%: $(OUT)/tests/compose/%.o $(LIB)
	@mkdir -p $(@D)
	$(call say,LINK $@)$(LINK) -o $@ $< $(LIB) $(PKG_LIBS)

chaos: ## killed, restarted, filled and rotated under load: a table of what clients get (ARGS="--seconds 60")
	@$(DEPS) test
	@$(MAKE) --no-print-directory VARIANT=$(VARIANT) $(BIN)
	@QUIRE_BIN=$(CURDIR)/$(BIN) tests/chaos/run $(ARGS)

torture: ## each database call of each operation that writes fails in turn
	@$(DEPS) test
	@$(MAKE) --no-print-directory VARIANT=$(VARIANT) FILES=tests/api/torture.test.mjs api

# The shipped code with the client library's calls intercepted (tests/torture/faults.h) and no web server.
WRAPPED := $(addprefix mysql_,real_connect real_query stmt_prepare stmt_execute stmt_fetch stmt_close errno error \
                              stmt_errno stmt_error) \
           purge_is_due
$(OUT)/torture/%_torture: $(OUT)/tests/torture/%_torture.o \
                          $(patsubst %.c,$(OUT)/%.o,$(filter-out %_torture.c,$(TORTURE))) \
                          $(OUT)/tests/support/site.o $(OUT)/tests/support/fake_fcgi.o $(LIB)
	@mkdir -p $(@D)
	$(call say,LINK $@)$(LINK) $(WRAPPED:%=-Wl$(comma)--wrap=%) -o $@ $(filter-out $(LIB),$^) $(LIB) $(PKG_LIBS) -lcmocka

# The shipped code that ends itself by SIGKILL at a named moment (tests/kill/migrate.c).
KILLED := real_query stmt_prepare stmt_execute
$(OUT)/kill/%: $(OUT)/tests/kill/%.o $(LIB)
	@mkdir -p $(@D)
	$(call say,LINK $@)$(LINK) $(KILLED:%=-Wl$(comma)--wrap=mysql_%) -o $@ $< $(LIB) $(PKG_LIBS)

# Sanitizer reports go to files as well, since a worker's standard error may be anywhere: any report fails the run.
REPORTS = $(CURDIR)/build/asan/reports
asan: ## the whole suite under AddressSanitizer and UndefinedBehaviorSanitizer
	@$(DEPS) test
	@rm -rf $(REPORTS); mkdir -p $(REPORTS)
	@ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1:log_path=$(REPORTS)/asan \
	UBSAN_OPTIONS=print_stacktrace=1:log_path=$(REPORTS)/ubsan \
	$(MAKE) --no-print-directory VARIANT=asan check; status=$$?; \
	if [ -n "$$(ls $(REPORTS))" ]; then cat $(REPORTS)/*; echo "make asan: the reports above are errors" >&2; exit 1; fi; \
	exit $$status
	@echo "asan: no report"

coverage: ## the whole suite, then line coverage of app/; fails under 85 %
	@$(DEPS) test lint
	@if [ -d build/coverage ]; then find build/coverage -name '*.gcda' -delete; fi
	$(MAKE) --no-print-directory VARIANT=coverage CC=gcc check
	gcovr --root . --object-directory build/coverage --filter app/ --print-summary --fail-under-line 85

lint: ## every static check, with gcc, clang and their tools
	@$(DEPS) run test lint bench
	@tests/lint/run

format: ## let clang-format write what lint asks for
	@$(DEPS) lint
	@clang-format -i $$(tests/lint/files c)

fuzz: ## each fuzz target for FUZZ_SECONDS=60
	@$(DEPS) run lint
	@$(MAKE) --no-print-directory VARIANT=fuzz CC=clang fuzz-programs
	@tests/fuzz/run $(FUZZ_SECONDS) $(FUZZ:tests/%.c=build/fuzz/%)

fuzz-programs: $(FUZZ_BIN)
$(OUT)/fuzz/%: $(OUT)/tests/fuzz/%.o $(LIB)
	@mkdir -p $(@D)
	$(call say,LINK $@)$(LINK) -o $@ $< $(LIB) $(PKG_LIBS)

profile: ## build, count what a site does most, and build again by that: some 2 % more requests (gcc)
	@rm -f build/profile/done
	@$(MAKE) --no-print-directory build/profile/done
	@$(MAKE) --no-print-directory VARIANT=release all

build/profile/done: $(SRC) app/main.c $(TWIN) $(wildcard include/*/*.h) tests/bench/train
	@$(DEPS) run bench
	@rm -rf $(@D); mkdir -p $(@D)
	@$(MAKE) --no-print-directory VARIANT=release COUNTING=yes build/quire build/release/bench/twin
	@tests/bench/train
	@ls $(@D)/*.gcda >/dev/null 2>&1 || { echo "make profile: nothing was counted; it takes gcc" >&2; exit 1; }
	@touch $@

bench: ## requests per CPU second, beside PHP, FastAPI, Fastify, Go and C by hand (ARGS=, see tests/bench/compare --help)
	@$(DEPS) run bench rivals
	@$(MAKE) --no-print-directory build/profile/done
	@$(MAKE) --no-print-directory VARIANT=release build/quire build/release/bench/twin
	@exec tests/bench/compare $(ARGS)

bench-twin: ## what the engine costs, beside a hand-written twin (ARGS=, see tests/bench/run --help)
	@$(DEPS) run bench
	@$(MAKE) --no-print-directory build/profile/done
	@$(MAKE) --no-print-directory VARIANT=release build/quire build/release/bench/twin
	@exec tests/bench/run $(ARGS)

bench-pages: ## whether page 10,000 of a million posts costs what page 1 does (ARGS=, see tests/bench/pages --help)
	@$(DEPS) run bench
	@$(MAKE) --no-print-directory VARIANT=release build/quire
	@exec tests/bench/pages $(ARGS)

bench-document: ## what /openapi.json costs, made and served (ARGS=, see tests/bench/document --help)
	@$(DEPS) run bench
	@$(MAKE) --no-print-directory VARIANT=release build/quire
	@exec tests/bench/document $(ARGS)

bench-waiting: ## what readers feel of 50 people who wait for tweet threads (ARGS=, see tests/bench/waiting --help)
	@$(DEPS) run bench
	@$(MAKE) --no-print-directory VARIANT=release build/quire
	@exec tests/bench/waiting $(ARGS)

bench-storm: ## what readers feel of log-ins at full rate, and of connections that hang (ARGS=, see tests/bench/storm --help)
	@$(DEPS) run bench
	@$(MAKE) --no-print-directory VARIANT=release build/quire
	@exec tests/bench/storm $(ARGS)

bench-cached: ## what the cache of nginx gives, beside a static file (ARGS=, see tests/bench/cached --help)
	@$(DEPS) run bench
	@$(MAKE) --no-print-directory VARIANT=release build/quire
	@exec tests/bench/cached $(ARGS)

bench-road: ## what connections that nginx keeps save (ARGS=, see tests/bench/road --help)
	@$(DEPS) run bench
	@$(MAKE) --no-print-directory VARIANT=release build/quire
	@exec tests/bench/road $(ARGS)

bench-instructions: ## what a request costs in instructions, which no other work on the machine disturbs (ARGS=, see tests/bench/instructions --help)
	@$(DEPS) run bench
	@$(MAKE) --no-print-directory VARIANT=release build/quire
	@exec tests/bench/instructions $(ARGS)

soak: ## ten minutes of full load, some of it bad: whether workers grow (ARGS="--minutes 10")
	@$(DEPS) run bench
	@$(MAKE) --no-print-directory VARIANT=release build/quire
	@exec tests/bench/soak $(ARGS)

bench-timing: ## whether the time of a refused log-in tells who has an account (ARGS=, see tests/bench/timing --help)
	@$(DEPS) run bench
	@$(MAKE) --no-print-directory VARIANT=release build/quire
	@exec tests/bench/timing $(ARGS)

bench-counting: ## what counting a request for /metrics costs, in instructions (ARGS=, see tests/bench/counting --help)
	@$(DEPS) run bench
	@$(MAKE) --no-print-directory VARIANT=release unit-programs
	@exec tests/bench/counting $(ARGS)

# With the same flags as the program, so that only what is written differs.
$(OUT)/bench/twin: $(TWIN:%.c=$(OUT)/%.o)
	@mkdir -p $(@D)
	$(call say,LINK $@)$(LINK_WHOLE) -o $@ $^ $(PKG_LIBS) $(shell pkg-config --libs json-c)

conformance: $(BIN) ## the black-box suites in CONFORMANCE=tests/conformance/suite (ARGS= for run.py)
	@QUIRE_BIN=$(CURDIR)/$(BIN) scripts/conformance '$(CONFORMANCE)' $(ARGS)

clean: ## remove build/ (the site's data in var/ stays)
	rm -rf build

help: ## this list
	@sed -n 's/^\([a-z][a-z-]*\):[^#]*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22
