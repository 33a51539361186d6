package store

import (
	"context"
	_ "embed" // the statements
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

var (
	//go:embed queries/lock_credentials.sql
	lockCredentialsSQL string
	//go:embed queries/lock_tokens.sql
	lockTokensSQL string
	//go:embed queries/insert_tokens.sql
	insertTokensSQL string
	//go:embed queries/revoke_tokens.sql
	revokeTokensSQL string
	//go:embed queries/save_credentials.sql
	saveCredentialsSQL string
	//go:embed queries/delete_credentials.sql
	deleteCredentialsSQL string
	//go:embed queries/forget_tokens.sql
	forgetTokensSQL string
)

// Credential is a row of the table credential.
type Credential struct {
	User      string    `json:"user_id"`
	Kind      string    `json:"kind"` // the grant for which it is
	Client    string    `json:"client"`
	Sealed    []byte    `json:"sealed"`
	CodeStep  int64     `json:"code_step"`
	Failures  int       `json:"failures"`
	NotBefore time.Time `json:"not_before"`
	SetBy     string    `json:"set_by"`
	SetWhy    string    `json:"set_why"`
	SetAt     time.Time `json:"set_at"`
}

// Token is a row of the table token.
type Token struct {
	Hash       string     `json:"hash"`
	User       string     `json:"user_id"`
	Roles      []string   `json:"roles"`
	Desk       string     `json:"desk"`
	Client     string     `json:"client"`
	Audience   string     `json:"audience"`
	Scope      []string   `json:"scope"`
	IssuedAt   time.Time  `json:"issued_at"`
	ExpiresAt  time.Time  `json:"expires_at"`
	RevokedAt  *time.Time `json:"revoked_at"` // nil: not revoked
	RevokedBy  string     `json:"revoked_by"`
	RevokedWhy string     `json:"revoked_why"`
	Login      string     `json:"login,omitempty"` // at the identity provider, by which the user got the token
}

// QueueCredentials queues the query that locks the credentials of users. known is filled when the batch has been sent; a user
// without a credential is not in it.
func QueueCredentials(b *pgx.Batch, users []string, known map[string]*Credential) {
	b.Queue(lockCredentialsSQL, users).Query(func(rows pgx.Rows) error {
		return each(rows, func(c *Credential) { known[c.User] = c })
	})
}

// QueueTokens queues the query that locks tokens: those with the hashes, all of the users, and those of the logins. Queue it after
// QueueCredentials.
func QueueTokens(b *pgx.Batch, hashes, users, logins []string, known map[string]*Token) {
	b.Queue(lockTokensSQL, hashes, users, logins).Query(func(rows pgx.Rows) error {
		return each(rows, func(t *Token) { known[t.Hash] = t })
	})
}

func each[T any](rows pgx.Rows, take func(*T)) error {
	var text []byte
	_, err := pgx.ForEachRow(rows, []any{&text}, func() error {
		row := new(T)
		if err := json.Unmarshal(text, row); err != nil {
			return fmt.Errorf("read a row: %w", err)
		}
		take(row)
		return nil
	})
	return err
}

// QueueSaveCredentials queues the insert or update of credentials, by locked users.
func QueueSaveCredentials(b *pgx.Batch, all []*Credential) { queue(b, saveCredentialsSQL, all) }

// QueueInsertTokens queues the insert of tokens. It fails the batch (23505) if one is there already, or if a login has led to one.
func QueueInsertTokens(b *pgx.Batch, all []*Token) { queue(b, insertTokensSQL, all) }

// QueueRevokeTokens queues the update that revokes locked tokens.
func QueueRevokeTokens(b *pgx.Batch, all []*Token) { queue(b, revokeTokensSQL, all) }

// QueueDeleteCredentials queues the removal of the credentials of users.
func QueueDeleteCredentials(b *pgx.Batch, users []string) {
	if len(users) > 0 {
		b.Queue(deleteCredentialsSQL, users)
	}
}

func queue[T any](b *pgx.Batch, sql string, all []*T) {
	if len(all) == 0 {
		return
	}
	rows, err := json.Marshal(all)
	if err != nil {
		panic(err) // texts, numbers and times are always encoded
	}
	b.Queue(sql, string(rows))
}

// ForgetTokens deletes tokens that expired before a time, a bounded number of them.
func ForgetTokens(ctx context.Context, pool *pgxpool.Pool, before time.Time) error {
	if _, err := pool.Exec(ctx, forgetTokensSQL, before, forgetAtOnce); err != nil {
		return fmt.Errorf("forget tokens: %w", err)
	}
	return nil
}

const forgetAtOnce = 10_000 // each minute: more than the API lets in
