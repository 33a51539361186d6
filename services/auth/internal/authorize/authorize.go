// Package authorize answers each request once: authorised, rejected, or repeated.
package authorize

import (
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/services/auth/internal/authorization"
	"fxcore/services/auth/internal/messages"
	"fxcore/services/auth/internal/store"
)

// Static hands out the static data as it is now.
type Static interface {
	Directory() authorization.Directory
}

// Handler is the inbox handler of the queue auth.
type Handler struct{ static Static }

// New makes a handler that decides on static.
func New(static Static) *Handler { return &Handler{static} }

// Batch is what one batch of requests is decided on.
type Batch struct {
	directory authorization.Directory // one picture for the whole batch
	requests  map[string]messages.Request
	faults    map[string]error // why an event is no request, by event id
	firsts    store.Firsts
	assumed   []store.Claim // claims that are still to be made
}

// Load reads each request once and claims its id. The claim is the first and only write: whether a request came first
// must be settled before it is decided, also between two replicas that get two events of one id at the same moment.
func (h *Handler) Load(b *pgx.Batch, events []event.Event) *Batch {
	s, claims := h.batch(events)
	s.firsts = store.QueueClaims(b, claims)
	return s
}

// Assume takes each request for the first of its id, the earliest of those in the batch. Store makes the claims, and
// where one was made before, nothing of this is stored.
func (h *Handler) Assume(events []event.Event) (*Batch, bool) {
	s, claims := h.batch(events)
	s.firsts = make(store.Firsts, len(claims))
	for _, c := range claims {
		if _, known := s.firsts[c.ID]; !known {
			s.firsts[c.ID] = store.First{Event: c.Event, Digest: c.Digest}
			s.assumed = append(s.assumed, c)
		}
	}
	return s, true
}

// batch reads each request once.
func (h *Handler) batch(events []event.Event) (*Batch, []store.Claim) {
	s := &Batch{
		directory: h.static.Directory(),
		requests:  make(map[string]messages.Request, len(events)),
		faults:    map[string]error{},
	}
	claims := make([]store.Claim, 0, len(events))
	for _, e := range events {
		r, claim, err := read(e)
		if err != nil {
			s.faults[e.ID] = err
			continue
		}
		s.requests[e.ID] = r
		claims = append(claims, claim)
	}
	return s, claims
}

func read(e event.Event) (messages.Request, store.Claim, error) {
	r, err := messages.Read(e)
	if err != nil {
		return messages.Request{}, store.Claim{}, err
	}
	claim := store.Claim{ID: r.ID(), Digest: r.Digest, Event: e.ID, TradeDate: r.TradeDate}
	return r, claim, claim.Validate()
}

// Decide answers one request. Its error means that the event can never be answered.
func (h *Handler) Decide(s *Batch, now time.Time, e event.Event) ([]event.Event, error) {
	if err := s.faults[e.ID]; err != nil {
		return nil, err
	}
	r := s.requests[e.ID]
	first, known := s.firsts[r.ID()]
	switch {
	case !known: // purged in the same moment: its trade date is a month old
		return nil, amqp.Retry(fmt.Errorf("request %s was claimed and is gone", r.ID()))
	case first.Event == e.ID:
		return answer(e, r, decide(r, s.directory, e, now))
	case first.Digest == r.Digest:
		return repeat(e, r)
	default:
		return answer(e, r, usedBefore(r))
	}
}

// Store makes the claims that Assume took for granted. Load has made its own; the answers lie in the inbox rows.
func (h *Handler) Store(b *pgx.Batch, s *Batch) { store.QueueNewClaims(b, s.assumed) }
