// Package audit holds what happened to security in a program until the audit has it. Whoever notes something never waits.
//
// Notes about somebody who has proven who it is are kept one by one. Notes about strangers are counted: what equals another note of the
// same network within a minute is said once, with the number. So nobody who has proven nothing can fill the audit, or push out what
// others have done.
package audit

import (
	"time"

	"fxcore/lambda/log"
)

// Note is one thing that happened. Texts may come from outside: they are made printable and are cut.
type Note struct {
	What    string `json:"what"`            // noun and past participle: logon.refused
	Outcome string `json:"outcome"`         // Done or Refused
	Who     string `json:"who,omitempty"`   // a user, a provider, a program; of a stranger: the name that it claims
	From    string `json:"from,omitempty"`  // its address
	About   string `json:"about,omitempty"` // to what it was done: a session, a right, a queue, a set
	Why     string `json:"why,omitempty"`
}

// The outcomes.
const (
	Done    = "done"
	Refused = "refused"
)

// Entry is a note as it is published.
type Entry struct {
	Note

	At    time.Time  `json:"at"`              // UTC
	Count int        `json:"count"`           // how many equal notes it stands for
	Since *time.Time `json:"since,omitempty"` // of the first of them, if there are several
}

// Bounds of a note's texts, in bytes.
const (
	longestName = 100
	longestText = 500
)

func (n Note) bounded() Note {
	n.What, n.Outcome = log.Printable(n.What, longestName), log.Printable(n.Outcome, longestName)
	n.Who, n.From = log.Printable(n.Who, longestName), log.Printable(n.From, longestName)
	n.About, n.Why = log.Printable(n.About, longestText), log.Printable(n.Why, longestText)
	return n
}
