package session

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"fxcore/gateways/socket/internal/soup"
)

// errNoSuchSession tells that there is no session of that name, or no longer.
var errNoSuchSession = errors.New("no such session")

// place is where a connection goes on in the provider's messages.
type place struct {
	generation int
	next       int // number of the next message
	last       int // of a session that has ended: its last number; else 0
}

// locate turns a login into a place: in the session that runs, or in one that has ended and is still kept. Where what was asked
// for is not there, because it is no longer kept or was never told, it is the next number that is: the login's answer names
// it. Errors: errNoSuchSession, those of Postgres.
func (s *Session) locate(ctx context.Context, login soup.Login) (place, error) {
	_, running, _ := s.Store.Entry()
	generation, err := generationOf(login.Session, running)
	if err != nil || generation > running {
		return place{}, errNoSuchSession
	}
	p := place{generation: generation}
	end := s.end()
	if generation < running {
		_, p.last, err = s.Store.Kept.Span(ctx, generation, 1)
		if err == nil && p.last == 0 {
			err = errNoSuchSession
		}
		if err != nil {
			return place{}, err
		}
		end = p.last + 1
	}
	p.next = end
	switch {
	case login.Next == 0:
		p.next = max(1, end-1)
	case login.Next < uint64(end):
		p.next, err = s.firstKept(ctx, generation, int(login.Next), end)
	}
	return p, err
}

// end is the number after the last message, which can be read from now on: it is in recent, or in the store.
func (s *Session) end() int {
	s.sending.Lock()
	defer s.sending.Unlock()
	return s.Store.Out.Next()
}

// firstKept is the number of the first message from one on that is still kept.
func (s *Session) firstKept(ctx context.Context, generation, from, end int) (int, error) {
	if _, running, _ := s.Store.Entry(); generation == running && s.recent.has(from) {
		return from, nil
	}
	first, _, err := s.Store.Kept.Span(ctx, generation, from)
	if first == 0 {
		first = end
	}
	return first, err
}

func generationOf(name string, running int) (int, error) {
	if name == "" {
		return running, nil
	}
	digits, ours := strings.CutPrefix(name, "S")
	n, err := strconv.Atoi(digits)
	if !ours || err != nil || n < 1 || Name(n) != name {
		return 0, errNoSuchSession
	}
	return n, nil
}
