package command

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/spf13/cobra"
)

// How long a command about a job waits for what becomes of it, and how often it asks. A service answers within a second or two.
const (
	jobBound = 20 * time.Second
	jobEach  = 300 * time.Millisecond
)

func (t *tool) jobs() *cobra.Command {
	c := t.lister(&cobra.Command{Use: "jobs", Short: "Runs of jobs; start and stop them", Example: "  fxctl jobs start \"execute due trades\" --reason \"a report came late\""}, list{
		to: bank, path: "/v1/jobs", items: "runs", empty: "No job has run.",
		columns: columns("JOB job, SERVICE service, DUE due, STATE state, DONE done, TOTAL total, PER_S per_second, LEFT_S remaining_seconds, BY by, ERROR error"),
	}, "limit", "rows", "service", "that has the job", "job", "its name", "state", "running, finished, failed, refused")
	c.AddCommand(t.jobCommand("start", "Start a job"), t.jobCommand("stop", "Stop the run of a job"))
	return c
}

// jobRun is what a command about a job reads of a run, or of a command that was refused.
type jobRun struct{ ID, State, Error string }

// jobOrder is what the words of a command about a job say.
type jobOrder struct {
	action, job, service, reason string
	wait                         time.Duration
}

func (t *tool) jobCommand(action, short string) *cobra.Command {
	o := jobOrder{action: action}
	command := &cobra.Command{
		Use: action + " JOB", Short: short, Args: cobra.ExactArgs(1), Example: "  fxctl jobs " + action + " \"reconcile with the mainframe\" --reason \"the statement came late\"",
		Long: short + ". It ends when a service has done so or has refused, and fails if none answers: then no service has such a job, or the one that has it is away.",
		RunE: func(c *cobra.Command, args []string) error {
			o.job = args[0]
			return t.commandJob(c, o)
		},
	}
	command.Flags().StringVar(&o.reason, "reason", "", "why: it is kept with the run")
	command.Flags().StringVar(&o.service, "service", "", "that has the job")
	command.Flags().DurationVar(&o.wait, "wait", jobBound, "how long to wait for the service")
	_ = command.MarkFlagRequired("reason")
	return command
}

func (t *tool) commandJob(c *cobra.Command, o jobOrder) error {
	var before []jobRun
	if o.action == "stop" {
		var err error
		if before, err = t.runs(c.Context(), url.Values{"job": {o.job}, "state": {"running"}, "limit": {"1"}}); err != nil {
			return err
		}
	}
	body := map[string]any{"job": o.job, "action": o.action, "reason": o.reason}
	if o.service != "" {
		body["service"] = o.service
	}
	a, err := t.ask(c.Context(), bank, http.MethodPost, "/v1/job-commands", body, "Idempotency-Key", "fxctl-"+rand.Text())
	if err != nil {
		return err
	}
	var taken struct {
		ID string `json:"command_id"`
	}
	if err := decode(a.Body, &taken); err != nil {
		return err
	}
	if t.json {
		if err := writeJSON(c.OutOrStdout(), a.Body); err != nil {
			return err
		}
	}
	run, err := t.outcome(c.Context(), o, taken.ID, before)
	switch {
	case err != nil:
		return err
	case run.State == "refused":
		return refusedJob{fmt.Errorf("%s of %q is refused: %s", o.action, o.job, run.Error)}
	case t.json:
		return nil
	}
	_, err = fmt.Fprintf(c.OutOrStdout(), "%s of %q: done; fxctl jobs shows the run, which is %s\n", o.action, o.job, printable(run.State))
	return err
}

// refusedJob marks the refusal of a command that the core has taken, by the service that has the job.
type refusedJob struct{ error }

// outcome waits for what became of a command.
func (t *tool) outcome(ctx context.Context, o jobOrder, command string, before []jobRun) (jobRun, error) {
	ctx, cancel := context.WithTimeout(ctx, o.wait)
	defer cancel()
	for {
		run, found, err := t.became(ctx, o, command, before)
		if found || err != nil && ctx.Err() == nil {
			return run, err
		}
		select {
		case <-ctx.Done():
			return run, fmt.Errorf("%s of %q: no service has answered within %s. None has a job of this name (fxctl jobs shows those that have run), "+
				"or the service that has it is away (fxctl status). Command %s", o.action, o.job, o.wait, command)
		case <-time.After(jobEach):
		}
	}
}

// became looks once for the run that a command has started, for its refusal, or for the end of the run that it was to stop.
func (t *tool) became(ctx context.Context, o jobOrder, command string, before []jobRun) (run jobRun, found bool, err error) {
	answered, err := t.runs(ctx, url.Values{"command": {command}})
	if err != nil || len(answered) > 0 || len(before) == 0 {
		return append(answered, jobRun{})[0], len(answered) > 0, err
	}
	now, err := t.runs(ctx, url.Values{"job": {o.job}, "limit": {"20"}})
	i := slices.IndexFunc(now, func(run jobRun) bool { return run.ID == before[0].ID && run.State != before[0].State })
	if i < 0 {
		return run, false, err
	}
	return now[i], true, nil
}

func (t *tool) runs(ctx context.Context, q url.Values) ([]jobRun, error) {
	a, err := t.ask(ctx, bank, http.MethodGet, "/v1/jobs?"+q.Encode(), nil)
	if err != nil {
		return nil, err
	}
	var list struct{ Runs []jobRun }
	return list.Runs, decode(a.Body, &list)
}
