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
	s.Exec(t, insertRecord, recordValues(r)...)
}

// Interrupt appends a chunk and makes nothing of it.
func (s *Store) Interrupt(t testing.TB, c store.Chunk) {
	t.Helper()
	session, err := s.connect(t.Context())
	if err == nil {
		err = s.appendChunks(t.Context(), session, []store.Chunk{c})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Write writes the records of a chunk and does not move the head.
func (s *Store) Write(t testing.TB, c store.Chunk) {
	t.Helper()
	session, err := s.connect(t.Context())
	if err == nil {
		err = s.writeRecords(t.Context(), session, []store.Chunk{c})
	}
	if err != nil {
		t.Fatal(err)
	}
}
