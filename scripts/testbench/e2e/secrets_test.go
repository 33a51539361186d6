//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/scripts/internal/fixwire"
)

// secrets: the passwords of all providers, and of logons that failed, are nowhere that they should not be: in no log, no table, no queue,
// and in no other file of the core.
func (c *core) secrets(t *testing.T) {
	const wrong, renewed = "a-wrong-password-5f1c", "a-new-password-77ab"
	c.refusedLogon(t, "TEST7", wrong, "")
	c.refusedLogon(t, "TEST8", wrong, renewed)
	hidden := []string{wrong, renewed}
	for _, p := range c.bank.Providers {
		hidden = append(hidden, password(p.ID))
	}
	cl := c.client(t, "SANDBOX44", "secrets")
	traded := cl.good(t)
	cl.mustFill(t, traded)
	known := traded.reference // must be found, lest the search finds nothing at all
	s := search{hidden: forms(hidden), known: forms([]string{known})}
	c.tables(t, &s)
	if s.seen == 0 {
		t.Errorf("the search does not find %s in any table", known)
	}
	c.files(t, &s)
	for _, where := range s.found {
		t.Errorf("a password is in %s", where)
	}
	t.Logf("%d tables, %d files, %d MB searched", s.tables, s.files, s.bytes>>20)
}

// search counts where texts were found.
type search struct {
	hidden, known [][]byte
	found         []string
	seen          int
	tables, files int
	bytes         int64
}

// forms are texts as they are and as the database shows bytes: hexadecimal.
func forms(texts []string) [][]byte {
	var all [][]byte
	for _, text := range texts {
		all = append(all, []byte(text), []byte(hex.EncodeToString([]byte(text))))
	}
	return all
}

func (s *search) in(where string, content []byte) {
	s.bytes += int64(len(content))
	for _, text := range s.hidden {
		if bytes.Contains(content, text) {
			s.found = append(s.found, fmt.Sprintf("%s (%s…)", where, text[:6]))
		}
	}
	for _, text := range s.known {
		s.seen += bytes.Count(content, text)
	}
}

// tables reads every table of every schema as text.
func (c *core) tables(t *testing.T, s *search) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, c.urls["postgres"])
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	rows, _ := conn.Query(ctx, `select format('%I.%I', schemaname, tablename) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`)
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		var content bytes.Buffer
		if _, err := conn.PgConn().CopyTo(ctx, &content, "copy (select * from "+name+") to stdout"); err != nil {
			t.Fatal(err)
		}
		s.tables++
		s.in("table "+name, content.Bytes())
	}
}

// ours are the folders that no running part of the core writes: the programs, which know the demo's passwords by rule, and what the
// providers' own engine keeps of its logons.
func ours(name string) bool {
	return strings.HasPrefix(name, "bin/") || strings.HasPrefix(name, "records/store/")
}

// files reads everything else that the core has written: logs, the queues' and databases' own files, the mainframe's book.
func (c *core) files(t *testing.T, s *search) {
	t.Helper()
	err := filepath.WalkDir(c.Folder, func(path string, entry fs.DirEntry, err error) error {
		name, _ := filepath.Rel(c.Folder, path)
		if err != nil || !entry.Type().IsRegular() || ours(name) {
			return ignoreGone(err)
		}
		content, err := os.ReadFile(path)
		if err == nil {
			s.files++
			s.in("file "+name, content)
		}
		return ignoreGone(err)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// ignoreGone: servers remove files while we look.
func ignoreGone(err error) error {
	if os.IsNotExist(err) {
		return nil
	}
	return err
}

// refusedLogon tries to log on with a wrong password, and perhaps with a new one (925) beside it.
func (c *core) refusedLogon(t *testing.T, provider, wrong, renewed string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	cfg := c.session(provider)
	logon := fixwire.NewBody("A").Int(98, 0).Int(108, 30).Text(553, cfg.Username).Text(554, wrong)
	if renewed != "" {
		logon.Text(925, renewed)
	}
	if cfg.Begin == fixwire.FIXT11 {
		logon.Text(1137, "9")
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", cfg.Address)
	if err != nil {
		t.Fatal(err)
	}
	deadline, _ := ctx.Deadline()
	_ = conn.SetDeadline(deadline)
	defer func() { _ = conn.Close() }()
	header := fixwire.Header{Begin: cfg.Begin, Sender: cfg.Sender, Target: cfg.Target, Seq: 1, Sent: time.Now()}
	if _, err := conn.Write(fixwire.Append(nil, header, logon)); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn) // until the gateway ends the connection
	if err != nil || bytes.Contains(answer, []byte("\x0135=A\x01")) {
		t.Errorf("a wrong password is answered with %q, %v", answer, err)
	}
}
