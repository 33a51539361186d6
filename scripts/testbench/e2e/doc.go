// Package e2e tests the whole core as it runs: real servers, every service as a process of its own, providers over FIX.
//
//	go test -tags e2e ./scripts/testbench/e2e -count=1 -timeout 25m -v
//
// It starts a core of its own in .run/e2e of this clone and ends it. What it left there, logs and records, tells why a test failed;
// the next run begins anew. The tag keeps it out of a plain go test ./...: it takes minutes and both cores.
package e2e
