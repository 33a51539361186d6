package oracle

// oneHolder: a session is written by one instance at a time. Who has lost its lease writes nothing any more: epochs only
// grow, and each is one instance's.
func oneHolder(c *Case) []Violation {
	last := map[string]Write{}
	var found []Violation
	for _, w := range c.Writes {
		before, known := last[w.Session]
		switch {
		case known && w.Epoch < before.Epoch:
			found = append(found, broken(w.Session, "%s wrote under epoch %d after %s under epoch %d", w.Writer, w.Epoch, before.Writer, before.Epoch))
		case known && w.Epoch == before.Epoch && w.Writer != before.Writer:
			found = append(found, broken(w.Session, "%s and %s both wrote under epoch %d", before.Writer, w.Writer, w.Epoch))
		}
		last[w.Session] = w
	}
	return found
}
