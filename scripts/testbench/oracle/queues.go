package oracle

// queuesEmpty: nothing waits any more, nothing failed, and nothing was published that nobody was to read.
func queuesEmpty(c *Case) []Violation {
	var found []Violation
	stuck := map[string]bool{}
	for _, s := range c.Stuck {
		stuck[s.Queue] = true
		found = append(found, broken(s.Queue, "%s %s from %q: %s", s.Type, s.ID, s.From, s.Reason))
	}
	for _, q := range c.Queues {
		if q.Messages > 0 && !stuck[q.Name] {
			found = append(found, late(q.Name, "holds %d messages", q.Messages))
		}
	}
	return found
}

// journalComplete: every message that a service has handled is in the journal once, and every message there is a span.
func journalComplete(c *Case) []Violation {
	var found []Violation
	for _, u := range c.Journal.Unkept {
		found = append(found, late(u.ID, "%s has handled it, and the journal does not have it", u.Service))
	}
	for _, id := range c.Journal.Doubled {
		found = append(found, broken(id, "the journal has it more than once"))
	}
	if j := c.Journal; j.SpansMissing+j.SpansExtra > 0 {
		found = append(found, late("spans", "%d messages and %d spans: %d messages have no span, %d spans have no message",
			j.Messages, j.Spans, j.SpansMissing, j.SpansExtra))
	}
	return found
}
