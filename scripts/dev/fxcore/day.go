package main

import (
	"context"
	"errors"
	"fmt"

	"fxcore/scripts/dev/fxcore/internal/folder"
	"fxcore/scripts/dev/fxcore/internal/supervisor"
	"fxcore/scripts/internal/apiclient"
	"fxcore/scripts/internal/bankday"
)

var errNothingRuns = errors.New("nothing runs; start the core with make up")

// day ends the business day of the running core and begins the next one, by the core's HTTP interface, as a person of operations does.
func day(ctx context.Context, o options, _ []string) error {
	f, err := folder.Open(o.root)
	if err != nil {
		return err
	}
	record, err := supervisor.Read(f)
	if err != nil {
		return err
	}
	if !f.InUse() {
		return errNothingRuns
	}
	bank, err := bankday.Open(ctx, record.URLs["mainframe_control"], record.URLs["postgres"], say)
	if err != nil {
		return err
	}
	defer func() { _ = bank.Close(context.WithoutCancel(ctx)) }()
	client, err := apiclient.Open(record.URLs["api"], f.Path(), bankday.Operator)
	if err != nil {
		return err
	}
	defer client.Close()
	if err := bank.Command(ctx, client, "make day"); err != nil {
		return err
	}
	return reportDay(ctx, bank)
}

func reportDay(ctx context.Context, bank *bankday.Bank) error {
	at, err := bank.Look(ctx)
	if err != nil {
		return err
	}
	legs, err := bank.Legs(ctx)
	if err != nil {
		return err
	}
	say(fmt.Sprintf("business day %s: %d legs are settled, %d wait for their date, %d have failed", at.Day, legs.Settled, legs.Open, legs.Failed))
	return nil
}
