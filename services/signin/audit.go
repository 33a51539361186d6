package signin

import (
	"net/http"
	"slices"

	"fxcore/lambda/audit"
	"fxcore/services/contract/access"
	"fxcore/services/contract/rights"
	"fxcore/services/web"
)

// noted are the actions whose use the audit has, although they change nothing: they show what others wrote, or did. A command is a message
// of its own, which the audit takes.
func noted() []rights.Action {
	return []rights.Action{rights.ViewOriginals, rights.ViewJournal, rights.ReadAudit, rights.ViewErrors}
}

// note notes a refusal, and the use of a right that is noted. A page asks every few seconds, so equal notes are counted.
func (g *Guard) note(who Caller, refusal *web.Problem, from string, action rights.Action) {
	n := audit.Note{Who: who.User, From: from, About: string(action) + " at " + g.audience}
	switch {
	case refusal == nil && slices.Contains(noted(), action):
		n.What, n.Outcome = "right.used", audit.Done
	case refusal != nil && refusal.Status == http.StatusForbidden:
		n.What, n.Outcome, n.Why = "right.refused", audit.Refused, refusal.Code
		n.About += " by " + who.User
	case refusal != nil && refusal.Status == http.StatusUnauthorized:
		n.What, n.Outcome, n.Why = "token.unknown", audit.Refused, refusal.Code
	default:
		return
	}
	g.Audit.Stranger(n)
}

// noteRefused notes that somebody has not proven who it is. The name is a stranger's.
func (s *SignIn) noteRefused(from string, r access.Refused, claimed string) {
	s.Guard.Audit.Stranger(audit.Note{
		What: "signin.refused", Outcome: audit.Refused, Who: claimed, From: from, About: s.cfg.Audience + " as " + claimed, Why: r.Code,
	})
}

// noteIssued notes from where a token was asked for. auth's message tells the rest.
func (s *SignIn) noteIssued(from, user, grant string) {
	s.Guard.Audit.Stranger(audit.Note{What: "signin.accepted", Outcome: audit.Done, Who: user, From: from, About: s.cfg.Audience + " as " + user, Why: grant})
}
