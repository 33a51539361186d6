// Package audit takes what happened to security into the audit: a chain of the journal, with a view of its own.
package audit

import (
	"strings"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/log"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
	"fxcore/services/tracing/internal/payload"
	"fxcore/services/tracing/internal/store"

	"fxcore/services/tracing/internal/journal"
)

// reader says what an event means for the audit.
type reader func(e event.Event, about *store.AuditEntry) error

// readers is the table of what the audit takes. To take another type, add it here: the stream's bindings follow.
func readers() map[event.Type]reader {
	return map[event.Type]reader{
		contract.AuditNoted:          readNoted,
		contract.TokenIssued:         readIssued,
		contract.TokenRevoked:        readRevoked,
		contract.CredentialCommanded: readCredential,
		contract.CommandRefused:      readCommandRefused,
		contract.SessionBarred:       readWord,
		contract.SessionAdmitted:     readWord,
		contract.FailoverCommanded:   readFailover,
		contract.JobCommanded:        readJob,
		contract.SettlementCommanded: readSettlement,
		contract.TradeCommanded:      readTradeCommand,
		contract.ErrorReplayed:       readError,
		contract.ErrorDiscarded:      readError,
	}
}

// The outcomes.
const (
	done    = "done"
	refused = "refused"
)

// Bounds of what the view shows, in bytes. The record has all of it.
const (
	longestName = 100
	longestText = 500
)

// Of returns the record and the entry of an event. The record's place in the chain is not known yet. An event that cannot be read is kept
// all the same, and the entry says so.
func Of(e event.Event, offset int64) store.Audited {
	entry := store.AuditEntry{At: e.Time.UTC().Truncate(time.Microsecond), What: e.Type.Name, Outcome: done, Count: 1, Source: sourceOf(e), ID: e.ID}
	if read, known := readers()[e.Type]; !known {
		entry.Why = "the audit does not know " + e.Type.String()
	} else if err := read(e, &entry); err != nil {
		entry.Why = "it cannot be read: " + err.Error()
	}
	return store.Audited{Offset: offset, Entry: bounded(entry), Record: journal.Record{
		ID: e.ID, Correlation: "audit/" + e.ID, Causation: e.Causation, Traceparent: e.Traceparent, Type: e.Type.String(), Origin: e.Origin,
		Source: sourceOf(e), Time: e.Time, Started: e.Started, Reference: e.Correlation, Payload: payload.Keep(e.ID, e.Data, nil),
	}}
}

// sourceOf returns who published the event. The broker's word stands above the event's own.
func sourceOf(e event.Event) string {
	if program, _, _ := strings.Cut(e.Source, "/"); e.Publisher != "" && program != e.Publisher {
		return e.Publisher + " (as " + log.Printable(e.Source, longestName) + ")"
	}
	return log.Printable(e.Source, longestName)
}

func bounded(e store.AuditEntry) store.AuditEntry {
	for _, name := range []*string{&e.What, &e.Outcome, &e.Who, &e.Address} {
		*name = log.Printable(*name, longestName)
	}
	for _, text := range []*string{&e.About, &e.Why} {
		*text = log.Printable(*text, longestText)
	}
	return e
}

func readNoted(e event.Event, entry *store.AuditEntry) error {
	var n struct {
		What, Outcome, Who, From, About, Why string
		At                                   time.Time
		Count                                int
		Since                                *time.Time
	}
	if err := e.Read(&n); err != nil {
		return err
	}
	entry.What, entry.Outcome, entry.Who, entry.Address, entry.About, entry.Why = n.What, n.Outcome, n.Who, n.From, n.About, n.Why
	entry.Count, entry.Since = max(1, n.Count), n.Since
	return nil
}

func readIssued(e event.Event, entry *store.AuditEntry) error {
	var i access.Issued
	err := e.Read(&i)
	entry.Who, entry.About = i.User, "token "+short(i.TokenHash)
	entry.Why = "as " + strings.Join(i.Roles, ", ") + ", until " + i.ExpiresAt.UTC().Format(time.RFC3339)
	return err
}

func readRevoked(e event.Event, entry *store.AuditEntry) error {
	var r access.Revoked
	err := e.Read(&r)
	entry.Who, entry.Why, entry.About = r.By, r.Reason, "token "+short(r.TokenHash)
	if r.User != "" {
		entry.About = "all tokens of " + r.User
	}
	return err
}

// short names a token by the beginning of its hash.
func short(hash string) string { return hash[:min(len(hash), 12)] }

func readCredential(e event.Event, entry *store.AuditEntry) error {
	var c struct {
		User, Grant, By, Reason string
		Sealed                  []byte
	}
	err := e.Read(&c)
	entry.Who, entry.Why, entry.About = c.By, c.Reason, "credential of "+c.User+" is set"
	if len(c.Sealed) == 0 {
		entry.About = "credential of " + c.User + " is removed"
	}
	return err
}

func readCommandRefused(e event.Event, entry *store.AuditEntry) error {
	var r access.CommandRefused
	err := e.Read(&r)
	entry.Outcome, entry.Who, entry.About, entry.Why = refused, r.User, r.Type, r.Code+": "+r.Text
	return err
}

func readWord(e event.Event, entry *store.AuditEntry) error {
	var w struct{ Provider, By, Why string }
	err := e.Read(&w)
	entry.Who, entry.About, entry.Why = w.By, w.Provider, w.Why
	return err
}

func readFailover(e event.Event, entry *store.AuditEntry) error {
	var c struct{ Command, Provider, Instance, By, Why string }
	err := e.Read(&c)
	entry.Who, entry.About, entry.Why = c.By, words(c.Command, c.Provider, c.Instance), c.Why
	return err
}

func readJob(e event.Event, entry *store.AuditEntry) error {
	var c struct{ Service, Job, Action, By, Reason string }
	err := e.Read(&c)
	entry.Who, entry.About, entry.Why = c.By, words(c.Action, c.Job, c.Service), c.Reason
	return err
}

func readSettlement(e event.Event, entry *store.AuditEntry) error {
	var c struct {
		MovementID                    string `json:"movement_id"`
		Action, By, Reason, Reference string
	}
	err := e.Read(&c)
	entry.Who, entry.About, entry.Why = c.By, words(c.Action, c.MovementID, c.Reference), c.Reason
	return err
}

func readTradeCommand(e event.Event, entry *store.AuditEntry) error {
	var c struct {
		TradeID      string `json:"trade_id"`
		ActionID     string `json:"action_id"`
		Step, Action string
		By, Reason   string
	}
	err := e.Read(&c)
	entry.Who, entry.About, entry.Why = c.By, words(c.Step, c.Action, c.TradeID, "action", c.ActionID), c.Reason
	return err
}

func readError(e event.Event, entry *store.AuditEntry) error {
	var c struct {
		Queue, Type, By, Reason string
		MessageID               string `json:"message_id"`
	}
	err := e.Read(&c)
	entry.Who, entry.About, entry.Why = c.By, words(c.Type, c.MessageID, "of", c.Queue), c.Reason
	return err
}

func words(all ...string) string {
	var some []string
	for _, one := range all {
		if one != "" {
			some = append(some, one)
		}
	}
	return strings.Join(some, " ")
}
