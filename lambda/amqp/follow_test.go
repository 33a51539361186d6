package amqp_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
)

// Connections are cut while messages are published and read. The reader misses nothing, and gets nothing again that it has
// handled.
func TestAReaderSurvivesBrokenConnections(t *testing.T) {
	proxy, address := testkit.Through(t, testkit.AMQP(t))
	bus := startWith(t, amqp.Config{URL: address, Prefetch: 8, MaxBatch: 4}, streaming(aDay))
	read := &tape{}
	follow(t, bus, amqp.First, read.Read)
	const rounds, each = 5, 100
	asks := ask(t, rounds*each)
	published := make(chan error, 1)
	for round := range rounds {
		part := asks[round*each : (round+1)*each]
		go func() { published <- publishAll(t.Context(), bus, part) }()
		awaitIDs(t, read, round*each+10) // in mid-flow
		proxy.Cut()
		proxy.Heal()
		if err := <-published; err != nil {
			t.Fatal(err)
		}
	}
	awaitIDs(t, read, len(asks))
	if got := firstTimes(read.ids()); !slices.Equal(got, idsOf(asks)) {
		t.Errorf("the reader got %d events, want %d in their order: %v", len(got), len(asks), got)
	}
	entries := read.copied()
	for i, e := range entries[1:] {
		if e.Offset <= entries[i].Offset {
			t.Errorf("offset %d came after %d", e.Offset, entries[i].Offset)
		}
	}
}

// publishAll publishes events one after the other.
func publishAll(ctx context.Context, bus *amqp.Bus, events []event.Event) error {
	for _, e := range events {
		if err := bus.Publish(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

// awaitIDs waits until the reader has so many different events.
func awaitIDs(t *testing.T, read *tape, n int) {
	t.Helper()
	testkit.Eventually(t, fmt.Sprintf("%d events", n), 30*time.Second, func() error {
		if got := len(firstTimes(read.ids())); got < n {
			return fmt.Errorf("have %d", got)
		}
		return nil
	})
}

// firstTimes drops what came before: a publisher whose confirm was lost publishes again.
func firstTimes(ids []string) (first []string) {
	seen := map[string]bool{}
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			first = append(first, id)
		}
	}
	return first
}

// The connection ends while the reader is busy with a batch: it gets that batch again, and nothing before it.
func TestAReaderGetsAgainWhatItHadNotHandled(t *testing.T) {
	proxy, address := testkit.Through(t, testkit.AMQP(t))
	bus := startWith(t, amqp.Config{URL: address, MaxBatch: 1}, streaming(aDay))
	asks := ask(t, 20)
	publishEach(t, bus, asks)
	read, refused := &tape{}, 0
	follow(t, bus, amqp.First, func(ctx context.Context, entries []amqp.Entry) error {
		switch n := len(read.copied()); {
		case n == 7 && refused == 0:
			refused++
			proxy.Cut()
			<-ctx.Done() // the reader learns that the connection is lost
			proxy.Heal()
			return ctx.Err()
		case n == 12 && refused < 3:
			refused++
			return errors.New("the store is away")
		}
		return read.Read(ctx, entries)
	})
	read.expect(t, asks)
}
