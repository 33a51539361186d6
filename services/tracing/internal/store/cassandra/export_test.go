package cassandra

import (
	"testing"

	"fxcore/services/tracing/internal/journal"
	"fxcore/services/tracing/internal/store"
)

// Exec runs a statement behind the store's back.
func (s *Store) Exec(t testing.TB, statement string, values ...any) {
	t.Helper()
	session, err := s.connect(t.Context())
	if err == nil {
		err = session.Query(statement, values...).WithContext(t.Context()).Exec()
	}
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// Insert adds a record behind the store's back.
func (s *Store) Insert(t testing.TB, r journal.Record) {
	t.Helper()
	s.Exec(t, insertRecord, int(r.Day), r.Chain, r.Seq, r.Correlation, r.ID, r.Causation, r.Traceparent, r.Type, r.Origin, r.Source,
		micro(r.Time), micro(r.Started), r.Client, r.Provider, r.Reference, r.Code, r.Text, r.Payload, r.Hash)
}

// Interrupt appends a chunk and makes nothing of it.
func (s *Store) Interrupt(t testing.TB, c store.Chunk) {
	t.Helper()
	session, err := s.connect(t.Context())
	if err == nil {
		err = s.appendChunk(t.Context(), session, c)
	}
	if err != nil {
		t.Fatal(err)
	}
}
