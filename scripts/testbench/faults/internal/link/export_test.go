package link

// Lost is the number of open connections of which something was swallowed.
func (l *Link) Lost() (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for p := range l.open {
		if p.lost {
			n++
		}
	}
	return n
}
