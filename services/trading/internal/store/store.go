// Package store keeps trades, their legs, their lives and the rejections in the schema of trading. It knows SQL and no
// rules. Each function queues one or two statements for a whole batch.
package store

import (
	"embed"
	"strings"
	"time"
)

// Migrations creates the schema of trading.
//
//go:embed migrations/*.sql facts.txt
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
	//go:embed queries/rates_at.sql
	ratesAtSQL string
	//go:embed queries/record_rates.sql
	recordRatesSQL string
	//go:embed queries/record_points.sql
	recordPointsSQL string
	//go:embed queries/forget_rates.sql
	forgetRatesSQL string
	//go:embed queries/claim_review.sql
	claimReviewSQL string
	//go:embed queries/end_review.sql
	endReviewSQL string
	//go:embed queries/unjudged.sql
	unjudgedSQL string
	//go:embed queries/open_dates.sql
	openDatesSQL string
	//go:embed queries/list_affected.sql
	listAffectedSQL string
	//go:embed queries/lock_quotes.sql
	lockQuotesSQL string
	//go:embed queries/quote_uses.sql
	quoteUsesSQL string
	//go:embed queries/use_quotes.sql
	useQuotesSQL string
	//go:embed queries/free_quotes.sql
	freeQuotesSQL string
)

// clean replaces each NUL byte in text from outside by U+FFFD, because Postgres does not accept NUL in text.
func clean(text string) string {
	if strings.IndexByte(text, 0) < 0 {
		return text
	}
	return strings.ReplaceAll(text, "\x00", "\uFFFD")
}

// known returns nil (SQL null) for the zero time, and otherwise a pointer to the time.
func known(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}

// orZero is the inverse of known. It returns UTC.
func orZero(at *time.Time) time.Time {
	if at == nil {
		return time.Time{}
	}
	return at.UTC()
}
