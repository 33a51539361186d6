package engine

import "github.com/quickfixgo/quickfix"

// Registered returns the ids under which quickfix knows the engine.
func Registered(e *Engine) (ids []quickfix.SessionID) {
	if _, unknown := quickfix.GetMessageStore(e.id); unknown == nil {
		ids = append(ids, e.id)
	}
	return ids
}
