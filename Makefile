# Thin: each target is one script or cargo command. Everything slow is cached in $MESG_CACHE (~/.cache/mesg-market).
.DEFAULT_GOAL := help
.PHONY: help setup wasm demo test test-repository test-rust test-services test-web test-wasmd test-producers test-mutants test-long gas sim lint fmt release-check clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## checks this machine and installs what is missing
	@tools/setup

wasm: setup ## the contracts as optimised wasm, in artifacts/
	@tools/wasm

demo: setup ## three executions on a real node, from nothing (KEEP=1 leaves everything running; SCENARIO=list names disputes)
	@tools/demo

test: setup ## everything below except test-long; ends with "N passed, N failed"
	@tools/test

test-repository: setup ## shell scripts and lockfiles
	@tools/test repository

test-rust: setup ## format, lints and tests of the Rust workspace
	@tools/test rust

test-services: setup ## the example services: tests, and the components rebuilt and compared
	@tools/test services

test-web: setup ## types, lints, format and tests of the Node packages
	@tools/test web

test-wasmd: setup ## end to end on a real wasmd node
	@tools/test wasmd

test-producers: setup ## the chain's validators are paid, on a network of four of which one is jailed
	@tools/test producers

test-long: setup ## fuzzing, long properties, every scenario, agents under chaos, mutants
	@tools/test long

test-mutants: setup ## changes of packages/protocol that its tests must notice: an hour or two, goes on where it ended
	@tools/test mutants

gas: setup ## gas of every message on a real node, written to docs/gas.md and docs/gas.json
	@tools/gas

sim: setup ## wrong results, griefing, coalitions, measured; written to docs/simulation.md and docs/simulation.json
	@tools/sim

lint: setup ## everything that does not need a test run
	@tools/lint

fmt: setup ## formats Rust, TypeScript and JSON
	@tools/fmt

release-check: setup ## cosmwasm-check on the contracts
	@tools/check-cosmwasm

clean: ## deletes what was built in the checkout (not the cache)
	@rm -rf artifacts target localnet/run
