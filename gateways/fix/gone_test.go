package main

import (
	"strings"
	"testing"

	"fxcore/gateways/internal/gatewaytest"
)

// A provider asks sixty times for all its messages, reads none, and disconnects. The gateway drops what only this connection wanted:
// it does not read all of it from the store. The session is there for the next connection.
func TestAResendEndsWithItsConnection(t *testing.T) {
	t.Parallel()
	const kept, requests = 2_000, 60
	g := startGateway(t, "LOG_LEVEL=info")
	c := newClient(t, "ALPHA").reset(g.Address)
	for range kept {
		c.send("D", strings.Replace(order("G-1"), "63=0", "63=XX", 1))
	}
	for range kept {
		c.read() // a Reject, which may be asked for again
	}
	before := rowsRead(t, g)
	c.read() // the Logout
	c.resume(g.Address)
	var asked strings.Builder
	for range requests {
		asked.WriteString(c.message("2", c.next, "", "7=1|16=0|"))
		c.next++
	}
	c.write(asked.String())
	_ = c.conn.Close()
	g.Counter("provider.ALPHA.logged_on", 0)
	c.next = 10_000 // the gateway may have read any number of the requests
	c.resume(g.Address)
	_ = c.conn.Close()
	if read := rowsRead(t, g) - before; read >= requests*kept {
		t.Errorf("%d messages were read for a connection that was gone", read)
	}
}

// rowsRead returns how many rows of messages the gateway has read from the store. It stops the gateway and starts it again: Postgres
// counts the reads of a connection when that ends.
func rowsRead(t *testing.T, g *gatewaytest.Gateway) (rows int) {
	t.Helper()
	g.Stop()
	query := "select coalesce(sum(seq_tup_read + idx_tup_fetch), 0) from pg_stat_user_tables where schemaname = current_schema() and relname = 'message'"
	if err := g.Database().QueryRow(t.Context(), query).Scan(&rows); err != nil {
		t.Fatal(err)
	}
	g.Start()
	return rows
}
