package trial

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"fxcore/lambda/cache"
	"fxcore/scripts/internal/bankday"
	"fxcore/scripts/internal/operator"
	"fxcore/scripts/internal/pause"
	"fxcore/scripts/testbench/oracle"
	"fxcore/services/clock"
)

// banksClock is the bank's clock as providers know it. The zero clock is real time.
type banksClock struct {
	mu    sync.Mutex
	ahead time.Duration
	hurry time.Duration // how far the mainframe's clock is ahead, which hasty providers follow at once
	began time.Time     // the jump that providers do not follow yet, by their clock; zero if there is none
	jumps []oracle.Jump
}

func (b *banksClock) now() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return time.Now().Add(b.ahead)
}

// hasty is the clock of providers that know of a new day before the gateways do: their requests lie in the future, and a gateway refuses
// them by itself. Meanwhile earlier requests may wait for the broker.
func (b *banksClock) hasty() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return time.Now().Add(max(b.ahead, b.hurry))
}

// jumped enters how far the mainframe's clock is ahead.
func (b *banksClock) jumped(ahead time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.hurry = max(b.hurry, ahead)
}

func (b *banksClock) reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ahead, b.hurry, b.began, b.jumps = 0, 0, time.Time{}, nil
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

// Day moves the bank's clock to the evening, or to the next morning. Providers follow after the core, see watch.
func (c *Core) Day(ctx context.Context) error {
	bank := bankday.At(c.places.Mainframe)
	at, err := bank.Look(ctx)
	if err != nil {
		return err
	}
	date, timeOfDay := at.NextStop()
	c.bank.jumping()
	if err := bank.Jump(ctx, date, timeOfDay); err != nil {
		return err
	}
	if at, err := bank.Look(ctx); err == nil { // else its providers follow as all others do
		c.bank.jumped(at.Ahead())
	}
	return nil
}

// The gateways look at the clock in Redis once a second.
const (
	lookPause = 100 * time.Millisecond
	late      = 1500 * time.Millisecond // after the clock in Redis has changed
)

// watch has providers follow the bank's clock until ctx ends: as it is in Redis, a little later than the gateways. For a gateway that does
// not know of the new day, a request of the new day lies in the future. While the broker is away, nobody knows of it.
func (b *banksClock) watch(ctx context.Context, redis string) error {
	rdb, err := cache.Open(cache.Config{URL: redis, PoolSize: 1, DialTimeout: time.Second, Timeout: time.Second})
	if err != nil {
		return err
	}
	defer func() { _ = rdb.Close() }()
	bank := clock.Open(rdb, clock.Config{MayRunAhead: true})
	var running sync.WaitGroup
	defer running.Wait()
	running.Go(func() { _ = bank.Run(ctx) })
	for ctx.Err() == nil {
		ahead := time.Until(bank.Now()).Round(time.Second)
		if ahead > b.offset() && pause.For(ctx, late) {
			b.follow(ahead)
		}
		pause.For(ctx, lookPause)
	}
	return nil
}

func (b *banksClock) offset() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.ahead
}

// Order commands the mainframe's simulator.
func (c *Core) Order(ctx context.Context, path string, values url.Values) error {
	answer, err := operator.Do(ctx, http.MethodPost, c.places.Mainframe, path+"?"+values.Encode())
	if err != nil {
		return fmt.Errorf("order the mainframe to %s: %w", path, err)
	}
	defer func() { _ = answer.Body.Close() }()
	if text, _ := io.ReadAll(answer.Body); answer.StatusCode != http.StatusOK {
		return fmt.Errorf("order the mainframe to %s: %s", path, text)
	}
	return nil
}

// known waits until the core knows how far the bank's clock is ahead, and providers follow.
func (t *trial) known(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, t.core.Patience)
	defer cancel()
	for {
		at, err := bankday.At(t.core.places.Mainframe).Look(ctx)
		if known := t.core.bank.offset(); err == nil && known != at.Ahead() {
			err = fmt.Errorf("in Redis the bank's clock is %s ahead, at the mainframe %s", known, at.Ahead())
		}
		if err == nil {
			return
		}
		if !pause.For(ctx, lookPause) {
			t.broken("recovered", "the bank's clock", err)
			return
		}
	}
}
