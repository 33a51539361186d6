package trial

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"fxcore/scripts/internal/stack"
	"fxcore/scripts/internal/witness"
	"fxcore/scripts/testbench/faults/internal/schedule"
	"fxcore/scripts/testbench/faults/internal/traffic"
)

// Holder returns the gateway's instance that serves a provider, such as fix-2. It returns an error if none does.
func (c *Core) Holder(ctx context.Context, gateway, provider string) (string, error) {
	holds, _, err := c.instances(ctx, gateway, provider)
	if err == nil && holds == "" {
		err = fmt.Errorf("no instance of %s serves %s", gateway, provider)
	}
	return holds, err
}

// instances asks each instance of a gateway whether it serves the provider. It returns the id of one that does and of
// one that does not.
func (c *Core) instances(ctx context.Context, gateway, provider string) (holds, other string, err error) {
	r, err := c.stack.Record()
	if err != nil {
		return "", "", err
	}
	for _, p := range r.Processes {
		switch {
		case p.Name != gateway || p.PID == 0:
		case serves(ctx, p, provider):
			holds = p.ID()
		default:
			other = p.ID()
		}
	}
	return holds, other, nil
}

func serves(ctx context.Context, p stack.Process, provider string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.Health+"/active/"+provider, nil)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	_ = response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// LoggedOn returns since when a provider is logged on, as the instance says that serves it.
func (c *Core) LoggedOn(ctx context.Context, gateway, provider string) (since time.Time, err error) {
	holder, err := c.Holder(ctx, gateway, provider)
	if err != nil {
		return since, err
	}
	p, err := c.stack.Process(holder)
	if err != nil {
		return since, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.Health+"/status", nil)
	if err != nil {
		return since, fmt.Errorf("ask %s: %w", holder, err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return since, fmt.Errorf("ask %s: %w", holder, err)
	}
	defer func() { _ = response.Body.Close() }()
	var status struct {
		Counters map[string]int64 `json:"counters"`
	}
	if err := json.NewDecoder(response.Body).Decode(&status); err != nil {
		return since, fmt.Errorf("ask %s: %w", holder, err)
	}
	if status.Counters["provider."+provider+".logged_on"] == 0 {
		return since, fmt.Errorf("%s is not logged on at %s", provider, holder)
	}
	return time.UnixMilli(status.Counters["provider."+provider+".since"]), nil
}

// Move lets on-call move a provider's session to the instance that does not hold it.
func (c *Core) Move(ctx context.Context, provider, gateway string) error {
	holds, to, err := c.instances(ctx, gateway, provider)
	switch {
	case err != nil:
		return err
	case holds == "" || to == "":
		return fmt.Errorf("%s cannot move: instance %q serves it, and the other one is %q", provider, holds, to)
	}
	return c.Command(ctx, "failover", "move", provider, to)
}

// Drain lets on-call drain an instance of a gateway.
func (c *Core) Drain(ctx context.Context, instance string) error {
	return c.Command(ctx, "failover", "drain", instance)
}

// Kill kills a process. The supervisor starts it again.
func (c *Core) Kill(id string) error {
	_, err := c.stack.Kill(id)
	return err
}

// AwaitReady waits until every process is ready.
func (c *Core) AwaitReady(ctx context.Context) error { return c.stack.AwaitReady(ctx) }

// Command runs one of our programs with the settings of its service, as on-call does. If the program fails, the error
// contains its output.
func (c *Core) Command(ctx context.Context, program string, args ...string) error {
	_, err := c.stack.Command(ctx, program, args...)
	return err
}

// Stream makes a stream whose provider connects directly to the core, without a link.
func (c *Core) Stream(s schedule.Stream, run string) (traffic.Stream, error) {
	door, err := c.address(s.Kind)
	if err != nil {
		return nil, err
	}
	return traffic.Open(s, traffic.Setting{
		Run: run, Records: c.records(), Postgres: c.places.Postgres, Door: door, Folder: c.folder, Board: &witness.Board{}, Clock: c.bank.now,
	})
}
