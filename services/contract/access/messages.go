package access

import "time"

// The grants: how a caller proves who it is.
const (
	Password          = "password"           // a person: password and one-time code (RFC 6238)
	ClientCredentials = "client_credentials" // a system: the secret that it was given
	OpenID            = "openid"             // a person: an ID token of the bank's identity provider
)

// Requested is the data of token.requested.
type Requested struct {
	TokenHash string   `json:"token_hash"`
	Grant     string   `json:"grant"`
	User      string   `json:"user,omitempty"`  // id in the mainframe's set users; empty for OpenID: the ID token names the user
	Audience  string   `json:"audience"`        // the program for which the token is
	Scope     []string `json:"scope,omitempty"` // actions of package rights; empty: all that the user may do
	Sealed    []byte   `json:"sealed"`          // a Proof: see PublicKey.SealProof
}

// Proof is what only the caller knows. It travels sealed.
type Proof struct {
	Password string `json:"password,omitempty"`
	Code     string `json:"code,omitempty"` // six digits
	Secret   string `json:"secret,omitempty"`

	IDToken     string `json:"id_token,omitempty"`     // as the identity provider has signed it
	LoginSecret string `json:"login_secret,omitempty"` // of which the client made the nonce of the login
}

// Issued is the data of token.issued.
type Issued struct {
	TokenHash string    `json:"token_hash"`
	User      string    `json:"user"`
	Roles     []string  `json:"roles"`
	Desk      string    `json:"desk"`             // empty: of no desk
	Client    string    `json:"client,omitempty"` // of a system: the client for which it acts, * for all
	Audience  string    `json:"audience"`
	Scope     []string  `json:"scope"` // the actions that the token allows: never empty, never more than the roles allow
	IssuedAt  time.Time `json:"issued_at"`
	ExpiresAt time.Time `json:"expires_at"` // real time
}

// Refused is the data of token.refused.
type Refused struct {
	TokenHash string `json:"token_hash"`
	User      string `json:"user"` // empty: not known, because an ID token did not count
	Code      string `json:"code"` // bad_credentials, too_many_attempts, wrong_audience, no_right, expired, no_static_data, openid_off, openid_away
	Text      string `json:"text"`

	// RetryAt is when the next attempt is looked at, for too_many_attempts. Real time.
	RetryAt *time.Time `json:"retry_at,omitempty"`
}

// Revoke is the data of token.commanded: revoke one token, or all tokens of a user. One of TokenHash and User is set. Anybody
// may revoke an own token; for others' a role needs the right.
type Revoke struct {
	TokenHash string `json:"token_hash,omitempty"`
	User      string `json:"user,omitempty"`
	By        string `json:"by"` // a user's id; with origin operations, the person at the shell
	Reason    string `json:"reason"`
}

// Revoked is the data of token.revoked. One of TokenHash and User is set. If User is, all tokens that were issued to the user until
// RevokedAt are revoked.
type Revoked struct {
	TokenHash string    `json:"token_hash,omitempty"`
	User      string    `json:"user,omitempty"`
	By        string    `json:"by"`
	Reason    string    `json:"reason"`
	RevokedAt time.Time `json:"revoked_at"`
}

// Caller is the section caller beside the section request of trade.requested and linecheck.requested, from the API. auth decides
// by the user's roles and desk as the mainframe has them now; Roles and Desk say what the token had.
type Caller struct {
	User   string   `json:"user"`
	Roles  []string `json:"roles"`
	Desk   string   `json:"desk"`
	Client string   `json:"client,omitempty"` // as in Issued
}
