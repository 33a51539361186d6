package wire

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func codec(t testing.TB) Codec {
	t.Helper()
	c, err := NewCodec()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func read(c Codec, b []byte) (Frame, error) { return c.Read(bufio.NewReader(bytes.NewReader(b))) }

// The dump that the README explains.
func TestGoldenDump(t *testing.T) {
	c := codec(t)
	frame := Frame{Header: Header{Kind: Answer, Function: Book, Correlation: 42, Count: 1, Code: Refused, Reason: "NOCLIENT"}, Body: []byte{0xd9, 0xc6}}
	want := strings.ReplaceAll("00000042 c6e7d4c6 f0f1 c1 c2d6d6d2 f0f0f0f0f0f0f0f0f0f0f4f2 f0f0f0f0f0f1 f0f0f0f8 d5d6c3d3c9c5d5e3 "+
		strings.Repeat("40", 23)+" d9c6", " ", "")
	got, err := c.Append(nil, frame)
	if err != nil || hex.EncodeToString(got) != want {
		t.Fatalf("%v\ngot  %x\nwant %s", err, got, want)
	}
	back, err := read(c, got)
	if diff := cmp.Diff(frame, back); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

func TestReadGivesBackWhatWasAppended(t *testing.T) {
	c := codec(t)
	rapid.Check(t, func(t *rapid.T) {
		frame := Frame{
			Header: Header{
				Kind:        rapid.SampledFrom([]Kind{Request, Answer}).Draw(t, "kind"),
				Function:    rapid.SampledFrom([]Function{Ping, List, Book}).Draw(t, "function"),
				Correlation: rapid.IntRange(0, 999_999_999_999).Draw(t, "correlation"),
				Count:       rapid.IntRange(0, 999_999).Draw(t, "count"),
				Code:        Code(rapid.IntRange(0, 9999).Draw(t, "code")),
				Reason:      rapid.StringMatching(`[A-Z0-9]{0,8}`).Draw(t, "reason"),
			},
			Body: rapid.SliceOf(rapid.Byte()).Draw(t, "body"),
		}
		b, err := c.Append(nil, frame)
		if err != nil {
			t.Fatal(err)
		}
		got, err := read(c, b)
		if err != nil || !cmp.Equal(frame.Header, got.Header) || !bytes.Equal(frame.Body, got.Body) {
			t.Fatalf("%v: %+v became %+v", err, frame, got)
		}
	})
}

func TestWhatIsNoFrameIsGarbled(t *testing.T) {
	c := codec(t)
	good, err := c.Append(nil, Frame{Header: Header{Kind: Request, Function: Ping}})
	if err != nil {
		t.Fatal(err)
	}
	spoil := func(offset int, b byte) []byte {
		bad := bytes.Clone(good)
		bad[offset] = b
		return bad
	}
	for name, bad := range map[string][]byte{
		"a length below the header's": spoil(3, 10),
		"a length of 4 GB":            spoil(0, 0xff),
		"another magic":               spoil(4, 0xc1),
		"another version":             spoil(9, 0xf2),
		"neither request nor answer":  spoil(10, 0xc2),
		"a letter in the correlation": spoil(15, 0xc1),
	} {
		if _, err := read(c, bad); !errors.Is(err, ErrGarbled) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := read(c, good[:20]); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("half a frame: %v", err)
	}
	if _, err := read(c, nil); !errors.Is(err, io.EOF) {
		t.Errorf("the end: %v", err)
	}
}

func TestFrameOfMoreThanItsBoundIsNotWritten(t *testing.T) {
	if _, err := codec(t).Append(nil, Frame{Header: Header{Kind: Request}, Body: make([]byte, MaxFrame)}); err == nil {
		t.Error("written")
	}
}

func FuzzRead(f *testing.F) {
	c := codec(f)
	good, err := c.Append(nil, Frame{Header: Header{Kind: Request, Function: Ping}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Fuzz(func(t *testing.T, b []byte) {
		frame, err := read(c, b)
		if err != nil {
			return
		}
		again, err := c.Append(nil, frame)
		if err != nil {
			t.Fatalf("%+v was read and cannot be written: %v", frame, err)
		}
		back, err := read(c, again)
		if diff := cmp.Diff(frame, back); err != nil || diff != "" {
			t.Fatal(err, diff)
		}
	})
}
