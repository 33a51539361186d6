// Command fxctl is the command line of on-call. It shows what the core does, and does what operations may do: by the HTTP interfaces, with a
// token, and by failover's own command.
//
//	fxctl status
//	fxctl errors list --group KEY
//	fxctl help errors
package main

import (
	"context"
	"os"
	"os/signal"

	"fxcore/scripts/ops/fxctl/internal/command"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := command.Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
