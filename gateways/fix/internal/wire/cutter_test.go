package wire_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"fxcore/gateways/fix/internal/wire"
)

const limit = 4 << 10

// message builds a message from fields separated by bars.
func message(fields string) string {
	return string(wire.Build("FIX.4.4", []byte(strings.ReplaceAll(fields, "|", "\x01"))))
}

func heartbeat(seq int) string { return message(fmt.Sprintf("35=0|34=%d|", seq)) }

// describe cuts a stream that arrives in chunks of the given sizes (the last one repeats) and tells what came out.
func describe(stream string, sizes ...int) []string {
	cutter := wire.NewCutter(limit)
	r := &chunks{rest: []byte(stream), sizes: sizes}
	got := []string{}
	for {
		_, err := cutter.Fill(r)
		for {
			piece, ok := cutter.Next()
			if !ok {
				break
			}
			got = append(got, told(piece))
		}
		if err != nil {
			return got
		}
	}
}

func told(p wire.Piece) string {
	switch p.Kind {
	case wire.Whole:
		return fmt.Sprintf("whole %d", wire.SeqNum(p.Bytes))
	case wire.TooLong:
		return fmt.Sprintf("too long %d (%d bytes)", wire.SeqNum(p.Bytes), p.Size)
	case wire.Garbled:
	}
	return "garbled"
}

type chunks struct {
	rest  []byte
	sizes []int
}

func (c *chunks) Read(b []byte) (int, error) {
	if len(c.rest) == 0 {
		return 0, io.EOF
	}
	n := min(len(b), len(c.rest))
	if len(c.sizes) > 0 {
		n = min(n, c.sizes[0])
		if len(c.sizes) > 1 {
			c.sizes = c.sizes[1:]
		}
	}
	copy(b, c.rest[:n])
	c.rest = c.rest[n:]
	return n, nil
}

// FIX 4.4 volume 2, "message recovery": a garbled message is ignored, and processing goes on with the next valid one.
func TestAGarbledMessageIsIgnoredAndNothingElseIsLost(t *testing.T) {
	right := message("35=D|34=2|58=text|")
	length := strings.Replace(right, "9=18", "9=27", 1)
	short := strings.Replace(right, "9=18", "9=11", 1)
	far := strings.Replace(right, "9=18", "9=99999", 1)
	sum := right[:len(right)-4] + "999\x01"
	both := strings.Replace(sum, "9=18", "9=27", 1)
	huge := message("35=D|34=2|58=" + strings.Repeat("x", 3*limit) + "|")
	for name, test := range map[string]struct {
		stream string
		want   []string
	}{
		"right":                             {right, []string{"whole 2"}},
		"length too large":                  {length, []string{"garbled"}},
		"length too small":                  {short, []string{"garbled"}},
		"length far beyond the limit":       {far, []string{"garbled"}},
		"wrong sum":                         {sum, []string{"garbled"}},
		"wrong sum and length":              {both, []string{"garbled"}},
		"no length":                         {"8=FIX.4.4\x019=\x0135=0\x01", []string{"garbled"}},
		"length not a number":               {"8=FIX.4.4\x019=-5\x0135=0\x01", []string{"garbled"}},
		"length beyond any":                 {"8=FIX.4.4\x019=999999999\x0135=0\x01", []string{"garbled"}},
		"type not third":                    {strings.Replace(right, "35=D", "34=D", 1), []string{"garbled"}},
		"begin string without end":          {"8=FIX.4.4.4.4.4.4.4", []string{"garbled"}},
		"noise":                             {"GET / HTTP/1.1\r\n\r\n", []string{}},
		"above the limit":                   {huge, []string{fmt.Sprintf("too long 2 (%d bytes)", len(huge))}},
		"above the limit, wrong sum":        {huge[:len(huge)-4] + "999\x01", []string{"garbled"}},
		"trailer inside a field, wrong sum": {message("35=D|34=2|58=a|10=000|59=0|"), []string{"whole 2"}},
		"message inside a field":            {message("35=D|34=2|58=" + heartbeat(7) + "|"), []string{"whole 2"}},
	} {
		t.Run(name, func(t *testing.T) {
			want := append(append([]string{"whole 1"}, test.want...), "whole 3")
			for _, size := range []int{1 << 20, 1, 7, 100} {
				got := describe(heartbeat(1)+test.stream+heartbeat(3), size)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("in chunks of %d: -want +got\n%s", size, diff)
				}
			}
		})
	}
}

// A wrong length is seen as soon as the message has ended, not when enough bytes have come.
func TestAWrongLengthDoesNotWait(t *testing.T) {
	wrong := strings.Replace(message("35=D|34=2|58=text|"), "9=18", "9=27", 1)
	if got := describe(wrong); !cmp.Equal(got, []string{"garbled"}) {
		t.Fatal(got)
	}
}

func TestATooLongMessageIsNotKept(t *testing.T) {
	huge := message("35=D|34=2|58=" + strings.Repeat("x", 10<<20) + "|")
	cutter, r := wire.NewCutter(64<<10), strings.NewReader(huge)
	allocated := testing.AllocsPerRun(1, func() {
		for {
			if _, err := cutter.Fill(r); err != nil {
				return
			}
			if p, ok := cutter.Next(); ok && (p.Kind != wire.TooLong || p.Size != len(huge) || len(p.Bytes) > 64<<10) {
				t.Errorf("%v of %d bytes", p.Kind, p.Size)
			}
		}
	})
	if allocated > 10 {
		t.Errorf("%v allocations", allocated)
	}
}

// What is cut does not depend on how the stream arrives, whatever the stream is.
func TestChunksDoNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		stream := mangledStream(t)
		whole := describe(stream)
		sizes := rapid.SliceOfN(rapid.IntRange(1, 200), 1, 50).Draw(t, "sizes")
		if diff := cmp.Diff(whole, describe(stream, sizes...)); diff != "" {
			t.Fatalf("stream %q\n-at once +in chunks\n%s", stream, diff)
		}
	})
}

// mangledStream is messages of all sizes with some bytes changed, removed and doubled.
func mangledStream(t *rapid.T) string {
	var b strings.Builder
	for i := range rapid.IntRange(1, 8).Draw(t, "messages") {
		size := rapid.SampledFrom([]int{0, 10, 100, 3 * limit}).Draw(t, "size")
		one := message(fmt.Sprintf("35=D|34=%d|58=%s|", i+1, strings.Repeat("y", size)))
		switch rapid.IntRange(0, 4).Draw(t, "harm") {
		case 1:
			at := rapid.IntRange(0, len(one)-1).Draw(t, "at")
			one = one[:at] + string(rapid.Byte().Draw(t, "byte")) + one[at+1:]
		case 2:
			at := rapid.IntRange(0, len(one)-1).Draw(t, "at")
			one = one[:at] + one[min(len(one), at+rapid.IntRange(1, 20).Draw(t, "cut")):]
		case 3:
			at := rapid.IntRange(0, len(one)-1).Draw(t, "at")
			one = one[:at] + heartbeat(99) + one[at:]
		}
		b.WriteString(one)
	}
	return b.String()
}

func FuzzCutter(f *testing.F) {
	f.Add([]byte(heartbeat(1)+heartbeat(2)), uint64(1))
	f.Add([]byte(message("35=D|34=2|58="+strings.Repeat("x", 2*limit)+"|")+heartbeat(3)), uint64(2))
	f.Add([]byte("8=FIX.4.4\x019=5\x0135=0\x0110=161\x018=FIX"), uint64(3))
	f.Add([]byte(strings.Replace(heartbeat(4), "9=10", "9=99", 1)+heartbeat(5)), uint64(4))
	f.Fuzz(func(t *testing.T, stream []byte, seed uint64) {
		random := rand.New(rand.NewPCG(seed, seed)) //nolint:gosec // a test's dice
		sizes := make([]int, 20)
		for i := range sizes {
			sizes[i] = 1 + random.IntN(40)
		}
		if diff := cmp.Diff(describe(string(stream)), describe(string(stream), sizes...)); diff != "" {
			t.Fatal(diff)
		}
		for _, piece := range whole(stream) {
			if !bytes.Contains(stream, piece) {
				t.Fatalf("%q was never sent", piece)
			}
		}
	})
}

func whole(stream []byte) [][]byte {
	cutter, r := wire.NewCutter(limit), bytes.NewReader(stream)
	var got [][]byte
	for {
		_, err := cutter.Fill(r)
		for {
			p, ok := cutter.Next()
			if !ok {
				break
			}
			if p.Kind == wire.Whole {
				got = append(got, bytes.Clone(p.Bytes))
			}
		}
		if err != nil {
			return got
		}
	}
}

func BenchmarkCutter(b *testing.B) {
	one := []byte(message("35=D|49=ALPHA|56=FXCORE|34=12345|52=20261122-10:00:00.000000|11=ORDER-12345678|1=C000001|55=EUR/USD|" +
		"15=EUR|54=1|38=1000000|40=D|44=1.08500|60=20261122-10:00:00.000|63=0|117=Q-1|"))
	stream := bytes.Repeat(one, 100)
	b.SetBytes(int64(len(stream)))
	for b.Loop() {
		cutter, r := wire.NewCutter(64<<10), bytes.NewReader(stream)
		for n := 0; n < 100; {
			if _, err := cutter.Fill(r); err != nil {
				b.Fatal(err)
			}
			for {
				if _, ok := cutter.Next(); !ok {
					break
				}
				n++
			}
		}
	}
}
