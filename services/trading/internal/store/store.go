// Package store keeps trades, their legs and their lives, and what was rejected, in the schema of trading. It knows SQL
// and nothing of rules; each function queues one or two statements for a whole batch.
package store

import (
	"embed"
	"strings"
	"time"
)

// Migrations make the schema of trading.
//
//go:embed migrations/*.sql
var Migrations embed.FS

var (
	//go:embed queries/known.sql
	knownSQL string
	//go:embed queries/register.sql
	registerSQL string
	//go:embed queries/register_legs.sql
	registerLegsSQL string
	//go:embed queries/lives.sql
	livesSQL string
	//go:embed queries/save_lives.sql
	saveLivesSQL string
	//go:embed queries/reject.sql
	rejectSQL string
)

// clean makes text that came from outside storable: Postgres has no place for NUL in a text.
func clean(text string) string {
	if strings.IndexByte(text, 0) < 0 {
		return text
	}
	return strings.ReplaceAll(text, "\x00", "\uFFFD")
}

// known is nil, SQL's null, for a time that has not been.
func known(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}

// orZero is known's inverse.
func orZero(at *time.Time) time.Time {
	if at == nil {
		return time.Time{}
	}
	return at.UTC()
}
