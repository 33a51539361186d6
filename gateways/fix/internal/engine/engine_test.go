package engine_test

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/quickfixgo/quickfix"

	"fxcore/gateways/fix/internal/dialect"
	"fxcore/gateways/fix/internal/engine"
	"fxcore/gateways/fix/internal/front"
	"fxcore/gateways/fix/internal/provider"
	"fxcore/gateways/fix/internal/variation"
	"fxcore/gateways/fix/internal/wire"
	"fxcore/gateways/internal/ingest"
	"fxcore/gateways/internal/providerfile"
	"fxcore/gateways/internal/store"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/lambda/testkit"
)

type noRequests struct{}

func (noRequests) Submit(*ingest.Request) bool { return false }

func start(t *testing.T) *engine.Engine {
	t.Helper()
	pool := postgrestest.Schema(t, store.Migrations)
	return startOn(t, pool, 1)
}

// startOn starts an engine for the one session that is in the pool's schema.
func startOn(t *testing.T, pool *pgxpool.Pool, epoch int64) *engine.Engine {
	t.Helper()
	return startWith(t, pool, epoch, testkit.Log(t))
}

func startWith(t *testing.T, pool *pgxpool.Pool, epoch int64, log *slog.Logger) *engine.Engine {
	t.Helper()
	dictionaries, err := dialect.WriteDictionaries(t.TempDir(), variation.Variation{})
	if err != nil {
		t.Fatal(err)
	}
	p := provider.Provider{
		Account: providerfile.Account{ID: "ENGINE"}, BeginString: "FIX.4.4", CompID: "ENGINE", OurCompID: "FXCORE", MaxHeartbeat: time.Minute, Reset: provider.ResetOnRequest,
	}
	s := store.New(pool, engine.SessionID(p).String(), engine.Answer, log)
	if err := s.Open(t.Context(), epoch); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); _ = s.Run(ctx) }()
	e := engine.New(p, s, dialect.New(dialect.Settings{}), func(variation.Variation) (map[string]string, error) { return dictionaries, nil }, noRequests{}, log)
	if err := e.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stopping, release := context.WithTimeout(context.Background(), 10*time.Second)
		defer release()
		if err := e.Close(stopping); err != nil {
			t.Error(err)
		}
		cancel()
		<-done
	})
	return e
}

// Any process of the machine can reach the loopback port. It must get nothing there: answers go through the front,
// which waits until they are durable.
func TestConnectionsMustComeThroughTheFront(t *testing.T) {
	e := start(t)
	through, err := e.Dial(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	direct, err := net.Dial("tcp", through.RemoteAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	if err := through.Close(); err != nil {
		t.Fatal(err)
	}
	logon := wire.Build("FIX.4.4", []byte("35=A\x0149=ENGINE\x0156=FXCORE\x0134=1\x0152="+
		time.Now().UTC().Format("20060102-15:04:05")+"\x0198=0\x01108=30\x01553=u\x01554=p\x01"))
	if _, err := direct.Write(logon); err != nil {
		t.Fatal(err)
	}
	_ = direct.SetReadDeadline(time.Now().Add(10 * time.Second))
	if n, err := direct.Read(make([]byte, 100)); err == nil {
		t.Errorf("got %d bytes", n)
	}
}

func TestASessionHasOneConnection(t *testing.T) {
	e := start(t)
	first, err := e.Dial(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Dial(t.Context(), ""); !errors.Is(err, front.ErrTaken) {
		t.Errorf("error %v", err)
	}
	_ = first.Close()
	_ = first.Close() // again: it frees the session once
	for range 2 {
		next, err := e.Dial(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		_ = next.Close()
	}
}

func TestAnEngineThatIsStoppedTakesNothing(t *testing.T) {
	e := start(t)
	for range 2 {
		if err := e.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := e.Dial(t.Context(), ""); err == nil {
		t.Error("connected")
	}
	if err := e.Send(quickfix.NewMessage(), &store.Cause{}); err == nil {
		t.Error("sent")
	}
	if err := e.Prepare(t.Context()); err != nil {
		t.Errorf("started again: %v", err)
	}
}

// quickfix knows sessions by their name, in one table of the process: whoever sends through an engine that has ended would
// be handed the one that came after it, whose store knows nothing of the message's cause.
func TestAnEngineThatIsStoppedDoesNotSendThroughTheNext(t *testing.T) {
	pool := postgrestest.Schema(t, store.Migrations)
	first := startOn(t, pool, 1)
	if err := first.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	second := startOn(t, pool, 2)
	before := second.Status().NextOut
	if err := first.Send(answer(), &store.Cause{}); err == nil {
		t.Error("sent")
	}
	if now := second.Status().NextOut; now != before {
		t.Errorf("the next engine sends %d after %d: it has taken the message", now, before)
	}
	if err := second.Send(answer(), &store.Cause{}); err != nil {
		t.Error(err)
	}
	if now := second.Status().NextOut; now != before+1 {
		t.Errorf("the next engine sends %d after %d", now, before)
	}
}

func answer() *quickfix.Message {
	m := quickfix.NewMessage()
	m.Header.SetString(35, "8")
	return m
}
