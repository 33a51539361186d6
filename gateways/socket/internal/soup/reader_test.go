package soup_test

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"fxcore/gateways/socket/internal/soup"
)

const limit = 100

// told reads a stream to its end and returns its packets as a text.
func told(stream io.Reader, from soup.Side) []string {
	r := soup.NewReader(stream, from, limit)
	var got []string
	for {
		p, err := r.Next()
		if err != nil {
			return append(got, err.Error())
		}
		got = append(got, fmt.Sprintf("%c %x", p.Type, p.Payload))
	}
}

// The errors that a stream can end with, by its bytes.
func TestWhatIsNoPacketIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		from soup.Side
		hex  string
		want error
	}{
		"nothing":                     {soup.Client, "", io.EOF},
		"zero length":                 {soup.Client, "0000", soup.ErrEmpty},
		"half a length":               {soup.Client, "00", soup.ErrTruncated},
		"no type":                     {soup.Client, "0001", soup.ErrTruncated},
		"unknown type":                {soup.Client, "0001" + "58", soup.ErrType},
		"a server's type of a client": {soup.Client, "0002" + "5300", soup.ErrType},
		"a client's type of a server": {soup.Server, "0002" + "5500", soup.ErrType},
		"heartbeat with a payload":    {soup.Client, "0002" + "5200", soup.ErrSize},
		"end of session with one":     {soup.Server, "0002" + "5a00", soup.ErrSize},
		"login too short":             {soup.Client, "0002" + "4c00", soup.ErrSize},
		"rejection without a reason":  {soup.Server, "0001" + "4a", soup.ErrSize},
		"one byte above the limit":    {soup.Client, "0066" + "55", soup.ErrTooLong},
		"half a payload":              {soup.Client, "0003" + "5500", soup.ErrTruncated},
	} {
		t.Run(name, func(t *testing.T) {
			raw, err := hex.DecodeString(c.hex)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := soup.NewReader(bytes.NewReader(raw), c.from, limit).Next(); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

func TestTheStreamsOwnErrorIsPassedOn(t *testing.T) {
	broken := errors.New("broken")
	r := soup.NewReader(io.MultiReader(strings.NewReader("\x00\x05U"), iotest.ErrReader(broken)), soup.Client, limit)
	if _, err := r.Next(); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

func TestTheLimitRisesAfterTheLogin(t *testing.T) {
	stream, err := soup.Append(nil, soup.TypeUnsequenced, make([]byte, limit))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := soup.NewReader(bytes.NewReader(stream), soup.Client, soup.LoginLimit).Next(); !errors.Is(err, soup.ErrTooLong) {
		t.Errorf("before: %v", err)
	}
	r := soup.NewReader(bytes.NewReader(stream), soup.Client, soup.LoginLimit)
	r.SetLimit(limit)
	if p, err := r.Next(); err != nil || len(p.Payload) != limit {
		t.Errorf("after: %v", err)
	}
}

func TestTheLongestPacketAndOneByteMore(t *testing.T) {
	longest, err := soup.Append(nil, soup.TypeSequenced, make([]byte, soup.MaxPayload))
	if err != nil || binary.BigEndian.Uint16(longest) != 65535 {
		t.Fatalf("length %d, %v", binary.BigEndian.Uint16(longest), err)
	}
	if p, err := soup.NewReader(bytes.NewReader(longest), soup.Server, soup.MaxPayload).Next(); err != nil || len(p.Payload) != soup.MaxPayload {
		t.Fatal(err)
	}
	if b, err := soup.Append([]byte("kept"), soup.TypeSequenced, make([]byte, soup.MaxPayload+1)); !errors.Is(err, soup.ErrTooLong) || string(b) != "kept" {
		t.Errorf("%q %v", b, err)
	}
}

// The packets are the same however the stream is cut, byte by byte too, and with an end that comes with the last bytes.
func TestChunkingMakesNoDifference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var stream []byte
		var want []string
		for range rapid.IntRange(0, 5).Draw(t, "packets") {
			kind := rapid.SampledFrom([]soup.Type{soup.TypeDebug, soup.TypeUnsequenced}).Draw(t, "type")
			payload := rapid.SliceOfN(rapid.Byte(), 0, limit).Draw(t, "payload")
			var err error
			if stream, err = soup.Append(stream, kind, payload); err != nil {
				t.Fatal(err)
			}
			want = append(want, fmt.Sprintf("%c %x", kind, payload))
		}
		want = append(want, io.EOF.Error())
		for name, r := range map[string]io.Reader{
			"at once": bytes.NewReader(stream), "bytes": iotest.OneByteReader(bytes.NewReader(stream)),
			"halves": iotest.HalfReader(bytes.NewReader(stream)), "end with data": iotest.DataErrReader(bytes.NewReader(stream)),
		} {
			if diff := cmp.Diff(want, told(r, soup.Client)); diff != "" {
				t.Fatalf("%s: %s", name, diff)
			}
		}
	})
}

// Any bytes end in an error that is the same for any chunking. They never cause a panic, nor need more memory than the limit.
func FuzzReader(f *testing.F) {
	f.Add([]byte("\x00\x01R\x00\x03Uab\x00\x00"), true)
	f.Add([]byte("\x00\x01H\x00\x03Sab\x00\x01Z"), false)
	f.Fuzz(func(t *testing.T, stream []byte, client bool) {
		from := soup.Server
		if client {
			from = soup.Client
		}
		want := told(bytes.NewReader(stream), from)
		if diff := cmp.Diff(want, told(iotest.OneByteReader(bytes.NewReader(stream)), from)); diff != "" {
			t.Fatal(diff)
		}
	})
}
