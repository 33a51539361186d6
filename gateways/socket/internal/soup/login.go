package soup

import "fmt"

// Widths of the login's fields, bytes.
const (
	usernameWidth = 6
	passwordWidth = 10
	sessionWidth  = 10
	numberWidth   = 20

	loginSize      = usernameWidth + passwordWidth + sessionWidth + numberWidth
	acceptanceSize = sessionWidth + numberWidth
	rejectionSize  = 1
)

// LoginLimit is the payload limit before the login: the size of a login.
const LoginLimit = loginSize

// Login asks for a session, beginning at a message (section 2.3.1).
type Login struct {
	Username string // 1 to 6 letters and digits
	Password string `json:"-"` // 1 to 10 letters and digits
	Session  string // up to 10 letters and digits; empty: the current one
	Next     uint64 // number of the next message; 0: the most recent one
}

// String shows all but the password.
func (l Login) String() string {
	return fmt.Sprintf("login of %q to session %q from %d", l.Username, l.Session, l.Next)
}

// GoString is String: no verb shows the password.
func (l Login) GoString() string { return l.String() }

// Append appends the packet. It fails with ErrField.
func (l Login) Append(b []byte) ([]byte, error) {
	w := fieldWriter{}
	w.left("username", l.Username, usernameWidth)
	w.left("password", l.Password, passwordWidth)
	w.right("session", l.Session, sessionWidth)
	w.number(l.Next)
	if w.err != nil {
		return b, w.err
	}
	return Append(b, TypeLoginRequest, w.buf)
}

// ParseLogin reads the payload of a TypeLoginRequest. It fails with ErrField. If username and password are sound and only the rest
// is not, the error is ErrSession too, and the Login has username and password.
func ParseLogin(payload []byte) (Login, error) {
	r := fieldReader{rest: payload}
	l := Login{Username: r.left("username", usernameWidth), Password: r.left("password", passwordWidth)}
	if r.err != nil {
		return Login{}, r.err
	}
	l.Session, l.Next = r.right("session", sessionWidth), r.number()
	if r.err != nil {
		return Login{Username: l.Username, Password: l.Password}, fmt.Errorf("%w: %w", ErrSession, r.err)
	}
	return l, nil
}

// Acceptance answers a login: the session, and the number of the message that comes next (section 2.2.1).
type Acceptance struct {
	Session string // 1 to 10 letters and digits
	Next    uint64
}

// Append appends the packet. It fails with ErrField.
func (a Acceptance) Append(b []byte) ([]byte, error) {
	w := fieldWriter{}
	w.right("session", a.Session, sessionWidth)
	w.number(a.Next)
	if a.Session == "" {
		w.fail("session", "empty")
	}
	if w.err != nil {
		return b, w.err
	}
	return Append(b, TypeLoginAccepted, w.buf)
}

// ParseAcceptance reads the payload of a TypeLoginAccepted. It fails with ErrField.
func ParseAcceptance(payload []byte) (Acceptance, error) {
	r := fieldReader{rest: payload}
	a := Acceptance{Session: r.right("session", sessionWidth), Next: r.number()}
	if r.err == nil && a.Session == "" {
		r.fail("session", "empty")
	}
	if r.err != nil {
		return Acceptance{}, r.err
	}
	return a, nil
}
