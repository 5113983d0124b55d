# Zhijian 指尖. `make` alone lists what can be done.
SHELL := /bin/bash
GO ?= go
TOOL := $(GO) tool -modfile=tools/go.mod
BIN := bin/zhijian
ADDR ?= 127.0.0.1:8080
# What is tested is built without the profile, which would have every library built once more.
export GOFLAGS ?= -trimpath -pgo=off

.DEFAULT_GOAL := help
.PHONY: services duckdb bench-short whitepaper help demo run build assets gen docs test unit race browser laws lint setup gallery bench crash crash-visits fuzz check clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

demo: build ## a living city on http://127.0.0.1:8080, with its imitation outside world; all data simulated
	$(BIN) demo --addr $(ADDR) --data data/demo

build: assets ## the one binary, bin/zhijian
	CGO_ENABLED=0 $(GO) build -pgo=auto -o $(BIN) ./cmd/zhijian

assets: node_modules/.installed ## fetch front-end assets by npm and build them into ui/asset/dist
	@node tools/assets/build.mjs

node_modules/.installed: package.json package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

tools/duckdb/node_modules/.installed: tools/duckdb/package.json tools/duckdb/package-lock.json
	npm --prefix tools/duckdb ci --no-audit --no-fund --loglevel=error
	@touch $@

gen: ## generate Go from templ components
	$(TOOL) templ generate -path .

docs: assets ## write the generated references under docs/ again
	UPDATE=1 $(GO) test -count=1 -run 'Fresh' .

setup: ## install what tests need from Debian: PostgreSQL, Chromium, a CJK font
	@tools/setup.sh

test: setup assets tools/duckdb/node_modules/.installed ## everything a change must pass: both databases, browser, laws
	tools/with-postgres.sh $(GO) test -timeout 30m ./...
	cd tools && $(GO) test ./...

unit: assets tools/duckdb/node_modules/.installed ## only the fast rooms, without a browser
	$(GO) test ./ground/... ./domain/... ./store/... ./bus/... ./ui/...

# A house at work has all its goroutines in each of these tests of ./server; the others there walk one page after the other, and make test
# runs them. The laws, the sums of the observatory and its report, charts, and the engine of services with its outline start no goroutine (the
# law TestGoroutines) and are read by many only when they are done; the engine is under the detector in the rooms that run it.
TOGETHER := TestServeAlone|TestFine$$|TestFactsExactlyOnce|TestASlowOffice|TestPostVisits|TestPostingsAtOnce|TestRepeatedPosting|TestClaimedTwice|TestBundleByProgram|TestDraw$$|TestNoTimeIsSoldTwice

race: setup assets tools/duckdb/node_modules/.installed ## what many do at once, under the race detector
	tools/with-postgres.sh $(GO) test -race -timeout 30m $$($(GO) list ./... | grep -v -E '^zhijian$$|/browser|/domain/(observatory|report|region)|/domain/service(/outline)?$$|/ui/(chart|report)$$|/server$$')
	tools/with-postgres.sh $(GO) test -race -timeout 30m -run '$(TOGETHER)' ./server

browser: setup assets ## only the tests in headless Chromium
	tools/with-postgres.sh $(GO) test -count=1 -timeout 30m ./server/browser/...

duckdb: tools/duckdb/node_modules/.installed ## every exhibit again from an edition's Parquet files, by DuckDB
	$(GO) test -count=1 ./domain/observatory/queries

laws: ## floors, lines, sizes, names, fresh documents
	$(GO) test -count=1 .

lint: ## vet, staticcheck, gofumpt
	$(GO) vet ./...
	cd tools && $(GO) vet ./...
	$(TOOL) staticcheck ./...
	@bad=$$(git ls-files -co --exclude-standard '*.go' | grep -v '_templ.go$$' | xargs $(TOOL) gofumpt -l); [ -z "$$bad" ] || { echo "gofumpt would change:"; echo "$$bad"; exit 1; }

services: build setup ## the own tests of every service, on pages, over the API and in a chat, kept in both databases
	$(BIN) service check
	set -o pipefail; dir=$$(mktemp -d); trap 'rm -r $$dir' EXIT; $(BIN) service test --keep $$dir/cases.db | grep -v '^ok '
	set -o pipefail; tools/with-postgres.sh bash -c '$(BIN) service test --keep "$$ZHIJIAN_TEST_POSTGRES"' | grep -v '^ok '

whitepaper: build setup ## the white paper of the simulated nation, from nothing to HTML and PDF in whitepaper/
	tools/whitepaper.sh

# The browser tests that take pictures.
PICTURED = Gallery|BookingPages|Birth|DrawInABrowser|FilesInABrowser|Clerk|PeoplePages|Remedies|Sheet|WechatPages

gallery: build setup ## screenshots of every page, light, dark and elder, into gallery/
	GALLERY=$(CURDIR)/gallery $(GO) test -count=1 -timeout 40m -run '$(PICTURED)' ./server/browser/...

bench: setup build ## every speed target in one run; ratios count, machines are noisy
	tools/with-postgres.sh tools/bench.sh

bench-short: setup build ## only the ratios, for CI; a miss is repeated twice, machines are noisy
	tools/with-postgres.sh tools/bench.sh short

KILLS ?= 200
crash: build ## kill the house with SIGKILL at random instants (KILLS=200) and look for anything lost
	cd tools && $(GO) run ./crash --binary ../$(BIN) --kills $(KILLS)

crash-visits: build ## kill a house that counts visits (KILLS=200) and count them again
	cd tools && $(GO) run ./crash --visits --binary ../$(BIN) --kills $(KILLS)

fuzz: ## every fuzz target for a moment (FUZZTIME=20s)
	tools/fuzz.sh

check: ## what CI runs
	.ci/run

clean: ## remove what was built, never data
	rm -rf bin node_modules gallery whitepaper
	find ui/asset/dist -mindepth 1 ! -name .keep -delete
