package trial

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"fxcore/scripts/internal/bankday"
	"fxcore/scripts/testbench/oracle"
)

// banksClock is the bank's clock as providers know it. The zero clock is real time.
type banksClock struct {
	mu    sync.Mutex
	ahead time.Duration
	jumps []oracle.Jump
}

func (b *banksClock) now() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return time.Now().Add(b.ahead)
}

func (b *banksClock) reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ahead, b.jumps = 0, nil
}

// follow enters how far the bank's clock is ahead.
func (b *banksClock) follow(ahead time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if ahead <= b.ahead {
		return
	}
	now := time.Now()
	b.jumps = append(b.jumps, oracle.Jump{From: now.Add(b.ahead), To: now.Add(ahead)})
	b.ahead = ahead
}

func (b *banksClock) over() []oracle.Jump {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]oracle.Jump(nil), b.jumps...)
}

// Day moves the bank's clock to the evening, or to the next morning. Providers follow at once.
func (c *Core) Day(ctx context.Context) error {
	bank := bankday.At(c.places.Mainframe)
	at, err := bank.Look(ctx)
	if err != nil {
		return err
	}
	date, timeOfDay := at.NextStop()
	if err := bank.Jump(ctx, date, timeOfDay); err != nil {
		return err
	}
	return c.Follow(ctx)
}

// Follow has providers follow the bank's clock. An order to move it may have been carried out without an answer.
func (c *Core) Follow(ctx context.Context) error {
	at, err := bankday.At(c.places.Mainframe).Look(ctx)
	if err == nil {
		c.bank.follow(at.Ahead())
	}
	return err
}

// Order commands the mainframe's simulator.
func (c *Core) Order(ctx context.Context, path string, values url.Values) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.places.Mainframe+path+"?"+values.Encode(), http.NoBody)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return fmt.Errorf("order the mainframe to %s: %w", path, err)
	}
	defer func() { _ = answer.Body.Close() }()
	if text, _ := io.ReadAll(answer.Body); answer.StatusCode != http.StatusOK {
		return fmt.Errorf("order the mainframe to %s: %s", path, text)
	}
	return nil
}

// known waits until it is known how far the bank's clock is ahead: the simulator may be starting again.
func (t *trial) known(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, t.core.Patience)
	defer cancel()
	for {
		err := t.core.Follow(ctx)
		if err == nil {
			return
		}
		select {
		case <-ctx.Done():
			t.check("recovered", "the mainframe", err)
			return
		case <-time.After(lookPause):
		}
	}
}

const lookPause = 50 * time.Millisecond
