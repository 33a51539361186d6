package oncall

import (
	"context"
	"fmt"
	"io"
	"time"

	"fxcore/services/failover/internal/plan"
	"fxcore/services/failover/internal/view"
)

// backBound is how long a provider that was logged on is waited for after its move.
const backBound = 5 * time.Second

// command publishes it, and waits until it is taken, and for what it leads to.
func (c *client) command(ctx context.Context, r request, out io.Writer) error {
	var before view.Status
	if err := c.get(ctx, "/status", &before); err != nil {
		return err
	}
	id, err := c.publish(ctx, r)
	if err != nil {
		return err
	}
	if err := c.answer(ctx, id); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(out, "%s: accepted\n", r.command)
	open := opens(r)
	if open == nil {
		return nil
	}
	return c.follow(ctx, r, before, open, out)
}

// opens returns a function that reports whether a request is not yet fulfilled for a provider. It returns nil for a
// command that has nothing to wait for.
func opens(r request) func(view.Provider) bool {
	switch r.command {
	case plan.CommandMove:
		return func(p view.Provider) bool {
			return p.Provider == r.provider && somewhere(p, func(i string) bool { return i != r.instance })
		}
	case plan.CommandDrain:
		return func(p view.Provider) bool { return somewhere(p, func(i string) bool { return i == r.instance }) }
	case plan.CommandFallback:
		return func(p view.Provider) bool {
			return (r.provider == "" || p.Provider == r.provider) && p.Home != "" && somewhere(p, func(i string) bool { return i != p.Home })
		}
	}
	return nil
}

// somewhere tells whether the instance of a session is such, or the one to which a move is under way: the move may have begun before
// the command.
func somewhere(p view.Provider, such func(instance string) bool) bool {
	return such(p.Instance) || p.Move != nil && p.Move.State == string(plan.Requested) && such(p.Move.To)
}

// follow shows each move as it happens and returns when nothing is open any more.
func (c *client) follow(ctx context.Context, r request, before view.Status, open func(view.Provider) bool, out io.Writer) error {
	shown := map[string]bool{}
	old := map[string]view.Provider{}
	for _, p := range before.Providers {
		old[p.Gateway+"/"+p.Provider] = p
		if p.Move != nil {
			shown[p.Move.ID+p.Move.State] = true
		}
	}
	var now view.Status
	err := c.until(ctx, r.wait, func() (bool, error) {
		if err := c.get(ctx, "/status", &now); err != nil {
			return false, err
		}
		left := 0
		for _, p := range now.Providers {
			if open(p) || awaited(p, old[p.Gateway+"/"+p.Provider], shown, now.Now) {
				left++
			} else {
				tell(p, shown, out)
			}
		}
		return left == 0, nil
	})
	if err != nil {
		return err
	}
	return unfinished(now, open, r)
}

// awaited tells whether the provider of a move that is done should be back in a moment.
func awaited(p, before view.Provider, shown map[string]bool, now time.Time) bool {
	m := p.Move
	return m != nil && !shown[m.ID+m.State] && m.State == string(plan.Done) && m.LoggedOnAt.IsZero() && before.LoggedOn &&
		now.Sub(m.TakenAt) < backBound
}

func tell(p view.Provider, shown map[string]bool, out io.Writer) {
	m := p.Move
	if m == nil || m.State == string(plan.Requested) || shown[m.ID+m.State] {
		return
	}
	shown[m.ID+m.State] = true
	_, _ = fmt.Fprintf(out, "%s: %s\n", p.Provider, outcome(m))
}

func outcome(m *view.Move) string {
	way := m.From + " → " + m.To
	switch {
	case m.State == string(plan.Requested):
		return way + " under way"
	case m.State == string(plan.Failed):
		return fmt.Sprintf("%s failed, attempt %d: %s", way, m.Attempt, m.Why)
	case m.LeftAt.IsZero():
		return way
	case m.LoggedOnAt.IsZero():
		return fmt.Sprintf("%s, served again after %d ms, not logged on since", way, m.AwayMS)
	}
	return fmt.Sprintf("%s, logged on again after %d ms", way, m.AwayMS)
}

func unfinished(now view.Status, open func(view.Provider) bool, r request) error {
	for _, p := range now.Providers {
		if open(p) {
			last := "no move is under way: is there an instance to go to?"
			if p.Move != nil {
				last = "last move: " + outcome(p.Move)
			}
			return faultf(exitFailed, "after %s %s is still at %s; %s", r.wait, p.Provider, nobody(p.Instance), last)
		}
	}
	return nil
}

// nobody returns an instance's name for a message, or "no instance" if the name is empty.
func nobody(instance string) string {
	if instance == "" {
		return "no instance"
	}
	return instance
}
