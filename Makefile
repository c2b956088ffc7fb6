# make test is all that CI runs. make help lists the rest.
.DEFAULT_GOAL := help
.PHONY: help test check deps build demo play storm fuzz bench profile diagram picture

# A profile would have everything compiled twice, for main's tests and for all others.
test check storm fuzz diagram picture: export GOFLAGS = -pgo=off

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

# SQLite's C code, translated to Go by machine, is left out of the race detector, which
# looks at everything else: it locks by itself, and watching it takes most of the time.
RACE = -race $(foreach c,sqlite/lib libc memory,-gcflags=modernc.org/$(c)='-race=false -d=checkptr=0')
test: deps check ## install what the tests need, check the code, run every test
	go test $(RACE) -timeout 25m ./...

check: ## formatting, vet, staticcheck
	@unformatted=$$(gofmt -l .); if [ -n "$$unformatted" ]; then echo "gofmt -w $$unformatted"; exit 1; fi
	go vet ./...
	go tool staticcheck ./...

deps: ## PostgreSQL, Redis, Chromium, gcc, from Debian's packages when root
	@.ci/deps

build: ## one static binary, ./intakebot
	CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o intakebot ./cmd/intakebot

demo: ## a local Telegram with the bot, on a web page
	go run ./cmd/intakebot demo

play: ## a ticket's whole life in the terminal
	go run ./cmd/intakebot demo --play

WAY ?= virtual
SEEDS ?= 100
SEED ?= 0
LENGTH ?= $(if $(filter virtual,$(WAY)),5m,15s)
# One processor in virtual time, so that a seed plays the same again; memory in place of
# disks and of much collecting, as it is the processor's time that counts.
STORM_ENV = GOMAXPROCS=1 GOGC=1600 GOMEMLIMIT=2GiB TMPDIR=$(wildcard /dev/shm)
storm: ## storms of faults: WAY=virtual, sqlite or postgres; SEEDS=100 SEED=first LENGTH=
	$(if $(filter virtual,$(WAY)),$(STORM_ENV)) go test ./cmd/intakebot -run '^TestStorm$$/^$(WAY)$$' -v -timeout 0 -parallel $(if $(filter virtual,$(WAY)),1,4) \
		-storm.seeds $(SEEDS) -storm.seed $(SEED) -storm.length $(LENGTH)

TIME ?= 30s
fuzz: ## every fuzz target for TIME=30s; what makes one fail is written into its testdata/fuzz
	@for p in $$(grep -rl '^func Fuzz' --include='*_test.go' . | xargs -n 1 dirname | sort -u); do \
		for f in $$(go test $$p -list '^Fuzz' | grep '^Fuzz'); do \
			echo "$$p $$f"; go test $$p -run '^$$' -fuzz "^$$f\$$" -fuzztime $(TIME) -fuzzminimizetime 10x || exit 1; \
		done; \
	done

TICKETS ?= 100000
bench: ## what is measured for the README: a step's cost, growth to TICKETS=100000, delivery at the limit
	go test ./cmd/intakebot -run '^TestCost$$' -cost 3 -v -timeout 30m
	go test -p 1 ./tickets/sqlite ./tickets/postgres -run '^TestGrowth$$' -growth $(TICKETS) -v -timeout 30m
	go test ./bot -run 'TestAnAnnouncementUsesTheWholeLimit|TestABusyGroup$$|TestSixtyTicketsInAMinute' -delivery.full -v -timeout 30m

profile: ## take anew the profile by which go build decides what to inline
	@dir=$$(mktemp -d) && \
	go test -trimpath -pgo=off ./cmd/intakebot -run '^TestCost$$' -cost 2 -cost.only 'SQLite PostgreSQL, Redis' -cost.profile $$dir -timeout 30m && \
	go tool pprof -proto -output cmd/intakebot/default.pgo $$dir/*.pprof

diagram: ## draw the tables of the dialog and of a ticket's life into the README anew
	go test ./dialog -run TestDiagram -update
	go test ./tickets -run Diagram -update

picture: ## take the README's picture of the demo anew
	go test ./cmd/intakebot -run TestPicture -picture ../../.ci/demo.png
