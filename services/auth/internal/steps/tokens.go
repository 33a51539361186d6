package steps

import (
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/follow"
	"fxcore/lambda/inbox"
	"fxcore/services/auth/internal/authorization"
	"fxcore/services/auth/internal/openid"
	"fxcore/services/auth/internal/store"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
)

// TokensQueue is the queue of all that is about tokens and credentials.
const TokensQueue = "auth.tokens" //nolint:gosec // G101: a queue's name is no credential

// tokens returns the table of the queue's steps.
func tokens() inbox.Table[*Tokens] {
	return inbox.Table[*Tokens]{
		contract.TokenRequested:      readTokenRequest,
		contract.TokenCommanded:      readRevoke,
		contract.CredentialCommanded: readCredential,
		contract.CommandRequested:    readCommandRequest,
	}
}

// Issuing says how tokens are issued.
type Issuing struct {
	Keys      *follow.File[access.Keys] // open proofs and credentials
	Audiences []string                  // programs for which there are tokens
	OpenID    *openid.Provider          // checks ID tokens; nil: nobody comes by an identity provider
	Person    time.Duration             // life of a person's token
	System    time.Duration             // life of a system's token
}

// Tokens holds what the events of one batch of TokensQueue share.
type Tokens struct {
	issuing   Issuing
	directory authorization.Directory
	passwords *allowance
	clock     func() time.Time

	users       []string // whose credentials the tasks want
	hashes      []string // of tokens that they want
	logins      []string // at the identity provider, of which they want the token
	tokensOf    []string // users of whom they want all tokens
	credentials map[string]*store.Credential
	attempts    map[string]*store.Attempt // by the name that was given
	tokens      map[string]*store.Token

	changed map[string]bool // users whose credential changed
	tries   map[string]bool // names of which the attempts changed
	removed map[string]bool // users whose credential was removed
	issued  map[string]bool // hashes of new tokens
	revoked map[string]bool // hashes of tokens that were revoked
}

// TokenSteps returns the steps of TokensQueue. clock is real time: see package access.
func TokenSteps(static Static, i Issuing, clock func() time.Time) inbox.Steps[*Tokens] {
	passwords := newAllowance()
	return inbox.Steps[*Tokens]{Table: tokens(), Clock: clock, Begin: func() *Tokens {
		return &Tokens{
			issuing: i, directory: static.Directory(), passwords: passwords, clock: clock,
			users: []string{}, hashes: []string{}, logins: []string{}, tokensOf: []string{},
			attempts: map[string]*store.Attempt{}, tries: map[string]bool{},
			credentials: map[string]*store.Credential{}, tokens: map[string]*store.Token{},
			changed: map[string]bool{}, removed: map[string]bool{}, issued: map[string]bool{}, revoked: map[string]bool{},
		}
	}}
}

// Load queues the queries that lock credentials, then attempts, and then tokens.
func (s *Tokens) Load(b *pgx.Batch) {
	store.QueueCredentials(b, s.users, s.credentials)
	store.QueueAttempts(b, s.users, s.attempts)
	store.QueueTokens(b, s.hashes, s.tokensOf, s.logins, s.tokens)
}

// Store queues the writes of all that has changed.
func (s *Tokens) Store(b *pgx.Batch) {
	var removed []string
	for user := range s.removed {
		removed = append(removed, user)
	}
	store.QueueDeleteCredentials(b, removed)
	store.QueueSaveCredentials(b, picked(s.credentials, s.changed))
	store.QueueSaveAttempts(b, picked(s.attempts, s.tries))
	store.QueueInsertTokens(b, picked(s.tokens, s.issued))
	store.QueueRevokeTokens(b, picked(s.tokens, s.revoked))
}

func picked[T any](all map[string]*T, which map[string]bool) []*T {
	var list []*T
	for key := range which {
		if one := all[key]; one != nil {
			list = append(list, one)
		}
	}
	return list
}
