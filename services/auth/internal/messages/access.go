package messages

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
)

// longest is the length of the longest id, audience or action in a request for a token. It bounds what a table holds of a caller's text.
const (
	longest  = 64
	maxScope = 64
)

// Credential is the data of credential.commanded. It sets a user's credential, or removes it if there is nothing sealed.
type Credential struct {
	User   string `json:"user"`
	Grant  string `json:"grant,omitempty"`  // for which the credential is
	Client string `json:"client,omitempty"` // of a system: the client for which it acts, * for all
	Sealed []byte `json:"sealed,omitempty"` // keys of package credential, for credential.Binding of the user
	By     string `json:"by"`
	Reason string `json:"reason"`
}

// Removes reports whether the command removes the credential.
func (c Credential) Removes() bool { return len(c.Sealed) == 0 }

// Check returns an error unless the command can be carried out.
func (c Credential) Check() error {
	kinds := []string{access.Password, access.ClientCredentials}
	switch {
	case c.By == "" || c.Reason == "":
		return errors.New("say who commands it, and why")
	case c.Removes():
		return checkTexts(c.User)
	case !slices.Contains(kinds, c.Grant):
		return fmt.Errorf("a credential is for one of %v", kinds)
	case (c.Client != "") != (c.Grant == access.ClientCredentials):
		return errors.New("a system has a client, or * for all, and a person has none")
	}
	return errors.Join(checkTexts(c.User), checkOptional(c.Client))
}

// ReadCredential decodes the command in e. An error means that e can never be handled.
func ReadCredential(e event.Event) (c Credential, err error) {
	if err := e.Read(&c); err != nil {
		return c, err
	}
	c.By, c.Reason = clean(c.By), clean(c.Reason)
	return c, c.Check()
}

// ReadTokenRequest decodes the request for a token in e. An error means that e can never be handled.
func ReadTokenRequest(e event.Event) (r access.Requested, err error) {
	if err := e.Read(&r); err != nil {
		return r, err
	}
	if len(r.Scope) > maxScope {
		return r, fmt.Errorf("a scope of %d actions is longer than the %d allowed", len(r.Scope), maxScope)
	}
	return r, errors.Join(access.CheckHash(r.TokenHash), checkUser(r), checkTexts(append([]string{r.Audience}, r.Scope...)...))
}

// checkUser refuses a user beside an ID token, which names its user itself.
func checkUser(r access.Requested) error {
	if r.Grant != access.OpenID {
		return checkTexts(r.User)
	}
	if r.User != "" {
		return errors.New("a request with an ID token names no user")
	}
	return nil
}

// ReadRevoke decodes the command in e. An error means that e can never be handled.
func ReadRevoke(e event.Event) (r access.Revoke, err error) {
	if err := e.Read(&r); err != nil {
		return r, err
	}
	r.By, r.Reason = clean(r.By), clean(r.Reason)
	switch {
	case r.By == "" || r.Reason == "":
		return r, errors.New("say who revokes, and why")
	case (r.User == "") == (r.TokenHash == ""):
		return r, errors.New("name a token's hash or a user, not both")
	case r.User != "":
		return r, checkTexts(r.User)
	}
	return r, access.CheckHash(r.TokenHash)
}

// mostData bounds the data of a command, in bytes.
const mostData = 16 << 10

// ReadCommandRequest decodes the request for a command in e, and returns the command's type. An error means that e can never be handled.
func ReadCommandRequest(e event.Event) (c access.Command, typ event.Type, err error) {
	if err := e.Read(&c); err != nil {
		return c, typ, err
	}
	for _, known := range contract.Commanded() {
		if known.Name == c.Type {
			typ = known
		}
	}
	switch {
	case typ.Name == "":
		return c, typ, fmt.Errorf("%.70q is no command that auth gives", c.Type)
	case len(c.Data) > mostData || !strings.HasPrefix(c.Data, "{"):
		return c, typ, fmt.Errorf("the data of a command is a JSON object of at most %d bytes", mostData)
	case e.Deadline.IsZero():
		return c, typ, errors.New("a request for a command has a deadline")
	}
	return c, typ, nil
}

func checkOptional(text string) error {
	if text == "" {
		return nil
	}
	return checkTexts(text)
}

func checkTexts(all ...string) error {
	for _, text := range all {
		if text == "" || len(text) > longest || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }) {
			return fmt.Errorf("%.70q is not 1 to %d visible ASCII characters", text, longest)
		}
	}
	return nil
}

// clean replaces each NUL byte, because Postgres does not accept NUL in text.
func clean(text string) string { return strings.ReplaceAll(text, "\x00", "\uFFFD") }
