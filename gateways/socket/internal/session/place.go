package session

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"fxcore/gateways/socket/internal/soup"
)

// errNoSuchSession means that there is no session of that name, or that it was purged.
var errNoSuchSession = errors.New("no such session")

// place is the position in the provider's messages at which a connection continues.
type place struct {
	generation int
	next       int // number of the next message
	last       int // the last number, if the session has ended; else 0
}

// locate returns the place that a login asks for, in the current session or in an ended one that is still kept. If the message
// with the wanted number was purged or never existed, the place is the next number that can be read. The answer to the login
// names that number. Errors: errNoSuchSession; those of Postgres.
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

// end returns the number after the last message. All messages before it can be read, from recent or from the store.
func (s *Session) end() int {
	s.sending.Lock()
	defer s.sending.Unlock()
	return s.Store.Out.Next()
}

// firstKept returns the first number that is not below from and whose message is still kept.
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
