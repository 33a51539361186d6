package run

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"
)

// healthyBound is how long -healthy waits for an answer: a little longer than the checks behind it may take.
const healthyBound = 3 * time.Second

// Healthy does nothing unless the program has the argument -healthy. Then it asks the process that runs beside it with the same
// HEALTH_ADDR whether it has started (see package health), and ends with code 0 if so, else with 1 and the reason on standard error. An image
// without a shell has its health check this way. Call it first in a main function; [Describe] does so.
func Healthy() {
	if !slices.Contains(os.Args[1:], "-healthy") {
		return
	}
	if err := askStarted(os.Getenv("HEALTH_ADDR")); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "not healthy:", err)
		os.Exit(exitFailed)
	}
	os.Exit(exitDone)
}

// askStarted returns nil if the process that serves its health on an address says that it has started.
func askStarted(address string) error {
	ctx, cancel := context.WithTimeout(context.Background(), healthyBound)
	defer cancel()
	host, port, err := net.SplitHostPort(address)
	if err != nil || port == "0" {
		return fmt.Errorf("HEALTH_ADDR %q names no port at which the process could be asked", address)
	}
	if ip := net.ParseIP(host); host == "" || ip.IsUnspecified() {
		host = "127.0.0.1" // it serves all addresses, so this one as well
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/started", http.NoBody) //nolint:gosec // the program's own setting
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(r) //nolint:gosec // the same
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode == http.StatusOK {
		return nil
	}
	why, err := io.ReadAll(io.LimitReader(response.Body, 4096))
	if err != nil {
		return err
	}
	return fmt.Errorf("%s: %s", response.Status, strings.TrimSpace(string(why)))
}
