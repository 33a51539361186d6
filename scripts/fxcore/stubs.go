package main

import "context"

func runForeground(ctx context.Context, o options, _ []string) error { return nil }
func up(ctx context.Context, o options, _ []string) error            { return nil }
func status(ctx context.Context, o options, _ []string) error        { return nil }
func logs(ctx context.Context, o options, _ []string) error          { return nil }
func scale(ctx context.Context, o options, _ []string) error         { return nil }
func add(ctx context.Context, o options, _ []string) error           { return nil }
