package log_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fxcore/lambda/log"
)

func write(t *testing.T, b *log.Buffer, text string) {
	t.Helper()
	if _, err := b.Write([]byte(text + "\n")); err != nil {
		t.Fatal(err)
	}
}

func TestLinesLeaveABufferInOrderAndNumbered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := log.NewBuffer()
		write(t, b, "one")
		go func() {
			time.Sleep(100 * time.Millisecond)
			write(t, b, "two")
		}()
		batch, ok := b.Next(t.Context())
		if !ok || string(batch.Body) != "one\ntwo\n" || batch.First != 1 || batch.Entries != 2 {
			t.Fatalf("%+v", batch)
		}
		write(t, b, "three")
		again, _ := b.Next(t.Context()) // not sent: the same lines, and what has come meanwhile
		if again.First != 1 || !bytes.HasPrefix(again.Body, batch.Body) {
			t.Fatalf("%+v", again)
		}
		b.Sent(batch)
		if rest, _ := b.Next(t.Context()); string(rest.Body) != "three\n" || rest.First != 3 {
			t.Fatalf("%+v", rest)
		}
	})
}

// A line that comes while a batch lingers goes with it. The next call waits for another line.
func TestALineThatWentAlongWakesNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := log.NewBuffer()
		write(t, b, "one")
		go func() {
			time.Sleep(100 * time.Millisecond)
			write(t, b, "two")
			time.Sleep(time.Hour)
			write(t, b, "three")
		}()
		for _, want := range []string{"one\ntwo\n", "three\n"} {
			batch, ok := b.Next(t.Context())
			if !ok || string(batch.Body) != want {
				t.Fatalf("%v, %q, want %q", ok, batch.Body, want)
			}
			b.Sent(batch)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if batch, ok := b.Next(ctx); ok {
			t.Errorf("%+v", batch)
		}
	})
}

func TestAFullBufferDropsNewLinesAndCountsThem(t *testing.T) {
	t.Parallel()
	b := log.NewBuffer()
	entry := strings.Repeat("x", 1<<10)
	for b.Lost() == 0 {
		write(t, b, entry)
	}
	write(t, b, entry)
	if b.Lost() != 2 || b.Dropped() != 2 || b.Dropped() != 0 {
		t.Errorf("lost %d", b.Lost())
	}
	if _, err := b.Reserved().Write([]byte("2 lines were dropped\n")); err != nil || b.Lost() != 2 {
		t.Errorf("%v, lost %d", err, b.Lost())
	}
	kept, last := int64(0), ""
	for {
		ended, end := context.WithCancel(t.Context())
		end()
		batch, ok := b.Next(ended)
		if !ok {
			break
		}
		if batch.First != kept+1 {
			t.Fatalf("first is %d after %d lines", batch.First, kept)
		}
		kept, last = kept+int64(batch.Entries), string(batch.Body)
		b.Sent(batch)
	}
	if !strings.HasSuffix(last, "2 lines were dropped\n") || b.Held() != 0 {
		t.Errorf("held %d", b.Held())
	}
}

func TestManyMayWriteWhileOneSends(t *testing.T) {
	t.Parallel()
	b := log.NewBuffer()
	const writers, each = 8, 500
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for n := range each {
				_, _ = fmt.Fprintf(b, "%d-%d\n", w, n)
			}
		})
	}
	got, ctx := 0, t.Context()
	for got < writers*each {
		batch, _ := b.Next(ctx)
		got += batch.Entries
		b.Sent(batch)
	}
	all.Wait()
	if got != writers*each || b.Lost() != 0 {
		t.Errorf("%d lines, lost %d", got, b.Lost())
	}
}
