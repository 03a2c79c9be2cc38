# Every target is a step of .ci/run, which also runs without make; what passes here passes there.

.DEFAULT_GOAL := help
.PHONY: help ci build fmt fmt-fix vet lint prove-lint test race cover bench bench-smoke fuzz-smoke sim-smoke smoke tools vuln clean

help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

ci: ## Run everything that continuous integration runs, in its order
	@.ci/run

build: ## Compile every package, with and without cgo
	@.ci/run build

fmt: ## List files that gofmt would change (fails if there are any)
	@.ci/run fmt

fmt-fix: ## Rewrite those files
	gofmt -w .

vet: ## Run go vet
	@.ci/run vet

lint: ## Run the pinned golangci-lint (built once, from .ci/tools)
	@.ci/run lint

prove-lint: ## Show that the linter refuses one violation of each rule of the house
	@.ci/run prove-lint

test: ## Run the tests as the README says
	@.ci/run test

race: ## Run the short tests under the race detector
	@.ci/run race

cover: ## Write coverage.out and coverage.html, print the total
	go test -short -coverpkg=./... -coverprofile=coverage.out ./...
	go tool cover -html=coverage.out -o coverage.html
	@go tool cover -func=coverage.out | tail -n 1

bench: ## Run every benchmark six times, in the form that benchstat reads (BENCH=regexp, PKG=packages)
	go test -run '^$$' -bench '$(or $(BENCH),.)' -benchmem -count 6 $(or $(PKG),./...)

bench-smoke: ## Run every benchmark for one iteration
	@.ci/run bench-smoke

fuzz-smoke: ## Fuzz every target for five seconds (FUZZTIME=30s for longer)
	@.ci/run fuzz-smoke

sim-smoke: ## Run the seeded simulations, short
	@.ci/run sim-smoke

smoke: ## Run the README's first command: replay the bundled sample
	@.ci/run smoke

tools: ## Build the pinned tools, so that the first lint is quick
	@.ci/run tools

vuln: ## Look the linked modules up in the Go vulnerability database (needs vuln.go.dev; not part of ci)
	go run golang.org/x/vuln/cmd/govulncheck@v1.8.0 ./...

clean: ## Remove what these targets wrote
	rm -f coverage.out coverage.html yardmaster
