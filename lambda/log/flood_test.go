package log_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"fxcore/lambda/log"
)

// More lines than a sender can take: nobody waits, and each line is either sent in its turn or counted as dropped.
func TestAFloodIsAccountedFor(t *testing.T) {
	t.Parallel()
	const writers, each = 4, 25_000
	b := log.NewBuffer()
	logger := log.New(log.Both(io.Discard, b), "service", "1", slog.LevelInfo)
	var all sync.WaitGroup
	for range writers {
		all.Go(func() {
			for n := range each {
				logger.Info("something happened", "labels.number", n, "labels.padding", "some words that a line has")
			}
		})
	}
	written := make(chan struct{})
	go func() { all.Wait(); close(written) }()
	<-written // nobody has taken a line
	logger.Info("one more, which there is no room for")
	sent := int64(0)
	for done, end := context.WithCancel(t.Context()); ; {
		end()
		batch, some := b.Next(done)
		if !some {
			break
		}
		if batch.First != sent+1 {
			t.Fatalf("the batch begins with line %d after %d lines", batch.First, sent)
		}
		sent += int64(batch.Entries)
		b.Sent(batch)
	}
	if lost := b.Lost(); sent+lost != writers*each+1 || lost == 0 || b.Dropped() != lost || b.Held() != 0 {
		t.Errorf("%d sent, %d lost of %d, %d held", sent, lost, writers*each+1, b.Held())
	}
}

// A line that is larger than a batch goes alone. One that is larger than the buffer is dropped, and harms no other.
func TestAHugeLineHarmsNoOther(t *testing.T) {
	t.Parallel()
	b := log.NewBuffer()
	w := log.Both(io.Discard, b) // a logger bounds what it writes
	for _, one := range []struct {
		name string
		size int
	}{{"before", 1}, {"large", 1 << 20}, {"huge", 8 << 20}, {"after", 1}} {
		if _, err := fmt.Fprintf(w, `{"message":"%s","labels.text":"%s"}`+"\n", one.name, strings.Repeat("x", one.size)); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"before", "large", "after"} {
		batch, some := b.Next(t.Context())
		if !some || batch.Entries != 1 || !strings.Contains(string(batch.Body[:min(400, len(batch.Body))]), `"message":"`+want+`"`) {
			t.Fatalf("%d lines instead of %q: %.300s", batch.Entries, want, batch.Body)
		}
		b.Sent(batch)
	}
	if b.Lost() != 1 || b.Held() != 0 {
		t.Errorf("%d lost, %d held", b.Lost(), b.Held())
	}
}

// What a line costs who logs it.
func BenchmarkALine(b *testing.B) {
	buffer := log.NewBuffer()
	logger := log.New(log.Both(io.Discard, buffer), "service", "1", slog.LevelInfo)
	done, end := context.WithCancel(b.Context())
	end()
	for b.Loop() {
		logger.Info("something happened", "labels.number", 7, "labels.padding", "some words that a line has")
		if buffer.Held() > 1<<20 {
			batch, _ := buffer.Next(done)
			buffer.Sent(batch)
		}
	}
}
