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
	began time.Time // the jump that providers do not follow yet, by their clock; zero if there is none
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
	b.ahead, b.began, b.jumps = 0, time.Time{}, nil
}

// jumping notes that the clock jumps now.
func (b *banksClock) jumping() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.began.IsZero() {
		b.began = time.Now().Add(b.ahead)
	}
}

// follow enters how far the bank's clock is ahead.
func (b *banksClock) follow(ahead time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if ahead <= b.ahead {
		return
	}
	b.jumps = append(b.jumps, oracle.Jump{From: b.began, To: time.Now().Add(ahead)})
	b.ahead, b.began = ahead, time.Time{}
}

func (b *banksClock) over() []oracle.Jump {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]oracle.Jump(nil), b.jumps...)
}

// late is how long after a jump providers follow. The core needs up to two seconds: until then a request of the new day lies in the
// future for a gateway.
const late = 2500 * time.Millisecond

// Day moves the bank's clock to the evening, or to the next morning. Providers follow a little later.
func (c *Core) Day(ctx context.Context) error {
	bank := bankday.At(c.places.Mainframe)
	at, err := bank.Look(ctx)
	if err != nil {
		return err
	}
	date, timeOfDay := at.NextStop()
	c.bank.jumping()
	err = bank.Jump(ctx, date, timeOfDay)
	following := context.WithoutCancel(ctx)
	time.AfterFunc(late, func() { _ = c.Follow(following) }) // if it cannot be known now, it is known after the run
	return err
}

// Follow has providers follow the bank's clock. An order to move it may have been carried out without an answer.
func (c *Core) Follow(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, late)
	defer cancel()
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
