package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/config"
	"fxcore/lambda/run"
)

// How much is too much: bytes of memory, and log lines of some 1,000 bytes in each round. The buffer for lines that are not sent yet has 4 MiB.
const (
	memory = 1200 << 20
	lines  = 20_000
	round  = 4 * time.Second
)

type standInSettings struct {
	config.Base
	AMQP amqp.Config
}

// tooMuch is an instance of datasync for monitoring, as it reports like one. It holds too much memory, or logs too many lines, until it is told to end.
func tooMuch(what string) int {
	cfg := config.MustLoad[standInSettings]()
	app := run.New("datasync", cfg.Base)
	app.Bus(cfg.AMQP, amqp.Topology{})
	switch what {
	case "memory":
		app.Go("memory", hold)
	case "lines":
		app.Go("lines", func(ctx context.Context) error {
			for ctx.Err() == nil {
				for n := range lines {
					app.Log.Info("a line too many", "labels.n", n, "labels.filled", strings.Repeat("x", 900))
				}
				pause(ctx, round)
			}
			return nil
		})
	default:
		_, _ = fmt.Fprintln(os.Stderr, "alerts: -too-much is memory or lines")
		return 2
	}
	return app.Run()
}

// hold writes into each page of its memory again and again, so that the system keeps it.
func hold(ctx context.Context) error {
	held := make([]byte, memory)
	for ctx.Err() == nil {
		for page := 0; page < len(held); page += 4096 {
			held[page]++
		}
		pause(ctx, round)
	}
	return nil
}
