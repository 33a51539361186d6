package fixwire

// NextOut returns the sequence number of the next message that the session will send.
func NextOut(s *Session) int {
	out, _ := s.journal.Next()
	return out
}
