// Package intake takes log lines off their queue into a store.
package intake

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/log"
	"fxcore/services/logging/internal/line"
)

// Store is where lines go. Write stores each line once, however often it is handed over; it returns nil once they are durable.
type Store interface {
	Write(ctx context.Context, lines []line.Line) error
}

// writeBound bounds one call of the store. Its lines come again after that.
const writeBound = 30 * time.Second

// Lines is a receiver of the queue of log lines.
type Lines struct {
	Store Store
	Log   *slog.Logger
	Count func(lines int) // may be nil

	waiting bool // the store did not take the last ones
}

// Receive stores the lines of posts. An error means that none of them may count as stored.
func (l *Lines) Receive(ctx context.Context, posts []amqp.Post) error {
	var lines []line.Line
	for _, p := range posts {
		lines = append(lines, Read(p)...)
	}
	bounded, cancel := context.WithTimeout(ctx, writeBound)
	defer cancel()
	err := l.Store.Write(bounded, lines)
	l.tell(ctx, err)
	if err == nil && l.Count != nil {
		l.Count(len(lines))
	}
	return err
}

// tell says once that the store is away, and once that it is back.
func (l *Lines) tell(ctx context.Context, err error) {
	switch {
	case err != nil && !l.waiting && ctx.Err() == nil:
		l.Log.WarnContext(ctx, "log lines wait: the store does not take them", log.Error(err))
		l.waiting = true
	case err == nil && l.waiting:
		l.Log.InfoContext(ctx, "log lines are stored again")
		l.waiting = false
	}
}

// Read returns the lines of a post. Empty ones are no lines.
func Read(p amqp.Post) []line.Line {
	id := p.ID
	if id == "" { // from somebody who does not number lines: the same post has the same ids all the same
		sum := sha256.Sum256(p.Body)
		id = hex.EncodeToString(sum[:])
	}
	origin, number := line.ParseOrigin(id)
	var lines []line.Line
	for raw := range bytes.Lines(p.Body) {
		if len(bytes.TrimSpace(raw)) > 0 {
			lines = append(lines, line.Parse(raw, origin, number, p.Time))
		}
		number++
	}
	return lines
}
