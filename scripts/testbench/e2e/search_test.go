//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// search looks for many texts at once, and counts where they were found. Texts that are hidden must not be there.
type search struct {
	byEnd         [1 << 16][]sought // by the last two bytes of the text
	found         []string
	seen          int
	where         map[string]int // how often known texts were seen
	tables, files int
	answers       int
	bytes         int64
}

type sought struct {
	text  []byte
	known bool
}

func newSearch(hidden, known []string) *search {
	s := &search{where: map[string]int{}}
	for _, text := range forms(hidden) {
		s.byEnd[end(text)] = append(s.byEnd[end(text)], sought{text: text})
	}
	for _, text := range forms(known) {
		s.byEnd[end(text)] = append(s.byEnd[end(text)], sought{text: text, known: true})
	}
	return s
}

// forms are texts as they are and as the database shows bytes: hexadecimal.
func forms(texts []string) [][]byte {
	var all [][]byte
	for _, text := range texts {
		all = append(all, []byte(text), []byte(hex.EncodeToString([]byte(text))))
	}
	return all
}

// end is the last two bytes.
func end(text []byte) uint16 { return binary.BigEndian.Uint16(text[len(text)-2:]) }

// in reads content once, however many texts there are.
func (s *search) in(where string, content []byte) {
	s.bytes += int64(len(content))
	told := map[string]bool{}
	for n := 2; n <= len(content); n++ {
		for _, one := range s.byEnd[end(content[:n])] {
			switch {
			case !bytes.HasSuffix(content[:n], one.text):
			case one.known:
				s.seen++
				s.where[where]++
			case !told[string(one.text)]:
				told[string(one.text)] = true
				s.found = append(s.found, fmt.Sprintf("%s (%s…)", where, one.text[:6]))
			}
		}
	}
}

// tables reads every table of every schema as text.
func (c *core) tables(t *testing.T, s *search) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	conn := c.database(t)
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

// ours are the folders that no running part of the core writes: the programs, which know the demo's passwords by rule, what the
// providers' own engine keeps of its logons, and the files in which the demo tells its users their secrets.
func ours(name string) bool {
	return name == "secrets/users.json" || name == "env/demo" || strings.HasPrefix(name, "bin/") || strings.HasPrefix(name, "records/store/")
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

func TestTheSearchFindsEveryForm(t *testing.T) {
	s := newSearch([]string{"hidden-1", "hidden-2", "hidden-3"}, []string{"known"})
	s.in("here", []byte("known,hidden-1;hidden-1 \\x"+hex.EncodeToString([]byte("hidden-2"))+"known"))
	s.in("there", []byte("hidden-"))
	if want := []string{"here (hidden…)", "here (686964…)"}; !slices.Equal(s.found, want) || s.seen != 2 {
		t.Errorf("found %q, saw %d that are known", s.found, s.seen)
	}
}
