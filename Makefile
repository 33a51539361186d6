# make help lists what there is. Everything that runs or is built lives in .run.

export PATH := $(PATH):/usr/local/go/bin
export CGO_ENABLED ?= 0
# Tests are not built anew for a commit alone (-buildvcs), and nothing is for a clone or a copy of the tree in another folder (-trimpath).
export GOFLAGS := -buildvcs=false -trimpath $(GOFLAGS)
# Programs know their commit, where git knows it. Go cannot tell it in a further work tree of git: they say "unknown" then.
STAMP := -buildvcs=$(shell git rev-parse --verify --quiet HEAD >/dev/null 2>&1 && echo true || echo false)

BIN := .run/bin
FXCORE := $(BIN)/fxcore
GOTEST := $(BIN)/gotest
TOOLS := $(CURDIR)/.run/tools
GOLANGCI := 2.15.0
GOVULNCHECK := 1.9.0
GITLEAKS := 8.30.1
CYCLONEDX := 1.10.0
# The vulnerability database as of a day, so that the same commit has the same answer. VULNDB=latest asks for the newest: raise this line often.
VULNDB := v0.0.0-20261105234957-e22db6528018

# Each step's list of the tests that failed, also of those that passed when they were repeated.
UNSTEADY := .run/unsteady

# Programs: every main package below these folders. The mainframe's simulator is named after what it simulates.
MAINS := $(patsubst %/main.go,./%,$(wildcard services/*/main.go gateways/*/main.go scripts/*/*/main.go))
SIMULATOR := $(wildcard gateways/mainframe/simulator/main.go)

.DEFAULT_GOAL := help
.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { sub(/:.*/, "", $$1); printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run up status logs stop clean day scale rotate
# In the demo days may be run ahead: see services/clock.
run up: export CLOCK_MAY_RUN_AHEAD ?= true
run: build full ## start everything and show it; Ctrl-C ends it (PORT_BASE=n to choose the ports; FULL=1 with Cassandra …)
	@$(FXCORE) run

up: build full ## start everything in the background
	@$(FXCORE) up

status: ## what runs and how it is (FORMAT=json for programs)
	@test -x $(FXCORE) || $(MAKE) --no-print-directory build
	@$(FXCORE) status

logs: ## follow all logs (SERVICE=auth for one service)
	@test -x $(FXCORE) || $(MAKE) --no-print-directory build
	@$(FXCORE) logs $(SERVICE)

day: ## end the bank's business day and begin the next one, in the running demo
	@$(FXCORE) day

scale: ## run N replicas of a service: make scale SERVICE=auth N=3
	@$(FXCORE) scale $(SERVICE) $(N)

rotate: ## replace all secrets while everything runs (WHAT="postgres redis" for some; fxcore rotate -list names them)
	@$(FXCORE) rotate $(WHAT)

stop: ## end everything; the data stays
	@test ! -x $(FXCORE) || $(FXCORE) stop

clean: ## end everything and remove .run
	@test ! -x $(FXCORE) || { $(FXCORE) servers down && $(FXCORE) clean; }
	@rm -rf .run

.PHONY: bootstrap full build generate pages new-service
bootstrap:
	@scripts/bootstrap

# What only a full start needs is fetched when FULL=1 asks for it.
export FULL
full:
	@$(if $(filter 1 true,$(FULL)),scripts/bootstrap full)

build: bootstrap ## build all programs into .run/bin
	@test -x $(FXCORE) || echo "building; the first time takes a minute or two"
	@mkdir -p $(BIN)
	@go build $(STAMP) -o $(BIN)/ $(MAINS)
	@$(if $(SIMULATOR),go build $(STAMP) -o $(BIN)/mainframe-simulator ./gateways/mainframe/simulator)

generate: build ## write what is generated from code: docs/messages.md, docs/openapi.json, stack/rabbitmq/definitions.json
	@$(BIN)/docs
	@$(BIN)/api -openapi > docs/openapi.json

pages: ## build the web pages into services/pages/dist, and test their parts (CHECK=1 only compares; needs Node.js 20 with npm)
	@scripts/pages $(if $(CHECK),check)

new-service: ## make a service from the template services/responsibility: make new-service NAME=settlement
	@go run ./scripts/dev/newservice $(NAME)

.PHONY: alerts quiet-hour dates test test-race e2e attack conform faults month check lint format bench bench-api bench-jobs bench-stall bench-watch bench-failover bench-starved
# Tests of a part start the servers of a full start only if the part can use them.
FULL_PARTS := tracing logging fxcore testkit
test test-race: export FULL := $(or $(FULL),$(if $(PACKAGES),$(if $(strip $(foreach part,$(FULL_PARTS),$(findstring $(part),$(PACKAGES)))),,0)))

test: build full ## all tests, on servers that it starts itself (PACKAGES= and TESTFLAGS= for a part; FULL=1 with Cassandra …)
	@scripts/bootstrap tests
	@$(FXCORE) servers with $(GOTEST) -note $(UNSTEADY)/test go test -count=1 -timeout 25m $(TESTFLAGS) -- $(or $(PACKAGES),./...)
	@$(if $(PACKAGES),,$(MAKE) --no-print-directory e2e; ended=$$?; cat $(UNSTEADY)/test 2>/dev/null; exit $$ended)

e2e: build full ## the whole core: 10,000 requests by another engine, anyone killed, the mainframe away … (RUN= for a part; ORDER=reverse, or a number; FULL=1)
	@scripts/bootstrap tests
	@$(GOTEST) -note $(UNSTEADY)/e2e -parts TestWholeCore go test -tags e2e -count=1 -timeout 25m -p 1 -v $(if $(RUN),-run '$(RUN)') \
		-- ./scripts/testbench/e2e ./scripts/testbench/faults/internal/trial ./scripts/testbench/month/internal/month

attack: build ## somebody with one program's credentials, or none, tries what is not theirs, on the whole core (RUN= for one)
	@scripts/bootstrap tests
	@$(GOTEST) -note $(UNSTEADY)/attack go test -tags e2e -count=1 -timeout 25m -p 1 -v $(if $(RUN),-run '$(RUN)') -- ./scripts/testbench/attack

test-race: build full ## the same with the race detector
	@scripts/bootstrap tests
	@CGO_ENABLED=1 $(FXCORE) servers with $(GOTEST) -note $(UNSTEADY)/test-race go test -count=1 -timeout 25m -race $(TESTFLAGS) -- \
		$(or $(PACKAGES),./...)

dates: ## a trade and a line check of the same request have the same dates, over many requests (DATES=200000)
	@mkdir -p .run
	@export DATES=$(or $(DATES),200000) DATES_LISTING=$(CURDIR)/.run/dates.csv; for service in trading linecheck; do \
		go test -count=1 -timeout 60m ./services/$$service/internal/steps -run TestACheckAndItsTradeHaveTheSameDates || exit 1; done

conform: ## check the running API against its document by schemathesis, which it installs below .run (make up first)
	@scripts/conform --max-examples $(or $(EXAMPLES),30)

faults: full ## kill, freeze, slow and cut off anything under load, and judge: docs/faults.md (SEED=n RUNS=m; LIST=1 only shows; DELETIONS=1: and two persons delete trades; FULL=1)
	@$(MAKE) --no-print-directory build BIN=.run/faults/bin
	@.run/faults/bin/faults -seed $(or $(SEED),1) -runs $(or $(RUNS),10) $(if $(LIST),-list) $(if $(DELETIONS),-deletions)

month: ## run a month of business days with trades of all kinds, and judge: nothing twice, nothing forgotten (DAYS= TRADES= FROM=YYYY-MM-DD)
	@$(MAKE) --no-print-directory build BIN=.run/month/bin
	@.run/month/bin/month -days $(or $(DAYS),22) -trades $(or $(TRADES),1000) $(if $(FROM),-from $(FROM))

check: ## what CI runs: formatting, linters, generated files, tests with the race detector
	@scripts/check

lint: $(TOOLS)/golangci-lint-$(GOLANGCI) ## the linters and the format (the first time builds them: three minutes)
	@$< fmt --diff ./...
	@$< run ./...

format: $(TOOLS)/golangci-lint-$(GOLANGCI) ## format all code
	@$< fmt ./...

.PHONY: supply vulnerabilities secrets sbom
supply: vulnerabilities secrets sbom ## what the programs are made of, and what is known against it: the next three

vulnerabilities: build $(TOOLS)/govulncheck-$(GOVULNCHECK) ## known vulnerabilities that our code reaches (VULNDB=latest for the newest database)
	@scripts/vulnerabilities $(TOOLS)/govulncheck-$(GOVULNCHECK) $(VULNDB)

secrets: $(TOOLS)/gitleaks-$(GITLEAKS) ## no secret is in the tree or in any commit
	@scripts/secrets $<

SHIPPED = $(addprefix $(BIN)/,$(notdir $(patsubst %/main.go,%,$(wildcard services/*/main.go gateways/*/main.go scripts/ops/*/main.go))))
sbom: build $(TOOLS)/cyclonedx-gomod-$(CYCLONEDX) ## bills of materials of the programs and of the web pages, CycloneDX, in .run/sbom
	@$(BIN)/supply bill -tool $(TOOLS)/cyclonedx-gomod-$(CYCLONEDX) -out .run/sbom $(SHIPPED)
	@echo "$$(ls .run/sbom | wc -l) bills of materials in .run/sbom"

.PHONY: images images-list images-push images-check
RELEASE := .run/release
IMAGES_TOOL := $(BIN)/images
TAG = $(shell git rev-parse --short=12 HEAD)
images: export ONLY ?=
images: build $(TOOLS)/cyclonedx-gomod-$(CYCLONEDX) ## images of our programs as of the commit, with bills of materials, in .run/release; no container engine is needed (ONLY=auth for one)
	@scripts/images $(RELEASE) $(TOOLS)/cyclonedx-gomod-$(CYCLONEDX)

images-list: build ## name, digest and size of each image (REGISTRY=host/folder TAG=commit: those of a registry)
	@$(IMAGES_TOOL) list -out $(RELEASE)/images $(if $(ONLY),-only $(ONLY)) $(if $(REGISTRY),-registry -tag $(TAG))

images-push: build ## bring the images to REGISTRY=host/folder, and write their digests for the stack to .run/release/images.env
	@REGISTRY=$(REGISTRY) $(IMAGES_TOOL) push -out $(RELEASE)/images $(if $(ONLY),-only $(ONLY)) -tag $(TAG) > $(RELEASE)/images.env.new && mv $(RELEASE)/images.env.new $(RELEASE)/images.env
	@cat $(RELEASE)/images.env

images-check: build $(TOOLS)/cyclonedx-gomod-$(CYCLONEDX) ## make the images once more, elsewhere and from nothing, and compare the digests (some minutes)
	@scripts/images-again $(RELEASE) $(TOOLS)/cyclonedx-gomod-$(CYCLONEDX)

alerts: build ## make real causes on the running core, and measure how long each alert takes to fire and to clear (CAUSE=words LIST=1 BRIEF=1; make up first)
	@$(FXCORE) with $(BIN)/alerts -cause '$(CAUSE)' $(if $(BRIEF),-brief) $(if $(LIST),-list)

quiet-hour: build ## no alert fires while every program is restarted in turn and sessions are moved (QUIET=1h; make up first)
	@$(FXCORE) with $(BIN)/alerts -quiet $(or $(QUIET),1h)

bench: build full ## measure: trades per second, latencies, and the raw chain beside them (DURATION= RATE= INFLIGHT= SESSIONS= HISTORY= HISTORY_OF=; FULL=1)
	@$(if $(filter 1 true,$(FULL)),scripts/bench-full,$(FXCORE) with $(BIN)/bench)

bench-api: build ## measure 1,000 trades at once by the HTTP interface, and the raw chain beside them (BURST=1000 RUNS=3)
	@$(FXCORE) with $(BIN)/bench api

bench-stall: build ## measure what a provider notices when a replica of each service is killed (STALL_RATE= STALL_RUNS=)
	@$(FXCORE) with $(BIN)/bench stall

bench-watch: export FULL = 1
bench-watch: build full ## kill tracing and Cassandra while TRADES=10000 are made, keep both stores away for AWAY=120 s, and count what is missing after
	@scripts/bench-new watch

bench-jobs: export CLOCK_MAY_RUN_AHEAD = true
bench-jobs: build ## measure the jobs with 100,000 legs due on one day, and line checks meanwhile (LEGS= CHECK_RATE=); it moves the bank's clock
	@$(FXCORE) with $(BIN)/bench jobs

bench-failover: ## measure how long a provider is without its session: killed, moved (RUNS=50 of each, for each gateway)
	@$(MAKE) --no-print-directory build BIN=.run/faults/bin
	@.run/faults/bin/faults -failover $(or $(RUNS),50)

bench-starved: ## measure what becomes of sessions while ten busy loops take the processors (FOR=60s RATE=100 APART=1)
	@$(MAKE) --no-print-directory build BIN=.run/faults/bin
	@.run/faults/bin/faults -starved $(or $(FOR),60s) -rate $(or $(RATE),100) $(if $(APART),-apart)

# A tool is a Go module: go install checks its sum. The file's name has its version, so that a new version is built.
$(TOOLS)/govulncheck-$(GOVULNCHECK): MODULE = golang.org/x/vuln/cmd/govulncheck@v$(GOVULNCHECK)
$(TOOLS)/gitleaks-$(GITLEAKS): MODULE = github.com/zricethezav/gitleaks/v8@v$(GITLEAKS)
$(TOOLS)/cyclonedx-gomod-$(CYCLONEDX): MODULE = github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v$(CYCLONEDX)
$(TOOLS)/govulncheck-$(GOVULNCHECK) $(TOOLS)/gitleaks-$(GITLEAKS) $(TOOLS)/cyclonedx-gomod-$(CYCLONEDX):
	@echo "building $(notdir $@), once"
	@mkdir -p $@.new
	@GOBIN=$@.new go install $(MODULE) && mv $@.new/* $@; ended=$$?; rm -rf $@.new; exit $$ended

$(TOOLS)/golangci-lint-$(GOLANGCI):
	@echo "building golangci-lint $(GOLANGCI), once"
	@GOBIN=$(TOOLS) go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v$(GOLANGCI)
	@mv $(TOOLS)/golangci-lint $@
