package steps

import (
	"errors"

	"fxcore/services/auth/internal/openid"
	"fxcore/services/contract/access"
	"fxcore/services/contract/reason"
)

// login is what the identity provider says of who asks for a token: who it is, or why that does not count.
type login struct {
	openid.Login

	err error
}

// errOff says that the bank has no identity provider here.
var errOff = errors.New("nobody comes by an identity provider")

// throughLogin returns the request of the user whom the ID token names. It checks the ID token before any row is locked. Other requests stay as they are.
func (i issue) throughLogin(s *Tokens) issue {
	if i.asked.Grant != access.OpenID {
		return i
	}
	i.login.err = errOff
	if s.issuing.OpenID != nil {
		i.login.Login, i.login.err = s.issuing.OpenID.Check(i.proof.IDToken, i.proof.LoginSecret, s.clock())
	}
	i.asked.User = i.login.User
	return i
}

// refuseLogin refuses an ID token that does not count, and a login that has led to a token.
func (i issue) refuseLogin(s *Tokens) *refusedToken {
	switch {
	case errors.Is(i.login.err, errOff):
		return &refusedToken{code: reason.OpenIDOff, text: "tokens by the bank's identity provider are turned off here"}
	case errors.Is(i.login.err, openid.ErrAway):
		return &refusedToken{code: reason.OpenIDAway, text: "the keys of the bank's identity provider are not known yet: nothing was used up; ask again in some seconds"}
	case i.login.err != nil, s.used(i.login.ID):
		return badLogin()
	}
	return nil
}

// used reports whether a login has led to a token.
func (s *Tokens) used(login string) bool {
	for _, t := range s.tokens {
		if t.Login == login {
			return true
		}
	}
	return false
}

// badLogin does not say what is wrong: that would help who forges.
func badLogin() *refusedToken {
	return &refusedToken{
		code: reason.BadCredentials,
		text: "the ID token or the secret of the login is wrong: a login at the bank's identity provider is good once and for ten minutes",
	}
}
