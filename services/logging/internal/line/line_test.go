package line_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"fxcore/lambda/log"
	"fxcore/services/logging/internal/line"
)

var (
	noon = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	auth = line.Origin{Service: "auth", Replica: "2", Life: "17"}
)

func TestALineOfAProgramIsRead(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	logger := log.Named(log.New(&out, "auth", "2", slog.LevelInfo), "part")
	logger.Warn("it fails", log.Error(fmt.Errorf("no room")), "queue", "q", "event.duration", 3*time.Millisecond, "labels.correlation", "T-1", "trace.id", "abc", "client.ip", "::1", "odd.name", 7)
	l := line.Parse(out.Bytes(), auth, 5, time.Now())
	delete(l.Fields, "service.version")
	want := map[string]string{
		"ecs.version": "8.11.0", "log.logger": "part", "event.dataset": "auth.log", "error.message": "no room", "error.type": "*errors.errorString",
		"labels.queue": "q", "event.duration": "3000000", "client.ip": "::1", "labels.odd_name": "7",
	}
	if diff := cmp.Diff(want, l.Fields); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
	if l.Level != "warn" || l.Message != "it fails" || l.Instance != "auth-2" || l.Story != "T-1" || l.Trace != "abc" || l.Sequence != 5 || time.Since(l.Time) > time.Minute {
		t.Errorf("%+v", l)
	}
}

// A line cannot pass itself off as another one, whatever its fields are called, and what it holds is bounded.
func TestALineIsWhatItsMessageSays(t *testing.T) {
	t.Parallel()
	l := line.Parse([]byte(`{"service.name":"trading","service":{"node":{"name":"9"}},"event.sequence":1,"id":"x","words":"y","message":"m"}`), auth, 5, noon)
	want := map[string]string{"labels.event_sequence": "1", "labels.id": "x", "labels.words": "y"}
	if diff := cmp.Diff(want, l.Fields); diff != "" || l.Service != "auth" || l.Instance != "auth-2" || l.Sequence != 5 {
		t.Errorf("%+v, fields (-want +got):\n%s", l, diff)
	}
}

func TestALineIsBounded(t *testing.T) {
	t.Parallel()
	many := strings.Builder{}
	for n := range 1000 {
		_, _ = fmt.Fprintf(&many, `"field%04d":"x",`, n)
	}
	deep := strings.Repeat(`{"level":`, 9000) + `1` + strings.Repeat(`}`, 9000)
	for raw, check := range map[string]func(l line.Line) bool{
		`{` + many.String() + `"message":"m"}`: func(l line.Line) bool {
			return l.Message == "m" && len(l.Fields) == 101 && l.Fields["labels.left_out"] == "900" && l.Fields["labels.field0099"] == "x"
		},
		`{"message":"m","a":` + deep + `}`: func(l line.Line) bool {
			return l.Message == "m" && len(l.Fields) == 1 && strings.HasPrefix(l.Fields["labels.a"+strings.Repeat("_level", 7)], `{"level":{"level":`)
		},
		`{"message":"` + strings.Repeat("x", 3<<20) + `"}`:         func(l line.Line) bool { return len(l.Message) < 17<<10 && strings.HasSuffix(l.Message, "x…") },
		`{"message":"m","` + strings.Repeat("n", 1<<20) + `":"v"}`: func(l line.Line) bool { return len(l.Fields) == 1 && len(line.Names(l.Fields)[0]) < 150 },
		`{"message":"m","a\u0000b":"c\u0000d","":"e"," ":"f"}`: func(l line.Line) bool {
			return l.Fields["labels.a�b"] == "c�d" && l.Fields["labels.unnamed"] == "f"
		},
		`{"message":"\u001b[31mred\r\n{\"log.level\":\"error\"}"}`: func(l line.Line) bool {
			return l.Level == "info" && l.Message == "\x1b[31mred\r\n{\"log.level\":\"error\"}"
		},
	} {
		if l := line.Parse([]byte(raw), auth, 1, noon); !check(l) {
			t.Errorf("%.80s… is %.2000s", raw, fmt.Sprintf("%+v", l))
		}
	}
}

func TestTheSameLineHasTheSameID(t *testing.T) {
	t.Parallel()
	raw := []byte(`{"@timestamp":"2026-11-30T11:59:00Z","message":"m"}`)
	one := line.Parse(raw, auth, 5, noon)
	if again := line.Parse(raw, auth, 5, noon.Add(time.Minute)); again.ID != one.ID {
		t.Error("a line that comes again has another id")
	}
	for _, other := range []line.Line{line.Parse(raw, auth, 6, noon), line.Parse(raw, line.Origin{Service: "auth", Replica: "2", Life: "18"}, 5, noon)} {
		if other.ID == one.ID {
			t.Error("another line has the same id")
		}
	}
}

func TestWhatCannotBeReadIsKeptAsItIs(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]line.Line{
		"panic: out of luck\n":                                 {Message: "panic: out of luck", Level: "info", Fields: map[string]string{"labels.unreadable": "true"}},
		`{"@timestamp":"yesterday","message":"m"}`:             {Message: "m", Level: "info", Fields: map[string]string{"labels.timestamp": "yesterday"}},
		`{"@timestamp":"1999-01-01T00:00:00Z","message":"m"}`:  {Message: "m", Level: "info", Fields: map[string]string{"labels.timestamp": "1999-01-01T00:00:00Z"}},
		`{"log.level":"loud","message":"m"}`:                   {Message: "m", Level: "info", Fields: map[string]string{"labels.level": "loud"}},
		`{"event.duration":"long","message":"a\u0000b"}`:       {Message: "a�b", Level: "info", Fields: map[string]string{"labels.event_duration": "long"}},
		`{"message":"m","list":[1,2],"deep":{"a":{"b":true}}}`: {Message: "m", Level: "info", Fields: map[string]string{"labels.list": "[1,2]", "labels.deep_a_b": "true"}},
	} {
		got := line.Parse([]byte(raw), auth, 1, noon)
		want.ID, want.Time, want.Sequence, want.Service, want.Instance = got.ID, noon, 1, "auth", "auth-2"
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", raw, diff)
		}
	}
}

func TestAnOriginIsReadFromAnID(t *testing.T) {
	t.Parallel()
	if o, first := line.ParseOrigin("auth/2/17/42"); o != auth || first != 42 {
		t.Errorf("%+v, %d", o, first)
	}
	if o, first := line.ParseOrigin("something"); o != (line.Origin{Life: "something"}) || first != 1 {
		t.Errorf("%+v, %d", o, first)
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	if got := line.Words("The way of T-1: T-1/äöü, it's 3.5"); !slices.Equal(got, []string{"the", "way", "of", "t", "1", "äöü", "it", "s", "3", "5"}) {
		t.Errorf("%q", got)
	}
}

func TestACursorComesBack(t *testing.T) {
	t.Parallel()
	p := line.Position{Time: noon.Add(time.Microsecond), ID: line.Parse(nil, auth, 1, noon).ID}
	if got, err := line.ParseCursor(p.Cursor()); err != nil || got != p {
		t.Errorf("%+v, %v", got, err)
	}
	for _, wrong := range []string{"x", "!", line.Position{Time: noon, ID: "' or 1=1"}.Cursor()} {
		if _, err := line.ParseCursor(wrong); err == nil {
			t.Errorf("%q is taken", wrong)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"@timestamp":"2026-11-30T11:59:00Z","message":"m","error":{"message":"e"}}`), "auth/2/17/42")
	f.Add([]byte("\xff{"), "")
	f.Add([]byte(`{"a\u0000b":{"":"c"},"message":"\u0000","error":{"message":{"x":"y"}}}`), "au\x00th/2/17/42")
	f.Fuzz(func(t *testing.T, raw []byte, id string) {
		o, n := line.ParseOrigin(id)
		l := line.Parse(raw, o, n, noon)
		if len(l.ID) != 36 {
			t.Errorf("the id is %q", l.ID)
		}
		if again := line.Parse(raw, o, n, noon); !cmp.Equal(again, l) || strings.Contains(fmt.Sprint(l), "\x00") || !utf8.ValidString(fmt.Sprint(l)) || len(l.Fields) > 104 {
			t.Errorf("%+v, then %+v", l, again)
		}
		if line.LevelsFrom(l.Level) == nil || l.Time.Before(noon.Add(-48*time.Hour)) || l.Time.After(noon.Add(time.Hour)) {
			t.Errorf("%+v", l)
		}
	})
}
