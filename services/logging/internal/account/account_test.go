package account_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"fxcore/lambda/log"
	"fxcore/lambda/run"
	"fxcore/services/logging/internal/account"
	"fxcore/services/logging/internal/line"
)

// shelf hands out lines, the newest first, in pages.
type shelf []line.Line

func (s shelf) Search(_ context.Context, q line.Query) ([]line.Line, error) {
	from := 0
	if !q.After.IsZero() {
		from = 1 + slices.IndexFunc(s, func(l line.Line) bool { return l.ID == q.After.ID })
	}
	return s[from:min(len(s), from+q.Limit)], nil
}

// store keeps the lines of an output whose messages do not contain "gone"; twice those that contain "twice".
func store(output string) (s shelf) {
	for raw := range strings.Lines(output) {
		l := line.Parse([]byte(raw), line.Origin{Service: "auth", Replica: "1"}, int64(len(s)), time.Now())
		for range 1 + strings.Count(l.Message, "twice") - strings.Count(l.Message, "gone") {
			l.ID = fmt.Sprint(len(s))
			s = append(s, l)
		}
	}
	slices.Reverse(s)
	return s
}

func TestEachMissingLineIsAccountedFor(t *testing.T) {
	const life, ended = run.FirstMessage, run.LastMessage
	for name, c := range map[string]struct {
		messages []string
		said     int // of the last line
		want     account.Account
	}{
		"all are there":     {[]string{life, "a", "b"}, 0, account.Account{Written: 3}},
		"a line is missing": {[]string{life, "a gone", "b"}, 0, account.Account{Written: 3, Missing: 1, Named: []string{"auth-1 a gone"}}},
		"the last line of one that runs is missing":          {[]string{life, "a", "b gone"}, 0, account.Account{Written: 3, Missing: 1, Named: []string{"auth-1 b gone"}}},
		"the program has said how many it dropped":           {[]string{life, "a gone", "b gone", "c"}, 2, account.Account{Written: 4, Dropped: 2}},
		"it has said less":                                   {[]string{life, "a gone", "b gone", "c"}, 1, account.Account{Written: 4, Dropped: 1, Missing: 1, Named: []string{"auth-1 a gone", "auth-1 b gone"}}},
		"a killed process had no time for the last ones":     {[]string{life, "a", "b gone", "c gone", life, "d"}, 0, account.Account{Written: 6, Unsent: 2}},
		"it had time for those before":                       {[]string{life, "a gone", "b", "c gone", life}, 0, account.Account{Written: 5, Unsent: 1, Missing: 1, Named: []string{"auth-1 a gone"}}},
		"one that was stopped has sent no more":              {[]string{life, "a", ended + " gone"}, 0, account.Account{Written: 3, Missing: 1, Named: []string{"auth-1 stopped gone"}}},
		"a line is there twice":                              {[]string{life, "a twice"}, 0, account.Account{Written: 2, Doubled: 1}},
		"the same text at the same time counts as often":     {[]string{life, "a", "a"}, 0, account.Account{Written: 3}},
		"what is no log line, and what is half, is left out": {[]string{life, "!panic: a", "a", "…"}, 0, account.Account{Written: 2}},
	} {
		var out bytes.Buffer
		logger := log.New(&out, "auth", "1", slog.LevelInfo)
		for i, m := range c.messages {
			switch text, raw := strings.CutPrefix(m, "!"); {
			case raw:
				out.WriteString(text + "\n")
			case i == len(c.messages)-1 && c.said > 0:
				logger.Warn(m, "labels.dropped", c.said) //nolint:sloglint // the test decides
			case m == "…":
				out.WriteString(`{"message":"half`)
			default:
				logger.Info(m) //nolint:sloglint // the test decides
			}
		}
		lives, err := account.Read(strings.NewReader(out.String()))
		if err != nil {
			t.Fatal(err)
		}
		got, err := account.For(t.Context(), store(out.String()), lives)
		for i := range got.Named {
			words := strings.Fields(got.Named[i])
			got.Named[i] = strings.Join(slices.Delete(words, 1, 2), " ") // without the time
		}
		if diff := cmp.Diff(c.want, got, cmpopts.EquateEmpty()); diff != "" || err != nil {
			t.Errorf("%s (-want +got): %s %v", name, diff, err)
		}
	}
}

// Lines beyond one page are found, and each instance has lives of its own.
func TestManyLinesOfSeveralInstances(t *testing.T) {
	var outputs []io.Reader
	var all shelf
	for _, replica := range []string{"1", "2"} {
		var out bytes.Buffer
		logger := log.New(&out, "auth", replica, slog.LevelInfo)
		for n := range line.MaxLimit {
			logger.Info("a line", "labels.correlation", fmt.Sprint("T-", n))
		}
		for raw := range bytes.Lines(out.Bytes()) {
			l := line.Parse(raw, line.Origin{Service: "auth", Replica: replica}, 0, time.Now())
			l.ID = fmt.Sprint(len(all))
			all = append(all, l)
		}
		outputs = append(outputs, &out)
	}
	all = slices.Delete(all, 5, 6)
	lives, err := account.Read(outputs...)
	if err != nil || len(lives) != 2 {
		t.Fatalf("%d lives, %v", len(lives), err)
	}
	got, err := account.For(t.Context(), all, lives)
	if err != nil || got.Written != 2*line.MaxLimit || got.Missing != 1 || len(got.Named) != 1 || !strings.HasPrefix(got.Named[0], "auth-1 ") {
		t.Errorf("%+v, %v", got, err)
	}
}
