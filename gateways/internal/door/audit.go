package door

import (
	"strings"

	"fxcore/lambda/audit"
)

// gateway names the gateway in the audit.
func (e *Entrance[K, S]) gateway() string {
	return strings.ToLower(strings.TrimRight(e.place.Prefix, "_"))
}

// NoteFor makes the entrance note who comes in, and who does not. Call it before Serve.
func (e *Entrance[K, S]) NoteFor(trail *audit.Trail) {
	e.audit, e.Strangers.audit, e.Strangers.gateway = trail, trail, e.gateway()
}

// noteAdmitted notes that a provider has logged on. A provider may do that all the time, so it is counted as a stranger is.
func (e *Entrance[K, S]) noteAdmitted(v Visitor, a Admitted) {
	how := "password, without TLS"
	switch {
	case len(v.Caller.Certificate.Names) > 0:
		how = "password and certificate " + v.Caller.Certificate.Names[0]
	case v.Caller.TLS:
		how = "password"
	}
	e.audit.Stranger(audit.Note{What: "logon.accepted", Outcome: audit.Done, Who: a.Name(), From: v.Caller.Address.String(), About: e.gateway() + " as " + a.Name(), Why: how})
}

// noteWrong notes that somebody who claims a name has not proven it.
func (e *Entrance[K, S]) noteWrong(what string, v Visitor, name string, why error) {
	e.audit.Stranger(audit.Note{
		What: what, Outcome: audit.Refused, Who: name, From: v.Caller.Address.String(), About: e.gateway() + " as " + Printable(name), Why: strings.ReplaceAll(why.Error(), "\n", ", "),
	})
}
