package wire_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fxcore/gateways/fix/internal/wire"
)

// cutOutgoing cuts a stream of the engine's and returns the messages.
func cutOutgoing(stream string, size int) (got []string, err error) {
	var o wire.Outgoing
	r := &chunks{rest: []byte(stream), sizes: []int{size}}
	for {
		fault := o.Fill(r)
		for {
			msg, err := o.Next()
			if err != nil {
				return got, err
			}
			if msg == nil {
				break
			}
			got = append(got, string(msg))
		}
		if errors.Is(fault, io.EOF) {
			return got, nil
		}
	}
}

func TestOutgoing(t *testing.T) {
	group := message("35=8|34=2|555=2|600=EUR/USD|600=EUR/USD|")
	end := len(group) - 7
	long := message("35=8|34=3|58=" + strings.Repeat("x", 100_000) + "|")
	for _, size := range []int{1, 10, 1 << 20} {
		got, err := cutOutgoing(heartbeat(1)+group[:end]+"10=000\x01"+group[end:]+long+heartbeat(4), size)
		if diff := cmp.Diff([]string{heartbeat(1), group, long, heartbeat(4)}, got); diff != "" || err != nil {
			t.Errorf("in chunks of %d: %v %s", size, err, diff)
		}
	}
	for _, bad := range []string{"noise", group[:end] + "10=000\x01" + heartbeat(3), "8=FIX.4.4\x019=x\x01"} {
		if got, err := cutOutgoing(bad, 1<<20); !errors.Is(err, wire.ErrOutgoing) {
			t.Errorf("%q: %q, error %v", bad, got, err)
		}
	}
}
