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
	Now   func() time.Time
	Count func(lines int) // may be nil

	waiting bool // the store did not take the last ones
}

// Receive stores the lines of posts. An error means that none of them may count as stored.
func (l *Lines) Receive(ctx context.Context, posts []amqp.Post) error {
	var lines []line.Line
	for _, p := range posts {
		lines = append(lines, Read(p, l.Now())...)
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

// A post may be so old, and its sender's clock so far ahead. The time of any other post, also of one that names none, is not believed: no
// store has a place for a line of the year 1.
const (
	oldest   = 30 * 24 * time.Hour
	mostSoon = time.Hour
)

// Read returns the lines of a post that is received now. Empty ones are no lines.
func Read(p amqp.Post, now time.Time) []line.Line {
	if p.Time.Before(now.Add(-oldest)) || p.Time.After(now.Add(mostSoon)) {
		p.Time = now
	}
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
