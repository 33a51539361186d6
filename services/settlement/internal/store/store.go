// Package store keeps obligations, movements and the ledger in Postgres. Each function queues one statement for a whole batch.
//
// Locks: a transaction locks movements by id before their legs, and open legs by date, client and id. A run that looks for
// overdue movements leaves out what another one has locked.
package store

import (
	"embed"
	"fmt"
	"strings"
)

// Migrations creates the schema of settlement.
//
//go:embed migrations/*.sql facts.txt
var Migrations embed.FS

var (
	//go:embed queries/known.sql
	knownSQL string
	//go:embed queries/insert_obligations.sql
	insertObligationsSQL string
	//go:embed queries/lock_due.sql
	lockDueSQL string
	//go:embed queries/held.sql
	heldSQL string
	//go:embed queries/failed.sql
	failedSQL string
	//go:embed queries/lock_movements.sql
	lockMovementsSQL string
	//go:embed queries/lock_overdue.sql
	lockOverdueSQL string
	//go:embed queries/lock_too_late.sql
	lockTooLateSQL string
	//go:embed queries/save_obligations.sql
	saveObligationsSQL string
	//go:embed queries/save_windows.sql
	saveWindowsSQL string
	//go:embed queries/insert_movements.sql
	insertMovementsSQL string
	//go:embed queries/save_movements.sql
	saveMovementsSQL string
	//go:embed queries/insert_transfers.sql
	insertTransfersSQL string
)

func wrap(what string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// clean replaces each NUL byte in text from outside by U+FFFD, because Postgres does not accept NUL in text.
func clean(text string) string { return strings.ReplaceAll(text, "\x00", "\uFFFD") }
