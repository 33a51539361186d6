package door

import (
	"context"
	"errors"
	"fmt"

	"fxcore/gateways/internal/arrival"
	"fxcore/gateways/internal/credential"
)

// Account has the rules by which a provider is admitted.
type Account interface {
	Name() string // the provider's id
	Known() *credential.Known
	// Admits checks the connection. Error: one that wraps ErrAddress, ErrCertificate or ErrPlain and has the details for the log.
	Admits(caller arrival.Caller) error
}

// Reasons not to admit a connection. A provider that is logged on is told them; whoever logs in is not.
var (
	ErrAddress     = errors.New("this address is not admitted")
	ErrCertificate = errors.New("the certificate is not admitted")
	ErrPlain       = errors.New("a connection without TLS is not admitted")
	errCredentials = errors.New("the credentials have changed")
	errBarred      = errors.New("barred by a person")
)

// ErrRefused means that a login was wrong, in whatever way. All such logins get the same answer. The text is for the log.
var ErrRefused = errors.New("unknown name, or wrong password, address or certificate")

// Proof is what a connection has shown at its login.
type Proof struct {
	known   credential.Known
	caller  arrival.Caller
	revoked func() bool
}

// Prove checks a login. account is nil if the name is unknown. Errors: one that wraps ErrRefused; ctx's.
//
// If there is no such account, or it does not admit the connection, a password is checked all the same, against none: so neither the answer
// nor its time tells whether the name exists, or whether the password is right.
func (e *Entrance[K, S]) Prove(ctx context.Context, v Visitor, name string, account Account, user, password string) (Proof, error) {
	from, unfit := v.Caller.Address, error(nil)
	var known *credential.Known
	if account != nil {
		if unfit = e.admits(account, v); unfit == nil {
			known = account.Known()
		}
	}
	right, err := e.Credentials.Check(ctx, attempt{v.Guest, func() error { return e.Guesses.Check(from, name) }}, known, user, password)
	switch {
	case errors.Is(err, ErrTooSoon):
		e.noteWrong("logon.held_back", v, name, err)
		return Proof{}, fmt.Errorf("%w (%w)", ErrRefused, ErrTooSoon)
	case err != nil:
		return Proof{}, err
	case right:
		e.Guesses.Succeeded(from, name)
		return Proof{*known, v.Caller, func() bool { return e.revoked.Has(v.Caller.Certificate.Serial) }}, nil
	case errors.Is(unfit, errBarred): // its program may well go on trying
		e.noteWrong("logon.refused", v, name, unfit)
		return Proof{}, fmt.Errorf("%w: %w", ErrRefused, unfit)
	}
	e.Guesses.Failed(from, name)
	e.noteWrong("logon.refused", v, name, errors.Join(unfit, ErrRefused))
	if unfit != nil {
		return Proof{}, fmt.Errorf("%w: %w", ErrRefused, unfit)
	}
	return Proof{}, ErrRefused
}

func (e *Entrance[K, S]) admits(account Account, v Visitor) error {
	if e.Barred(account.Name()) {
		return fmt.Errorf("%s: %w", account.Name(), errBarred)
	}
	if serial := v.Caller.Certificate.Serial; e.revoked.Has(serial) {
		return fmt.Errorf("its certificate %s is revoked: %w", serial, ErrCertificate)
	}
	return account.Admits(v.Caller)
}

// attempt is a guest whose turn may come too soon.
type attempt struct {
	*Guest

	check func() error
}

// Turn waits for the guest's turn. Errors: ErrTooSoon; ctx's.
func (a attempt) Turn(ctx context.Context) (done func(), err error) {
	done, err = a.Guest.Turn(ctx)
	if err != nil {
		return nil, err
	}
	if err := a.check(); err != nil { // now: the guests before it may have failed meanwhile
		done()
		return nil, err
	}
	return done, nil
}

// Holds returns nil if the present rules still admit who has shown this proof.
func (p Proof) Holds(account Account) error {
	if *account.Known() != p.known {
		return errCredentials
	}
	if p.revoked() {
		return fmt.Errorf("its certificate %s is revoked: %w", p.caller.Certificate.Serial, ErrCertificate)
	}
	return account.Admits(p.caller)
}

// Ended is the reason why a connection ends that was logged on, in the words that the provider is told.
type Ended string

func (e Ended) Error() string { return string(e) }

// endedBy returns the words for a proof that does not hold any more.
func endedBy(err error) Ended {
	if errors.Is(err, errBarred) {
		return "the bank has closed the session: ask the bank's provider desk"
	}
	for _, known := range []error{ErrAddress, ErrCertificate, ErrPlain, errCredentials} {
		if errors.Is(err, known) {
			return Ended("the rules of the session have changed: " + known.Error())
		}
	}
	return "the rules of the session have changed"
}
