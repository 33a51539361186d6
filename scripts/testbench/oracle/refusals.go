package oracle

import (
	"strings"

	"fxcore/services/contract/fxdate"
)

// refusal says why a request about a line check was refused.
type refusal string

// The reasons. Protocols have few codes for them, so that the text tells.
const (
	unknown refusal = "refused: there is no such check"
	ended   refusal = "refused: it has ended"
	short   refusal = "refused: too little is left"
)

// refusal returns why a request that names a line check was refused; empty for a reason that has nothing to do with the check.
func (a Answer) refusal(check string) refusal {
	switch {
	case a.State != Rejected, strings.Contains(a.Text, " of the quote "):
		return ""
	case strings.Contains(a.Text, "has no reservation"):
		return unknown
	case strings.Contains(a.Text, "reservation "+check+" ") && strings.Contains(a.Text, "reserve again"):
		return ended
	case strings.Contains(a.Text, " is left"):
		return short
	}
	return ""
}

// sameDay tells whether a line check and a request that names it have one trade date. A reference names nothing on another one.
func sameDay(check *story, s Sent) bool {
	first, _ := check.first()
	return rollover.TradeDate(first.At) == rollover.TradeDate(s.At)
}

var rollover = fxdate.NewRollover()

// knownChecks: a provider whose check was approved before it asked to use it is not told that there is none. Whether it was told
// rightly that the check has ended or holds too little, "reservation accounted for" tells.
func knownChecks(c *Case) []Violation {
	approved := c.approved()
	return c.each(func(st *story) []Violation {
		s, _ := st.first()
		finals := st.finals()
		if s.Target+s.Uses == "" || len(finals) != 1 || finals[0].refusal("") != unknown {
			return nil
		}
		id := c.checkOf(s.Session, s.Target+s.Uses)
		reserve := approved[id]
		if reserve == nil || reserve.session != s.Session {
			return nil
		}
		if a, _ := reserve.accepted(); !a.At.Before(s.At) || !sameDay(reserve, s) {
			return nil
		}
		return []Violation{broken(st.String(), "refused, as if %s had not been approved: %s", id, finals[0].Text)}
	})
}

// ofTheLine are words of linecheck's refusals.
var ofTheLine = []string{
	"line of ", "settlement limit of ", "largest single deal", " allows up to ", "lines allow at most", "has no reservation",
	"reserve again", "is not what was reserved", " is left",
}

// reportsBooked: a trade that was done elsewhere is a fact, so no line and no line check refuses it.
func reportsBooked(c *Case) []Violation {
	return c.each(func(st *story) []Violation {
		s, _ := st.first()
		if useOf(s) != report {
			return nil
		}
		for _, a := range st.withState(Rejected) {
			for _, words := range ofTheLine {
				if strings.Contains(a.Text, words) {
					return []Violation{broken(st.String(), "a report, refused for the line: %s", a.Text)}
				}
			}
		}
		return nil
	})
}
