package inbox

import (
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
)

// awayError says that the database, not the batch, is to blame: the same transaction may succeed later.
type awayError struct{ err error }

func (e *awayError) Error() string { return e.err.Error() }
func (e *awayError) Unwrap() error { return e.err }

// slowError says that a transaction has begun and has not ended within its budget. Either the batch takes too long, or the database
// does nothing at all now.
type slowError struct{ err error }

func (e *slowError) Error() string { return "the transaction took too long: " + e.err.Error() }
func (e *slowError) Unwrap() error { return e.err }

// isSlow tells whether a transaction has used up its time, by the program's clock or by the server's (57014, statement_timeout).
func isSlow(err error) bool {
	var slow *slowError
	return errors.As(err, &slow) || sqlState(err) == "57014"
}

// isAway tells whether to wait for the database: it is unreachable, shuts down, lacks room or accepts no writes now.
// Codes: PostgreSQL 15, appendix A.
func isAway(err error) bool {
	var away *awayError
	if errors.As(err, &away) {
		return true
	}
	code := sqlState(err)
	if len(code) != 5 {
		return false
	}
	class := code[:2]
	return class == "53" || class == "57" || class == "08" || class == "58" || code == "25006"
}

// isConflict tells whether the transaction lost against a concurrent one: serialization failure, deadlock, lock timeout,
// or an inbox row that appeared meanwhile. Run again, it may succeed.
func isConflict(err error) bool {
	switch sqlState(err) {
	case "40001", "40P01", "55P03", "23505":
		return true
	}
	return false
}

func sqlState(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code
	}
	return ""
}
