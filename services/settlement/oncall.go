package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/run"
	"fxcore/services/contract"
	"fxcore/services/settlement/internal/messages"
)

// Exit codes of oncall.
const (
	exitDone        = 0
	exitUsage       = 2
	exitUnreachable = 4
)

// oncall is the command line for a movement that has failed, in an emergency: fxctl needs the API and auth, this needs the key for
// emergencies. It publishes settlement.commanded and returns the exit code. The
// outcome is in the table movement; a command that the movement's state does not allow is answered by settlement.declined, which
// the API shows with the movement.
//
//	retry -reason TEXT MOVEMENT
//	by-hand -reason TEXT -reference TEXT MOVEMENT
//	found -reason TEXT -reference TEXT MOVEMENT
func oncall(ctx context.Context, args []string, out io.Writer) int {
	c, err := parseCommand(args, out)
	if err != nil {
		_, _ = fmt.Fprintln(out, err)
		return exitUsage
	}
	if err := command(ctx, c); err != nil {
		_, _ = fmt.Fprintln(out, err)
		return exitUnreachable
	}
	_, _ = fmt.Fprintf(out, "told settlement to %s movement %s, by %s\n", c.Action, c.MovementID, c.By)
	return exitDone
}

func parseCommand(args []string, out io.Writer) (messages.Commanded, error) {
	actions := map[string]string{"retry": messages.Retry, "by-hand": messages.SettleByHand, "found": messages.Found}
	if len(args) == 0 || actions[args[0]] == "" {
		return messages.Commanded{}, errors.New("usage: movement retry -reason TEXT ID, or movement by-hand|found -reason TEXT -reference TEXT ID")
	}
	c := messages.Commanded{Action: actions[args[0]], By: run.EmergencyCaller()}
	flags := flag.NewFlagSet(args[0], flag.ContinueOnError)
	flags.SetOutput(out)
	flags.StringVar(&c.Reason, "reason", "", "why: it is kept with the movement")
	flags.StringVar(&c.Reference, "reference", "", "of the payment that was made by hand, or the mainframe's of the movement that was found")
	if err := flags.Parse(args[1:]); err != nil {
		return c, err
	}
	c.MovementID = flags.Arg(0)
	return c, c.Check()
}

// command publishes a command and waits until the broker has it.
func command(ctx context.Context, c messages.Commanded) error {
	now := time.Now().UTC()
	id := event.NewID(event.DayOf(now), contract.SettlementCommanded.Name, rand.Text())
	e, err := event.New(contract.SettlementCommanded, id, contract.Operations, c.MovementID, c)
	if err != nil {
		return err
	}
	e.Time, e.Source = now, "settlement/command"
	return give(ctx, amqp.Topology{Service: "settlement", Publishes: messages.Commands()}, e)
}

// give gives a command of an emergency.
func give(ctx context.Context, topology amqp.Topology, e event.Event) error {
	emergency, err := run.LoadEmergency()
	if err != nil {
		return err
	}
	return emergency.Give(ctx, topology, e)
}
