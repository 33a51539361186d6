package month

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Bounds of a day's trading.
const (
	enoughBound = 10 * time.Minute // until as many trades are registered as are wanted
	answerBound = 90 * time.Second // for the last answers
	lookEvery   = 250 * time.Millisecond
)

// counts are registered trades, by how they came in.
type counts struct{ fix, socket, api int }

func (c counts) all() int { return c.fix + c.socket + c.api }

func (c counts) minus(other counts) counts {
	return counts{c.fix - other.fix, c.socket - other.socket, c.api - other.api}
}

func (c counts) String() string {
	return fmt.Sprintf("%d trades (FIX %d, socket %d, API %d)", c.all(), c.fix, c.socket, c.api)
}

// trade lets all providers trade until enough trades of the day are registered, and waits for their answers.
func (m *month) trade(ctx context.Context) (counts, error) {
	before, err := m.registered(ctx)
	if err != nil {
		return counts{}, err
	}
	trading, halt := context.WithCancel(ctx)
	defer halt()
	failed := make([]error, len(m.seats))
	var wait sync.WaitGroup
	for i, s := range m.seats {
		wait.Go(func() { failed[i] = s.Trade(trading, s.perSecond) })
	}
	err = m.enough(ctx, before.all()+m.Trades)
	halt()
	wait.Wait()
	if err = errors.Join(err, errors.Join(failed...)); err != nil {
		return counts{}, err
	}
	waiting, cancel := context.WithTimeout(ctx, answerBound)
	defer cancel()
	for _, s := range m.seats {
		if err := s.Finish(waiting); err != nil {
			return counts{}, err
		}
	}
	after, err := m.registered(ctx)
	return after.minus(before), err
}

func (m *month) enough(ctx context.Context, want int) error {
	ctx, cancel := context.WithTimeout(ctx, enoughBound)
	defer cancel()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		now, err := m.registered(ctx)
		if err != nil || now.all() >= want {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%d of %d trades are registered; of those refused: %q: %w", now.all(), want, m.refused(3), ctx.Err())
		case <-tick.C:
		}
	}
}

func (m *month) registered(ctx context.Context) (c counts, err error) {
	err = m.conn.QueryRow(ctx, `select count(*) filter (where provider <> 'API' and provider not like 'STEST%'),
		count(*) filter (where provider like 'STEST%'), count(*) filter (where provider = 'API')
		from trading.trade where version = 1`).Scan(&c.fix, &c.socket, &c.api)
	if err != nil {
		err = fmt.Errorf("count trades: %w", err)
	}
	return c, err
}

// refused returns the last reasons of refusals that no mistake of a provider explains, n of each provider.
func (m *month) refused(n int) []string {
	var all []string
	for _, s := range m.seats {
		texts := s.Progress().Rejected
		all = append(all, texts[max(0, len(texts)-n):]...)
	}
	return all
}
