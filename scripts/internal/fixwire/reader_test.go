package fixwire_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"fxcore/scripts/internal/fixwire"
)

// An example of a Heartbeat (FIX 4.4, volume 2). Its length and sum were calculated by hand. The body is
// 35=0|49=A|56=B|34=7|52=20261120-08:00:00.000| = 5+5+5+5+25 = 45 bytes.
const heartbeat = "8=FIX.4.4|9=45|35=0|49=A|56=B|34=7|52=20261120-08:00:00.000|10=068|"

func raw(text string) string { return strings.ReplaceAll(text, "|", "\x01") }

func TestAppendWritesTheFrame(t *testing.T) {
	t.Parallel()
	h := fixwire.Header{Begin: "FIX.4.4", Sender: "A", Target: "B", Seq: 7, Sent: time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)}
	if diff := cmp.Diff(raw(heartbeat), string(fixwire.Append(nil, h, fixwire.NewBody("0")))); diff != "" {
		t.Fatal(diff)
	}
}

func TestReaderSkipsWhatIsGarbled(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string]string{
		"sum":               strings.Replace(heartbeat, "10=068", "10=069", 1),
		"length too small":  strings.Replace(heartbeat, "9=45", "9=44", 1),
		"length too large":  strings.Replace(heartbeat, "9=45", "9=46", 1),
		"length no number":  strings.Replace(heartbeat, "9=45", "9=4x", 1),
		"length huge":       strings.Replace(heartbeat, "9=45", "9=99999999", 1),
		"noise before":      "noise" + heartbeat,
		"no sequence":       "8=FIX.4.4|9=40|35=0|49=A|56=B|52=20261120-08:00:00.000|10=099|",
		"type out of place": "8=FIX.4.4|9=20|49=A|35=0|56=B|34=7|10=131|",
	} {
		in := fixwire.NewReader(strings.NewReader(raw(bad + heartbeat + heartbeat)))
		var m fixwire.Message
		if err := in.Next(&m); !errors.Is(err, fixwire.ErrGarbled) {
			t.Errorf("%s: error %v", name, err)
		}
		found := 0
		for err := error(nil); !errors.Is(err, io.EOF); {
			if err = in.Next(&m); err == nil && m.Kind == "0" && m.Seq == 7 {
				found++
			}
			if err != nil && !errors.Is(err, fixwire.ErrGarbled) && !errors.Is(err, io.EOF) {
				t.Fatalf("%s: %v", name, err)
			}
		}
		if found < 1 {
			t.Errorf("%s: the messages after it were lost", name)
		}
	}
}

func TestReaderToldApartEndFromBreak(t *testing.T) {
	t.Parallel()
	var m fixwire.Message
	if err := fixwire.NewReader(strings.NewReader("")).Next(&m); !errors.Is(err, io.EOF) {
		t.Errorf("empty stream: %v", err)
	}
	for cut := 1; cut < len(heartbeat); cut++ {
		err := fixwire.NewReader(strings.NewReader(raw(heartbeat[:cut]))).Next(&m)
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatalf("cut after %d bytes: %v", cut, err)
		}
	}
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.StringMatching(`[A-Z][A-Z0-9]{0,2}`).Draw(t, "kind")
		seq := rapid.IntRange(1, 999_999_999).Draw(t, "seq")
		values := rapid.MapOf(rapid.IntRange(200, 5000), rapid.StringMatching(`[ -~é]{1,40}`)).Draw(t, "values")
		body := fixwire.NewBody(kind)
		for tag, value := range values {
			body.Text(tag, value)
		}
		frame := fixwire.Append(nil, fixwire.Header{Begin: fixwire.FIXT11, Sender: "S", Target: "T", Seq: seq, Sent: time.Now()}, body)
		var m fixwire.Message
		if err := fixwire.NewReader(bytes.NewReader(frame)).Next(&m); err != nil {
			t.Fatal(err)
		}
		if m.Kind != kind || m.Seq != seq {
			t.Fatalf("read %s %d, wrote %s %d", m.Kind, m.Seq, kind, seq)
		}
		for tag, value := range values {
			if m.Text(tag) != value {
				t.Fatalf("tag %d: read %q, wrote %q", tag, m.Text(tag), value)
			}
		}
	})
}

// FuzzReader reads any bytes. Every message that it reads must have a correct frame: written again from its fields,
// it must occur in the input.
func FuzzReader(f *testing.F) {
	f.Add([]byte(raw(heartbeat)))
	f.Add([]byte(raw("8=FIX.4.4|9=5|35=0|10=161|" + heartbeat)))
	f.Add([]byte(raw("8=8=FIX.4.4|9=1048577|")))
	f.Fuzz(func(t *testing.T, stream []byte) {
		in := fixwire.NewReader(bytes.NewReader(stream))
		var m fixwire.Message
		for range len(stream) + 1 {
			err := in.Next(&m)
			if errors.Is(err, fixwire.ErrGarbled) {
				continue
			}
			if err != nil {
				return
			}
			var again []byte
			for _, field := range m.Fields {
				again = append(fixwireField(again, field), 1)
			}
			if !bytes.Contains(stream, again) {
				t.Fatalf("read a message that was not in the stream: %q", again)
			}
		}
		t.Fatal("the reader does not get on")
	})
}
