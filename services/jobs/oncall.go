package jobs

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/run"
	"fxcore/services/contract"
)

// Exit codes of OnCall.
const (
	exitDone        = 0
	exitUsage       = 2
	exitUnreachable = 4
)

// OnCall is the command line for emergencies of the jobs of a service, which works without the API and without auth: it publishes
// job.commanded, by the key for emergencies. The broker's address comes from AMQP_URL, the key from BREAKGLASS_KEY. It returns the exit code. The outcome is in job.finished, and in the service's /status.
//
//	start -reason TEXT [-due 2026-12-01T17:00:00Z] JOB
//	stop -reason TEXT JOB
func OnCall(service string, args []string, out io.Writer) int {
	c, err := parse(service, args, out)
	if err != nil {
		_, _ = fmt.Fprintln(out, err)
		return exitUsage
	}
	if err := tell(context.Background(), c); err != nil {
		_, _ = fmt.Fprintln(out, err)
		return exitUnreachable
	}
	_, _ = fmt.Fprintf(out, "told %s to %s %q, by %s\n", service, c.Action, c.Job, c.By)
	return exitDone
}

func parse(service string, args []string, out io.Writer) (Command, error) {
	if len(args) == 0 || args[0] != Start && args[0] != Stop {
		return Command{}, errors.New("usage: start|stop -reason TEXT [-due TIME] JOB")
	}
	c := Command{Service: service, Action: args[0], By: run.EmergencyCaller()}
	flags := flag.NewFlagSet(args[0], flag.ContinueOnError)
	flags.SetOutput(out)
	flags.StringVar(&c.Reason, "reason", "", "why: it is kept with the run")
	flags.Func("due", "due time that the run is for, as 2026-12-01T17:00:00Z; now if it is left out", func(text string) (err error) {
		c.Due, err = time.Parse(time.RFC3339Nano, text)
		return err
	})
	if err := flags.Parse(args[1:]); err != nil {
		return c, err
	}
	if c.Job = strings.Join(flags.Args(), " "); c.Job == "" || c.Reason == "" {
		return c, errors.New("name the job, and why: start -reason TEXT JOB")
	}
	return c, nil
}

// tell publishes a command and waits until the broker has it.
func tell(ctx context.Context, c Command) error {
	now := time.Now().UTC()
	id := event.NewID(event.DayOf(now), contract.JobCommanded.Name, rand.Text())
	e, err := event.New(contract.JobCommanded, id, contract.Operations, id, c)
	if err != nil {
		return err
	}
	e.Time, e.Source = now, c.Service+"/command"
	return give(ctx, amqp.Topology{Service: c.Service, Publishes: commands()}, e)
}

// give gives a command of an emergency.
func give(ctx context.Context, topology amqp.Topology, e event.Event) error {
	emergency, err := run.LoadEmergency()
	if err != nil {
		return err
	}
	return emergency.Give(ctx, topology, e)
}
