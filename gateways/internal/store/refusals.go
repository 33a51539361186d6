package store

import (
	"context"
	_ "embed"
	"maps"

	"github.com/jackc/pgx/v5"
)

//go:embed queries/refused.sql
var refusedQuery string

// Bounds of the memory of refused messages.
const (
	maxRefused  = 100_000 // a message that is refused beyond it may be refused again by the next holder
	keptRefused = 4_096   // numbers below the next one; see Refused
)

// refusal names a message that was refused.
type refusal struct{ generation, number int }

// refusals has the messages that were refused, by their contents.
type refusals struct {
	known  map[int]string     // by number, in the present generation
	fresh  map[refusal]string // not yet in a commit
	pruned int                // the number that was to be stored as the next incoming one when known was pruned last
}

// Refused reports whether this message was refused, by this holder of the session or an earlier one. The number alone does not tell: a
// provider that has lost its numbers may send another message under it. content is the SHA-256 of what its sender does not
// change when it sends the message again. It is known as long as the message may be asked for again, and for the last 4,096 numbers.
func (s Incoming) Refused(number int, content []byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	before, refused := s.refused.known[number]
	return refused && before == string(content)
}

// refuse notes the message that a cause refuses. The note is stored in the commit of the refusal. The caller holds mu.
func (s *session) refuse(cause *Cause) {
	if cause.Refuses == 0 || cause.Generation != s.row.generation {
		return
	}
	r := &s.refused
	if r.known == nil {
		r.known = map[int]string{}
	}
	if stored := s.received(); len(r.known) >= maxRefused && r.pruned != stored {
		maps.DeleteFunc(r.known, func(number int, _ string) bool { return number < stored-keptRefused })
		r.pruned = stored
	}
	if len(r.known) < maxRefused {
		r.known[cause.Refuses] = string(cause.Content)
		r.store(cause.Generation, cause.Refuses)
	}
}

func (r *refusals) store(generation, number int) {
	if r.fresh == nil {
		r.fresh = map[refusal]string{}
	}
	r.fresh[refusal{generation, number}] = r.known[number]
}

// take returns what the next commit must store.
func (r *refusals) take() map[refusal]string {
	fresh := r.fresh
	r.fresh = nil
	return fresh
}

// forget drops the refused messages: the incoming numbers begin again at 1.
func (r *refusals) forget() { r.known = nil }

// restate stores the refused messages once more, under a new generation: the incoming numbers go on in it.
func (r *refusals) restate(generation int) {
	for number := range r.known {
		r.store(generation, number)
	}
}

// columns returns refused messages as the arguments of queries/commit.sql.
func columns(refused map[refusal]string) (generations, numbers []int32, contents [][]byte) {
	for r, content := range refused {
		generations, numbers = append(generations, int32(r.generation)), append(numbers, int32(r.number)) //nolint:gosec // such numbers fit
		contents = append(contents, []byte(content))
	}
	return generations, numbers, contents
}

// readRefused reads the messages that earlier holders have refused and that the provider may send again.
func (s *session) readRefused(ctx context.Context, r row) (map[int]string, error) {
	rows, err := s.pool.Query(ctx, refusedQuery, r.id, r.generation, r.nextIn-keptRefused, maxRefused)
	if err != nil {
		return nil, err
	}
	known := map[int]string{}
	var number int
	var content []byte
	_, err = pgx.ForEachRow(rows, []any{&number, &content}, func() error {
		known[number] = string(content)
		return nil
	})
	return known, err
}
