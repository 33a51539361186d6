package oncall

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"fxcore/lambda/config"
	"fxcore/lambda/event"
	"fxcore/lambda/run"
	"fxcore/services/contract"
	"fxcore/services/failover/internal/messages"
	"fxcore/services/failover/internal/view"
)

// Bounds.
const (
	lookBound    = 3 * time.Second // of one look at the plan
	publishBound = 5 * time.Second // for the broker to confirm a command
	answerBound  = 10 * time.Second
	lookEvery    = 100 * time.Millisecond
)

// client talks to failover: it reads its page and publishes to its queue.
type client struct{ pages []string }

type pageSettings struct {
	URL  string `env:"FAILOVER_URL"`
	Addr string `env:"FAILOVER_ADDR"`
}

func newClient() (*client, error) {
	s, err := config.Load[pageSettings]()
	if err != nil {
		return nil, &fault{exitUsage, err}
	}
	if s.URL == "" && s.Addr != "" {
		s.URL = "http://" + s.Addr
	}
	if s.URL == "" {
		return nil, faultf(exitUsage, "FAILOVER_URL or FAILOVER_ADDR must say where failover shows the plan")
	}
	return &client{strings.Split(s.URL, ",")}, nil
}

// get reads what a replica answers: the first that does.
func (c *client) get(ctx context.Context, path string, into any) error {
	var faults []error
	for _, page := range c.pages {
		err := get(ctx, strings.TrimSpace(page)+path, into)
		if err == nil {
			return nil
		}
		faults = append(faults, err)
	}
	return &fault{exitUnreachable, fmt.Errorf("failover does not answer: %w", errors.Join(faults...))}
}

func get(ctx context.Context, url string, into any) error {
	ctx, cancel := context.WithTimeout(ctx, lookBound)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(response.Body, 1000))
		return fmt.Errorf("%s: %s: %s", url, response.Status, strings.TrimSpace(string(text)))
	}
	if err := json.NewDecoder(response.Body).Decode(into); err != nil {
		return fmt.Errorf("%s: %w", url, err)
	}
	return nil
}

// publish returns the command's id once it is on its way: by failover's interface, where auth checks the person's token, or in an emergency
// by the key for emergencies.
func (c *client) publish(ctx context.Context, r request) (id string, err error) {
	desk, err := config.Load[deskSettings]()
	if err != nil {
		return "", &fault{exitUsage, err}
	}
	if desk.URL != "" && !r.emergency {
		return desk.command(ctx, r)
	}
	emergency, err := run.LoadEmergency()
	if err != nil {
		return "", &fault{exitUsage, err}
	}
	now := time.Now().UTC()
	e, err := event.New(contract.FailoverCommanded, event.NewID(event.DayOf(now), "command", rand.Text()), contract.Operations, "command", messages.Command{
		Command: r.command, Provider: r.provider, Instance: r.instance, By: run.EmergencyCaller(), Why: r.why,
	})
	if err != nil {
		return "", err
	}
	e.Correlation, e.Time, e.Source = e.ID, now, "failover/command"
	bounded, cancel := context.WithTimeout(ctx, publishBound)
	defer cancel()
	if err := emergency.Give(bounded, messages.Commands(), e); err != nil {
		return "", &fault{exitUnreachable, err}
	}
	return e.ID, nil
}

// answer waits until failover has taken or refused a command.
func (c *client) answer(ctx context.Context, id string) error {
	var a view.Answer
	err := c.until(ctx, answerBound, func() (bool, error) {
		err := c.get(ctx, "/commands/"+id, &a)
		return a.Handled, err
	})
	switch {
	case err != nil:
		return err
	case !a.Handled:
		return faultf(exitUnreachable, "failover has the command and does not answer it: is it away, or its database?")
	case !a.Accepted:
		return faultf(exitRefused, "refused: %s", a.Text)
	}
	return nil
}

// until looks again and again, within a bound, until look says that it is so.
func (c *client) until(ctx context.Context, bound time.Duration, look func() (bool, error)) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	end := time.After(bound)
	for {
		if so, err := look(); so || err != nil {
			return err
		}
		select {
		case <-tick.C:
		case <-end:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
