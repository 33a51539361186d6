package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"fxcore/gateways/socket/client"
	"fxcore/gateways/socket/message"
)

// converse sends a request and prints every message until the request's final answer, at most for the duration
// patience. Without a request it prints until ctx ends.
func converse(ctx context.Context, c *client.Client, request message.Request, patience time.Duration) error {
	if request != nil {
		bounded, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		ctx = bounded
		go func() { _, _ = c.Send(ctx, request) }() // Next reports what goes wrong in Send
	}
	for {
		m, err := c.Next(ctx)
		if err != nil {
			return fmt.Errorf("wait for the answer: %w", err)
		}
		a, err := m.Answer()
		if err != nil {
			fmt.Printf("%d: %v\n", m.Number, err)
			continue
		}
		show(m.Number, a)
		if request != nil && a.Head().Reference == request.Head().Reference && final(a) {
			return refused(a)
		}
	}
}

func show(number uint64, a message.Answer) {
	text, err := json.Marshal(a)
	if err != nil {
		text = fmt.Append(nil, a)
	}
	fmt.Printf("%d %T %s\n", number, a, text)
}

func final(a message.Answer) bool { return a.Type() != message.TypePending }

// refused returns the reason if the answer refuses the request, so that the exit code tells a script; nil otherwise.
func refused(a message.Answer) error {
	switch a := a.(type) {
	case *message.TradeRejected:
		return errors.New(a.Text)
	case *message.ReportAnswered:
		if a.Outcome == message.Refused {
			return errors.New(a.Text)
		}
	case *message.LineChecked:
		if a.Outcome == message.Refused {
			return errors.New(a.Text)
		}
	case *message.BusinessReject:
		return fmt.Errorf("%s: %s: %s", a.Reason, a.Field, a.Text)
	}
	return nil
}
