package traffic

import (
	"context"

	"fxcore/scripts/internal/apiclient"
	"fxcore/scripts/internal/witness"
	"fxcore/scripts/testbench/faults/internal/schedule"
	"fxcore/scripts/testbench/oracle/record"
)

// system is the demo's system that acts for all clients.
const system = "U0020"

// newAPI returns a system of the bank that uses the HTTP interface.
func newAPI(s schedule.Stream, set Setting) (Stream, error) {
	client, err := apiclient.Open(set.Door, set.Folder, system)
	if err != nil {
		return nil, err
	}
	t, err := newTrader(s, set, "", func(w *record.Writer) (seat, error) {
		return witness.NewAPITrader(client, w, set.Run, s.Seed)
	})
	if err != nil {
		return nil, err
	}
	return byAPI{t, client}, nil
}

// byAPI is a stream whose requests have keys, and no numbers.
type byAPI struct {
	Stream
	client *apiclient.Client
}

// Agree has nothing to compare.
func (byAPI) Agree(context.Context) error { return nil }

// Close closes the connections, too.
func (b byAPI) Close() error {
	err := b.Stream.Close()
	b.client.Close()
	return err
}
