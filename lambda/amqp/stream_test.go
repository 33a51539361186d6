package amqp_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	amqp091 "github.com/rabbitmq/amqp091-go"

	"fxcore/lambda/amqp"
	"fxcore/lambda/testkit"
)

// One reader begins when there is nothing yet, the other when all is there. A queue that is bound to the same messages has
// them all as well.
func TestEachReaderOfAStreamGetsAll(t *testing.T) {
	bus := startWith(t, amqp.Config{URL: testkit.AMQP(t), Prefetch: 8}, streaming(aDay))
	early, late, worker := &tape{}, &tape{}, newSeen()
	follow(t, bus, amqp.First, early.Read)
	asks := ask(t, 100)
	publishEach(t, bus, asks)
	early.expect(t, asks)
	follow(t, bus, amqp.First, late.Read)
	late.expect(t, asks)
	consume(t, bus, "thing", worker)
	worker.await(t, len(asks))
	drained(t, bus, "thing", amqp.ErrorQueue, amqp.UnroutableQueue)
}

// The reader has handled the first ten, in the middle of what the broker stored together, and keeps that offset.
func TestAReaderGoesOnFromTheOffsetThatItKept(t *testing.T) {
	bus := startWith(t, amqp.Config{URL: testkit.AMQP(t), MaxBatch: 1}, streaming(aDay))
	asks := ask(t, 40)
	publishEach(t, bus, asks[:20])
	before := &tape{}
	stop := follow(t, bus, amqp.First, before.upTo(10))
	before.expect(t, asks[:10])
	stop()
	publishEach(t, bus, asks[20:])
	after := &tape{}
	follow(t, bus, before.next(), after.Read)
	after.expect(t, asks[10:])
}

// A reader of the newest gets it, maybe with some before it, and all that comes later.
func TestAReaderOfTheNewest(t *testing.T) {
	bus := startWith(t, amqp.Config{URL: testkit.AMQP(t)}, streaming(aDay))
	asks := ask(t, 20)
	publishEach(t, bus, asks[:10])
	all := &tape{}
	follow(t, bus, amqp.First, all.Read)
	all.expect(t, asks[:10]) // so they are all to be read
	newest := &tape{}
	follow(t, bus, amqp.Last, newest.Read)
	awaitIDs(t, newest, 1)
	publishEach(t, bus, asks[10:])
	all.expect(t, asks)
	awaitID(t, newest, asks[19].ID)
	if got, all := newest.ids(), idsOf(asks); !slices.Equal(got, all[20-len(got):]) || len(got) < 11 {
		t.Errorf("the reader of the newest got %v", got)
	}
}

// A reader of the newest has begun at an empty stream, and loses its connection. It gets all that comes meanwhile.
func TestAReaderOfTheNewestBeginsAtAnEmptyStream(t *testing.T) {
	server := testkit.AMQP(t)
	proxy, address := testkit.Through(t, server)
	bus, log := startLogged(t, amqp.Config{URL: address}, streaming(aDay))
	newest := &tape{}
	follow(t, bus, amqp.Last, newest.Read)
	log.await(t, "reader of a stream begins", "stream=journal")
	proxy.Cut()
	asks := ask(t, 20)
	publishEach(t, startWith(t, amqp.Config{URL: server}, streaming(aDay)), asks)
	proxy.Heal()
	newest.expect(t, asks)
}

// What cannot be read has its place as well: the reader is told why and goes on.
func TestAnUnreadableMessageOfAStream(t *testing.T) {
	server := testkit.AMQP(t)
	bus, log := startLogged(t, amqp.Config{URL: server}, streaming(aDay))
	bad := amqp091.Publishing{ContentType: "text/plain", Body: []byte("hello")}
	if err := testkit.Channel(t, server).PublishWithContext(t.Context(), "", journal, false, false, bad); err != nil {
		t.Fatal(err)
	}
	read := &tape{}
	follow(t, bus, amqp.First, read.Read)
	testkit.Eventually(t, "the unreadable message", 20*time.Second, func() error {
		if len(read.copied()) == 0 {
			return errors.New("not yet")
		}
		return nil
	})
	publish(t, bus, ask(t, 1)...)
	awaitIDs(t, read, 1)
	if entries := read.copied(); entries[0].Err == nil || len(entries[0].Events) > 0 || entries[1].Err != nil {
		t.Errorf("entries: %v", entries)
	}
	log.await(t, "message of a stream cannot be read", "offset=0")
}

// Retention does not wait for readers. The reader gets what is left of the stream, and the loss is logged.
func TestRetentionRemovesWhatWasNotRead(t *testing.T) {
	bus, log := startLogged(t, amqp.Config{URL: testkit.AMQP(t)}, streaming(amqp.Retention{MaxBytes: 2 << 20}))
	early := &tape{}
	asks := ask(t, 3)
	publishEach(t, bus, asks)
	stop := follow(t, bus, amqp.First, early.Read)
	early.expect(t, asks)
	stop()
	testkit.Eventually(t, "retention", 30*time.Second, func() error {
		publishBulk(t, bus, 4<<20)
		if at := oldest(t, bus); at <= early.next() {
			return fmt.Errorf("the stream begins at %d", at)
		}
		return nil
	})
	late := &tape{}
	follow(t, bus, early.next(), late.Read)
	log.await(t, "level=ERROR", "retention has removed messages", "from=3")
	testkit.Eventually(t, "what is left", 20*time.Second, func() error {
		if entries := late.copied(); len(entries) == 0 || entries[0].Offset <= early.next() {
			return errors.New("not yet")
		}
		return nil
	})
}

// The stream was declared anew, and the reader has an offset of the old one.
func TestAnOffsetBeyondTheEndIsLogged(t *testing.T) {
	bus, log := startLogged(t, amqp.Config{URL: testkit.AMQP(t), Heartbeat: time.Second}, streaming(aDay))
	publishEach(t, bus, ask(t, 3))
	follow(t, bus, 5000, (&tape{}).Read)
	log.await(t, "level=ERROR", "does not hand out the last message that was read", "offset=4999")
}

func TestAStreamIsFollowedAndAQueueConsumed(t *testing.T) {
	bus := startWith(t, amqp.Config{URL: testkit.AMQP(t)}, streaming(aDay))
	for what, err := range map[string]error{
		"a stream is consumed":     bus.Consume(t.Context(), journal, newSeen()),
		"a queue is followed":      bus.Follow(t.Context(), "thing", amqp.First, (&tape{}).Read),
		"an offset does not exist": bus.Follow(t.Context(), journal, -2, (&tape{}).Read),
	} {
		if err == nil {
			t.Errorf("no error although %s", what)
		}
	}
}

// A stream with what only other queues can have is refused by name.
func TestAStreamHasNoSingleActiveConsumer(t *testing.T) {
	for name, change := range map[string]func(*amqp.Queue){
		"x-single-active-consumer": func(q *amqp.Queue) { q.SingleActive = true },
		"x-max-length":             func(q *amqp.Queue) { q.Newest = 3 },
	} {
		wrong := streaming(aDay)
		change(&wrong.Queues[len(wrong.Queues)-1])
		bus := amqp.Open(amqp.Config{URL: testkit.AMQP(t)}, wrong, "thing/1", testkit.Log(t))
		testkit.Background(t, bus.Run)
		testkit.Eventually(t, "the refusal of "+name, 20*time.Second, func() error {
			if err := bus.Ready(); err == nil || !strings.Contains(err.Error(), "invalid arg '"+name+"'") {
				return fmt.Errorf("ready: %w", err)
			}
			return nil
		})
	}
}
