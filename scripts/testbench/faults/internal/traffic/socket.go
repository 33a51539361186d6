package traffic

import (
	"strings"

	"fxcore/scripts/internal/desk"
	"fxcore/scripts/internal/witness"
	"fxcore/scripts/testbench/faults/internal/schedule"
	"fxcore/scripts/testbench/oracle/record"
)

// newSocket returns a provider that uses the socket protocol.
func newSocket(s schedule.Stream, set Setting) (Stream, error) {
	const numbers = "select next_in, next_out from socketgateway.session where name = 'socket:' || $1"
	user := strings.ToLower(s.Provider)
	cfg := witness.SocketConfig{Address: set.Door, Provider: s.Provider, Username: user, Password: user + "demo"}
	return newTrader(s, set, numbers, func(w *record.Writer) (seat, error) {
		t, err := witness.NewSocketTrader(cfg, w, set.Run, s.Seed)
		if err != nil {
			return nil, err
		}
		t.UseChecks(desk.Checks{Parts: true, Named: true, Quotes: true, Short: true}, set.Board, nil)
		return t, nil
	})
}
