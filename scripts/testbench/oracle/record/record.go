// Package record is what a provider writes down of a run, one JSON object a line: what it sent and what it received.
// scripts/testbench/quickfixj/README.md describes the form; providers written in Go write the same by [Writer].
package record

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/scripts/testbench/oracle"
)

// line is one line. All values are texts, absent ones are left out.
type line struct {
	Type    string `json:"type"` // session, sent, received
	Time    string `json:"time"`
	Session string `json:"session"`
	Ref     string `json:"ref,omitempty"`
	Form    string `json:"form,omitempty"`

	Product  string `json:"product,omitempty"`
	Action   string `json:"action,omitempty"`
	Target   string `json:"target,omitempty"`
	Uses     string `json:"uses,omitempty"`
	For      string `json:"for,omitempty"`
	Quote    string `json:"quote,omitempty"`
	Rest     string `json:"rest,omitempty"`
	Client   string `json:"client,omitempty"`
	Pair     string `json:"pair,omitempty"`
	Currency string `json:"currency,omitempty"`
	Side     string `json:"side,omitempty"`
	Amount   string `json:"amount,omitempty"`
	Rate     string `json:"rate,omitempty"`
	Attempt  string `json:"attempt,omitempty"` // 1; higher after the core had said that it did not take the request

	State   string `json:"state,omitempty"`
	ID      string `json:"id,omitempty"`
	ExecID  string `json:"exec_id,omitempty"`
	Reason  string `json:"reason,omitempty"`
	Text    string `json:"text,omitempty"`
	Seq     string `json:"seq,omitempty"`
	PossDup string `json:"poss_dup,omitempty"`
}

const longest = 1 << 20 // bytes of a line

// Read adds a record's lines to the evidence. name tells records apart. A last line that was cut off, by the death of
// its writer, is left out; any other line that can not be read is an error.
func Read(in io.Reader, name string, e *oracle.Evidence) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, longest)
	var fault error
	for number := 1; lines.Scan(); number++ {
		if fault != nil {
			return fault
		}
		var l line
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			fault = fmt.Errorf("record %s, line %d: %w", name, number, err)
			continue
		}
		if err := l.add(name, e); err != nil {
			return fmt.Errorf("record %s, line %d: %w", name, number, err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("record %s: %w", name, err)
	}
	return nil
}

func (l line) add(name string, e *oracle.Evidence) error {
	switch l.Type {
	case "session":
		return nil
	case "sent":
		s, err := l.sent()
		e.Sent = append(e.Sent, s)
		return err
	case "received":
		a, err := l.received(filepath.Base(name))
		e.Received = append(e.Received, a)
		return err
	}
	return fmt.Errorf("unknown type %q", l.Type)
}

func (l line) sent() (oracle.Sent, error) {
	at, e1 := time.Parse(time.RFC3339Nano, l.Time)
	amount, e2 := number(l.Amount)
	rate, e3 := number(l.Rate)
	return oracle.Sent{
		Session: l.Session, Reference: l.Ref, Form: l.Form, Product: l.Product, Action: l.Action, Target: l.Target,
		Uses: l.Uses, For: l.For, Quote: l.Quote, Rest: l.Rest, Client: l.Client, Pair: l.Pair, Currency: l.Currency, Side: l.Side, Amount: amount, Rate: rate,
		Again: l.Attempt != "" && l.Attempt != "1", At: at,
	}, errors.Join(e1, e2, e3)
}

func number(text string) (decimal.Decimal, error) {
	if text == "" {
		return decimal.Zero, nil
	}
	return decimal.NewFromString(text)
}

func (l line) received(run string) (oracle.Answer, error) {
	at, e1 := time.Parse(time.RFC3339Nano, l.Time)
	seq, e2 := strconv.Atoi(l.Seq)
	return oracle.Answer{
		Run: run, Session: l.Session, Reference: l.Ref, Form: l.Form, State: oracle.State(l.State), ID: l.ID, ExecID: l.ExecID,
		Reason: l.Reason, Text: l.Text, Seq: seq, Again: l.PossDup == "Y", At: at,
	}, errors.Join(e1, e2)
}
