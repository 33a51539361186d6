package soup

// Reason is why a login is refused (section 2.2.2).
type Reason byte

// The reasons.
const (
	NotAuthorised       Reason = 'A' // username or password
	SessionNotAvailable Reason = 'S' // no such session, or not here
)

// Append appends the packet that refuses a login.
func (r Reason) Append(b []byte) ([]byte, error) {
	return Append(b, TypeLoginRejected, []byte{byte(r)})
}

// ParseReason reads the payload of a TypeLoginRejected. It fails with ErrField.
func ParseReason(payload []byte) (Reason, error) {
	var r fieldReader
	if len(payload) != rejectionSize {
		r.fail("reason", "one byte")
		return 0, r.err
	}
	switch reason := Reason(payload[0]); reason {
	case NotAuthorised, SessionNotAvailable:
		return reason, nil
	default:
		r.fail("reason", "A or S")
		return 0, r.err
	}
}

// String says the reason in words.
func (r Reason) String() string {
	if r == NotAuthorised {
		return "not authorised"
	}
	return "session not available"
}
