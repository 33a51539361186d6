package engine

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/quickfixgo/quickfix"
	"github.com/quickfixgo/quickfix/config"

	"fxcore/gateways/fix/internal/dialect"
	"fxcore/gateways/fix/internal/provider"
)

const portTries = 20

// Prepare makes the acceptor listen, unless it does already. The store must be open before the first connection.
func (e *Engine) Prepare(ctx context.Context) error {
	if e.runs() {
		return nil
	}
	if _, err := e.syntax(); err != nil {
		return err
	}
	paths, err := e.dictionaries(e.provider.Variation)
	if err != nil {
		return fmt.Errorf("engine of %s: %w", e.provider.ID, err)
	}
	settings := e.settings(paths)
	acceptor, err := quickfix.NewAcceptor(application{e}, messages{e.store, e}, settings, logs{e.log})
	if err != nil {
		return fmt.Errorf("engine of %s: %w", e.provider.ID, err)
	}
	acceptor.SetConnectionValidator(e)
	for range portTries {
		var address string
		if address, err = freeAddress(ctx); err != nil {
			break
		}
		_, port, _ := net.SplitHostPort(address) // in the form that the listener gave
		settings.GlobalSettings().Set(config.SocketAcceptPort, port)
		if err = acceptor.Start(); err == nil {
			e.mu.Lock()
			defer e.mu.Unlock()
			e.acceptor, e.address, e.stopping = acceptor, address, false
			return nil
		}
	}
	_ = quickfix.UnregisterSession(e.id)
	return fmt.Errorf("engine of %s: %w", e.provider.ID, err)
}

func (e *Engine) runs() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.acceptor != nil
}

// freeAddress returns a free port on loopback. If another process takes it first, Prepare tries the next one.
func freeAddress(ctx context.Context) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// Close logs the provider out and ends the acceptor. It returns when ctx ends, at the latest.
func (e *Engine) Close(ctx context.Context) error {
	e.mu.Lock()
	acceptor := e.acceptor
	e.acceptor, e.address, e.stopping = nil, "", true
	e.mu.Unlock()
	e.owed.close()
	if acceptor == nil {
		return nil
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		e.stop(ctx, acceptor)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("stop engine of %s: %w", e.provider.ID, ctx.Err())
	}
}

// stop stops the acceptor and takes its session out of quickfix's registry. That may take longer than ctx allows: quickfix first sends
// a Logout and waits for the provider's, and on a machine without processor time each step waits for its turn. Nothing waits for it.
func (e *Engine) stop(ctx context.Context, acceptor *quickfix.Acceptor) {
	began := time.Now()
	acceptor.Stop()
	_ = quickfix.UnregisterSession(e.id) // Stop knows the session without its qualifier
	if ctx.Err() != nil {
		e.log.Info("engine ended late", "event.duration", time.Since(began))
	}
}

func (e *Engine) settings(dictionaries map[string]string) *quickfix.Settings {
	settings, session := quickfix.NewSettings(), quickfix.NewSessionSettings()
	settings.GlobalSettings().Set(config.SocketAcceptHost, "127.0.0.1")
	session.Set(config.BeginString, e.provider.BeginString)
	session.Set(config.SenderCompID, e.provider.OurCompID)
	session.Set(config.TargetCompID, e.provider.CompID)
	session.Set(config.SessionQualifier, e.id.Qualifier)
	session.Set(config.TimeStampPrecision, "MICROS")
	session.Set(config.PersistMessages, "Y")
	session.Set(config.MaxLatency, strconv.Itoa(int(maxLatency/time.Second)))
	if e.provider.BeginString == provider.FIXT11 {
		session.Set(config.DefaultApplVerID, e.provider.DefaultApplVerID)
		session.Set(config.TransportDataDictionary, dictionaries[dialect.FIXT11])
		session.Set(config.AppDataDictionary, dictionaries[dialect.FIX50SP2])
	} else {
		session.Set(config.DataDictionary, dictionaries[dialect.FIX44])
	}
	if _, err := settings.AddSession(session); err != nil {
		panic(fmt.Sprintf("settings of %s: %v", e.provider.ID, err)) // cannot happen: the provider is valid
	}
	return settings
}
