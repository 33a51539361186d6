package oracle

import "time"

// answeredOnce: a request that was sent once has one final answer. One that was sent again by its provider has at least
// one, at most as many as it was sent, and never two different acceptances.
func answeredOnce(c *Case) []Violation {
	return c.each(func(st *story) []Violation {
		finals, id := st.finals(), st.request.String()
		var found []Violation
		switch {
		case len(st.sent) == 0 && len(st.answers) > 0:
			found = append(found, broken(id, "an answer to what was never sent: %s %s", st.answers[0].Form, st.answers[0].Text))
		case len(st.sent) > 0 && len(finals) == 0:
			found = append(found, late(id, "no final answer to %s, sent %s", st.sent[0].Form, st.sent[0].At.Format(clock)))
		case len(finals) > len(st.sent):
			found = append(found, broken(id, "%d final answers to what was sent %d times", len(finals), len(st.sent)))
		}
		accepted := st.withState(Accepted)
		for _, a := range accepted {
			if a.ID != accepted[0].ID || a.ExecID != accepted[0].ExecID {
				found = append(found, broken(id, "accepted as %s %s and as %s %s", accepted[0].ID, accepted[0].ExecID, a.ID, a.ExecID))
			}
		}
		return found
	})
}

const clock = "15:04:05.000"

// inSequence: within a record, the numbers of the messages that a session received only grow. The provider's engine
// drops repeats, so a number that comes twice was given to two messages.
func inSequence(c *Case) []Violation {
	type line struct{ run, session string }
	last := map[line]int{}
	var found []Violation
	for _, a := range c.Received {
		key := line{a.Run, a.Session}
		if a.Seq <= last[key] {
			found = append(found, broken(a.Session+" "+a.Reference, "MsgSeqNum %d after %d", a.Seq, last[key]))
		}
		last[key] = max(last[key], a.Seq)
	}
	return found
}

// pendingFirst: pending is said at most once for each message, and never after the final answer. Repeats are left out:
// theirs may be pending while the first one's answer is given.
func pendingFirst(c *Case) []Violation {
	return c.each(func(st *story) []Violation {
		if len(st.sent) != 1 {
			return nil
		}
		var found []Violation
		ended, pending := false, 0
		for _, a := range st.answers {
			if a.State != Pending {
				ended = true
				continue
			}
			if pending++; pending > 1 {
				found = append(found, broken(st.String(), "pending was said %d times", pending))
			}
			if ended {
				found = append(found, broken(st.String(), "pending was said after the final answer"))
			}
		}
		return found
	})
}

// pendingAnswered: an order by FIX, sent at since or later and decided, got a pending answer. A final answer that was
// asked for again needs none. No process may have been killed after since: a gateway killed after the broker's confirm
// may leave it out.
func pendingAnswered(c *Case, since time.Time) []Violation {
	return c.each(func(st *story) []Violation {
		s, ok := st.first()
		orders := ok && !s.At.Before(since) && (s.Form == "D" || s.Form == "AB")
		ends := st.withState(Accepted, Rejected)
		if !orders || len(ends) == 0 || ends[0].Again || len(st.withState(Pending)) > 0 {
			return nil
		}
		return []Violation{broken(st.String(), "decided without having been said to be pending")}
	})
}

// answersKept: the gateway keeps the final answer of what it has answered, to give it again.
func answersKept(c *Case) []Violation {
	kept := make(map[KeptAnswer]bool, len(c.Kept))
	for _, k := range c.Kept {
		kept[k] = true
	}
	return c.each(func(st *story) []Violation {
		s, _ := st.first()
		a, ok := st.accepted()
		if !ok || !s.kept() || kept[KeptAnswer{st.session, a.ID}] {
			return nil
		}
		return []Violation{broken(st.String(), "the gateway does not keep its answer about %s", a.ID)}
	})
}
