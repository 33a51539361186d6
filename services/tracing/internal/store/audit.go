package store

import (
	"time"

	"fxcore/services/tracing/internal/journal"
)

// Audited is one event of the audit: its record in the chain, and what the view shows of it.
type Audited struct {
	Record journal.Record
	Offset int64 // of its message in the stream
	Entry  AuditEntry
}

// AuditEntry is a line of the audit, as people see it.
type AuditEntry struct {
	Seq     int64 // its number in the chain
	At      time.Time
	What    string // noun and past participle
	Outcome string
	Who     string
	Address string // from which it came
	About   string // to what it was done
	Why     string
	Count   int        // how many equal ones it stands for
	Since   *time.Time // the first of them; nil for a single one
	Source  string     // the program that says so
	ID      string     // of the message
}

// AuditQuery says which entries are sought. An empty field fits all.
type AuditQuery struct {
	What     string // logon.refused, or all that begins with logon
	Who      string
	Address  string
	About    string // a part of it
	Outcome  string
	From, To time.Time
	Before   int64 // entries with a lower number: the next page
	Limit    int   // at most so many
}
