package engine

import (
	"fmt"

	"fxcore/gateways/fix/internal/dialect"
	"fxcore/gateways/fix/internal/provider"
	"fxcore/gateways/fix/internal/syntax"
	"fxcore/gateways/fix/internal/wire"
)

// Read returns a provider's message as the acceptor must get it, or the reason to refuse it.
func (e *Engine) Read(msg []byte) (forEngine []byte, why *wire.Fault) {
	rules, err := e.syntax()
	if err != nil {
		return msg, wire.Check(msg) // cannot happen: Prepare has read them
	}
	if forEngine, lenient := rules.Lenient(msg); lenient {
		return forEngine, nil
	}
	if why := wire.Check(msg); why != nil {
		return nil, why
	}
	forEngine, why = rules.Read(msg)
	if why == nil {
		e.keepReceived(msg, forEngine)
	}
	return forEngine, why
}

// Logon returns a Logon as the acceptor must get it, or why it must be refused.
func (e *Engine) Logon(msg []byte) (forEngine []byte, refusal string) {
	rules, err := e.syntax()
	if err != nil {
		return nil, "logon refused: the session is not ready: log on again in a moment"
	}
	return rules.Logon(msg)
}

// syntax returns the rules of the provider's dialect. It reads them from the dictionaries when they are needed first.
func (e *Engine) syntax() (*syntax.Rules, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.rules != nil {
		return e.rules, nil
	}
	paths, err := e.dictionaries(e.provider.Variation)
	if err != nil {
		return nil, fmt.Errorf("engine of %s: %w", e.provider.ID, err)
	}
	transport, app := "", paths[dialect.FIX44]
	if e.provider.BeginString == provider.FIXT11 {
		transport, app = paths[dialect.FIXT11], paths[dialect.FIX50SP2]
	}
	if e.rules, err = syntax.Load(transport, app); err != nil {
		return nil, fmt.Errorf("engine of %s: %w", e.provider.ID, err)
	}
	return e.rules, nil
}
