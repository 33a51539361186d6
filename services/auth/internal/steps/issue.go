package steps

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/auth/internal/authorization"
	"fxcore/services/auth/internal/credential"
	"fxcore/services/auth/internal/messages"
	"fxcore/services/auth/internal/store"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
	"fxcore/services/contract/reason"
	"fxcore/services/contract/rights"
)

// issue is the step of token.requested.
type issue struct {
	asked access.Requested
	proof access.Proof
	login login // by the identity provider
}

func readTokenRequest(s *Tokens, e event.Event) (inbox.Task[*Tokens], error) {
	asked, err := messages.ReadTokenRequest(e)
	if err != nil {
		return nil, err
	}
	proof, err := s.issuing.Keys.Now().OpenProof(asked)
	if err != nil {
		return nil, fmt.Errorf("open the proof of user %s: %w", asked.User, err)
	}
	return issue{asked, proof, login{}}.throughLogin(s), nil
}

// Want asks for the user's credential, and whether the token is there already, or one of the same login.
func (i issue) Want(s *Tokens) {
	s.hashes = append(s.hashes, i.asked.TokenHash)
	if i.asked.Grant == access.OpenID {
		s.logins = append(s.logins, i.login.ID)
		return
	}
	s.users = append(s.users, i.asked.User)
}

// refusedToken says why there is no token.
type refusedToken struct {
	code    reason.Code
	text    string
	retryAt time.Time
}

// Decide issues the token or refuses it.
func (i issue) Decide(s *Tokens, now time.Time, e event.Event) ([]event.Event, error) {
	refused := i.refuse(s, now, e)
	if refused == nil {
		token, no := i.token(s, now)
		if refused = no; no == nil {
			s.tokens[token.Hash], s.issued[token.Hash] = token, true
			return contract.One(e.Next(contract.TokenIssued, issuedOf(token)))
		}
	}
	answer := access.Refused{TokenHash: i.asked.TokenHash, User: i.asked.User, Code: string(refused.code), Text: refused.text}
	if !refused.retryAt.IsZero() {
		answer.RetryAt = &refused.retryAt
	}
	return contract.One(e.Next(contract.TokenRefused, answer))
}

// refuse checks what the caller proves who it is by.
func (i issue) refuse(s *Tokens, now time.Time, e event.Event) *refusedToken {
	if e.Expired(now) {
		return &refusedToken{code: reason.Expired, text: "the request came too late: nothing was checked; ask again"}
	}
	if s.tokens[i.asked.TokenHash] != nil {
		return &refusedToken{code: reason.Duplicate, text: "this token was issued before: draw another one"}
	}
	if i.asked.Grant == access.OpenID {
		return i.refuseLogin(s)
	}
	return i.refuseProof(s, now)
}

// refuseProof checks the proof by the user's credential. It counts a wrong password, and notes the one-time code of a right one.
func (i issue) refuseProof(s *Tokens, now time.Time) *refusedToken {
	if blocked := i.blocked(s, now); blocked != nil {
		return blocked
	}
	if busy := i.checkable(s, now); busy != nil {
		return busy
	}
	kept := s.credentials[i.asked.User]
	used, right := i.check(s, kept, now)
	if i.asked.Grant == access.Password {
		s.tried(i.asked.User, right, now)
	}
	if !right {
		return badCredentials()
	}
	kept.CodeStep, s.changed[i.asked.User] = used, true
	return nil
}

// blocked refuses a password after too many wrong ones for the name, whether there is such a user or not. A system's secret is drawn, so
// nobody guesses it, and nobody can keep the system out by trying.
func (i issue) blocked(s *Tokens, now time.Time) *refusedToken {
	if i.asked.Grant != access.Password {
		return nil
	}
	attempts := s.attemptsOf(i.asked.User, now)
	if !attempts.Blocked(now) {
		return nil
	}
	return &refusedToken{
		code: reason.TooManyAttempts, retryAt: attempts.NotBefore.UTC(),
		text: fmt.Sprintf("%d proofs in a row were wrong: the next one is looked at from %s on", attempts.Failures, attempts.NotBefore.UTC().Format(time.RFC3339)),
	}
}

// checkable refuses a password that is beyond what this process checks in a second. It does not count as a wrong one.
func (i issue) checkable(s *Tokens, now time.Time) *refusedToken {
	if i.asked.Grant != access.Password || s.passwords.take(now) {
		return nil
	}
	return &refusedToken{code: reason.TooManyAttempts, retryAt: now.Add(time.Second).UTC(), text: "too many passwords are to be checked now: try again in a second"}
}

// check compares the proof with what auth keeps. Keys that cannot be opened are of another key of auth: nothing proves them, and nothing
// proves a user without a credential, which takes as long to find out.
func (i issue) check(s *Tokens, kept *store.Credential, now time.Time) (used int64, right bool) {
	var keys credential.Keys
	if kept == nil {
		return keys.Check(i.asked.Grant, i.proof, now, 0)
	}
	if kept.Kind == i.asked.Grant {
		_ = s.issuing.Keys.Now().Open(kept.Sealed, credential.Binding(kept.User), &keys)
	}
	return keys.Check(i.asked.Grant, i.proof, now, kept.CodeStep)
}

// badCredentials does not say what is wrong: that would help who guesses.
func badCredentials() *refusedToken {
	return &refusedToken{code: reason.BadCredentials, text: "user, password, one-time code or secret are wrong: a code is good once and for a minute"}
}

// token returns the token of a user who has proven who it is.
func (i issue) token(s *Tokens, now time.Time) (*store.Token, *refusedToken) {
	users := s.directory.Users
	user, known := users.Records[i.asked.User]
	switch {
	case !users.Usable(now):
		return nil, &refusedToken{code: reason.NoStaticData, text: "the bank's list of users is missing or too old: ask again in a minute"}
	case !known:
		return nil, &refusedToken{code: reason.NoRight, text: fmt.Sprintf("user %s is not in the bank's list of users", i.asked.User)}
	case i.asked.Grant == access.OpenID && user.Role == string(rights.System):
		return nil, &refusedToken{code: reason.NoRight, text: fmt.Sprintf("user %s is a system: it comes by its secret", i.asked.User)}
	case !slices.Contains(s.issuing.Audiences, i.asked.Audience):
		return nil, &refusedToken{code: reason.WrongAudience, text: fmt.Sprintf("there are no tokens for %q, only for: %s",
			i.asked.Audience, strings.Join(s.issuing.Audiences, ", "))}
	}
	client, life := "", s.issuing.Person
	if i.asked.Grant == access.ClientCredentials {
		client, life = s.credentials[i.asked.User].Client, s.issuing.System
	}
	scope, refused := i.scope(user, client)
	if refused != nil {
		return nil, refused
	}
	return &store.Token{
		Hash: i.asked.TokenHash, User: i.asked.User, Roles: []string{user.Role}, Desk: user.Desk, Client: client,
		Audience: i.asked.Audience, Scope: scope, IssuedAt: now, ExpiresAt: now.Add(life), Login: i.login.ID,
	}, nil
}

// scope returns the actions that the token allows: those that were asked for, if the user has a right to each, else all to which
// the user has a right.
func (i issue) scope(user authorization.User, client string) ([]string, *refusedToken) {
	var may []string
	for _, action := range user.Holder(client).Actions() {
		may = append(may, string(action))
	}
	for _, action := range i.asked.Scope {
		if !slices.Contains(may, action) {
			return nil, &refusedToken{code: reason.NoRight, text: fmt.Sprintf("user %s is %s, which gives no right to %q", i.asked.User, user.Role, action)}
		}
	}
	if len(i.asked.Scope) > 0 {
		return i.asked.Scope, nil
	}
	if len(may) == 0 {
		return nil, &refusedToken{code: reason.NoRight, text: fmt.Sprintf("user %s is %s, which gives no right at all", i.asked.User, user.Role)}
	}
	return may, nil
}

func issuedOf(t *store.Token) access.Issued {
	return access.Issued{
		TokenHash: t.Hash, User: t.User, Roles: t.Roles, Desk: t.Desk, Client: t.Client, Audience: t.Audience, Scope: t.Scope,
		IssuedAt: t.IssuedAt, ExpiresAt: t.ExpiresAt,
	}
}
