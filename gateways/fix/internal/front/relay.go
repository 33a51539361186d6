package front

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"
	"time"

	"fxcore/gateways/fix/internal/wire"
	"fxcore/gateways/internal/door"
)

// Bounds of a relay.
const (
	drainTimeout = 5 * time.Second  // for the engine to notice that the provider has disconnected
	engineBound  = 60 * time.Second // for the engine to read what it is sent
	garbledLog   = 100              // one of so many garbled messages of a connection is logged
)

// relay connects a provider's connection with the engine's.
type relay struct {
	front   *Front
	visitor *visitor
	session Session
	conn    net.Conn
	engine  net.Conn
	cutter  *wire.Cutter
	garbled int
	gap     gap
	over    bool      // the session is ending: nothing more is passed on
	reply   chan bool // receives once whether the engine's first message is a Logon

	answered bool      // reply has received; only outward uses it
	begun    time.Time // when the incomplete message began to arrive
	ended    error     // why the relay ended
}

// Serve relays in both directions until either side ends.
func (v *visitor) Serve(ctx context.Context) {
	r := &relay{front: v.front, visitor: v, session: v.session, conn: v.Caller.Conn, engine: v.engine, cutter: v.cutter, reply: make(chan bool, 1)}
	defer r.note(v)()
	gone, hangUp := context.WithCancelCause(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		hangUp(r.outward(gone))
		_ = r.conn.SetReadDeadline(time.Now()) // inward checks gone after it has set its own deadline
	}()
	hangUp(r.inward(gone, v.logon))
	door.CloseWrite(r.engine)
	<-done
	_ = r.engine.Close() // frees the session
	door.Linger(r.conn)
	r.ended = context.Cause(gone)
}

// note logs the beginning of a session's connection. It returns the function that logs its end.
func (r *relay) note(v *visitor) func() {
	if v.refused {
		return func() {}
	}
	began, from := time.Now(), v.Caller.Address.String()
	r.front.Say(v.Name(), func(log *slog.Logger) { log.Info("provider connected", "client.ip", from) })
	return func() {
		r.front.Say(v.Name(), func(log *slog.Logger) {
			log.Info("provider disconnected", "client.ip", from, "event.reason", reason(r.ended), "event.duration", time.Since(began))
		})
	}
}

var errEnded = errors.New("ended by the session")

func reason(err error) string {
	switch {
	case errors.Is(err, io.EOF):
		return "closed by the provider"
	case errors.Is(err, os.ErrDeadlineExceeded):
		return "timeout: " + err.Error()
	}
	return wire.Masked(err.Error())
}
