package main

import (
	"errors"
	"fmt"

	"fxcore/scripts/dev/fxcore/internal/fleet"
	"fxcore/scripts/dev/fxcore/internal/server"
	"fxcore/scripts/dev/fxcore/internal/supervisor"
)

// full says whether the servers run which only a full start needs: Cassandra and others.
type full int

// The values of the variable FULL. Where it is not set, a test whose server is not there is left out, except in CI: see
// testkit.
const (
	whereThere full = iota // tests use those that are there; the core starts none
	never                  // FULL=0
	always                 // FULL=1: it is an error if one is missing
)

func readFull(env func(string) string) (full, error) {
	switch env("FULL") {
	case "":
		return whereThere, nil
	case "0", "false":
		return never, nil
	case "1", "true":
		return always, nil
	}
	return whereThere, fmt.Errorf("FULL=%s is neither 0 nor 1", env("FULL"))
}

// forTests returns the phase of a full start that tests get, which has no process if there is none, and what is left out. It
// returns an error if something is missing that FULL=1 demands.
func (f full) forTests(s server.Setting) (p supervisor.Phase, leftOut []string, err error) {
	if f == never {
		return p, []string{"left out: all tests of servers that only a full start has (FULL=0)"}, nil
	}
	p, missing := fleet.FullServers(s)
	missing = append(missing, fleet.Tools()...)
	for _, m := range missing {
		leftOut = append(leftOut, "left out: tests of a server that is not there: "+m.Error())
	}
	if f == always {
		err = errors.Join(missing...)
	}
	return p, leftOut, err
}
